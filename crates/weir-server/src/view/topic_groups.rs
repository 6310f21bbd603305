//! Where each group stands on each topic: its partitions there added up.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use weir_api::topic::TopicGroup;
use weir_types::{Event, LagVerdict};

use super::View;
use super::list::largest_first;
use super::oldest::Oldest;
use super::sample::Sample;

/// What is read of each sample, also to tell how fresh it is.
const READ: &[&str] = &[
    "clusterName",
    "source",
    "topic",
    "consumerGroup",
    "consumerOffset",
    "consumerLag",
    "consumerLagSeconds",
    "lagSecondsMethod",
    "lagStatus",
    "messagesLost",
    "secondsToDataLoss",
    "stale",
    "sampleAgeSeconds",
];

/// By cluster and topic, each worst first.
pub struct TopicGroups(HashMap<(String, String), Vec<TopicGroup>>);

impl TopicGroups {
    /// Of everything with this identity.
    pub fn of(view: &View<'_>, identity: &[(&str, &str)]) -> TopicGroups {
        let samples = view.present_attributes("KafkaConsumerSample", identity, READ);
        TopicGroups::add_up(view, &samples)
    }

    /// The groups of one topic, worst first; taken out, so ask once.
    pub fn take(&mut self, cluster: &str, topic: &str) -> Vec<TopicGroup> {
        self.0.remove(&(cluster.to_owned(), topic.to_owned())).unwrap_or_default()
    }

    fn add_up(view: &View<'_>, samples: &[Event]) -> TopicGroups {
        let mut topics: HashMap<(&str, &str), BTreeMap<&str, Sum>> = HashMap::new();
        for sample in samples.iter().map(Sample) {
            let (Some(cluster), Some(topic), Some(group)) =
                (sample.str("clusterName"), sample.str("topic"), sample.str("consumerGroup"))
            else {
                continue;
            };
            let groups = topics.entry((cluster, topic)).or_default();
            groups.entry(group).or_default().add(sample, sample.freshness(view).stale);
        }
        let sorted = topics.into_iter().map(|((cluster, topic), groups)| {
            let mut groups: Vec<_> =
                groups.into_iter().map(|(group, sum)| sum.finish(group)).collect();
            groups.sort_by(worst_first);
            ((cluster.to_owned(), topic.to_owned()), groups)
        });
        TopicGroups(sorted.collect())
    }
}

/// One group on the partitions of one topic.
#[derive(Default)]
struct Sum {
    partition_count: i64,
    stale: bool,
    verdict: Option<LagVerdict>,
    lag_messages: Option<i64>,
    /// It has committed somewhere and what it lags there is not known: nor is the sum.
    is_partial: bool,
    oldest: Oldest,
    messages_lost: Option<i64>,
    secs_to_data_loss: Option<f64>,
}

impl Sum {
    fn add(&mut self, sample: Sample<'_>, stale: bool) {
        let lag = sample.int("consumerLag");
        self.partition_count += 1;
        self.stale |= stale;
        self.verdict = self.verdict.max(verdict(sample.str("lagStatus")));
        self.lag_messages = added(self.lag_messages, lag);
        self.is_partial |= lag.is_none() && sample.int("consumerOffset").is_some();
        self.oldest.add(sample.float("consumerLagSeconds"), sample.str("lagSecondsMethod"));
        self.messages_lost = added(self.messages_lost, sample.int("messagesLost"));
        let left = sample.float("secondsToDataLoss").into_iter().chain(self.secs_to_data_loss);
        self.secs_to_data_loss = left.min_by(f64::total_cmp);
    }

    fn finish(self, group: &str) -> TopicGroup {
        let oldest = if self.is_partial { self.oldest.or_older() } else { self.oldest };
        TopicGroup {
            group: group.to_owned(),
            lag_status: self.verdict.map(|verdict| verdict.as_str().to_owned()),
            lag_messages: self.lag_messages.filter(|_| !self.is_partial),
            max_lag_secs: oldest.secs,
            lag_secs_method: oldest.method,
            messages_lost: self.messages_lost,
            secs_to_data_loss: self.secs_to_data_loss,
            partition_count: self.partition_count,
            stale: self.stale,
        }
    }
}

/// What is not known adds nothing.
fn added(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.saturating_add(b)),
        (a, b) => a.or(b),
    }
}

fn worst_first(a: &TopicGroup, b: &TopicGroup) -> Ordering {
    let worst = |group: &TopicGroup| verdict(group.lag_status.as_deref());
    worst(b)
        .cmp(&worst(a))
        .then_with(|| largest_first(a.max_lag_secs, b.max_lag_secs))
        .then_with(|| largest_first(a.lag_messages, b.lag_messages))
        .then_with(|| a.group.cmp(&b.group))
}

/// `None`, of a partition that is not judged, is less than any.
fn verdict(word: Option<&str>) -> Option<LagVerdict> {
    LagVerdict::parse(word?)
}

#[cfg(test)]
mod tests {
    use weir_types::{Timestamp, Value};

    use super::*;

    fn sample(committed: Option<i64>, lag: Option<i64>, verdict: &str) -> Event {
        Event::new("KafkaConsumerSample", Timestamp::from_millis(0))
            .with_known("consumerOffset", committed)
            .with_known("consumerLag", lag)
            .with_known("consumerLagSeconds", lag.map(|lag| Value::Float(lag as f64)))
            .with_known("lagSecondsMethod", lag.map(|_| "interpolated"))
            .with("lagStatus", verdict)
    }

    fn summed(samples: &[Event]) -> TopicGroup {
        let mut sum = Sum::default();
        samples.iter().for_each(|event| sum.add(Sample(event), false));
        sum.finish("reader")
    }

    #[test]
    fn a_sum_with_an_unknown_part_is_unknown() {
        let known = sample(Some(5), Some(7), "REWIND");
        let never_committed = sample(None, None, "OK");
        let whole = summed(&[known.clone(), never_committed, sample(Some(5), Some(2), "STOP")]);
        assert_eq!((whole.lag_messages, whole.max_lag_secs), (Some(9), Some(7.0)));
        assert_eq!(whole.lag_status.as_deref(), Some("STOP"));
        let partial = summed(&[known, sample(Some(5), None, "OK")]);
        assert_eq!((partial.lag_messages, partial.max_lag_secs), (None, Some(7.0)));
        assert_eq!(partial.lag_secs_method.as_deref(), Some("at_least"));
    }

    #[test]
    fn the_pages_sort_verdicts_as_we_do() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/src/format/lag.ts");
        let page = std::fs::read_to_string(path).unwrap();
        let mut worst_first: Vec<&str> =
            LagVerdict::ALL.iter().rev().map(|it| it.as_str()).collect();
        worst_first.insert(3, "ERR");
        let words: Vec<String> = worst_first.iter().map(|word| format!("'{word}'")).collect();
        let order = format!("WORST_FIRST = [{}]", words.join(", "));
        assert!(page.contains(&order), "{order} is not in {path}");
    }
}
