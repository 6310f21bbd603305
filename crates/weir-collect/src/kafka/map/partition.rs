//! `KafkaPartitionSample`, and the rules that say what is wrong with a partition.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use weir_kafka::{BrokerId, Partition, Topic};
use weir_types::Event;

use super::super::answers::Answers;
use super::super::fetch::reassigning::Moving;
use super::{Sampler, bytes, count};

pub(super) fn is_offline(partition: &Partition) -> bool {
    partition.leader.is_none()
}

/// As Kafka's own tool judges. Also true of offline partitions, whose last in-sync replicas stay
/// listed.
pub(super) fn is_under_replicated(partition: &Partition, moving: &Moving) -> bool {
    partition.isr.len() < moving.replication_factor(partition)
}

/// As Kafka's own tool judges: nobody can write where nobody leads, whoever is in sync.
pub(super) fn is_under_min_isr(partition: &Partition, min_isr: usize, _: &Moving) -> bool {
    is_offline(partition) || partition.isr.len() < min_isr
}

/// One more loss stops producers with acks=all, and it need not be so.
pub(super) fn is_at_min_isr(partition: &Partition, min_isr: usize, moving: &Moving) -> bool {
    !is_offline(partition)
        && partition.isr.len() == min_isr
        && moving.replication_factor(partition) > min_isr
}

/// Partitions of a topic that another replica than the first leads.
pub(super) fn non_preferred_leaders(topic: &Topic) -> usize {
    let is_elsewhere =
        |p: &&Partition| p.leader.is_some() && p.leader.as_ref() != p.replicas.first();
    topic.partitions.iter().filter(is_elsewhere).count()
}

/// Partitions that are not `OK`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AbnormalPartitions(HashMap<Arc<str>, BTreeSet<i32>>);

impl AbnormalPartitions {
    pub(crate) fn among(answers: &Answers) -> AbnormalPartitions {
        let mut abnormal = HashMap::new();
        for topic in &answers.watched.topics {
            let (min_isr, moving) = (min_isr(answers, &topic.name), answers.moving(&topic.name));
            let bad = topic.partitions.iter().filter(|p| status(p, min_isr, moving) != "OK");
            let bad: BTreeSet<i32> = bad.map(|p| p.index).collect();
            if !bad.is_empty() {
                abnormal.insert(Arc::clone(&topic.name), bad);
            }
        }
        AbnormalPartitions(abnormal)
    }

    /// With those of the cycle before: a partition that recovered is shown once more, as `OK`.
    pub(crate) fn or_before(&self, before: &AbnormalPartitions) -> AbnormalPartitions {
        let mut all = self.0.clone();
        for (topic, partitions) in &before.0 {
            all.entry(Arc::clone(topic)).or_default().extend(partitions);
        }
        AbnormalPartitions(all)
    }
}

pub(super) fn samples(
    sampler: &Sampler,
    answers: &Answers,
    shown: &AbnormalPartitions,
    events: &mut Vec<Event>,
) {
    for topic in &answers.watched.topics {
        let Some(shown) = shown.0.get(&topic.name) else { continue };
        let (min_isr, moving) = (min_isr(answers, &topic.name), answers.moving(&topic.name));
        let log = answers.log.topic(&topic.name);
        for partition in topic.partitions.iter().filter(|it| shown.contains(&it.index)) {
            let log = log.get(partition.index);
            let size = partition.leader.and_then(|leader| {
                answers.disks.as_ref()?.of_replica(&topic.name, partition.index, leader)
            });
            let event = sampler
                .event_since("KafkaPartitionSample", log.stale_since)
                .with("topic", Arc::clone(&topic.name))
                .with("partition", i64::from(partition.index))
                .with_known("leader", partition.leader.map(|leader| leader.to_string()))
                .with("isrCount", count(partition.isr.len()))
                .with("replicaCount", count(partition.replicas.len()))
                .with("replicas", ids(&partition.replicas))
                .with("isr", ids(&partition.isr))
                .with_known("logStartOffset", log.start)
                .with_known("logEndOffset", log.end)
                .with_known("sizeBytes", size.map(bytes))
                .with("partitionStatus", status(partition, min_isr, moving));
            events.push(event);
        }
    }
}

fn ids(brokers: &[BrokerId]) -> String {
    let ids: Vec<String> = brokers.iter().map(BrokerId::to_string).collect();
    ids.join(",")
}

fn min_isr(answers: &Answers, topic: &str) -> Option<usize> {
    answers.configs.get(topic).and_then(|config| config.min_insync_replicas)
}

/// The worst that is true.
pub(crate) fn status(
    partition: &Partition,
    min_isr: Option<usize>,
    moving: &Moving,
) -> &'static str {
    if is_offline(partition) {
        "OFFLINE"
    } else if min_isr.is_some_and(|min_isr| is_under_min_isr(partition, min_isr, moving)) {
        "UNDER_MIN_ISR"
    } else if is_under_replicated(partition, moving) {
        "UNDER_REPLICATED"
    } else {
        "OK"
    }
}

#[cfg(test)]
mod tests {
    use weir_kafka::{BrokerId, Reassignment};
    use weir_types::Value;

    use super::super::super::fetch::reassigning::Reassigning;
    use super::super::fixture;
    use super::*;

    #[test]
    fn the_worst_status_wins() {
        let mut partition = fixture::metadata(&[("orders", 1)]).topics[0].partitions[0].clone();
        let status = |partition: &_, min_isr| status(partition, min_isr, Moving::nothing());
        assert_eq!(status(&partition, Some(1)), "OK");
        partition.isr = partition.isr[..1].into();
        assert_eq!(status(&partition, None), "UNDER_REPLICATED");
        assert_eq!(status(&partition, Some(2)), "UNDER_MIN_ISR");
        partition.leader = None;
        assert_eq!(status(&partition, Some(2)), "OFFLINE");
    }

    #[test]
    fn a_partition_on_its_way_lacks_nothing() {
        let mut partition = fixture::metadata(&[("orders", 1)]).topics[0].partitions[0].clone();
        partition.replicas = [BrokerId(1), BrokerId(2), BrokerId(3)].into();
        let moving = Reassigning::read(vec![Reassignment {
            topic: "orders".into(),
            partition: 0,
            replicas: partition.replicas.to_vec(),
            adding: vec![BrokerId(3)],
            removing: vec![BrokerId(1)],
        }]);
        let moving = moving.of_topic("orders");
        assert_eq!(status(&partition, Some(1), moving), "OK");
        assert!(!is_at_min_isr(&partition, 2, moving), "two of two in sync is as it should be");
        partition.isr = [BrokerId(1)].into();
        assert_eq!(status(&partition, Some(1), moving), "UNDER_REPLICATED");
        assert!(is_at_min_isr(&partition, 1, moving));
    }

    #[test]
    fn without_a_leader_nobody_can_write() {
        let mut partition = fixture::metadata(&[("orders", 1)]).topics[0].partitions[0].clone();
        partition.leader = None;
        assert!(is_under_min_isr(&partition, 1, Moving::nothing()));
        assert!(!is_at_min_isr(&partition, 2, Moving::nothing()));
    }

    #[test]
    fn a_partition_that_recovered_is_shown_once() {
        let sick = fixture::answers();
        let mut well = fixture::answers();
        well.watched = Arc::new(fixture::metadata(&[("audit", 1), ("orders", 3)]));
        let before = AbnormalPartitions::among(&sick);
        let now = AbnormalPartitions::among(&well);
        assert_eq!(now, AbnormalPartitions::default());

        let mut events = Vec::new();
        samples(&fixture::sampler(), &sick, &before, &mut events);
        let ids = |event: &Event, name: &str| event.get(name).and_then(Value::as_str).map(str::len);
        assert!(events.iter().all(|e| ids(e, "isr") < ids(e, "replicas")), "which one is out");
        events.clear();
        samples(&fixture::sampler(), &well, &now.or_before(&before), &mut events);
        assert_eq!(events.len(), before.0.values().map(BTreeSet::len).sum::<usize>());
        assert!(events.iter().all(|e| e.get("partitionStatus") == Some(&Value::from("OK"))));

        events.clear();
        samples(&fixture::sampler(), &well, &now.or_before(&now), &mut events);
        assert!(events.is_empty());
    }
}
