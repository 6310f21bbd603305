//! `KafkaTopicSample`.

use weir_kafka::Topic;
use weir_types::{Event, Value};

use super::super::answers::{Answers, LogRange};
use super::super::throughput::Rates;
use super::partition::{is_offline, is_under_replicated};
use super::{Sampler, count};

pub(super) fn samples(
    sampler: &Sampler,
    answers: &Answers,
    rates: &Rates,
    events: &mut Vec<Event>,
) {
    let template = sampler.event("KafkaTopicSample");
    // A topic the broker could not describe has no partitions to speak of.
    let described = answers.metadata.topics.iter().filter(|topic| !topic.partitions.is_empty());
    events.extend(described.map(|topic| sample(template.clone(), topic, answers, rates)));
}

fn sample(event: Event, topic: &Topic, answers: &Answers, rates: &Rates) -> Event {
    let partitions = &topic.partitions;
    let config = answers.configs.get(&topic.name);
    let min_isr = config.and_then(|config| config.min_insync_replicas);
    let replication_factor = partitions.iter().map(|p| p.replicas.len()).min().unwrap_or_default();
    let log_sum = |end: fn(LogRange) -> Option<i64>| -> Option<i64> {
        partitions.iter().map(|p| end(answers.log.get(&topic.name, p.index))).sum()
    };
    let non_preferred =
        partitions.iter().filter(|p| p.leader.is_some() && p.leader.as_ref() != p.replicas.first());
    event
        .with("topic", topic.name.clone())
        .with("partitionCount", count(partitions.len()))
        .with("replicationFactor", count(replication_factor))
        .with_known("minInsyncReplicas", min_isr.map(count))
        .with_known(
            "messagesInPerSec",
            rates.topics.get(&topic.name).copied().and_then(Value::float),
        )
        .with_known("logStartOffsetSum", log_sum(|log| log.start))
        .with_known("logEndOffsetSum", log_sum(|log| log.end))
        .with(
            "underReplicatedPartitions",
            count(partitions.iter().filter(|p| is_under_replicated(p)).count()),
        )
        .with("offlinePartitions", count(partitions.iter().filter(|p| is_offline(p)).count()))
        .with("nonPreferredLeaders", count(non_preferred.count()))
        .with_known("retentionMs", config.and_then(|config| config.retention_ms))
        .with_known("cleanupPolicy", config.and_then(|config| config.cleanup_policy.clone()))
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    fn topic(name: &str) -> Event {
        let mut events = Vec::new();
        samples(&fixture::sampler(), &fixture::answers(), &fixture::rates(), &mut events);
        events.into_iter().find(|event| event.get("topic") == Some(&Value::from(name))).unwrap()
    }

    #[test]
    fn a_whole_topic_has_its_sums() {
        let audit = topic("audit");
        assert_eq!(audit.get("logEndOffsetSum"), Some(&Value::Int(48)));
        assert_eq!(audit.get("logStartOffsetSum"), Some(&Value::Int(8)));
        assert_eq!(audit.get("replicationFactor"), Some(&Value::Int(2)));
        assert_eq!(audit.get("nonPreferredLeaders"), Some(&Value::Int(0)));
        assert_eq!(audit.get("retentionMs"), Some(&Value::Int(3_600_000)));
        assert_eq!(audit.get("cleanupPolicy"), Some(&Value::from("delete")));
    }

    #[test]
    fn a_sum_with_an_unknown_part_is_unknown() {
        let orders = topic("orders");
        assert_eq!(orders.get("logEndOffsetSum"), None);
        assert_eq!(orders.get("offlinePartitions"), Some(&Value::Int(1)));
        assert_eq!(orders.get("nonPreferredLeaders"), Some(&Value::Int(1)));
    }
}
