//! The memory of an earlier process, from the samples it left.

use std::sync::Arc;
use std::time::Duration;

use weir_types::{Event, LagVerdict, Timestamp, Value};

use super::commits::Commits;
use super::partition::PartitionHistory;
use super::produced::Moment;
use super::trend::STANDSTILL_AFTER;
use super::verdict::Commit;
use super::{GroupHistory, History};

/// What one `KafkaConsumerSample` tells, as far as it was fresh when it was made.
struct Sample {
    at: Timestamp,
    /// How long the cycle took: the log end was read within.
    took: Duration,
    group: Arc<str>,
    topic: Arc<str>,
    partition: i32,
    committed: i64,
    log_end: Option<i64>,
    lag: Option<i64>,
    low: Option<Duration>,
    high: Option<Duration>,
    commit_age: Duration,
    verdict: Option<LagVerdict>,
    is_held: bool,
}

impl History {
    /// Rebuilds what recent samples of one source tell, in any order: `KafkaConsumerSample` of one
    /// cycle or of many, and `KafkaConsumerGroupSample` for where the lag of a group went. Samples
    /// marked stale say nothing new and are left out.
    pub(crate) fn resume<'a>(events: impl Iterator<Item = &'a Event>) -> History {
        let events: Vec<&Event> = events.collect();
        let of_type = |name: &'static str| {
            events.iter().copied().filter(move |event| &*event.event_type == name)
        };
        let consumer = of_type("KafkaConsumerSample").filter(|event| !is_true(event, "stale"));
        let mut samples: Vec<Sample> = consumer.filter_map(Sample::read).collect();
        samples.sort_by_key(|sample| (sample.at, sample.committed));
        let mut history = History::default();
        history.recall_ages(&samples);
        samples.iter().for_each(|sample| history.recall_sample(sample));
        let mut groups: Vec<&Event> = of_type("KafkaConsumerGroupSample").collect();
        groups.sort_by_key(|event| event.timestamp);
        groups.into_iter().for_each(|event| history.recall_group(event));
        history
    }

    /// The ages of the first cycle; later ones follow from the log ends. By offset, as the log
    /// was produced.
    fn recall_ages(&mut self, samples: &[Sample]) {
        let Some(first_at) = samples.first().map(|sample| sample.at) else { return };
        for sample in samples.iter().take_while(|sample| sample.at == first_at) {
            let Some(low) = sample.low.filter(|_| sample.lag > Some(0)) else { continue };
            let after = sample.high.map(|high| sample.at.saturating_sub(high));
            let before = sample.at.saturating_add(sample.took).saturating_sub(low);
            let topic = self.topics.entry(Arc::clone(&sample.topic)).or_default();
            let partition = topic.partitions.entry(sample.partition, PartitionHistory::default);
            partition.produced_mut().recall(sample.committed, after, before);
        }
    }

    fn recall_sample(&mut self, sample: &Sample) {
        if let Some(end) = sample.log_end {
            let heard_at = sample.at.saturating_add(sample.took);
            let moment = Moment { asked_at: sample.at, heard_at };
            let topic = self.topics.entry(Arc::clone(&sample.topic)).or_default();
            let partition = topic.partitions.entry(sample.partition, PartitionHistory::default);
            partition.recall(end, moment);
        }
        let group = self.groups.entry(Arc::clone(&sample.group));
        let group = group.or_insert_with(|| GroupHistory::new(sample.at));
        group.seen_at = sample.at;
        let commit = Commit { offset: sample.committed, at: sample.at, lag: sample.lag };
        let topic = group.commits.entry(Arc::clone(&sample.topic)).or_default();
        let commits = topic.entry(sample.partition, || Commits::recall(commit, sample.commit_age));
        commits.observe(commit, sample.is_held);
        commits.recall_verdict(sample.verdict);
    }

    /// Abandoned is what history says, be the answers repeated or not; a total is not.
    fn recall_group(&mut self, event: &Event) {
        let group = event.get("consumerGroup").and_then(Value::as_str);
        let Some(history) = group.and_then(|group| self.groups.get_mut(group)) else { return };
        if let Some(total) = int(event, "totalLag").filter(|_| !is_true(event, "stale")) {
            history.lag.recall(total, event.timestamp);
        }
        if is_true(event, "abandoned") {
            history.lag.recall_standstill(event.timestamp.saturating_sub(STANDSTILL_AFTER));
        }
    }
}

impl Sample {
    /// `None` without a commit: there is nothing to remember.
    fn read(event: &Event) -> Option<Sample> {
        Some(Sample {
            at: event.timestamp,
            took: seconds(event, "sampleAgeSeconds").unwrap_or_default(),
            group: text(event, "consumerGroup")?,
            topic: text(event, "topic")?,
            partition: i32::try_from(int(event, "partition")?).ok()?,
            committed: int(event, "consumerOffset")?,
            log_end: int(event, "logEndOffset"),
            lag: int(event, "consumerLag"),
            low: seconds(event, "consumerLagSecondsLow"),
            high: seconds(event, "consumerLagSecondsHigh"),
            commit_age: seconds(event, "commitAgeSeconds").unwrap_or_default(),
            verdict: event.get("lagStatus").and_then(Value::as_str).and_then(LagVerdict::parse),
            is_held: event.get("memberId").is_some(),
        })
    }
}

fn text(event: &Event, name: &str) -> Option<Arc<str>> {
    match event.get(name)? {
        Value::Str(text) => Some(Arc::clone(text)),
        _ => None,
    }
}

fn int(event: &Event, name: &str) -> Option<i64> {
    match event.get(name)? {
        Value::Int(value) => Some(*value),
        _ => None,
    }
}

/// Whatever an event holds, never a panic.
fn seconds(event: &Event, name: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(event.get(name)?.as_f64()?).ok()
}

fn is_true(event: &Event, name: &str) -> bool {
    event.get(name) == Some(&Value::Bool(true))
}
