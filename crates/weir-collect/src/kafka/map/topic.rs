//! `KafkaTopicSample`.

use weir_kafka::{Partition, Topic};
use weir_types::{Event, Value};

use super::super::answers::{Answers, LogRange, TopicLog};
use super::super::fetch::reassigning::Moving;
use super::super::health::{Health, TopicFacts};
use super::super::throughput::Rates;
use super::partition::{
    is_at_min_isr, is_offline, is_under_min_isr, is_under_replicated, non_preferred_leaders,
};
use super::sampler::with_health;
use super::{Sampler, bytes, count};

pub(super) fn samples(
    sampler: &Sampler,
    answers: &Answers,
    rates: &Rates,
    events: &mut Vec<Event>,
) {
    // A topic the broker could not describe has no partitions to speak of.
    let described = answers.watched.topics.iter().filter(|topic| !topic.partitions.is_empty());
    events.extend(described.map(|topic| sample(sampler, topic, answers, rates)));
}

fn sample(sampler: &Sampler, topic: &Topic, answers: &Answers, rates: &Rates) -> Event {
    let partitions = &topic.partitions;
    let log = answers.log.topic(&topic.name);
    let config = answers.configs.get(&topic.name);
    let moving = answers.moving(&topic.name);
    let replication_factor = partitions.iter().map(|p| moving.replication_factor(p)).min();
    let log_sum = |end: fn(LogRange) -> Option<i64>| -> Option<i64> {
        partitions.iter().map(|p| end(log.get(p.index))).sum()
    };
    let rate = rates.topics.get(&topic.name).copied();
    let size = answers.disks.as_ref().and_then(|disks| disks.of_topic(topic));
    let min_isr = config.and_then(|config| config.min_insync_replicas);
    let facts = facts(topic, min_isr, moving);
    let event = sampler
        .event("KafkaTopicSample")
        .with("topic", topic.name.clone())
        .with("partitionCount", count(partitions.len()))
        .with("replicationFactor", count(replication_factor.unwrap_or_default()))
        .with_known("minInsyncReplicas", min_isr.map(count))
        .with_known("messagesInPerSec", rate.and_then(Value::float))
        .with_known("sizeBytes", size.map(bytes))
        .with_known("logStartOffsetSum", log_sum(|log| log.start))
        .with_known("logEndOffsetSum", log_sum(|log| log.end))
        .with("underReplicatedPartitions", count(facts.under_replicated))
        .with_known("underMinIsrPartitions", facts.under_min_isr)
        .with_known("atMinIsrPartitions", facts.at_min_isr)
        .with("offlinePartitions", count(facts.offline_partitions))
        .with("stalePartitions", count(stale_partitions(topic, log)))
        .with("nonPreferredLeaders", count(facts.non_preferred_leaders))
        .with_known(
            "reassigningPartitions",
            answers.reassigning.as_ref().map(|_| count(moving.count())),
        )
        .with_known("retentionMs", config.and_then(|config| config.retention_ms))
        .with_known("cleanupPolicy", config.and_then(|config| config.cleanup_policy.clone()));
    with_health(event, &Health::of_topic(&facts))
}

fn facts(topic: &Topic, min_isr: Option<usize>, moving: &Moving) -> TopicFacts {
    let partitions = &topic.partitions;
    let counted = |rule: fn(&Partition, usize, &Moving) -> bool| {
        let min_isr = min_isr?;
        Some(count(partitions.iter().filter(|p| rule(p, min_isr, moving)).count()))
    };
    TopicFacts {
        offline_partitions: partitions.iter().filter(|p| is_offline(p)).count(),
        under_replicated: partitions.iter().filter(|p| is_under_replicated(p, moving)).count(),
        under_min_isr: counted(is_under_min_isr),
        at_min_isr: counted(is_at_min_isr),
        non_preferred_leaders: non_preferred_leaders(topic),
        partitions: partitions.len(),
    }
}

/// Those whose leader is silent, so that their offsets are repeated. The topic itself is as fresh
/// as the metadata that lists it.
fn stale_partitions(topic: &Topic, log: &TopicLog) -> usize {
    topic.partitions.iter().filter(|p| log.get(p.index).stale_since.is_some()).count()
}

#[cfg(test)]
mod tests {
    use weir_types::Timestamp;

    use super::super::fixture;
    use super::*;

    fn topic(name: &str) -> Event {
        topic_of(&fixture::answers(), name)
    }

    fn topic_of(answers: &Answers, name: &str) -> Event {
        let mut events = Vec::new();
        samples(&fixture::sampler(), answers, &fixture::rates(), &mut events);
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

    #[test]
    fn one_silent_leader_does_not_make_the_topic_old() {
        let mut answers = fixture::answers();
        let before = answers.log.topic("audit").get(0);
        let since = Some(Timestamp::from_millis(1_000));
        answers.log.set(&"audit".into(), 0, LogRange { stale_since: since, ..before });
        let audit = topic_of(&answers, "audit");
        assert_eq!(audit.get("stalePartitions"), Some(&Value::Int(1)));
        assert_eq!(audit.get("stale"), Some(&Value::Bool(false)));
    }
}
