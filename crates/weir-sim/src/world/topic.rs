//! One topic: where its replicas are and how its traffic runs.

use uuid::Uuid;

use super::rhythm::Rhythm;
use super::{Timeline, Windows, chance};
use crate::plan::{Cleanup, TopicPlan};
use crate::script::Effect;

const DAY_MS: i64 = 86_400_000;
/// Topics are at least this old when the world begins, and up to three times as old.
const YOUNGEST_MS: i64 = 20 * DAY_MS;
/// As often a segment is full and the ones before it are compacted.
const COMPACTED_EVERY_MS: i64 = 60_000;

#[derive(Debug)]
pub(crate) struct Topic {
    pub plan: TopicPlan,
    pub id: Uuid,
    /// Bits that make this topic unlike others.
    pub seed: u64,
    pub created: i64,
    /// Index of the broker that leads partition 0.
    pub first_broker: usize,
    pub(super) rhythm: Rhythm,
    pub(super) traffic: Windows<f64>,
    /// By index of the broker that falls behind.
    pub(super) lagging: Windows<usize>,
    pub(super) reassigned: Windows<()>,
}

impl Topic {
    pub(super) fn new(
        mut plan: TopicPlan,
        brokers: &[i32],
        seed: u64,
        timeline: &Timeline<'_>,
    ) -> Topic {
        let seed = chance::hash(&[seed, chance::of_text(&plan.name)]);
        let younger = (chance::unit(&[seed, 1]) * (2 * YOUNGEST_MS) as f64) as i64;
        let created = timeline.begin.saturating_sub(YOUNGEST_MS + younger);
        plan.replicas = plan.replicas.clamp(1, brokers.len().max(1));
        let is_mine = |topic: &str| *topic == *plan.name;
        Topic {
            id: Uuid::from_u64_pair(chance::hash(&[seed, 2]), chance::hash(&[seed, 3]) | 1),
            seed,
            created,
            first_broker: (chance::hash(&[seed, 4]) % brokers.len().max(1) as u64) as usize,
            rhythm: Rhythm::new(plan.messages_per_sec, created, seed),
            traffic: timeline.windows(|effect| match effect {
                Effect::Traffic { topic, factor } if is_mine(topic) => Some(factor.max(0.0)),
                _ => None,
            }),
            lagging: timeline.windows(|effect| match effect {
                Effect::ReplicaLags { topic, broker } if is_mine(topic) => {
                    brokers.iter().position(|id| id == broker)
                }
                _ => None,
            }),
            reassigned: timeline.windows(|effect| match effect {
                Effect::Reassigned { topic } if is_mine(topic) => Some(()),
                _ => None,
            }),
            plan,
        }
    }

    pub(crate) fn has(&self, partition: i32) -> bool {
        (0..self.plan.partitions).contains(&partition)
    }

    /// The brokers of a partition by index, the preferred leader first: consecutive ones, each
    /// partition one further on.
    pub(crate) fn replicas(&self, partition: i32, brokers: usize) -> impl Iterator<Item = usize> {
        let first = self.first_broker + partition.max(0) as usize;
        (0..self.plan.replicas).map(move |nth| (first + nth) % brokers)
    }

    /// The partitions of which a broker has a replica, without looking at the others.
    pub(crate) fn partitions_on(&self, broker: usize, brokers: usize) -> impl Iterator<Item = i32> {
        let count = self.plan.partitions.max(0) as usize;
        (0..self.plan.replicas).flat_map(move |nth| {
            let lowest = (broker + 2 * brokers - self.first_broker - nth) % brokers;
            (lowest..count).step_by(brokers).map(|partition| partition as i32)
        })
    }

    /// What old messages are cut off at: the arrival time of the oldest that is kept. Whole
    /// segments go at a time. `None` where nothing is.
    pub(super) fn kept_since(&self, at: i64) -> Option<i64> {
        match self.plan.cleanup {
            Cleanup::Compact => None,
            Cleanup::Delete(retention) => {
                let retention = i64::try_from(retention.as_millis()).unwrap_or(i64::MAX);
                let segment = (retention / 20).clamp(10_000, 3_600_000);
                Some(at.saturating_sub(retention).div_euclid(segment) * segment)
            }
        }
    }

    /// The arrival time before which compaction has run; `None` where it never does. The segment
    /// that is written to is left alone.
    pub(super) fn compacted_before(&self, at: i64) -> Option<i64> {
        match self.plan.cleanup {
            Cleanup::Compact => Some(at.div_euclid(COMPACTED_EVERY_MS) * COMPACTED_EVERY_MS),
            Cleanup::Delete(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Script;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn partitions_on_a_broker_are_those_with_a_replica_there(
            brokers in 1usize..12, partitions in 0i32..40, replicas in 1usize..5, seed: u64,
        ) {
            let ids: Vec<i32> = (0..brokers as i32).collect();
            let plan = TopicPlan::new("orders", partitions, 1.0).replicated(replicas, 1);
            let script = Script::default();
            let topic = Topic::new(plan, &ids, seed, &Timeline { script: &script, begin: 0 });
            for broker in 0..brokers {
                let mut direct: Vec<i32> = topic.partitions_on(broker, brokers).collect();
                direct.sort_unstable();
                let has_replica = |partition: &i32| topic.replicas(*partition, brokers).any(|at| at == broker);
                let looked_up: Vec<i32> = (0..partitions).filter(has_replica).collect();
                prop_assert_eq!(direct, looked_up);
            }
        }
    }
}
