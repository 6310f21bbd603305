//! `weir.yaml`: layers, origins, and every problem with its line and its fix.
//!
//! Text becomes a tree whose nodes know their line and column; a reader looks each key up in its
//! layers (flag, environment, file, default), parses it and collects every problem; the result is a
//! whole [`Config`] with the origin of each value, or a [`Report`] that shows all problems at once.
//!
//! Layout:
//! - [`config`]: [`Config`], the layers ([`Input`]) and [`load`]
//! - [`section`]: one file a section of the file, with its keys, checks and tests
//! - [`problem`], `excerpt`: what is wrong, where, and the fix; the line it quotes, without secrets
//! - `node`, `key`, `reader`: YAML with positions, a setting as a table row, how it is read
//! - `reference`, [`units`]: `${env:…}` and `${file:…}`; durations, sizes, names
//! - [`reference_page`]: the default file and the reference page
//!
//! Not here: reading files or arguments (the binary does), and what the settings are used for.

pub mod config;
mod excerpt;
mod key;
mod node;
pub mod problem;
mod reader;
mod reference;
pub mod reference_page;
pub mod section;
#[cfg(test)]
mod testing;
pub mod units;

pub use config::{Config, File, Flag, Input, Loaded, SoundSources, load, load_sources};
pub use problem::{Place, Problem, Report};
pub use reader::{Origin, Setting};
pub use reference_page::DEFAULT_FILE;
pub use section::kafka::KafkaSource;
pub use section::kafka_tls::{ClientCertificate, KafkaTls};
pub use section::log::{Log, LogFormat, LogLevel};
pub use section::metrics::Metrics;
pub use section::name_globs::NameGlobs;
pub use section::retention::Retention;
pub use section::sasl::{KafkaAwsIam, KafkaOauthClient, KafkaSasl, KafkaUser};
pub use section::server::Tls;
pub use section::sources::Source;
pub use section::store::Store;
pub use units::parse_duration;
