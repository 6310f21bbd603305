//! One partition at a moment: who leads it, who is in sync.

use super::{Moment, chance};

/// A replica that was away needs at least this long until it is in sync again, and up to eight
/// times as long.
const CATCH_UP_MS: i64 = 5_000;
/// Leadership goes back to the preferred replica this long after its return
/// (`leader.imbalance.check.interval.seconds` is 300 by default; this world is busier).
const PREFERRED_AGAIN_MS: i64 = 75_000;

/// Broker ids, as Kafka orders them: preferred first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PartitionNow {
    /// By id.
    pub leader: Option<i32>,
    pub leader_epoch: i32,
    pub replicas: Vec<i32>,
    pub isr: Vec<i32>,
    pub offline: Vec<i32>,
    /// Moving there; part of `replicas`.
    pub adding: Vec<i32>,
    /// Moving away; part of `replicas`.
    pub removing: Vec<i32>,
}

impl Moment<'_> {
    pub(crate) fn partition(&self, topic: usize, partition: i32) -> PartitionNow {
        let ids = |indexes: &[usize]| indexes.iter().map(|at| self.id(*at)).collect::<Vec<i32>>();
        let mut replicas = self.replicas(topic, partition);
        let isr = self.isr(topic, partition, &replicas);
        let leader = self.leader_among(&isr).map(|at| self.id(at));
        let (mut adding, mut removing) = (Vec::new(), Vec::new());
        let brokers = self.brokers.len();
        if self.is_moving(topic) && replicas.len() < brokers {
            removing.push(self.id(replicas[0]));
            let next = (replicas[replicas.len() - 1] + 1) % brokers;
            adding.push(self.id(next));
            replicas.push(next);
        }
        let offline: Vec<usize> =
            replicas.iter().copied().filter(|at| !self.is_registered(*at)).collect();
        // Those that were last in sync stay named while none is left.
        let isr = if isr.is_empty() { ids(&replicas[..1]) } else { ids(&isr) };
        PartitionNow {
            leader,
            leader_epoch: self.leader_epoch(topic, partition),
            isr,
            offline: ids(&offline),
            replicas: ids(&replicas),
            adding,
            removing,
        }
    }

    /// By index.
    pub(crate) fn leader(&self, topic: usize, partition: i32) -> Option<usize> {
        self.leader_among(&self.isr(topic, partition, &self.replicas(topic, partition)))
    }

    pub(crate) fn is_moving(&self, topic: usize) -> bool {
        self.world.topics[topic].reassigned.open(self.at).next().is_some()
    }

    pub(crate) fn leader_epoch(&self, topic: usize, partition: i32) -> i32 {
        let topic = &self.world.topics[topic];
        let changes = |at: usize| self.brokers[at].changes;
        let all: i64 = topic.replicas(partition, self.brokers.len()).map(changes).sum();
        4 + all as i32
    }

    fn replicas(&self, topic: usize, partition: i32) -> Vec<usize> {
        self.world.topics[topic].replicas(partition, self.brokers.len()).collect()
    }

    fn id(&self, at: usize) -> i32 {
        self.world.brokers[at].plan.id
    }

    /// Empty when no replica is there. When those that are there were all behind, the first of
    /// them stands in, as with unclean elections allowed.
    fn isr(&self, topic: usize, partition: i32, replicas: &[usize]) -> Vec<usize> {
        let lagging: Vec<usize> = self.world.topics[topic].lagging.open(self.at).collect();
        let in_sync = |(nth, at): (usize, &usize)| {
            let broker = &self.brokers[*at];
            let caught_up = broker
                .returned_at
                .is_none_or(|returned| self.at >= returned + self.catch_up(topic, partition, *at));
            let follows = nth == 0 || !lagging.contains(at); // a leader is never behind itself
            (broker.is_registered && caught_up && follows).then_some(*at)
        };
        let isr: Vec<usize> = replicas.iter().enumerate().filter_map(in_sync).collect();
        if !isr.is_empty() {
            return isr;
        }
        replicas.iter().copied().find(|at| self.is_registered(*at)).into_iter().collect()
    }

    fn leader_among(&self, isr: &[usize]) -> Option<usize> {
        let just_returned = |at: usize| {
            let returned = self.brokers[at].returned_at;
            returned.is_some_and(|returned| self.at < returned + PREFERRED_AGAIN_MS)
        };
        isr.iter().copied().find(|at| !just_returned(*at)).or_else(|| isr.first().copied())
    }

    fn catch_up(&self, topic: usize, partition: i32, broker: usize) -> i64 {
        let seed = self.world.topics[topic].seed;
        let share = chance::unit(&[seed, partition as u64, broker as u64, 5]);
        CATCH_UP_MS + (share * (7 * CATCH_UP_MS) as f64) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{at, world};
    use super::*;
    use crate::Story;

    /// Of the topic `orders`, which has a partition led by each broker.
    fn partitions(moment: &Moment<'_>) -> Vec<PartitionNow> {
        let topic = moment.world.topic_index("orders").unwrap();
        (0..12).map(|partition| moment.partition(topic, partition)).collect()
    }

    #[test]
    fn a_dead_broker_leaves_the_isr_and_returns_to_its_place() {
        let world = world(Story::BrokerDies);
        let before = partitions(&world.at(at(59)));
        assert!(before.iter().all(|p| p.isr == p.replicas && p.leader == Some(p.replicas[0])));

        let during = partitions(&world.at(at(70)));
        for (now, before) in during.iter().zip(&before) {
            let hit = now.replicas.contains(&5);
            assert_eq!(now.isr.len(), if hit { 2 } else { 3 });
            assert!(now.leader.is_some_and(|leader| leader != 5));
            assert_eq!(now.offline.contains(&5), hit);
            assert_eq!(now.leader_epoch > before.leader_epoch, hit);
        }

        let returned = partitions(&world.at(at(290)));
        assert!(returned.iter().all(|p| p.isr == p.replicas));
        assert!(returned.iter().any(|p| p.leader != Some(p.replicas[0])), "leaders lag behind");
        let later = partitions(&world.at(at(400)));
        assert!(later.iter().all(|p| p.leader == Some(p.replicas[0])));
    }

    #[test]
    fn a_replica_that_lags_leaves_the_isr_alone() {
        let world = world(Story::ShrinkingIsr);
        let moment = world.at(at(100));
        let shrunk = partitions(&moment).into_iter().filter(|p| p.isr.len() == 2).count();
        assert_eq!(shrunk, 4, "a third of the partitions follow broker 2");
        assert!(partitions(&moment).iter().all(|p| p.offline.is_empty()));
    }

    #[test]
    fn a_moving_partition_has_one_more_replica() {
        let world = world(Story::Demo);
        let moment = world.at(at(480));
        let topic = world.topic_index("shipments").unwrap();
        let now = moment.partition(topic, 0);
        assert_eq!((now.replicas.len(), now.adding.len(), now.removing.len()), (4, 1, 1));
        assert!(now.replicas.contains(&now.adding[0]) && now.isr.len() == 3);
    }
}
