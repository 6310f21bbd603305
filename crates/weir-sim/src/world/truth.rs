//! What is exactly so, for tests that judge what others make of the answers.

use std::sync::Arc;
use std::time::Duration;

use weir_types::Timestamp;

use super::World;

/// One partition as one group reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionTruth {
    pub group: Arc<str>,
    pub topic: Arc<str>,
    pub partition: i32,
    pub log_start: i64,
    pub log_end: i64,
    pub committed: i64,
    /// Messages from the commit to the log end; of a share group less those done with.
    pub lag_messages: i64,
    /// Age of the oldest message that is kept and not committed; zero without one.
    pub lag_time: Duration,
    /// Messages deleted before they were committed.
    pub lost_messages: i64,
}

impl World {
    /// Every partition of every group, in the order of the plan.
    pub fn truth(&self, at: Timestamp) -> Vec<PartitionTruth> {
        let groups = 0..self.groups.len();
        groups.flat_map(|group| self.truth_of_index(group, at.as_millis())).collect()
    }

    /// One group; empty when there is none of this name.
    pub fn truth_of(&self, group: &str, at: Timestamp) -> Vec<PartitionTruth> {
        let found = self.group_index(group);
        found.map(|group| self.truth_of_index(group, at.as_millis())).unwrap_or_default()
    }

    fn truth_of_index(&self, group: usize, at: i64) -> Vec<PartitionTruth> {
        let topics = self.groups[group].topics.iter();
        let partitions = topics.flat_map(|&topic| {
            (0..self.topics[topic].plan.partitions).map(move |partition| (topic, partition))
        });
        partitions
            .map(|(topic, partition)| self.partition_truth(group, topic, partition, at))
            .collect()
    }

    fn partition_truth(
        &self,
        group: usize,
        topic: usize,
        partition: i32,
        at: i64,
    ) -> PartitionTruth {
        let log_start = self.log_start(topic, partition, at);
        let log_end = self.log_end(topic, partition, at);
        let committed = self.committed(group, topic, partition, at);
        let left = self.next_kept(topic, partition, committed.max(log_start), at);
        let oldest = self.arrival(topic, partition, left, at);
        let lag_ms = oldest.map_or(0, |arrived| (at - arrived).max(0));
        PartitionTruth {
            group: Arc::clone(&self.groups[group].plan.name),
            topic: Arc::clone(&self.topics[topic].plan.name),
            partition,
            log_start,
            log_end,
            committed,
            lag_messages: self.lag(group, topic, partition, at),
            lag_time: Duration::from_millis(lag_ms as u64),
            lost_messages: (log_start - committed).max(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{at, world};
    use super::*;
    use crate::Story;

    fn worst(world: &World, group: &str, secs: i64) -> PartitionTruth {
        let truth = world.truth_of(group, at(secs));
        truth.into_iter().max_by_key(|partition| partition.lag_time).unwrap()
    }

    #[test]
    fn a_group_that_is_well_is_a_commit_behind() {
        let world = world(Story::Healthy);
        for partition in world.truth_of("orders-enricher", at(300)) {
            assert!(partition.lag_time < Duration::from_secs(6), "{partition:?}");
            assert!(partition.lag_messages > 0 || partition.lag_time.is_zero());
            assert_eq!(partition.lost_messages, 0);
        }
    }

    #[test]
    fn a_stalled_group_ages_by_the_second_and_catches_up() {
        let world = world(Story::StalledGroup);
        let lag = |secs| worst(&world, "orders-enricher", secs).lag_time.as_secs_f64();
        assert!((lag(200) - lag(100) - 100.0).abs() < 2.0);
        assert!((lag(240) - 181.0).abs() < 7.0);
        assert!(lag(300) < 6.0, "six times as fast, it needs 36 s");
    }

    #[test]
    fn one_stuck_partition_is_alone() {
        let world = world(Story::StuckPartition);
        let stuck = |secs| {
            let truth = world.truth_of("orders-enricher", at(secs));
            let old = truth.into_iter().filter(|p| p.lag_time > Duration::from_secs(60));
            old.map(|p| p.partition).collect::<Vec<_>>()
        };
        assert_eq!((stuck(50), stuck(600)), (vec![], vec![3]));
    }

    #[test]
    fn a_rewind_sets_commits_back() {
        let world = world(Story::Rewind);
        let committed = |secs| {
            let truth = world.truth_of("orders-enricher", at(secs));
            truth.iter().map(|partition| partition.committed).sum::<i64>()
        };
        assert!(committed(67) < committed(55));
        assert!(worst(&world, "orders-enricher", 67).lag_time > Duration::from_secs(1_000));
    }

    #[test]
    fn retention_overtakes_a_group_that_stopped() {
        let world = world(Story::RetentionOvertakes);
        let lost = |hours: i64| worst(&world, "sensor-alarms", hours * 3_600).lost_messages;
        assert_eq!(lost(5), 0);
        assert!(lost(7) > 0 && lost(8) > lost(7));
    }

    #[test]
    fn the_same_seed_is_the_same_world() {
        let story = Story::Demo;
        assert_eq!(world(story).truth(at(333)), world(story).truth(at(333)));
    }

    #[test]
    fn the_demo_shows_its_sicknesses_within_three_minutes_and_again() {
        let world = world(Story::Demo);
        for round in [0, 600, 6_000] {
            let sick = worst(&world, "orders-enricher", round + 170);
            assert!(sick.lag_time > Duration::from_secs(120), "{sick:?}");
            let legacy = world.topic_index("legacy.erp-export").unwrap();
            let offline = |secs| {
                let moment = world.at(at(secs));
                (0..6).filter(|p| moment.leader(legacy, *p).is_none()).count()
            };
            assert_eq!(
                [offline(round + 100), offline(round + 130), offline(round + 310)],
                [0, 1, 0]
            );
            assert!(
                worst(&world, "orders-enricher", round + 380).lag_time < Duration::from_secs(6)
            );
        }
    }
}
