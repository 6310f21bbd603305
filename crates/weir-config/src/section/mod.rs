//! One file a section: its types, keys, validation and tests together. [`sources`] is the list; what
//! an entry holds is in [`kafka`], [`kafka_tls`], [`sasl`] and [`name_globs`].

pub mod kafka;
pub mod kafka_tls;
pub mod log;
pub mod metrics;
pub mod name_globs;
pub mod retention;
pub mod sasl;
pub mod server;
pub mod sources;
pub mod store;

use crate::key::{Key, suggestion};
use crate::units::Wrong;

/// Every key that flags and environment can set, in the order of the file.
pub(crate) const KEYS: &[&Key] = &[
    &server::ENVIRONMENT,
    &server::LISTEN,
    &server::TLS,
    &server::DATA_DIR,
    &retention::RAW,
    &retention::ROLLUP_5M,
    &retention::ROLLUP_1H,
    &store::MEMORY_LIMIT,
    &store::DISK_LIMIT,
    &metrics::KAFKA_EXPORTER,
    &metrics::KMINION,
    &metrics::KAFKA_LAG_EXPORTER,
    &log::LEVEL,
    &log::FORMAT,
];

/// The value of one of a few words.
pub(crate) fn one_of<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, Wrong> {
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
        return Ok(*value);
    }
    let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let help = match names.as_slice() {
        [only] => format!("write {only}"),
        many => suggestion(text, many),
    };
    Err(Wrong::new(format!("`{text}` is not one of the values"), help))
}
