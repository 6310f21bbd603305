//! Kafka's own protocol: cluster, brokers, topics, partitions, groups and their lag, without an
//! agent. One cycle: [`source`] asks (`fetch`), remembers what spans cycles and turns answers into
//! events (`map`).
//!
//! - `fetch`: the steps of a cycle, one file a question; `answers`, `by_partition`: what it heard
//! - `known`: what is repeated as stale of the cycle before; `partition_map`: what pages see of
//!   partitions that are well
//! - `history`: lag in seconds, verdicts, trends; `lag`, `throughput`: messages, and a second
//! - `health`: scores; `tally`, `requests`, [`capability`]: how the asking went; [`filter`]: what is asked about
//!
//! Not here: authentication, reading a topic's records.

mod answers;
mod by_partition;
pub mod capability;
mod fetch;
pub mod filter;
mod health;
mod history;
mod known;
mod lag;
mod map;
mod options;
mod partition_map;
mod probe;
mod requests;
mod source;
mod tally;
mod throughput;

pub use capability::{Capabilities, Capability, CapabilityHandle, Question};
pub use filter::NameFilter;
pub use history::Past;
pub use options::KafkaSourceOptions;
pub use partition_map::PartitionMapHandle;
pub use probe::test_source;
pub use source::KafkaSource;
