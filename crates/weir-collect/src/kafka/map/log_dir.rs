//! `KafkaLogDirSample`.

use weir_types::Event;

use super::super::disks::Dir;
use super::broker::stale_since;
use super::sampler::storable;
use super::{Picture, Sampler, bytes, count};

/// One sample for each directory of each broker that told of its own; as stale as the broker is.
pub(super) fn samples(sampler: &Sampler, picture: Picture<'_>, events: &mut Vec<Event>) {
    let Picture { answers, known, .. } = picture;
    for (broker, dir) in answers.disks.iter().flat_map(|disks| disks.dirs()) {
        let Some(path) = storable(&dir.path) else { continue };
        let event = sampler
            .event_since(
                "KafkaLogDirSample",
                stale_since(answers, known.brokers.get(&broker), broker),
            )
            .with("brokerId", broker.to_string())
            .with("logDir", path);
        events.push(sample(event, dir));
    }
}

fn sample(event: Event, dir: &Dir) -> Event {
    event
        .with("logDirStatus", if dir.error.is_some() { "OFFLINE" } else { "ONLINE" })
        .with_known("logDirError", dir.error.map(|error| error.to_string()))
        .with_known("replicaCount", dir.replicas.map(count))
        .with_known("diskUsedBytes", dir.used_bytes.map(bytes))
        .with_known("diskTotalBytes", dir.total_bytes.map(bytes))
        .with_known("diskFreeBytes", dir.free_bytes.map(bytes))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use weir_kafka::{BrokerId, BrokerLogDirs, KafkaCode, LogDir};
    use weir_types::Value;

    use super::super::super::disks::Disks;
    use super::super::super::known::Known;
    use super::super::{AbnormalPartitions, fixture};
    use super::*;

    fn sampled(disks: Disks) -> Vec<Event> {
        let mut answers = fixture::answers();
        answers.disks = Some(Arc::new(disks));
        let (rates, shown) = (fixture::rates(), AbnormalPartitions::default());
        let (history, known) = (fixture::history(), Known::default());
        let picture = Picture {
            answers: &answers,
            rates: &rates,
            shown: &shown,
            history: &history,
            known: &known,
        };
        let mut events = Vec::new();
        samples(&fixture::sampler(), picture, &mut events);
        events
    }

    #[test]
    fn a_directory_tells_what_it_holds_and_what_room_is_left() {
        let events = sampled(fixture::disks());
        assert_eq!(events.len(), 1);
        let get = |name: &str| events[0].get(name).cloned();
        assert_eq!(get("logDir"), Some(Value::from("/data")));
        assert_eq!(get("logDirStatus"), Some(Value::from("ONLINE")));
        assert_eq!(get("diskUsedBytes"), Some(Value::Int(3_000)));
        assert_eq!(get("diskFreeBytes"), Some(Value::Int(4_000)));
        assert_eq!(get("replicaCount"), Some(Value::Int(2)));
        assert_eq!(get("logDirError"), None);
    }

    #[test]
    fn of_a_broken_one_nothing_is_known_but_why() {
        let broken = LogDir {
            path: "/data-2".into(),
            error: Some(KafkaCode(56)),
            total_bytes: None,
            usable_bytes: None,
            topics: Vec::new(),
        };
        let answer = BrokerLogDirs { broker: BrokerId(2), dirs: Ok(vec![broken]) };
        let events = sampled(Disks::read(&[answer], None));
        let get = |name: &str| events[0].get(name).cloned();
        assert_eq!(get("logDirStatus"), Some(Value::from("OFFLINE")));
        assert_eq!(get("logDirError"), Some(Value::from("KAFKA_STORAGE_ERROR (56)")));
        assert_eq!((get("diskUsedBytes"), get("replicaCount")), (None, None));
        assert_eq!(get("stale"), Some(Value::Bool(true)), "broker 2 told no latency");
    }
}
