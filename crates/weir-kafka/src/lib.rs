//! Weir's own Kafka protocol client, for watching a cluster and never changing it.
//!
//! A call on [`Client`] becomes as few requests as the protocol allows (one a broker, whatever
//! the number of partitions and groups). Each goes to its broker's one long-lived connection,
//! is pipelined with the others, and its answer is turned into plain structs. What failed for one
//! broker, group or partition is an [`Error`] in its place: it never blanks the rest.
//!
//! Layout:
//! - [`client`], [`options`], [`address`], [`stats`]: the handle, what a caller chooses, what it cost
//! - [`metadata`], [`groups`], [`offsets`], [`configs`], [`quorum`]: one noun each, its calls and answers
//! - [`api`], [`version`]: the requests sent, which versions of them a broker speaks, which release that means
//! - [`error`]: what can go wrong, and the next step
//! - `link`, `backoff`, `connection`, `pipeline`, `tls`: the way to a broker, from the outside in
//! - `wire`, `guard`: frames, and lengths nobody should believe; `fan_out`: many questions at once
//!
//! Not here: producing, consuming, any request that changes a cluster, schedules, lag.

pub mod address;
pub mod api;
mod backoff;
pub mod client;
pub mod configs;
mod connection;
pub mod error;
#[cfg(test)]
mod fake;
mod fan_out;
pub mod groups;
mod guard;
mod link;
pub mod metadata;
pub mod offsets;
pub mod options;
mod pipeline;
pub mod quorum;
pub mod stats;
mod tls;
pub mod version;
mod wire;

pub use address::{AddressError, BrokerAddress};
pub use api::Api;
pub use client::Client;
pub use configs::{ConfigEntry, TopicConfigs};
pub use error::{Error, KafkaCode};
pub use groups::{
    BrokerGroups, GroupAt, GroupDescription, GroupListing, GroupMember, GroupType, TopicPartitions,
};
pub use metadata::{Broker, BrokerId, ClusterMetadata, Partition, Topic};
pub use offsets::{
    CommittedOffset, GroupOffsets, Offset, OffsetSpec, PartitionOffset, TopicCommits, TopicOffsets,
};
pub use options::{ClientOptions, TlsOptions};
pub use quorum::Quorum;
pub use stats::{ApiStats, ClientStats};
pub use version::{ApiVersions, KafkaRelease};
