//! Everything one cycle heard, and what is repeated of earlier ones: the input of `map`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use weir_kafka::offsets::TopicCommits;
use weir_kafka::{
    BrokerId, ClusterDescription, ClusterMetadata, GroupDescription, GroupType, KafkaRelease,
};
use weir_types::Timestamp;

use super::disks::Disks;
use super::history::Moment;
use super::slow::Reassigning;
use super::topic_config::TopicConfig;

/// What was not answered is `None` or not there.
#[derive(Debug, Clone)]
pub(crate) struct Answers {
    pub metadata: Arc<ClusterMetadata>,
    /// `metadata` less the topics that the filter leaves out.
    pub watched: Arc<ClusterMetadata>,
    /// The oldest of what the brokers speak.
    pub release: Option<KafkaRelease>,
    /// The quorum's answer; the inner `None` is a quorum without a leader.
    pub controller: Option<Option<BrokerId>>,
    /// Round trip of the ListGroups request to each broker that answered, be it a refusal.
    pub latencies: BTreeMap<BrokerId, Duration>,
    /// By name.
    pub groups: Vec<GroupAnswer>,
    /// Brokers that listed their groups.
    pub listing_brokers: BTreeSet<BrokerId>,
    /// Whether every broker listed its groups.
    pub groups_complete: bool,
    pub log: LogOffsets,
    /// When `log` was heard.
    pub moment: Moment,
    pub configs: HashMap<Arc<str>, TopicConfig>,
    pub disks: Option<Arc<Disks>>,
    pub registered: Option<Arc<ClusterDescription>>,
    pub reassigning: Option<Arc<Reassigning>>,
}

/// One group as far as the brokers told.
#[derive(Debug, Clone)]
pub(crate) struct GroupAnswer {
    pub group: Arc<str>,
    pub group_type: GroupType,
    pub state: Option<Arc<str>>,
    pub coordinator: BrokerId,
    /// `Some` also for groups known to be empty, without members then.
    pub description: Option<GroupDescription>,
    /// When the description was asked for; groups that did not change keep it for a while.
    pub described_at: Option<Timestamp>,
    pub commits: Option<Vec<TopicCommits>>,
    /// Since when this is repeated, because the coordinator does not answer.
    pub stale_since: Option<Timestamp>,
}

/// Both ends of each partition's log.
#[derive(Debug, Clone, Default)]
pub(crate) struct LogOffsets {
    topics: HashMap<Arc<str>, BTreeMap<i32, LogRange>>,
}

/// `start` is the first offset still kept, `end` the one the next message will get.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct LogRange {
    pub start: Option<i64>,
    pub end: Option<i64>,
    /// Since when this is repeated, because the leader does not answer or there is none.
    pub stale_since: Option<Timestamp>,
}

impl LogOffsets {
    pub(crate) fn get(&self, topic: &str, partition: i32) -> LogRange {
        let range = self.topics.get(topic).and_then(|partitions| partitions.get(&partition));
        range.copied().unwrap_or_default()
    }

    pub(crate) fn set_start(&mut self, topic: &Arc<str>, partition: i32, offset: i64) {
        self.entry(topic, partition).start = Some(offset);
    }

    pub(crate) fn set_end(&mut self, topic: &Arc<str>, partition: i32, offset: i64) {
        self.entry(topic, partition).end = Some(offset);
    }

    pub(crate) fn set(&mut self, topic: &Arc<str>, partition: i32, range: LogRange) {
        *self.entry(topic, partition) = range;
    }

    fn entry(&mut self, topic: &Arc<str>, partition: i32) -> &mut LogRange {
        self.topics.entry(Arc::clone(topic)).or_default().entry(partition).or_default()
    }
}
