//! `KafkaBrokerSample`.

use std::collections::{BTreeMap, BTreeSet};

use weir_kafka::{Broker, BrokerId};
use weir_types::{Event, Value};

use super::super::answers::Answers;
use super::super::fetch::disks::Disk;
use super::super::health::{BrokerFacts, Health};
use super::super::known::KnownBroker;
use super::partition::is_under_replicated;
use super::sampler::with_health;
use super::{Picture, Sampler, bytes, count};

/// What a broker holds, from the metadata.
#[derive(Default)]
struct Held {
    leads: usize,
    leads_under_replicated: usize,
    replicas: usize,
}

/// One sample for each broker that is live, registered, named by a replica list, or was seen
/// lately. One that did not answer us is stale, whatever the others say of it.
pub(super) fn samples(sampler: &Sampler, picture: Picture<'_>, events: &mut Vec<Event>) {
    let mut held = held(picture.answers);
    for id in all_brokers(picture, &held) {
        events.push(sample(sampler, picture, id, &held.remove(&id).unwrap_or_default()));
    }
}

fn sample(sampler: &Sampler, picture: Picture<'_>, id: BrokerId, held: &Held) -> Event {
    let Picture { answers, known, .. } = picture;
    let live = answers.metadata.broker(id);
    let before = known.brokers.get(&id);
    let latency = answers.latencies.get(&id).map(|latency| latency.as_secs_f64() * 1e3);
    let disk = answers.disks.as_ref().and_then(|disks| disks.of_broker(id));
    let facts = BrokerFacts {
        is_online: live.is_some(),
        answers: latency.is_some(),
        under_replicated: held.leads_under_replicated,
        disk_share: disk.and_then(|disk| disk.used_share()),
        offline_log_dirs: disk.map(|disk| disk.offline_dirs),
    };
    let event = sampler
        .event_since("KafkaBrokerSample", stale_since(answers, before, id))
        .with("brokerId", id.to_string())
        .with_known("host", host(live, before))
        .with_known("rack", rack(live, before))
        .with("brokerStatus", status(answers, id))
        .with_known("isController", answers.controller.map(|leader| leader == Some(id)))
        .with("leaderCount", count(held.leads))
        .with("partitionCount", count(held.replicas))
        .with("underReplicatedPartitions", count(held.leads_under_replicated))
        .with_known("requestLatencyMs", latency.and_then(Value::float));
    with_health(with_disk(event, disk), &Health::of_broker(&facts))
}

pub(super) fn with_disk(event: Event, disk: Option<Disk>) -> Event {
    event
        .with_known("diskUsedBytes", disk.map(|disk| bytes(disk.used_bytes)))
        .with_known("diskTotalBytes", disk.and_then(|disk| disk.total_bytes).map(bytes))
        .with_known("diskFreeBytes", disk.and_then(|disk| disk.free_bytes).map(bytes))
        .with_known("offlineLogDirs", disk.map(|disk| count(disk.offline_dirs)))
}

/// Since it last answered us, or since this cycle where it never did.
pub(super) fn stale_since(
    answers: &Answers,
    before: Option<&KnownBroker>,
    id: BrokerId,
) -> Option<weir_types::Timestamp> {
    let last = before.map_or(answers.moment.heard_at, |before| before.answered_at);
    (!answers.latencies.contains_key(&id)).then_some(last)
}

fn host(live: Option<&Broker>, before: Option<&KnownBroker>) -> Option<Value> {
    let live = live.map(|broker| Value::from(broker.address.host()));
    live.or_else(|| before.map(|before| Value::from(before.host.clone())))
}

fn rack(live: Option<&Broker>, before: Option<&KnownBroker>) -> Option<Value> {
    let rack = match live {
        Some(live) => live.rack.clone(),
        None => before.and_then(|before| before.rack.clone()),
    };
    rack.map(Value::from)
}

/// A broker in the metadata is online, whatever the slower registration still says.
fn status(answers: &Answers, id: BrokerId) -> &'static str {
    let mut registered = answers.registered.iter().flat_map(|cluster| &cluster.brokers);
    if answers.metadata.broker(id).is_some() {
        "ONLINE"
    } else if registered.any(|broker| broker.id == id && broker.is_fenced) {
        "FENCED"
    } else {
        "OFFLINE"
    }
}

fn all_brokers(picture: Picture<'_>, held: &BTreeMap<BrokerId, Held>) -> BTreeSet<BrokerId> {
    let registered = picture.answers.registered.iter().flat_map(|cluster| &cluster.brokers);
    let registered = registered.map(|broker| broker.id);
    let seen = picture.known.brokers.iter();
    let seen = seen.filter(|(id, seen)| !picture.answers.is_unregistered(**id, seen.answered_at));
    held.keys().copied().chain(registered).chain(seen.map(|(id, _)| *id)).collect()
}

fn held(answers: &Answers) -> BTreeMap<BrokerId, Held> {
    let metadata = &answers.metadata;
    let live = metadata.brokers.iter().map(|broker: &Broker| (broker.id, Held::default()));
    let mut brokers: BTreeMap<BrokerId, Held> = live.collect();
    for topic in &metadata.topics {
        let moving = answers.moving(&topic.name);
        for partition in &topic.partitions {
            for replica in partition.replicas.iter() {
                brokers.entry(*replica).or_default().replicas += 1;
            }
            if let Some(leader) = partition.leader {
                let held = brokers.entry(leader).or_default();
                held.leads += 1;
                held.leads_under_replicated += usize::from(is_under_replicated(partition, moving));
            }
        }
    }
    brokers
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use weir_kafka::{ClusterDescription, RegisteredBroker};
    use weir_types::Timestamp;

    use super::super::super::known::Known;
    use super::super::{AbnormalPartitions, fixture};
    use super::*;

    fn sampled(answers: &Answers, known: &Known) -> Vec<Event> {
        let (rates, shown) = (fixture::rates(), AbnormalPartitions::default());
        let history = fixture::history();
        let picture = Picture { answers, rates: &rates, shown: &shown, history: &history, known };
        let mut events = Vec::new();
        samples(&fixture::sampler(), picture, &mut events);
        events
    }

    #[test]
    fn a_broker_that_only_replica_lists_name_is_offline() {
        let events = sampled(&fixture::answers(), &Known::default());
        let text = |event: &Event, name: &str| event.get(name).cloned();
        assert_eq!(events.len(), 3);
        assert_eq!(text(&events[0], "brokerId"), Some(Value::from("1")));
        assert_eq!(text(&events[0], "isController"), Some(Value::Bool(true)));
        assert_eq!(text(&events[0], "requestLatencyMs"), Some(Value::Float(1.5)));
        assert_eq!(text(&events[0], "rack"), Some(Value::from("rack-1")));
        assert_eq!(text(&events[1], "requestLatencyMs"), None);
        assert_eq!(text(&events[2], "brokerStatus"), Some(Value::from("OFFLINE")));
        assert_eq!(text(&events[2], "host"), None);
        assert_eq!(text(&events[2], "partitionCount"), Some(Value::Int(2)));
    }

    #[test]
    fn leaders_and_replicas_are_counted_apart() {
        let events = sampled(&fixture::answers(), &Known::default());
        let counts = |event: &Event| {
            let int = |name: &str| event.get(name).and_then(Value::as_f64);
            (int("leaderCount"), int("partitionCount"), int("underReplicatedPartitions"))
        };
        assert_eq!(counts(&events[0]), (Some(2.0), Some(3.0), Some(0.0)));
        assert_eq!(counts(&events[1]), (Some(1.0), Some(3.0), Some(1.0)));
    }

    #[test]
    fn a_broker_that_does_not_answer_is_stale_since_it_last_did() {
        let mut known = Known::default();
        let mut before = fixture::answers();
        before.moment.heard_at = Timestamp::from_millis(250);
        before.latencies.insert(BrokerId(2), std::time::Duration::from_millis(1));
        known.next(before, Vec::new());
        let events = sampled(&fixture::answers(), &known);
        assert_eq!(events[0].get("stale"), Some(&Value::Bool(false)));
        assert_eq!(events[1].get("stale"), Some(&Value::Bool(true)));
        assert_eq!(events[1].get("sampleAgeSeconds"), Some(&Value::Float(1.0)));
        assert_eq!(events[1].get("healthScore"), Some(&Value::Float(39.0)));
    }

    #[test]
    fn a_broker_that_left_keeps_its_host_for_a_while() {
        let mut known = Known::default();
        known.next(fixture::answers(), Vec::new());
        let mut now = fixture::answers();
        let mut metadata = fixture::metadata(&[]);
        metadata.brokers.remove(0);
        now.metadata = Arc::new(metadata);
        now.latencies.clear();
        let events = sampled(&now, &known);
        assert_eq!(events[0].get("host"), Some(&Value::from("host-1")));
        assert_eq!(events[0].get("brokerStatus"), Some(&Value::from("OFFLINE")));
    }

    #[test]
    fn a_broker_taken_out_of_the_cluster_is_not_missed() {
        let mut known = Known::default();
        let mut before = fixture::answers();
        before.latencies.insert(BrokerId(2), std::time::Duration::from_millis(1));
        known.next(before, Vec::new());
        let told = |lists_fenced, registered_at| {
            let mut now = fixture::answers();
            let mut metadata = fixture::metadata(&[]);
            metadata.brokers.truncate(1);
            now.metadata = Arc::new(metadata);
            now.registered_at = Some(Timestamp::from_millis(registered_at));
            now.registered = Some(Arc::new(ClusterDescription {
                cluster_id: "cluster-1".into(),
                controller_id: None,
                lists_fenced,
                brokers: Vec::new(),
            }));
            sampled(&now, &known).len()
        };
        assert_eq!(told(true, 31_000), 1);
        assert_eq!(told(true, 1_000), 2, "told before the broker was last heard");
        assert_eq!(told(false, 31_000), 2, "a broker that is down is not listed either");
    }

    #[test]
    fn fenced_is_what_the_registration_says_of_a_broker_that_is_not_live() {
        let mut answers = fixture::answers();
        let fenced =
            |id| RegisteredBroker { id: BrokerId(id), address: None, rack: None, is_fenced: true };
        answers.registered = Some(Arc::new(ClusterDescription {
            cluster_id: "cluster-1".into(),
            controller_id: None,
            lists_fenced: true,
            brokers: vec![fenced(1), fenced(3), fenced(4)],
        }));
        let statuses: Vec<Option<Value>> = sampled(&answers, &Known::default())
            .iter()
            .map(|event| event.get("brokerStatus").cloned())
            .collect();
        let expected = ["ONLINE", "ONLINE", "FENCED", "FENCED"];
        assert_eq!(statuses, expected.map(|text| Some(Value::from(text))));
    }

    #[test]
    fn disks_are_told_where_known() {
        let mut answers = fixture::answers();
        answers.disks = Some(Arc::new(fixture::disks()));
        let events = sampled(&answers, &Known::default());
        assert_eq!(events[0].get("diskUsedBytes"), Some(&Value::Int(3_000)));
        assert_eq!(events[0].get("diskFreeBytes"), Some(&Value::Int(4_000)));
        assert_eq!(events[2].get("diskUsedBytes"), None);
    }
}
