//! Kafka's own protocol: cluster, brokers, topics, partitions, groups and their lag, without an
//! agent. One cycle: [`source`] asks (`fetch`), remembers what spans cycles (`topic_config`,
//! `throughput`) and turns answers into events (`map`, by the rules of `lag`).
//!
//! Not here: lag in seconds, verdicts, health scores, filters, authentication.

mod answers;
mod fetch;
mod lag;
mod map;
mod options;
mod probe;
mod source;
mod tally;
mod throughput;
mod topic_config;

pub use options::KafkaSourceOptions;
pub use probe::test_source;
pub use source::KafkaSource;
