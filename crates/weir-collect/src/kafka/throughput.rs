//! Messages per second from two polls of the log end offsets.

use std::collections::HashMap;
use std::sync::Arc;

use weir_kafka::{ClusterMetadata, Topic};
use weir_types::Timestamp;

use super::answers::{LogOffsets, TopicLog};
use super::by_partition::ByPartition;

/// The last known log end of each partition, with its time: a partition that does not answer for
/// a while has its rate over the longer stretch afterwards.
#[derive(Debug, Clone, Default)]
pub(crate) struct Throughput {
    topics: HashMap<Arc<str>, TopicEnds>,
}

#[derive(Debug, Clone, Default)]
struct TopicEnds {
    /// Another id under the same name is another log.
    id: Option<u128>,
    ends: ByPartition<(i64, Timestamp)>,
}

/// Messages per second; a topic whose rate is not known is not there.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Rates {
    pub topics: HashMap<Arc<str>, f64>,
    /// All topics together, internal ones included, as the brokers' own meter counts.
    pub cluster: Option<f64>,
}

impl Throughput {
    /// Rates since the poll before, whose ends are replaced by those of this one.
    pub(crate) fn observe(
        &mut self,
        metadata: &ClusterMetadata,
        log: &LogOffsets,
        at: Timestamp,
    ) -> Rates {
        let mut rates = Rates::default();
        let mut before = std::mem::take(&mut self.topics);
        let is_first = before.is_empty();
        let mut every_topic_known = true;
        for topic in &metadata.topics {
            let log = log.topic(&topic.name);
            let known = before.remove(&topic.name).filter(|ends| ends.id == topic.id);
            if let Some(rate) = known.as_ref().and_then(|known| known.rate(topic, log, at)) {
                rates.topics.insert(Arc::clone(&topic.name), rate);
            } else if known.is_some() {
                every_topic_known = false; // a topic made since then hides nobody else's rate
            }
            let mut ends = known.unwrap_or_else(|| TopicEnds::new(topic.id));
            ends.replace(topic, log, at);
            self.topics.insert(Arc::clone(&topic.name), ends);
        }
        rates.cluster = (every_topic_known && !is_first).then(|| rates.topics.values().sum());
        rates
    }
}

impl TopicEnds {
    fn new(id: Option<u128>) -> TopicEnds {
        TopicEnds { id, ends: ByPartition::new() }
    }

    /// What was not answered now keeps the end it had.
    fn replace(&mut self, topic: &Topic, log: &TopicLog, at: Timestamp) {
        self.ends.retain(|index| topic.partition(index).is_some());
        self.ends.reserve_exact(topic.partitions.len());
        for partition in &topic.partitions {
            if let Some(end) = log.get(partition.index).end {
                self.ends.set(partition.index, (end, at));
            }
        }
    }

    /// `None` unless every partition that can take messages is known now and before.
    fn rate(&self, topic: &Topic, log: &TopicLog, at: Timestamp) -> Option<f64> {
        let writable = topic.partitions.iter().filter(|p| p.leader.is_some());
        writable.map(|p| self.partition_rate(p.index, log.get(p.index).end?, at)).sum()
    }

    /// `None` also for a log that shrank: unclean elections and restores lose messages.
    fn partition_rate(&self, index: i32, end: i64, at: Timestamp) -> Option<f64> {
        let &(before, since) = self.ends.get(index)?;
        let seconds = at.since(since).as_secs_f64();
        (end >= before && seconds > 0.0).then(|| (end - before) as f64 / seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::super::answers::LogRange;
    use super::super::map::fixture;
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    fn log(ends: &[(&str, i32, i64)]) -> LogOffsets {
        let mut log = LogOffsets::default();
        for &(topic, partition, end) in ends {
            let range = LogRange { end: Some(end), ..LogRange::default() };
            log.set(&topic.into(), partition, range);
        }
        log
    }

    #[test]
    fn the_first_poll_has_no_rate() {
        let metadata = fixture::metadata(&[("orders", 2)]);
        let mut throughput = Throughput::default();
        let both = |a, b| log(&[("orders", 0, a), ("orders", 1, b)]);
        assert_eq!(throughput.observe(&metadata, &both(5, 5), at(0)), Rates::default());

        let rates = throughput.observe(&metadata, &both(25, 15), at(10));
        assert_eq!(rates.topics["orders"], 3.0);
        assert_eq!(rates.cluster, Some(3.0));
    }

    #[test]
    fn a_silent_partition_makes_the_rate_unknown_then_averages() {
        let metadata = fixture::metadata(&[("orders", 2)]);
        let both = |a, b| log(&[("orders", 0, a), ("orders", 1, b)]);
        let mut throughput = Throughput::default();
        throughput.observe(&metadata, &both(0, 0), at(0));
        let rates = throughput.observe(&metadata, &log(&[("orders", 0, 10)]), at(10));
        assert_eq!((rates.topics.len(), rates.cluster), (0, None));
        let rates = throughput.observe(&metadata, &both(20, 60), at(20));
        assert_eq!(rates.topics["orders"], 10.0 / 10.0 + 60.0 / 20.0);
    }

    #[test]
    fn a_new_topic_does_not_hide_the_others() {
        let before = fixture::metadata(&[("orders", 1)]);
        let mut throughput = Throughput::default();
        throughput.observe(&before, &log(&[("orders", 0, 0)]), at(0));
        let after = fixture::metadata(&[("new", 1), ("orders", 1)]);
        let rates = throughput.observe(&after, &log(&[("orders", 0, 40), ("new", 0, 9)]), at(10));
        assert_eq!(rates.cluster, Some(4.0));
        assert!(!rates.topics.contains_key("new"));
    }

    #[test]
    fn a_topic_made_anew_has_no_rate() {
        let mut metadata = fixture::metadata(&[("orders", 1)]);
        metadata.topics[0].id = Some(1);
        let mut throughput = Throughput::default();
        throughput.observe(&metadata, &log(&[("orders", 0, 10)]), at(0));
        metadata.topics[0].id = Some(2);
        let rates = throughput.observe(&metadata, &log(&[("orders", 0, 90)]), at(10));
        assert!(rates.topics.is_empty());
    }

    #[test]
    fn a_log_that_shrank_has_no_rate() {
        let metadata = fixture::metadata(&[("orders", 1)]);
        let mut throughput = Throughput::default();
        throughput.observe(&metadata, &log(&[("orders", 0, 10)]), at(0));
        let rates = throughput.observe(&metadata, &log(&[("orders", 0, 4)]), at(10));
        assert_eq!((rates.topics.len(), rates.cluster), (0, None));
    }
}
