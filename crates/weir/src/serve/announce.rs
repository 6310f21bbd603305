//! What `weir serve` tells the one who started it: where it is, the keys once, and why it could
//! not start.

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use weir_config::Config;
use weir_server::ListenError;
use weir_store::{OpenError, OpenProgress};
use weir_types::ErrorCode;

use super::auth::FirstKeys;
use crate::failure::Failure;

/// A replay that takes longer shows how far it is.
const PROGRESS_AFTER: Duration = Duration::from_millis(300);

pub struct Announcement<'a> {
    pub url: &'a str,
    pub config: &'a Config,
    /// Only at the first start: later nobody knows them.
    pub first_keys: Option<&'a FirstKeys>,
}

/// Prints to stdout; logs go to stderr.
pub fn print(announcement: &Announcement<'_>) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "weir {} · {}", env!("CARGO_PKG_VERSION"), announcement.config.environment)?;
    writeln!(out, "  page        {}", announcement.url)?;
    writeln!(out, "  watching    {}", watching(announcement.config))?;
    match announcement.first_keys {
        Some(keys) => {
            writeln!(out, "  user key    {}    asks: NerdGraph, REST", keys.user.secret.reveal())?;
            writeln!(out, "  ingest key  {}    sends events", keys.ingest.secret.reveal())?;
            writeln!(out, "  Both keys are shown this once; `weir keys create` makes others.")?;
        }
        None => writeln!(out, "  keys        `weir keys list` shows them, masked")?,
    }
    out.flush()
}

/// The URL by which this machine reaches the server.
pub fn local_url(address: SocketAddr) -> String {
    let host = match address {
        _ if address.ip().is_unspecified() => "127.0.0.1".to_owned(),
        SocketAddr::V4(v4) => v4.ip().to_string(),
        SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
    };
    format!("http://{host}:{}", address.port())
}

/// Shows a long replay on a terminal, and in the log when there is none.
pub fn replay_progress() -> impl FnMut(OpenProgress) {
    let started = Instant::now();
    let mut shown_percent = None;
    move |progress| {
        let percent = progress.bytes_done * 100 / progress.bytes_total.max(1);
        if started.elapsed() < PROGRESS_AFTER || shown_percent == Some(percent) {
            return;
        }
        shown_percent = Some(percent);
        let mut err = std::io::stderr();
        if err.is_terminal() {
            // A terminal that went away does not stop the replay.
            let _ = write!(err, "\rreplaying the write-ahead log: {percent} %");
            let _ = if percent == 100 { writeln!(err) } else { err.flush() };
        } else if percent.is_multiple_of(25) {
            tracing::info!(percent, "replaying the write-ahead log");
        }
    }
}

pub fn listen_failure(error: ListenError) -> anyhow::Error {
    let code = match error {
        ListenError::PortTaken { .. } => ErrorCode::Conflict,
        ListenError::Denied(_) => ErrorCode::PermissionDenied,
        ListenError::Other { .. } | ListenError::Serve(_) => ErrorCode::Internal,
    };
    Failure::new(code, error.to_string()).into()
}

pub fn open_failure(error: OpenError) -> anyhow::Error {
    Failure::new(error.code(), error.to_string()).into()
}

fn watching(config: &Config) -> String {
    let names: Vec<&str> = config.sources.iter().map(|source| source.name()).collect();
    match names.as_slice() {
        [] => "nothing yet: `--kafka HOST:PORT`, or `sources` in weir.yaml".into(),
        names => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_is_one_a_browser_takes() {
        let url = |address: &str| local_url(address.parse().unwrap());
        assert_eq!(url("127.0.0.1:3000"), "http://127.0.0.1:3000");
        assert_eq!(url("0.0.0.0:3000"), "http://127.0.0.1:3000");
        assert_eq!(url("[::1]:3000"), "http://[::1]:3000");
    }
}
