//! Kafka's own protocol: cluster, brokers, topics, partitions, groups and their lag, without an
//! agent. One cycle: [`source`] asks (`fetch`, with whom to `describe`, whose offsets were
//! `committed` and what of the `slow` cycle is due), remembers what spans cycles and turns answers into events (`map`).
//!
//! - `answers`, `by_partition`: what one cycle heard; `known`: what is repeated as stale of the one before
//! - `history`: lag in seconds, verdicts, trends; `lag`, `throughput`: messages, and a second
//! - `disks`, `topic_config`, `reassigning`, `slow`: what is asked every five minutes
//! - `health`: scores; `tally`, `requests`, [`capability`]: how the asking went; [`filter`]: what is asked about
//!
//! Not here: authentication, reading a topic's records.

mod answers;
mod by_partition;
pub mod capability;
mod committed;
mod describe;
mod disks;
mod fetch;
pub mod filter;
mod health;
mod history;
mod known;
mod lag;
mod map;
mod options;
mod probe;
mod reassigning;
mod requests;
mod slow;
mod source;
mod tally;
mod throughput;
mod topic_config;

pub use capability::{Capabilities, Capability, CapabilityHandle, Question};
pub use filter::NameFilter;
pub use history::Past;
pub use options::KafkaSourceOptions;
pub use probe::test_source;
pub use source::KafkaSource;
