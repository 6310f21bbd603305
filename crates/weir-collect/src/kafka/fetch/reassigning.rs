//! Partitions whose replicas are being moved. Those on their way in are replicas to the metadata and
//! in sync only at the end: nothing is missing meanwhile.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use weir_kafka::{BrokerId, ClusterMetadata, Partition, Reassignment};

/// By topic.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reassigning {
    topics: HashMap<Arc<str>, Moving>,
}

/// The partitions of one topic that move.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Moving(BTreeMap<i32, Replicas>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Replicas {
    /// Those that come and those that go.
    all: Box<[BrokerId]>,
    adding: Box<[BrokerId]>,
}

static NOTHING_MOVES: Moving = Moving(BTreeMap::new());

impl Reassigning {
    pub(crate) fn read(moving: Vec<Reassignment>) -> Reassigning {
        let mut reassigning = Reassigning::default();
        for one in moving {
            let topic = reassigning.topics.entry(one.topic).or_default();
            let replicas = Replicas { all: one.replicas.into(), adding: one.adding.into() };
            topic.0.insert(one.partition, replicas);
        }
        reassigning
    }

    pub(crate) fn of_topic(&self, topic: &str) -> &Moving {
        self.topics.get(topic).unwrap_or(&NOTHING_MOVES)
    }

    pub(crate) fn count(&self) -> usize {
        self.topics.values().map(Moving::count).sum()
    }
}

impl Moving {
    /// What is known without an answer.
    pub(crate) fn nothing() -> &'static Moving {
        &NOTHING_MOVES
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// How many replicas there should be in sync: as Kafka's own tool counts, without those on
    /// their way in. A move that the metadata no longer shows has ended since it was asked about.
    pub(crate) fn replication_factor(&self, partition: &Partition) -> usize {
        let moving = self.0.get(&partition.index).filter(|it| it.are_those_of(partition));
        partition.replicas.len() - moving.map_or(0, |it| it.adding.len())
    }
}

impl Replicas {
    fn are_those_of(&self, partition: &Partition) -> bool {
        self.all.len() == partition.replicas.len()
            && self.adding.len() <= self.all.len()
            && self.all.iter().all(|one| partition.replicas.contains(one))
    }
}

/// Of the partitions with fewer replicas in sync than replicas: the same as long as they are the
/// same ones with the same replicas. Whether they move is worth asking when it changes.
pub(crate) fn short_of_replicas(metadata: &ClusterMetadata) -> u64 {
    let mut hasher = DefaultHasher::new();
    for topic in &metadata.topics {
        for partition in topic.partitions.iter().filter(|it| it.isr.len() < it.replicas.len()) {
            (&topic.name, partition.index, &partition.replicas, &partition.isr).hash(&mut hasher);
        }
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::super::super::map::fixture;
    use super::*;

    fn ids(ids: &[i32]) -> Vec<BrokerId> {
        ids.iter().copied().map(BrokerId).collect()
    }

    fn moving(topic: &str, partition: i32, replicas: &[i32], adding: &[i32]) -> Reassignment {
        Reassignment {
            topic: topic.into(),
            partition,
            replicas: ids(replicas),
            adding: ids(adding),
            removing: Vec::new(),
        }
    }

    fn partition(replicas: &[i32]) -> Partition {
        let mut partition = fixture::metadata(&[("a", 1)]).topics[0].partitions[0].clone();
        partition.replicas = ids(replicas).into();
        partition
    }

    #[test]
    fn they_are_counted_by_topic() {
        let all = [moving("a", 0, &[1], &[]), moving("a", 1, &[1], &[]), moving("b", 0, &[1], &[])];
        let all = Reassigning::read(all.to_vec());
        let of = |topic| all.of_topic(topic).count();
        assert_eq!((all.count(), of("a"), of("c")), (3, 2, 0));
    }

    #[test]
    fn replicas_on_their_way_in_are_not_missed() {
        let all = Reassigning::read(vec![moving("a", 0, &[4, 2, 3, 1], &[4])]);
        let factor = |replicas: &[i32]| all.of_topic("a").replication_factor(&partition(replicas));
        assert_eq!(factor(&[1, 2, 3, 4]), 3);
        assert_eq!(factor(&[2, 3, 4]), 3, "the move has ended");
        assert_eq!(factor(&[1, 2, 3, 4, 5]), 5, "another move");
        assert_eq!(Moving::nothing().replication_factor(&partition(&[1, 2])), 2);
    }

    #[test]
    fn a_change_of_the_partitions_that_are_short_shows() {
        let whole = fixture::metadata(&[("a", 2)]);
        let mut one = whole.clone();
        one.topics[0].partitions[0].isr = [BrokerId(1)].into();
        let mut other = whole.clone();
        other.topics[0].partitions[0].isr = [BrokerId(2)].into();
        let all = [&whole, &one, &other].map(short_of_replicas);
        assert!(all[0] != all[1] && all[1] != all[2] && all[0] != all[2]);
        let mut led_elsewhere = one.clone();
        led_elsewhere.topics[0].partitions[1].leader = None;
        assert_eq!(all[1], short_of_replicas(&led_elsewhere));
    }
}
