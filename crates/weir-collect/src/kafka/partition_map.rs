//! Every partition as the last cycle left it: only those that are not well become events, and pages
//! show all of one topic or one broker.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use weir_kafka::{BrokerId, ClusterMetadata, Partition};
use weir_types::{PartitionState, PartitionStates, PartitionsOf, Timestamp};

use super::answers::{Answers, LogOffsets};
use super::fetch::disks::Disks;
use super::fetch::reassigning::{Moving, Reassigning};
use super::map::partition_status;

/// Of larger clusters nothing is kept from one cycle to the next: it would be tens of megabytes.
const PARTITIONS_MAX: usize = 50_000;

/// Where a running source shows its partitions; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct PartitionMapHandle {
    shown: Arc<Mutex<Option<Arc<PartitionMap>>>>,
}

/// What one cycle heard of the partitions it watches.
#[derive(Debug)]
pub(crate) struct PartitionMap {
    known_at: Timestamp,
    metadata: Arc<ClusterMetadata>,
    log: Arc<LogOffsets>,
    disks: Option<Arc<Disks>>,
    reassigning: Option<Arc<Reassigning>>,
    min_isr: HashMap<Arc<str>, usize>,
}

impl PartitionMapHandle {
    /// Those asked about, by topic and partition, `limit` at most. `None` before the first cycle
    /// that was answered, and of clusters with more than 50,000 partitions.
    pub fn partitions(&self, of: PartitionsOf<'_>, limit: usize) -> Option<PartitionStates> {
        let map = self.shown.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        Some(map.partitions(of, limit))
    }

    pub(crate) fn set(&self, map: Option<PartitionMap>) {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = map.map(Arc::new);
    }
}

impl PartitionMap {
    /// Yet without offsets, which the cycle gives away last. `None` of clusters that are too large.
    pub(crate) fn of(answers: &Answers) -> Option<PartitionMap> {
        let metadata = Arc::clone(&answers.watched);
        let count: usize = metadata.topics.iter().map(|topic| topic.partitions.len()).sum();
        let min_isr = |topic: &weir_kafka::Topic| {
            let config = answers.configs.get(&topic.name)?;
            Some((Arc::clone(&topic.name), config.min_insync_replicas?))
        };
        (count <= PARTITIONS_MAX).then(|| PartitionMap {
            known_at: answers.moment.heard_at,
            min_isr: metadata.topics.iter().filter_map(min_isr).collect(),
            metadata,
            log: Arc::default(),
            disks: answers.disks.clone(),
            reassigning: answers.reassigning.clone(),
        })
    }

    pub(crate) fn with_log(self, log: Arc<LogOffsets>) -> PartitionMap {
        PartitionMap { log, ..self }
    }

    fn partitions(&self, of: PartitionsOf<'_>, limit: usize) -> PartitionStates {
        let topics = self.metadata.topics.iter().filter(|topic| match of {
            PartitionsOf::Topic(name) => *topic.name == *name,
            PartitionsOf::Broker(_) => true,
        });
        let all = topics.flat_map(|topic| topic.partitions.iter().map(move |one| (topic, one)));
        let mut wanted = all.filter(|(_, one)| match of {
            PartitionsOf::Topic(_) => true,
            PartitionsOf::Broker(id) => one.replicas.contains(&BrokerId(id)),
        });
        let first = wanted.by_ref().take(limit);
        let items = first.map(|(topic, one)| self.state(&topic.name, one)).collect();
        PartitionStates { known_at: self.known_at, items, left_out: wanted.count() }
    }

    fn state(&self, topic: &Arc<str>, partition: &Partition) -> PartitionState {
        let log = self.log.topic(topic).get(partition.index);
        let ids = |brokers: &[BrokerId]| brokers.iter().map(|id| id.0).collect();
        let size = |leader| self.disks.as_ref()?.of_replica(topic, partition.index, leader);
        let moving = self.reassigning.as_ref().map(|it| it.of_topic(topic));
        let moving = moving.unwrap_or(Moving::nothing());
        PartitionState {
            topic: Arc::clone(topic),
            partition: partition.index,
            status: partition_status(partition, self.min_isr.get(topic).copied(), moving),
            leader: partition.leader.map(|leader| leader.0),
            replicas: ids(&partition.replicas),
            isr: ids(&partition.isr),
            log_start_offset: log.start,
            log_end_offset: log.end,
            size_bytes: partition.leader.and_then(size),
            stale_since: log.stale_since,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::map::fixture;
    use super::*;

    fn handle() -> PartitionMapHandle {
        let answers = fixture::answers();
        let handle = PartitionMapHandle::default();
        let map = PartitionMap::of(&answers).unwrap();
        handle.set(Some(map.with_log(Arc::new(answers.log.clone()))));
        handle
    }

    #[test]
    fn all_of_a_topic_are_known_and_not_the_bad_ones_alone() {
        let states = handle().partitions(PartitionsOf::Topic("audit"), 10).unwrap();
        let audit = &states.items[0];
        assert_eq!((&*audit.topic, audit.partition, audit.status), ("audit", 0, "OK"));
        assert_eq!(audit.log_end_offset, Some(48));
        let orders = handle().partitions(PartitionsOf::Topic("orders"), 2).unwrap();
        assert_eq!((orders.items.len(), orders.left_out), (2, 1));
        assert!(handle().partitions(PartitionsOf::Topic("none"), 9).unwrap().items.is_empty());
    }

    #[test]
    fn a_broker_has_those_it_leads_and_those_it_follows() {
        let states = handle().partitions(PartitionsOf::Broker(2), 100).unwrap();
        assert!(!states.items.is_empty());
        assert!(states.items.iter().all(|one| one.replicas.contains(&2)));
        assert!(states.items.iter().any(|one| one.leader != Some(2)));
        assert_eq!(PartitionMapHandle::default().partitions(PartitionsOf::Broker(2), 1), None);
    }
}
