//! What the server says about its own work: on stderr, as `log` in the configuration asks.

use std::io;

use tracing_subscriber::EnvFilter;
use weir_config::{Log, LogFormat};

use crate::output::Terminal;

/// Sets the log of this process up; a second call changes nothing.
pub fn start(log: &Log, terminal: &Terminal) {
    let filter = EnvFilter::new(log.level.as_str());
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(terminal.color_errors);
    let _ = match log.format {
        LogFormat::Text => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
}
