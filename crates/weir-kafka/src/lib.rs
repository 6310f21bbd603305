//! Weir's own Kafka protocol client, for watching a cluster and never changing it.
//!
//! A call on [`Client`] becomes as few requests as the protocol allows (one a broker, whatever
//! the number of partitions and groups). Each goes to its broker's one long-lived connection,
//! is pipelined with the others, and its answer is turned into plain structs. What failed for one
//! broker, group or partition is an [`Error`] in its place: it never blanks the rest.
//!
//! Layout:
//! - [`client`], [`options`], [`stats`]: the handle, what a caller chooses, what it cost
//! - [`metadata`], [`cluster`], [`groups`], [`offsets`], [`configs`], [`log_dirs`], [`quorum`],
//!   [`reassignments`]: one noun each, its calls and answers
//! - [`api`], [`version`]: the requests sent, which versions of them a broker speaks, which release that means
//! - [`error`], [`code`]: what can go wrong, and the next step; what brokers call it
//! - [`sasl`]: who we are, one mechanism a file
//! - `link`, `backoff`, `connection`, `channel`, `pipeline`, `tls`, `dial`: the way to a broker,
//!   from the outside in
//! - `wire`, `guard`: frames, and lengths nobody should believe; `compact`, `messages`: what the
//!   codec lacks; `fan_out`, `pieces`: many questions at once, large ones in pieces; `calendar`: dates
//!   in messages
//! - `fuzzing`: the way in for the fuzz target
//!
//! Not here: producing, consuming, any request that changes a cluster, schedules, lag.

pub mod api;
mod backoff;
mod calendar;
mod channel;
pub mod client;
pub mod cluster;
pub mod code;
mod compact;
pub mod configs;
mod connection;
mod dial;
pub mod error;
#[cfg(test)]
mod fake;
mod fan_out;
#[doc(hidden)]
pub mod fuzzing;
pub mod groups;
pub mod guard;
mod link;
pub mod log_dirs;
#[doc(hidden)]
pub mod messages;
pub mod metadata;
pub mod offsets;
pub mod options;
mod pieces;
mod pipeline;
pub mod quorum;
pub mod reassignments;
pub mod sasl;
pub mod stats;
mod tls;
pub mod version;
mod wire;

pub use api::Api;
pub use client::Client;
pub use cluster::{ClusterDescription, RegisteredBroker};
pub use code::KafkaCode;
pub use configs::{BrokerConfigs, ConfigEntry, TopicConfigs};
pub use error::Error;
pub use fan_out::Arriving;
pub use groups::{
    BrokerGroups, GroupAt, GroupDescription, GroupListing, GroupMember, GroupType, TopicPartitions,
};
pub use log_dirs::{BrokerLogDirs, LogDir, ReplicaSize, TopicReplicas};
pub use metadata::{Broker, BrokerId, ClusterMetadata, Partition, Topic};
pub use offsets::{
    CommittedOffset, GroupOffsets, Offset, OffsetSpec, PartitionOffset, TopicCommits, TopicOffsets,
};
pub use options::{ClientCertificate, ClientOptions, TlsOptions};
pub use quorum::Quorum;
pub use reassignments::Reassignment;
pub use sasl::{Credentials, Sasl};
pub use stats::{ApiStats, ClientStats};
pub use version::{ApiVersions, KafkaRelease};
pub use weir_types::{AddressError, BrokerAddress};
