//! `KafkaClusterSample`.

use weir_kafka::{Partition, Topic};
use weir_types::{Event, Value};

use super::super::answers::Answers;
use super::super::fetch::reassigning::Moving;
use super::super::health::{ClusterFacts, Health};
use super::broker::with_disk;
use super::partition::{
    is_at_min_isr, is_offline, is_under_min_isr, is_under_replicated, non_preferred_leaders,
};
use super::sampler::with_health;
use super::{Picture, Sampler, count};

/// `brokers` are the samples of its brokers.
pub(super) fn sample(sampler: &Sampler, picture: Picture<'_>, brokers: &[Event]) -> Event {
    let Picture { answers, rates, .. } = picture;
    let metadata = &answers.metadata;
    let groups = answers.groups_complete.then(|| count(answers.groups.len()));
    let disk = answers.disks.as_ref().and_then(|disks| disks.of_cluster(metadata));
    let facts = facts(answers, brokers);
    let down = count(facts.brokers_down);
    let event = sampler
        .event("KafkaClusterSample")
        .with("brokerCount", count(metadata.brokers.len()))
        .with("offlineBrokers", down)
        .with_known("fencedBrokers", fenced_brokers(answers))
        .with_known("activeControllers", facts.has_controller.map(i64::from))
        .with("offlinePartitions", count(facts.offline_partitions))
        .with("underReplicatedPartitions", count(facts.under_replicated))
        .with_known("underMinIsrPartitions", facts.under_min_isr)
        .with_known("atMinIsrPartitions", facts.at_min_isr)
        .with("nonPreferredLeaders", count(metadata.topics.iter().map(non_preferred_leaders).sum()))
        .with_known(
            "reassigningPartitions",
            answers.reassigning.as_ref().map(|it| count(it.count())),
        )
        .with("partitionCount", count(facts.partitions))
        .with("topicCount", count(metadata.topics.len()))
        .with_known("consumerGroupCount", groups)
        .with_known("messagesInPerSec", rates.cluster.and_then(Value::float))
        .with_known("kafkaVersion", answers.release.map(|release| release.to_string()));
    with_health(with_disk(event, disk), &Health::of_cluster(&facts))
}

fn facts(answers: &Answers, brokers: &[Event]) -> ClusterFacts {
    let partitions = || answers.metadata.topics.iter().flat_map(|topic| &topic.partitions);
    let is_online = |b: &&Event| b.get("brokerStatus").and_then(Value::as_str) == Some("ONLINE");
    let is_stale = |b: &&Event| b.get("stale") == Some(&Value::Bool(true));
    let online = brokers.iter().filter(is_online).count();
    let ids = answers.metadata.brokers.iter().map(|broker| broker.id);
    let disks = answers.disks.as_deref();
    let shares = ids.filter_map(|id| disks?.of_broker(id)?.used_share());
    let whole = disks.and_then(|disks| disks.of_cluster(&answers.metadata));
    ClusterFacts {
        offline_partitions: partitions().filter(|p| is_offline(p)).count(),
        under_replicated: under_replicated(answers),
        partitions: partitions().count(),
        under_min_isr: count_by_min_isr(answers, is_under_min_isr),
        at_min_isr: count_by_min_isr(answers, is_at_min_isr),
        has_controller: answers.controller.map(|leader| leader.is_some()),
        brokers_down: brokers.len() - online,
        brokers_silent: brokers.iter().filter(is_online).filter(is_stale).count(),
        worst_disk_share: shares.max_by(f64::total_cmp),
        offline_log_dirs: whole.map(|disk| disk.offline_dirs),
    }
}

fn under_replicated(answers: &Answers) -> usize {
    let in_topic = |topic: &Topic| {
        let moving = answers.moving(&topic.name);
        topic.partitions.iter().filter(|p| is_under_replicated(p, moving)).count()
    };
    answers.metadata.topics.iter().map(in_topic).sum()
}

/// `None` where the release does not tell.
fn fenced_brokers(answers: &Answers) -> Option<i64> {
    let registered = answers.registered.as_ref().filter(|cluster| cluster.lists_fenced)?;
    let is_live = |id| answers.metadata.broker(id).is_some();
    let fenced = registered.brokers.iter().filter(|one| one.is_fenced && !is_live(one.id));
    Some(count(fenced.count()))
}

/// Over the topics watched; `None` unless the settings of each are known.
fn count_by_min_isr(
    answers: &Answers,
    rule: fn(&Partition, usize, &Moving) -> bool,
) -> Option<i64> {
    let in_topic = |topic: &Topic| {
        let min_isr = answers.configs.get(&topic.name)?.min_insync_replicas?;
        let moving = answers.moving(&topic.name);
        Some(count(topic.partitions.iter().filter(|p| rule(p, min_isr, moving)).count()))
    };
    answers.watched.topics.iter().map(in_topic).sum()
}

#[cfg(test)]
mod tests {
    use super::super::super::known::Known;
    use super::super::super::throughput::Rates;
    use super::super::{AbnormalPartitions, fixture, summary};
    use super::*;

    fn sampled(answers: &Answers, rates: &Rates) -> Event {
        let (shown, history) = (AbnormalPartitions::default(), fixture::history());
        let known = &Known::default();
        let picture = Picture { answers, rates, shown: &shown, history: &history, known };
        summary(&fixture::sampler(), picture).remove(0)
    }

    #[test]
    fn what_is_known_is_counted() {
        let event = sampled(&fixture::answers(), &fixture::rates());
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
        assert_eq!(int("offlineBrokers"), Some(Value::Int(1)));
        assert_eq!(int("nonPreferredLeaders"), Some(Value::Int(1)));
    }

    #[test]
    fn what_was_not_answered_is_absent() {
        let mut answers = fixture::answers();
        answers.controller = None;
        answers.groups_complete = false;
        answers.configs.remove("audit");
        let event = sampled(&answers, &Rates::default());
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
        let event = sampled(&answers, &Rates::default());
        assert_eq!(event.get("activeControllers"), Some(&Value::Int(0)));
    }

    #[test]
    fn health_is_told_with_its_reasons() {
        let event = sampled(&fixture::answers(), &fixture::rates());
        assert_eq!(event.get("healthStatus"), Some(&Value::from("CRITICAL")));
        let reasons = event.get("healthReasons").and_then(Value::as_str).unwrap();
        assert!(reasons.starts_with("offlinePartitions 1: -60; "), "{reasons}");
        assert!(!reasons.contains("underMinIsrPartitions"), "one fault costs once: {reasons}");
        assert!(reasons.ends_with("not checked: offlineLogDirs, disk used %"), "{reasons}");
    }
}
