//! How well the cluster keeps what it has, counted as Kafka's own tools count it: for tests that
//! judge what others make of the answers.

use weir_types::Timestamp;

use super::{PartitionNow, World};
use crate::script::Right;

/// Of the topics that may be described.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Durability {
    /// Part of the cluster, whether they answer or not.
    pub brokers: usize,
    pub topics: usize,
    pub partitions: usize,
    /// Without a leader.
    pub offline: usize,
    /// With fewer replicas in sync than there are, those on their way in apart.
    pub under_replicated: usize,
}

impl World {
    pub fn durability(&self, at: Timestamp) -> Durability {
        let moment = self.at(at);
        let brokers = (0..self.brokers.len()).filter(|broker| moment.is_registered(*broker));
        let mut found = Durability { brokers: brokers.count(), ..Durability::default() };
        for (topic, described) in self.topics.iter().enumerate() {
            if !moment.allows(Right::DescribeTopic, &described.plan.name) {
                continue;
            }
            found.topics += 1;
            for partition in 0..described.plan.partitions {
                found.count(&moment.partition(topic, partition));
            }
        }
        found
    }
}

impl Durability {
    fn count(&mut self, partition: &PartitionNow) {
        let wanted = partition.replicas.len() - partition.adding.len();
        self.partitions += 1;
        self.offline += usize::from(partition.leader.is_none());
        self.under_replicated += usize::from(partition.isr.len() < wanted);
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{at, world};
    use crate::Story;

    #[test]
    fn every_broker_in_turn_is_away_and_nothing_else_is_lost() {
        let restarting = world(Story::RollingRestart);
        for broker in 0..6 {
            let away = restarting.durability(at(60 + 90 * broker + 30));
            assert_eq!(away.brokers, 5, "{broker}");
            assert!(away.under_replicated > 20, "{away:?}");
        }
        let well = world(Story::Healthy).durability(at(1_000));
        assert_eq!(restarting.durability(at(1_000)), well);
        assert_eq!((well.brokers, well.offline, well.under_replicated), (6, 0, 0));
    }

    #[test]
    fn two_dead_brokers_take_partitions_with_them() {
        let lost = world(Story::OfflinePartitions).durability(at(120));
        assert!(lost.brokers == 4 && lost.offline > 1, "{lost:?}");
        assert_eq!(world(Story::TopicsDenied).durability(at(120)).topics, 21, "of 24");
    }
}
