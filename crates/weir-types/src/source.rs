//! The state of one source, as pages, commands and `/metrics` show it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Timestamp;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// Configured, no cycle has ended yet.
    Starting,
    Ok,
    /// The last cycle was answered in part; `last_error` names the part.
    Partial,
    /// The last cycle got no answer.
    Failing,
}

/// What the last cycles of a source came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceStatus {
    pub name: String,
    /// As weir.yaml names it: `kafka`.
    pub kind: String,
    /// What it talks to, without secrets.
    pub target: String,
    pub cluster: String,
    pub interval_secs: u64,
    pub state: SourceState,
    pub last_cycle_at: Option<Timestamp>,
    pub last_success_at: Option<Timestamp>,
    pub last_cycle_ms: Option<u64>,
    pub last_events_count: u64,
    /// What went wrong last, with the next step; cleared by a whole cycle.
    pub last_error: Option<String>,
    /// 0 to 1: share of what the last cycle asked that was answered.
    pub completeness: Option<f64>,
    pub cycles_total: u64,
    pub failed_cycles_total: u64,
    pub requests_total: u64,
}

impl SourceStatus {
    /// See [`stale_after`].
    pub fn stale_after(&self) -> Duration {
        stale_after(Duration::from_secs(self.interval_secs))
    }
}

/// The age beyond which what a source told is stale: two of its intervals, so that one cycle may be
/// missed, and a second in which the next one may end.
pub fn stale_after(interval: Duration) -> Duration {
    interval.saturating_mul(2).saturating_add(Duration::from_secs(1))
}

/// A question that sources ask of a cluster, named for people; one kind of request each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Question {
    Metadata,
    ListGroups,
    GroupMembers,
    CommittedOffsets,
    ShareGroupOffsets,
    LogEndOffsets,
    LogStartOffsets,
    MetadataQuorum,
    TopicConfigs,
    LogDirs,
    RegisteredBrokers,
    Reassignments,
}

/// What came of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CapabilityState {
    Ok,
    /// Answered, but brokers leave out what we may not see without saying so.
    MayBePartial,
    /// Refused; a right is missing.
    Denied,
    /// The release or the service does not know the request.
    NotSupported,
    /// It should work and does not.
    Failing,
}

/// One partition as its source last knew it, well or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionState {
    pub topic: Arc<str>,
    pub partition: i32,
    /// `OK`, `UNDER_REPLICATED`, `UNDER_MIN_ISR` or `OFFLINE`.
    pub status: &'static str,
    /// Node id; `None` when there is no leader.
    pub leader: Option<i32>,
    /// Node ids, the preferred leader first.
    pub replicas: Vec<i32>,
    pub isr: Vec<i32>,
    pub log_start_offset: Option<i64>,
    pub log_end_offset: Option<i64>,
    /// Of the leader's log.
    pub size_bytes: Option<u64>,
    /// Since when the offsets are repeated, because the leader is silent.
    pub stale_since: Option<Timestamp>,
}

/// Partitions of a cluster as of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionStates {
    pub known_at: Timestamp,
    /// By topic and partition.
    pub items: Vec<PartitionState>,
    /// How many more there are than were asked for.
    pub left_out: usize,
}

/// Which partitions are asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartitionsOf<'a> {
    Topic(&'a str),
    /// With a replica on the broker of this node id.
    Broker(i32),
}

/// What came of one kind of question to a cluster, the last time a source asked it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceCapability {
    pub source: String,
    pub cluster: String,
    pub question: Question,
    pub state: CapabilityState,
    /// The right that would answer, or why there is no answer; where all is answered, why that costs
    /// more than it would have to.
    pub detail: Option<String>,
}

impl Question {
    pub const ALL: [Question; 12] = [
        Question::Metadata,
        Question::ListGroups,
        Question::GroupMembers,
        Question::CommittedOffsets,
        Question::ShareGroupOffsets,
        Question::LogEndOffsets,
        Question::LogStartOffsets,
        Question::MetadataQuorum,
        Question::TopicConfigs,
        Question::LogDirs,
        Question::RegisteredBrokers,
        Question::Reassignments,
    ];

    /// As people read it, in errors and on pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Question::Metadata => "metadata",
            Question::ListGroups => "groups",
            Question::GroupMembers => "group members",
            Question::CommittedOffsets => "committed offsets",
            Question::ShareGroupOffsets => "share group lag",
            Question::LogEndOffsets => "log end offsets",
            Question::LogStartOffsets => "log start offsets",
            Question::MetadataQuorum => "metadata quorum",
            Question::TopicConfigs => "topic configurations",
            Question::LogDirs => "log directories",
            Question::RegisteredBrokers => "registered brokers",
            Question::Reassignments => "reassignments",
        }
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a question gives is in the words of the page; without them its row is empty there.
    #[test]
    fn the_page_knows_every_question() {
        let page = include_str!("../../../web/src/pages/cluster/capability.ts");
        let (_, gives) = page.split_once("GIVES").expect("the list is there");
        for question in Question::ALL {
            let (quoted, bare) = (format!("  '{question}': "), format!("  {question}: "));
            assert!(gives.contains(&quoted) || gives.contains(&bare), "{question}");
        }
    }

    #[test]
    fn one_cycle_may_be_missed() {
        let limit = stale_after(Duration::from_secs(30));
        assert_eq!(limit, Duration::from_secs(61));
        assert_eq!(stale_after(Duration::MAX), Duration::MAX);
    }
}
