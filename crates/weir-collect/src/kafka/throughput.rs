//! Messages per second from two polls of the log end offsets.

use std::collections::HashMap;
use std::sync::Arc;

use weir_kafka::{ClusterMetadata, Topic};
use weir_types::Timestamp;

use super::answers::LogOffsets;
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
    /// Rates since the polls before, and the ends to remember for the next one.
    pub(crate) fn next(
        &self,
        metadata: &ClusterMetadata,
        log: &LogOffsets,
        at: Timestamp,
    ) -> (Rates, Throughput) {
        let mut rates = Rates::default();
        let mut next = Throughput::default();
        let mut every_topic_known = true;
        for topic in &metadata.topics {
            let before = self.topics.get(&topic.name).filter(|ends| ends.id == topic.id);
            if let Some(rate) = before.and_then(|before| before.rate(topic, log, at)) {
                rates.topics.insert(Arc::clone(&topic.name), rate);
            } else if before.is_some() {
                every_topic_known = false; // a topic made since then hides nobody else's rate
            }
            next.topics.insert(Arc::clone(&topic.name), TopicEnds::of(topic, before, log, at));
        }
        let first_poll = self.topics.is_empty();
        rates.cluster = (every_topic_known && !first_poll).then(|| rates.topics.values().sum());
        (rates, next)
    }
}

impl TopicEnds {
    fn of(topic: &Topic, before: Option<&TopicEnds>, log: &LogOffsets, at: Timestamp) -> TopicEnds {
        let end = |index| match log.get(&topic.name, index).end {
            Some(end) => Some((index, (end, at))),
            None => before?.ends.get(index).map(|&known| (index, known)),
        };
        let ends = topic.partitions.iter().filter_map(|p| end(p.index)).collect();
        TopicEnds { id: topic.id, ends }
    }

    /// `None` unless every partition that can take messages is known now and before.
    fn rate(&self, topic: &Topic, log: &LogOffsets, at: Timestamp) -> Option<f64> {
        let writable = topic.partitions.iter().filter(|p| p.leader.is_some());
        writable.map(|p| self.partition_rate(p.index, log.get(&topic.name, p.index).end?, at)).sum()
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
        let (rates, next) = Throughput::default().next(
            &metadata,
            &log(&[("orders", 0, 5), ("orders", 1, 5)]),
            at(0),
        );
        assert_eq!(rates, Rates::default());

        let (rates, _) =
            next.next(&metadata, &log(&[("orders", 0, 25), ("orders", 1, 15)]), at(10));
        assert_eq!(rates.topics["orders"], 3.0);
        assert_eq!(rates.cluster, Some(3.0));
    }

    #[test]
    fn a_silent_partition_makes_the_rate_unknown_then_averages() {
        let metadata = fixture::metadata(&[("orders", 2)]);
        let both = |a, b| log(&[("orders", 0, a), ("orders", 1, b)]);
        let (_, first) = Throughput::default().next(&metadata, &both(0, 0), at(0));
        let (rates, second) = first.next(&metadata, &log(&[("orders", 0, 10)]), at(10));
        assert_eq!((rates.topics.len(), rates.cluster), (0, None));
        let (rates, _) = second.next(&metadata, &both(20, 60), at(20));
        assert_eq!(rates.topics["orders"], 10.0 / 10.0 + 60.0 / 20.0);
    }

    #[test]
    fn a_new_topic_does_not_hide_the_others() {
        let before = fixture::metadata(&[("orders", 1)]);
        let (_, first) = Throughput::default().next(&before, &log(&[("orders", 0, 0)]), at(0));
        let after = fixture::metadata(&[("new", 1), ("orders", 1)]);
        let (rates, _) = first.next(&after, &log(&[("orders", 0, 40), ("new", 0, 9)]), at(10));
        assert_eq!(rates.cluster, Some(4.0));
        assert!(!rates.topics.contains_key("new"));
    }

    #[test]
    fn a_topic_made_anew_has_no_rate() {
        let mut metadata = fixture::metadata(&[("orders", 1)]);
        metadata.topics[0].id = Some(1);
        let (_, first) = Throughput::default().next(&metadata, &log(&[("orders", 0, 10)]), at(0));
        metadata.topics[0].id = Some(2);
        let (rates, _) = first.next(&metadata, &log(&[("orders", 0, 90)]), at(10));
        assert!(rates.topics.is_empty());
    }

    #[test]
    fn a_log_that_shrank_has_no_rate() {
        let metadata = fixture::metadata(&[("orders", 1)]);
        let (_, first) = Throughput::default().next(&metadata, &log(&[("orders", 0, 10)]), at(0));
        let (rates, _) = first.next(&metadata, &log(&[("orders", 0, 4)]), at(10));
        assert_eq!((rates.topics.len(), rates.cluster), (0, None));
    }
}
