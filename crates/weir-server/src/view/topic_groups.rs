//! Where each group stands on each topic: its partitions there added up.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use weir_api::topic::TopicGroup;
use weir_types::{Event, LagVerdict};

use super::View;
use super::list::largest_first;
use super::sample::Sample;

/// What is read of each sample, also to tell how fresh it is.
const READ: &[&str] = &[
    "clusterName",
    "source",
    "topic",
    "consumerGroup",
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
        let mut topics: HashMap<(&str, &str), BTreeMap<&str, TopicGroup>> = HashMap::new();
        for sample in samples.iter().map(Sample) {
            let (Some(cluster), Some(topic), Some(group)) =
                (sample.str("clusterName"), sample.str("topic"), sample.str("consumerGroup"))
            else {
                continue;
            };
            let groups = topics.entry((cluster, topic)).or_default();
            add(groups.entry(group).or_insert_with(|| empty(group)), view, sample);
        }
        let sorted = topics.into_iter().map(|((cluster, topic), groups)| {
            let mut groups: Vec<_> = groups.into_values().collect();
            groups.sort_by(worst_first);
            ((cluster.to_owned(), topic.to_owned()), groups)
        });
        TopicGroups(sorted.collect())
    }
}

fn empty(group: &str) -> TopicGroup {
    TopicGroup {
        group: group.to_owned(),
        lag_status: None,
        lag_messages: None,
        max_lag_secs: None,
        lag_secs_method: None,
        messages_lost: None,
        secs_to_data_loss: None,
        partition_count: 0,
        stale: false,
    }
}

fn add(sum: &mut TopicGroup, view: &View<'_>, sample: Sample<'_>) {
    sum.partition_count += 1;
    sum.stale |= sample.freshness(view).stale;
    sum.lag_messages = added(sum.lag_messages, sample.int("consumerLag"));
    sum.messages_lost = added(sum.messages_lost, sample.int("messagesLost"));
    let secs = sample.float("consumerLagSeconds");
    if secs.is_some() && largest_first(secs, sum.max_lag_secs) == Ordering::Less {
        sum.max_lag_secs = secs;
        sum.lag_secs_method = sample.text("lagSecondsMethod");
    }
    let left = sample.float("secondsToDataLoss");
    sum.secs_to_data_loss = match (sum.secs_to_data_loss, left) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    let worst = verdict(sample.str("lagStatus")).max(verdict(sum.lag_status.as_deref()));
    sum.lag_status = worst.map(|verdict| verdict.as_str().to_owned());
}

/// Unknown and unknown is unknown; a known part is the least there is.
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
    use super::*;

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
