//! The world at one moment: what every answer is made from.

use super::broker::BrokerNow;
use super::{World, chance};
use crate::script::Right;

/// The brokers are judged once; all else is computed when asked for.
pub(crate) struct Moment<'w> {
    pub world: &'w World,
    /// Milliseconds since the epoch.
    pub at: i64,
    pub(super) brokers: Vec<BrokerNow>,
}

impl<'w> Moment<'w> {
    pub(super) fn new(world: &'w World, at: i64) -> Moment<'w> {
        let brokers = world.brokers.iter().map(|broker| broker.now(at)).collect();
        Moment { world, at, brokers }
    }

    pub(crate) fn is_registered(&self, broker: usize) -> bool {
        self.brokers[broker].is_registered
    }

    /// The active controller by index; none while every voter is away.
    pub(crate) fn controller(&self) -> Option<usize> {
        self.world.voters().find(|voter| self.is_registered(*voter))
    }

    /// Grows with each change of controller.
    pub(crate) fn controller_epoch(&self) -> i32 {
        let changes: i64 = self.world.voters().map(|voter| self.brokers[voter].changes).sum();
        1 + changes as i32
    }

    /// Who coordinates a group, by index: the leader of its partition of `__consumer_offsets`.
    pub(crate) fn coordinator(&self, group: usize) -> Option<usize> {
        let hash = self.world.groups[group].hash;
        match self.world.offsets_topic {
            Some(topic) => {
                let partitions = self.world.topics[topic].plan.partitions.max(1);
                self.leader(topic, hash.checked_abs().unwrap_or(0) % partitions)
            }
            None => {
                let brokers: Vec<usize> =
                    (0..self.brokers.len()).filter(|at| self.is_registered(*at)).collect();
                let nth = chance::hash(&[u64::from(hash.unsigned_abs())]) as usize;
                (!brokers.is_empty()).then(|| brokers[nth % brokers.len()])
            }
        }
    }

    pub(crate) fn allows(&self, right: Right, name: &str) -> bool {
        let denied = self.world.denied.open(self.at).map(|nth| &self.world.rights[nth]);
        !denied.into_iter().any(|(denied, prefix)| {
            *denied == right && (right == Right::DescribeCluster || name.starts_with(&**prefix))
        })
    }
}
