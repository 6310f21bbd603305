//! `KafkaBrokerSample`.

use std::collections::BTreeMap;

use weir_kafka::{Broker, BrokerId, ClusterMetadata};
use weir_types::{Event, Value};

use super::super::answers::Answers;
use super::partition::is_under_replicated;
use super::{Sampler, count};

/// What a broker holds, from the metadata.
#[derive(Default)]
struct Held {
    leads: usize,
    leads_under_replicated: usize,
    replicas: usize,
}

/// One sample for each live broker, and for each that only replica lists still name: it is offline.
pub(super) fn samples(sampler: &Sampler, answers: &Answers, events: &mut Vec<Event>) {
    let template = sampler.event("KafkaBrokerSample");
    for (id, held) in held(&answers.metadata) {
        let live = answers.metadata.brokers.iter().find(|broker| broker.id == id);
        let latency = answers.latencies.get(&id).map(|latency| latency.as_secs_f64() * 1e3);
        let event = template
            .clone()
            .with("brokerId", id.to_string())
            .with_known("host", live.map(|broker| broker.address.host()))
            .with_known("rack", live.and_then(|broker| broker.rack.clone()))
            .with("brokerStatus", if live.is_some() { "ONLINE" } else { "OFFLINE" })
            .with_known("isController", answers.controller.map(|leader| leader == Some(id)))
            .with("leaderCount", count(held.leads))
            .with("partitionCount", count(held.replicas))
            .with("underReplicatedPartitions", count(held.leads_under_replicated))
            .with_known("requestLatencyMs", latency.and_then(Value::float));
        events.push(event);
    }
}

fn held(metadata: &ClusterMetadata) -> BTreeMap<BrokerId, Held> {
    let live = metadata.brokers.iter().map(|broker: &Broker| (broker.id, Held::default()));
    let mut brokers: BTreeMap<BrokerId, Held> = live.collect();
    for partition in metadata.topics.iter().flat_map(|topic| &topic.partitions) {
        for replica in &partition.replicas {
            brokers.entry(*replica).or_default().replicas += 1;
        }
        if let Some(leader) = partition.leader {
            let held = brokers.entry(leader).or_default();
            held.leads += 1;
            held.leads_under_replicated += usize::from(is_under_replicated(partition));
        }
    }
    brokers
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn a_broker_that_only_replica_lists_name_is_offline() {
        let mut events = Vec::new();
        samples(&fixture::sampler(), &fixture::answers(), &mut events);
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
        let mut events = Vec::new();
        samples(&fixture::sampler(), &fixture::answers(), &mut events);
        let counts = |event: &Event| {
            let int = |name: &str| event.get(name).and_then(Value::as_f64);
            (int("leaderCount"), int("partitionCount"), int("underReplicatedPartitions"))
        };
        assert_eq!(counts(&events[0]), (Some(2.0), Some(3.0), Some(0.0)));
        assert_eq!(counts(&events[1]), (Some(1.0), Some(3.0), Some(1.0)));
    }
}
