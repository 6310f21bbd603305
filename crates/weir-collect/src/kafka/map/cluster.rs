//! `KafkaClusterSample`.

use weir_kafka::Topic;
use weir_types::{Event, Value};

use super::super::answers::Answers;
use super::super::throughput::Rates;
use super::partition::{is_at_min_isr, is_offline, is_under_min_isr, is_under_replicated};
use super::{Sampler, count};

pub(super) fn sample(sampler: &Sampler, answers: &Answers, rates: &Rates) -> Event {
    let metadata = &answers.metadata;
    let partitions = || metadata.topics.iter().flat_map(|topic| &topic.partitions);
    let groups = answers.groups_complete.then(|| count(answers.groups.len()));
    sampler
        .event("KafkaClusterSample")
        .with("brokerCount", count(metadata.brokers.len()))
        .with_known(
            "activeControllers",
            answers.controller.map(|leader| i64::from(leader.is_some())),
        )
        .with("offlinePartitions", count(partitions().filter(|p| is_offline(p)).count()))
        .with(
            "underReplicatedPartitions",
            count(partitions().filter(|p| is_under_replicated(p)).count()),
        )
        .with_known("underMinIsrPartitions", count_by_min_isr(answers, is_under_min_isr))
        .with_known("atMinIsrPartitions", count_by_min_isr(answers, is_at_min_isr))
        .with("partitionCount", count(partitions().count()))
        .with("topicCount", count(metadata.topics.len()))
        .with_known("consumerGroupCount", groups)
        .with_known("messagesInPerSec", rates.cluster.and_then(Value::float))
        .with_known("kafkaVersion", answers.release.map(|release| release.to_string()))
}

/// `None` unless the settings of every topic are known.
fn count_by_min_isr(
    answers: &Answers,
    rule: fn(&weir_kafka::Partition, usize) -> bool,
) -> Option<i64> {
    let in_topic = |topic: &Topic| {
        let min_isr = answers.configs.get(&topic.name)?.min_insync_replicas?;
        Some(count(topic.partitions.iter().filter(|p| rule(p, min_isr)).count()))
    };
    answers.metadata.topics.iter().map(in_topic).sum()
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn what_is_known_is_counted() {
        let event = sample(&fixture::sampler(), &fixture::answers(), &fixture::rates());
        let int = |name: &str| event.get(name).cloned();
        assert_eq!(int("brokerCount"), Some(Value::Int(2)));
        assert_eq!(int("activeControllers"), Some(Value::Int(1)));
        assert_eq!(int("topicCount"), Some(Value::Int(2)));
        assert_eq!(int("partitionCount"), Some(Value::Int(4)));
        assert_eq!(int("offlinePartitions"), Some(Value::Int(1)));
        assert_eq!(int("underReplicatedPartitions"), Some(Value::Int(2)));
        assert_eq!(int("underMinIsrPartitions"), Some(Value::Int(1)));
        assert_eq!(int("atMinIsrPartitions"), Some(Value::Int(1)));
        assert_eq!(int("consumerGroupCount"), Some(Value::Int(1)));
        assert_eq!(int("kafkaVersion"), Some(Value::from("4.2")));
        assert_eq!(int("messagesInPerSec"), Some(Value::Float(12.5)));
    }

    #[test]
    fn what_was_not_answered_is_absent() {
        let mut answers = fixture::answers();
        answers.controller = None;
        answers.groups_complete = false;
        answers.configs.remove("audit");
        let event = sample(&fixture::sampler(), &answers, &Rates::default());
        for name in [
            "activeControllers",
            "consumerGroupCount",
            "underMinIsrPartitions",
            "atMinIsrPartitions",
            "messagesInPerSec",
        ] {
            assert_eq!(event.get(name), None, "{name}");
        }
    }

    #[test]
    fn a_quorum_without_a_leader_has_no_controller() {
        let mut answers = fixture::answers();
        answers.controller = Some(None);
        let event = sample(&fixture::sampler(), &answers, &Rates::default());
        assert_eq!(event.get("activeControllers"), Some(&Value::Int(0)));
    }
}
