//! What the brokers' log directories hold, and how much room is left.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use weir_kafka::{BrokerId, BrokerLogDirs, ClusterMetadata, KafkaCode, LogDir, Topic};
use weir_types::Timestamp;

use super::super::known::REPEAT_FOR;

/// The log directories of a whole cluster, as last heard from each broker.
#[derive(Debug, Clone, Default)]
pub(crate) struct Disks {
    brokers: BTreeMap<BrokerId, Disk>,
    answered_at: BTreeMap<BrokerId, Timestamp>,
    dirs: BTreeMap<BrokerId, Vec<Dir>>,
    /// By topic: bytes of each replica, by partition and broker.
    replicas: HashMap<Arc<str>, Vec<Replica>>,
    /// Topics of the last answers that nobody described: brokers leave out of the metadata what we
    /// may not describe, yet not out of their log directories.
    undescribed: BTreeSet<Arc<str>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Replica {
    partition: i32,
    broker: BrokerId,
    bytes: u64,
}

/// The log directories of one broker together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Disk {
    pub used_bytes: u64,
    /// Of the volumes; `None` before Kafka 3.3.
    pub total_bytes: Option<u64>,
    pub free_bytes: Option<u64>,
    /// Directories the broker can't use.
    pub offline_dirs: usize,
}

/// One log directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dir {
    pub path: Arc<str>,
    /// Why the broker can't use it: nothing else is known of it then.
    pub error: Option<KafkaCode>,
    pub replicas: Option<usize>,
    /// Of its replicas, those on their way here included.
    pub used_bytes: Option<u64>,
    /// Of its volume; `None` before Kafka 3.3.
    pub total_bytes: Option<u64>,
    pub free_bytes: Option<u64>,
}

/// Answers taken in one by one: all of a large cluster's at once would be its largest heap.
pub(crate) struct DisksReading<'a> {
    disks: Disks,
    asked_at: Timestamp,
    before: Option<&'a Disks>,
    is_described: &'a (dyn Fn(&str) -> bool + Sync),
}

impl<'a> DisksReading<'a> {
    /// `is_described` tells the topics that the cluster described to us lately.
    pub(crate) fn new(
        asked_at: Timestamp,
        before: Option<&'a Disks>,
        is_described: &'a (dyn Fn(&str) -> bool + Sync),
    ) -> DisksReading<'a> {
        DisksReading { disks: Disks::default(), asked_at, before, is_described }
    }

    /// A broker that did not answer keeps what was known of it, for a while.
    pub(crate) fn add(&mut self, answer: &BrokerLogDirs) {
        let Ok(dirs) = &answer.dirs else { return self.keep(answer.broker) };
        self.disks.add(answer.broker, dirs);
        self.disks.answered_at.insert(answer.broker, self.asked_at);
        let topics = dirs.iter().flat_map(|dir| &dir.topics).map(|topic| &topic.topic);
        let undescribed = topics.filter(|topic| !(self.is_described)(topic));
        self.disks.undescribed.extend(undescribed.cloned());
    }

    pub(crate) fn finish(mut self) -> Disks {
        for replicas in self.disks.replicas.values_mut() {
            replicas.sort_unstable_by_key(Replica::place);
            replicas.shrink_to_fit();
        }
        self.disks
    }

    fn keep(&mut self, broker: BrokerId) {
        let answered_at =
            self.before.and_then(|before| Some((before, before.answered_at(broker)?)));
        if let Some((before, at)) = answered_at
            && self.asked_at.since(at) < REPEAT_FOR
        {
            self.disks.keep(broker, before);
            self.disks.answered_at.insert(broker, at);
        }
    }
}

impl Disks {
    /// `None` also for a broker that answered without any directory: brokers before Kafka 3.2
    /// do so when they refuse.
    pub(crate) fn of_broker(&self, broker: BrokerId) -> Option<Disk> {
        self.brokers.get(&broker).copied()
    }

    /// When a broker was asked what it last told.
    pub(crate) fn answered_at(&self, broker: BrokerId) -> Option<Timestamp> {
        self.answered_at.get(&broker).copied()
    }

    /// By broker, then path; a broker that did not tell has none.
    pub(crate) fn dirs(&self) -> impl Iterator<Item = (BrokerId, &Dir)> {
        self.dirs.iter().flat_map(|(&broker, dirs)| dirs.iter().map(move |dir| (broker, dir)))
    }

    /// All brokers together; `None` unless all of them told.
    pub(crate) fn of_cluster(&self, metadata: &ClusterMetadata) -> Option<Disk> {
        let mut sum = Disk { total_bytes: Some(0), free_bytes: Some(0), ..Disk::default() };
        for broker in &metadata.brokers {
            let disk = self.brokers.get(&broker.id)?;
            sum.used_bytes += disk.used_bytes;
            sum.total_bytes = sum.total_bytes.zip(disk.total_bytes).map(|(a, b)| a + b);
            sum.free_bytes = sum.free_bytes.zip(disk.free_bytes).map(|(a, b)| a + b);
            sum.offline_dirs += disk.offline_dirs;
        }
        Some(sum)
    }

    /// All replicas of a topic; `None` unless each of them is known.
    pub(crate) fn of_topic(&self, topic: &Topic) -> Option<u64> {
        let known = self.replicas.get(&topic.name)?;
        let replicas = topic.partitions.iter().flat_map(|partition| {
            partition.replicas.iter().map(|&replica| (partition.index, replica))
        });
        replicas.map(|place| size_of(known, place)).sum()
    }

    pub(crate) fn of_replica(&self, topic: &str, partition: i32, broker: BrokerId) -> Option<u64> {
        size_of(self.replicas.get(topic)?, (partition, broker))
    }

    /// Topics on the brokers' disks that `metadata` does not describe and did not when the disks
    /// were read. Those of a cycle's own reading count from the next one on, which has `before`:
    /// a topic may be made after the metadata was asked for.
    pub(crate) fn hidden_topics(&self, before: &Disks, metadata: &ClusterMetadata) -> usize {
        let is_hidden = |topic: &&Arc<str>| {
            before.undescribed.contains(*topic) && metadata.topic(topic).is_none()
        };
        self.undescribed.iter().filter(is_hidden).count()
    }

    fn add(&mut self, broker: BrokerId, dirs: &[LogDir]) {
        if dirs.is_empty() {
            return;
        }
        self.brokers.insert(broker, Disk::read(dirs));
        let mut read: Vec<Dir> = dirs.iter().map(Dir::read).collect();
        read.sort_unstable_by(|one, other| one.path.cmp(&other.path));
        self.dirs.insert(broker, read);
        for topic in dirs.iter().flat_map(|dir| &dir.topics) {
            let replicas = self.replicas.entry(Arc::clone(&topic.topic)).or_default();
            let current = topic.replicas.iter().filter(|replica| !replica.is_future);
            replicas.extend(current.map(|one| Replica {
                partition: one.partition,
                broker,
                bytes: one.size_bytes,
            }));
        }
    }

    fn keep(&mut self, broker: BrokerId, before: &Disks) {
        self.brokers.extend(before.brokers.get(&broker).map(|&disk| (broker, disk)));
        self.dirs.extend(before.dirs.get(&broker).map(|dirs| (broker, dirs.clone())));
        for (topic, replicas) in &before.replicas {
            let mut kept = replicas.iter().filter(|one| one.broker == broker).copied().peekable();
            if kept.peek().is_some() {
                self.replicas.entry(Arc::clone(topic)).or_default().extend(kept);
            }
        }
    }
}

impl Dir {
    fn read(dir: &LogDir) -> Dir {
        let replicas = || dir.topics.iter().flat_map(|topic| &topic.replicas);
        let is_usable = dir.error.is_none();
        Dir {
            path: Arc::clone(&dir.path),
            error: dir.error,
            replicas: is_usable.then(|| replicas().count()),
            used_bytes: is_usable.then(|| replicas().map(|replica| replica.size_bytes).sum()),
            total_bytes: dir.total_bytes.filter(|_| is_usable),
            free_bytes: dir.usable_bytes.filter(|_| is_usable),
        }
    }
}

impl Replica {
    fn place(&self) -> (i32, BrokerId) {
        (self.partition, self.broker)
    }
}

/// In replicas sorted by place.
fn size_of(replicas: &[Replica], place: (i32, BrokerId)) -> Option<u64> {
    let at = replicas.binary_search_by_key(&place, Replica::place).ok()?;
    Some(replicas[at].bytes)
}

impl Disk {
    /// Directories on one volume report the same total and the same room: that counts once.
    fn read(dirs: &[LogDir]) -> Disk {
        let usable = || dirs.iter().filter(|dir| dir.error.is_none());
        let replicas = usable().flat_map(|dir| &dir.topics).flat_map(|topic| &topic.replicas);
        let volumes: Option<BTreeSet<(u64, u64)>> =
            usable().map(|dir| dir.total_bytes.zip(dir.usable_bytes)).collect();
        let volumes = volumes.filter(|volumes| !volumes.is_empty());
        Disk {
            used_bytes: replicas.map(|replica| replica.size_bytes).sum(),
            total_bytes: volumes.as_ref().map(|it| it.iter().map(|(total, _)| total).sum()),
            free_bytes: volumes.as_ref().map(|it| it.iter().map(|(_, free)| free).sum()),
            offline_dirs: dirs.iter().filter(|dir| dir.error.is_some()).count(),
        }
    }

    /// 0 to 1, of the whole volume, whoever uses it.
    pub(crate) fn used_share(&self) -> Option<f64> {
        let (total, free) = self.total_bytes.zip(self.free_bytes)?;
        (total > 0).then(|| 1.0 - free as f64 / total as f64)
    }
}

#[cfg(test)]
mod tests {
    use weir_kafka::{Error, ReplicaSize, TopicReplicas};

    use super::super::super::map::fixture;
    use super::*;

    fn dir(path: &str, volume: Option<(u64, u64)>, sizes: &[(i32, u64)]) -> LogDir {
        let replica = |&(partition, size_bytes): &(i32, u64)| ReplicaSize {
            partition,
            size_bytes,
            lag_messages: 0,
            is_future: false,
        };
        LogDir {
            path: path.into(),
            error: None,
            total_bytes: volume.map(|(total, _)| total),
            usable_bytes: volume.map(|(_, free)| free),
            topics: vec![TopicReplicas {
                topic: "orders".into(),
                replicas: sizes.iter().map(replica).collect(),
            }],
        }
    }

    fn answer(broker: i32, dirs: Vec<LogDir>) -> BrokerLogDirs {
        BrokerLogDirs { broker: BrokerId(broker), dirs: Ok(dirs) }
    }

    fn silent(broker: i32) -> BrokerLogDirs {
        let broker = BrokerId(broker);
        BrokerLogDirs { broker, dirs: Err(Error::UnknownBroker { broker }) }
    }

    fn read(answers: &[BrokerLogDirs], before: Option<&Disks>) -> Disks {
        read_at(0, answers, before)
    }

    fn read_at(seconds: i64, answers: &[BrokerLogDirs], before: Option<&Disks>) -> Disks {
        let asked_at = Timestamp::from_millis(seconds * 1_000);
        let mut reading = DisksReading::new(asked_at, before, &|_| true);
        answers.iter().for_each(|answer| reading.add(answer));
        reading.finish()
    }

    #[test]
    fn a_volume_shared_by_directories_counts_once() {
        let one = dir("/a", Some((100, 40)), &[(0, 10)]);
        let same = dir("/b", Some((100, 40)), &[(1, 20)]);
        let other = dir("/c", Some((200, 100)), &[(2, 30)]);
        let disk = read(&[answer(1, vec![one, same, other])], None).of_broker(BrokerId(1));
        let disk = disk.unwrap();
        assert_eq!(
            (disk.used_bytes, disk.total_bytes, disk.free_bytes),
            (60, Some(300), Some(140))
        );
        assert!((disk.used_share().unwrap() - 160.0 / 300.0).abs() < 1e-9);
    }

    #[test]
    fn an_older_release_tells_no_volumes_and_a_broken_disk_is_counted() {
        let mut broken = dir("/b", None, &[]);
        broken.error = Some(KafkaCode::KAFKA_STORAGE_ERROR);
        let disks = read(&[answer(1, vec![dir("/a", None, &[(0, 10)]), broken])], None);
        let disk = disks.of_broker(BrokerId(1)).unwrap();
        assert_eq!((disk.used_bytes, disk.total_bytes, disk.offline_dirs), (10, None, 1));
        assert_eq!(disk.used_share(), None);
    }

    #[test]
    fn a_broker_that_does_not_answer_keeps_what_was_known() {
        let full = read(
            &[
                answer(1, vec![dir("/a", None, &[(0, 10)])]),
                answer(2, vec![dir("/a", None, &[(0, 12)])]),
            ],
            None,
        );
        let next = read(&[answer(1, vec![dir("/a", None, &[(0, 30)])]), silent(2)], Some(&full));
        assert_eq!(next.of_replica("orders", 0, BrokerId(2)), Some(12));
        let topic = &fixture::metadata(&[("orders", 1)]).topics[0];
        assert_eq!(next.of_topic(topic), Some(42));
        assert_eq!(read(&[silent(2)], None).of_topic(topic), None);
    }

    #[test]
    fn a_refusal_without_an_error_is_no_empty_disk() {
        let disks = read(&[answer(1, vec![]), answer(2, vec![])], None);
        assert_eq!(disks.of_broker(BrokerId(1)), None);
        assert_eq!(disks.of_cluster(&fixture::metadata(&[])), None);
    }

    #[test]
    fn what_a_silent_broker_told_keeps_its_date_and_is_dropped_after_an_hour() {
        let told = read(&[answer(1, vec![dir("/a", None, &[(0, 10)])])], None);
        let kept = read_at(3_300, &[silent(1)], Some(&told));
        assert_eq!(kept.answered_at(BrokerId(1)), Some(Timestamp::from_millis(0)));
        let late = read_at(3_600, &[silent(1)], Some(&kept));
        assert_eq!((late.of_broker(BrokerId(1)), late.dirs().count()), (None, 0));
    }

    /// Of brokers whose disks hold `orders` alone.
    fn read_beside(described: &str, before: Option<&Disks>) -> Disks {
        let is_described = |topic: &str| topic == described;
        let mut reading = DisksReading::new(Timestamp::from_millis(0), before, &is_described);
        reading.add(&answer(1, vec![dir("/a", None, &[(0, 10)])]));
        reading.finish()
    }

    #[test]
    fn topics_that_were_never_described_show_that_metadata_is_shortened() {
        let (without, with) =
            (fixture::metadata(&[("audit", 1)]), fixture::metadata(&[("orders", 1)]));
        let read = read_beside("audit", None);
        assert_eq!(read.hidden_topics(&Disks::default(), &without), 0, "not yet: it may be new");
        assert_eq!(read.hidden_topics(&read, &without), 1);
        assert_eq!(read.hidden_topics(&read, &with), 0, "it was new");
    }

    #[test]
    fn a_topic_deleted_after_the_disks_were_read_is_not_hidden() {
        let read = read_beside("orders", None);
        assert_eq!(read.hidden_topics(&read, &fixture::metadata(&[("audit", 1)])), 0);
        let silent_since = read_at(60, &[silent(1)], Some(&read_beside("audit", None)));
        let deleted = fixture::metadata(&[]);
        assert_eq!(silent_since.hidden_topics(&silent_since, &deleted), 0, "nor what is repeated");
    }
}
