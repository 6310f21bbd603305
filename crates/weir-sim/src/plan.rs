//! What a cluster is made of before anything happens to it: brokers, topics, groups.

use std::sync::Arc;
use std::time::Duration;

/// A whole cluster at rest.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    pub brokers: Vec<BrokerPlan>,
    pub topics: Vec<TopicPlan>,
    pub groups: Vec<GroupPlan>,
}

#[derive(Debug, Clone)]
pub struct BrokerPlan {
    pub id: i32,
    pub rack: Arc<str>,
    pub disk_bytes: u64,
}

#[derive(Debug, Clone)]
pub struct TopicPlan {
    pub name: Arc<str>,
    pub partitions: i32,
    pub replicas: usize,
    pub min_insync_replicas: usize,
    /// On average over a day, all partitions together.
    pub messages_per_sec: f64,
    pub message_bytes: u32,
    pub cleanup: Cleanup,
    /// As `__consumer_offsets` is: written by the brokers themselves.
    pub is_internal: bool,
}

/// What compaction leaves of a log.
pub(crate) const COMPACTED_SHARE: f64 = 0.05;

/// What happens to old messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cleanup {
    /// Deleted once they are older.
    Delete(Duration),
    Compact,
}

#[derive(Debug, Clone)]
pub struct GroupPlan {
    pub name: Arc<str>,
    pub kind: GroupKind,
    /// Read whole; a name that no topic has is left out.
    pub topics: Vec<Arc<str>>,
    pub members: u32,
    /// From a message's arrival until the group has read it, while all is well.
    pub read_delay: Duration,
    pub commit_interval: Duration,
    /// Its members left this long before the world began, and never returned.
    pub stopped_for: Option<Duration>,
}

/// Which protocol a group runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupKind {
    Classic,
    /// KIP-848; brokers before 4.0 know it as a classic one.
    Consumer,
    /// KIP-932; unknown to brokers before 4.1.
    Share,
    /// KIP-1071; unknown to brokers before 4.1.
    Streams,
}

impl TopicPlan {
    /// Three replicas of which two must be in sync, kept for a week.
    pub fn new(name: &str, partitions: i32, messages_per_sec: f64) -> TopicPlan {
        TopicPlan {
            name: Arc::from(name),
            partitions,
            replicas: 3,
            min_insync_replicas: 2,
            messages_per_sec,
            message_bytes: 600,
            cleanup: Cleanup::Delete(Duration::from_secs(7 * 86_400)),
            is_internal: false,
        }
    }

    pub fn kept_for(self, retention: Duration) -> TopicPlan {
        TopicPlan { cleanup: Cleanup::Delete(retention), ..self }
    }

    pub fn compacted(self) -> TopicPlan {
        TopicPlan { cleanup: Cleanup::Compact, ..self }
    }

    pub fn replicated(self, replicas: usize, min_insync_replicas: usize) -> TopicPlan {
        TopicPlan { replicas, min_insync_replicas, ..self }
    }
}

impl GroupPlan {
    /// A classic group that is well.
    pub fn new(name: &str, topics: &[&str], members: u32) -> GroupPlan {
        GroupPlan {
            name: Arc::from(name),
            kind: GroupKind::Classic,
            topics: topics.iter().map(|&topic| Arc::from(topic)).collect(),
            members,
            read_delay: Duration::from_millis(400),
            commit_interval: Duration::from_secs(5),
            stopped_for: None,
        }
    }

    pub fn of_kind(self, kind: GroupKind) -> GroupPlan {
        GroupPlan { kind, ..self }
    }

    pub fn stopped(self, before: Duration) -> GroupPlan {
        GroupPlan { stopped_for: Some(before), ..self }
    }
}
