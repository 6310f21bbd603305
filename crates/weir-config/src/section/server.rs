//! The keys of the process itself: `environment`, `listen`, `data_dir`, `tls`.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::key::Key;
use crate::problem::Place;
use crate::reader::{Reader, find};
use crate::section::one_of;
use crate::units::{Wrong, listen_address, name};

/// Who ends TLS in front of Weir.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// An ingress or proxy does, and only it reaches Weir's port.
    TerminatedUpstream,
}

pub(crate) struct Server {
    pub environment: String,
    pub listen: SocketAddr,
    pub tls: Option<Tls>,
    pub data_dir: PathBuf,
}

pub(crate) const ENVIRONMENT: Key = Key::new(
    "environment",
    "a name",
    "Stands on every event as `environment`, so that one query can tell production from staging.",
)
.default("production");

pub(crate) const LISTEN: Key = Key::new(
    "listen",
    "an IP address and a port",
    "Where the API and the pages answer. Anything but a loopback address needs `tls`.",
)
.default("127.0.0.1:3000")
.flag("--listen");

pub(crate) const DATA_DIR: Key = Key::new(
    "data_dir",
    "a folder",
    "Folder of everything Weir keeps; made when missing. One process at a time. Relative paths \
     start at the working directory.",
)
.default("./weir-data")
.flag("--data");

pub(crate) const TLS: Key = Key::new(
    "tls",
    "`terminated-upstream`",
    "`terminated-upstream` says that an ingress or proxy in front of Weir ends TLS and that \
     nobody else reaches its port. Certificates of its own are not supported yet.",
);

pub(crate) fn read(reader: &mut Reader<'_>) -> Server {
    let server = Server {
        environment: reader.value_or_default(&ENVIRONMENT, name),
        listen: reader.value_or_default(&LISTEN, listen_address),
        tls: reader.value(&TLS, tls),
        data_dir: reader.value_or_default(&DATA_DIR, folder),
    };
    check_reach(reader, &server);
    server
}

/// Keys must not travel in the open.
fn check_reach(reader: &mut Reader<'_>, server: &Server) {
    let listen = server.listen;
    if listen.ip().is_loopback() || server.tls.is_some() || has_problem(reader, TLS.path) {
        return;
    }
    let place = place_of(reader, &LISTEN);
    let message = format!("{listen} can be reached from other machines and needs TLS");
    let help = "listen on 127.0.0.1, or set `tls: terminated-upstream` (WEIR_TLS) where a proxy \
                ends TLS and nobody else reaches this port";
    reader.error(place, LISTEN.path, message, help);
}

fn tls(text: &str) -> Result<Tls, Wrong> {
    one_of(text, &[("terminated-upstream", Tls::TerminatedUpstream)])
}

fn folder(text: &str) -> Result<PathBuf, Wrong> {
    if text.is_empty() {
        return Err(Wrong::new("the folder is empty", "name one, such as ./weir-data"));
    }
    Ok(PathBuf::from(text))
}

fn has_problem(reader: &Reader<'_>, key: &str) -> bool {
    reader.problems.iter().any(|problem| problem.key == key)
}

fn place_of(reader: &Reader<'_>, key: &Key) -> Place {
    let in_file = find(reader.root(), key.path).map(|entry| entry.value.place.clone());
    let overlay = reader.overlay_text(key).map(|(_, place)| place);
    overlay.or(in_file).unwrap_or_else(|| Place::file(1, 1, 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{config, problem, problem_with};

    #[test]
    fn other_machines_need_tls() {
        let refused = problem("environment: x\nlisten: 0.0.0.0:3000\n");
        assert!(refused.message.starts_with("0.0.0.0:3000 can be reached"), "{refused:?}");
        assert_eq!((refused.place.line(), refused.place.column()), (2, 9));
        let accepted = config("listen: 0.0.0.0:3000\ntls: terminated-upstream\n");
        assert_eq!(accepted.tls, Some(Tls::TerminatedUpstream));
        assert!(config("listen: '[::1]:3000'").listen.ip().is_loopback());
    }

    #[test]
    fn a_flag_is_named_as_the_place() {
        let refused = problem_with("", "listen", "--listen", "10.0.0.1:80");
        assert_eq!(refused.place, Place::Flag("--listen".into()));
    }

    #[test]
    fn what_a_key_does_not_take_is_refused() {
        assert!(problem("tls: {cert: a.pem}").message.contains("takes one value"));
        assert_eq!(problem("tls: terminated").help.unwrap(), "write terminated-upstream");
        assert_eq!(problem("environment: a b").message, "`a b` is not a name");
    }
}
