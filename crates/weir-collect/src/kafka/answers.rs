//! Everything one cycle heard, and what is repeated of earlier ones: the input of `map`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use weir_kafka::offsets::TopicCommits;
use weir_kafka::{
    BrokerId, ClusterDescription, ClusterMetadata, GroupDescription, GroupType, KafkaRelease,
    PartitionOffset, TopicOffsets,
};
use weir_types::Timestamp;

use super::by_partition::ByPartition;
use super::fetch::disks::Disks;
use super::fetch::reassigning::{Moving, Reassigning};
use super::fetch::topic_config::TopicConfig;
use super::history::Moment;

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
    /// Groups whose offsets were not asked for, as there are too many for one cycle.
    pub groups_waiting: usize,
    /// Topics on the brokers' disks that the metadata leaves out.
    pub hidden_topics: usize,
    pub log: LogOffsets,
    /// When `log` was heard.
    pub moment: Moment,
    pub configs: HashMap<Arc<str>, TopicConfig>,
    pub disks: Option<Arc<Disks>>,
    pub registered: Option<Arc<ClusterDescription>>,
    /// When `registered` was asked for.
    pub registered_at: Option<Timestamp>,
    pub reassigning: Option<Arc<Reassigning>>,
}

impl Answers {
    /// Which partitions of a topic are being moved, as far as that is known.
    pub(crate) fn moving(&self, topic: &str) -> &Moving {
        let known = self.reassigning.as_deref();
        known.map_or(Moving::nothing(), |all| all.of_topic(topic))
    }

    /// Whether a broker was taken out of the cluster since it last answered us: one that is merely
    /// down stays registered. Told from Kafka 4.0 on.
    pub(crate) fn is_unregistered(&self, broker: BrokerId, last_answered: Timestamp) -> bool {
        let Some((cluster, at)) = self.registered.as_ref().zip(self.registered_at) else {
            return false;
        };
        let is_listed = cluster.brokers.iter().any(|one| one.id == broker);
        cluster.lists_fenced && !is_listed && at >= last_answered
    }
}

/// One group as far as the brokers told.
#[derive(Debug, Clone)]
pub(crate) struct GroupAnswer {
    pub group: Arc<str>,
    pub group_type: GroupType,
    /// What its members speak among themselves, such as `consumer` or `connect`.
    pub protocol_type: Arc<str>,
    pub state: Option<Arc<str>>,
    pub coordinator: BrokerId,
    /// `Some` also for groups known to be empty, without members then.
    pub description: Option<GroupDescription>,
    /// When the description was asked for; groups that did not change keep it for a while.
    pub described_at: Option<Timestamp>,
    /// Of a share group: where it is, see [`weir_kafka::Client::fetch_share_offsets`].
    pub commits: Option<Vec<TopicCommits>>,
    pub commits_heard_at: Option<Timestamp>,
    /// Since when this is repeated, because the coordinator does not answer or because it was not
    /// the group's turn to be asked about.
    pub stale_since: Option<Timestamp>,
}

/// Both ends of each partition's log.
#[derive(Debug, Clone, Default)]
pub(crate) struct LogOffsets {
    topics: HashMap<Arc<str>, TopicLog>,
}

/// `start` is the first offset still kept, `end` the one the next message will get.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct LogRange {
    pub start: Option<i64>,
    pub end: Option<i64>,
    /// Since when this is repeated, because the leader does not answer or there is none.
    pub stale_since: Option<Timestamp>,
}

/// Both ends of one topic's logs: whoever looks at many partitions finds their topic once. There may
/// be a million partitions, and few that are stale.
#[derive(Debug, Clone, Default)]
pub(crate) struct TopicLog {
    ends: ByPartition<Ends>,
    stale_since: BTreeMap<i32, Timestamp>,
}

/// [`UNKNOWN`] where nothing is known.
#[derive(Debug, Clone, Copy)]
struct Ends {
    start: i64,
    end: i64,
}

/// No offset is negative.
const UNKNOWN: i64 = -1;
static NOTHING_HEARD: TopicLog =
    TopicLog { ends: ByPartition::new(), stale_since: BTreeMap::new() };

impl LogOffsets {
    /// From the answers about the same partitions in the same order.
    pub(crate) fn read(ends: &[TopicOffsets], starts: &[TopicOffsets]) -> LogOffsets {
        let topic = |(ends, starts): (&TopicOffsets, &TopicOffsets)| {
            let partitions = ends.partitions.iter().zip(&starts.partitions);
            let both = partitions.map(|(end, start)| {
                (end.partition, Ends { start: offset(start), end: offset(end) })
            });
            let log = TopicLog { ends: both.collect(), stale_since: BTreeMap::new() };
            (Arc::clone(&ends.topic), log)
        };
        LogOffsets { topics: ends.iter().zip(starts).map(topic).collect() }
    }

    /// Knows nothing of a topic that nothing was heard of.
    pub(crate) fn topic(&self, topic: &str) -> &TopicLog {
        self.topics.get(topic).unwrap_or(&NOTHING_HEARD)
    }

    pub(crate) fn set(&mut self, topic: &Arc<str>, partition: i32, range: LogRange) {
        let log = self.topics.entry(Arc::clone(topic)).or_default();
        let ends =
            Ends { start: range.start.unwrap_or(UNKNOWN), end: range.end.unwrap_or(UNKNOWN) };
        log.ends.set(partition, ends);
        match range.stale_since {
            Some(since) => log.stale_since.insert(partition, since),
            None => log.stale_since.remove(&partition),
        };
    }
}

impl TopicLog {
    pub(crate) fn get(&self, partition: i32) -> LogRange {
        let Some(ends) = self.ends.get(partition) else { return LogRange::default() };
        let known = |offset: i64| Some(offset).filter(|offset| *offset >= 0);
        LogRange {
            start: known(ends.start),
            end: known(ends.end),
            stale_since: self.stale_since.get(&partition).copied(),
        }
    }
}

fn offset(answer: &PartitionOffset) -> i64 {
    answer.offset.as_ref().map_or(UNKNOWN, |offset| offset.0)
}
