//! Offsets: where a partition begins and ends, and what a group has committed.

mod commits;
mod ends;
mod ends_wire;
mod shares;

use std::{fmt, sync::Arc};

use crate::{Error, GroupAt};

pub(crate) use ends_wire::{EndsAnswer, ListOffsets};

/// A position in a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Offset(pub i64);

/// Which offset of a partition to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OffsetSpec {
    /// The offset after the last record a reader can see (the high watermark).
    Latest,
    /// The first offset still kept.
    Earliest,
    /// The offset of the record with the latest timestamp; -1 in a partition without records.
    /// Kafka 3.0 or newer (KIP-734).
    MaxTimestamp,
}

/// The offsets of one topic, in the order asked for.
#[derive(Debug, Clone)]
pub struct TopicOffsets {
    pub topic: Arc<str>,
    pub partitions: Vec<PartitionOffset>,
}

#[derive(Debug, Clone)]
pub struct PartitionOffset {
    pub partition: i32,
    /// One failure is shared by all partitions it concerns: there may be a million of them.
    pub offset: Result<Offset, Arc<Error>>,
    /// Of the record at that offset, in milliseconds since 1970; only for
    /// [`OffsetSpec::MaxTimestamp`], and only where there is a record.
    pub timestamp_ms: Option<i64>,
}

/// What one group has committed.
#[derive(Debug, Clone)]
pub struct GroupOffsets {
    pub group: GroupAt,
    /// By topic, then partition. Partitions without a commit are not there.
    pub offsets: Result<Vec<TopicCommits>, Error>,
}

/// One topic's committed offsets.
#[derive(Debug, Clone)]
pub struct TopicCommits {
    pub topic: Arc<str>,
    pub partitions: Vec<CommittedOffset>,
}

#[derive(Debug, Clone)]
pub struct CommittedOffset {
    pub partition: i32,
    /// Never negative. Of a share group: the first offset that is not done with.
    pub offset: Result<Offset, Arc<Error>>,
    pub leader_epoch: Option<i32>,
    /// Messages not done with as the coordinator counts them: of share groups alone, from Kafka 4.2
    /// on (KIP-1226). Of other groups the lag is what lies between offset and log end.
    pub lag_messages: Option<i64>,
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
