//! `KafkaLogDirSample`.

use weir_kafka::BrokerId;
use weir_types::Event;

use super::super::answers::Answers;
use super::super::fetch::disks::{Dir, Disks};
use super::super::fetch::slow;
use super::sampler::storable;
use super::{Picture, Sampler, bytes, count};

/// One sample for each directory of each broker that told of its own, dated by when it did.
pub(super) fn samples(sampler: &Sampler, picture: Picture<'_>, events: &mut Vec<Event>) {
    let Some(disks) = picture.answers.disks.as_deref() else { return };
    for (broker, dir) in disks.dirs() {
        let Some(path) = storable(&dir.path) else { continue };
        let event = dated(sampler, picture.answers, disks, broker)
            .with("brokerId", broker.to_string())
            .with("logDir", path);
        events.push(sample(event, dir));
    }
}

/// Stale while the broker is silent, and when it did not tell at its last turn.
fn dated(sampler: &Sampler, answers: &Answers, disks: &Disks, broker: BrokerId) -> Event {
    let heard_at = answers.moment.heard_at;
    let answered_at = disks.answered_at(broker).unwrap_or(heard_at);
    let is_overdue = heard_at.since(answered_at) >= slow::EVERY;
    let is_stale = is_overdue || !answers.latencies.contains_key(&broker);
    sampler.event_as_of("KafkaLogDirSample", answered_at, is_stale)
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

    use weir_kafka::{BrokerLogDirs, KafkaCode, LogDir};
    use weir_types::{Timestamp, Value};

    use super::super::super::fetch::disks::Disks;
    use super::super::super::known::Known;
    use super::super::{AbnormalPartitions, fixture};
    use super::*;

    fn sampled(disks: Disks) -> Vec<Event> {
        sampled_of(fixture::answers(), &fixture::sampler(), disks)
    }

    fn sampled_of(mut answers: Answers, sampler: &Sampler, disks: Disks) -> Vec<Event> {
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
        samples(sampler, picture, &mut events);
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
    fn a_directory_is_as_old_as_its_answer() {
        let told = |seconds: i64| {
            let mut answers = fixture::answers();
            answers.moment.heard_at = Timestamp::from_millis(1_200 + seconds * 1_000);
            let sampler = fixture::sampler_at(seconds);
            let event = sampled_of(answers, &sampler, fixture::disks()).remove(0);
            let age = event.get("sampleAgeSeconds").and_then(Value::as_f64);
            (age, event.get("stale") == Some(&Value::Bool(true)))
        };
        assert_eq!(told(0), (Some(0.25), false));
        assert_eq!(told(240), (Some(240.25), false));
        assert_eq!(told(300), (Some(300.25), true), "nobody told at the next turn");
    }

    #[test]
    fn of_a_broken_one_nothing_is_known_but_why() {
        let broken = LogDir {
            path: "/data-2".into(),
            error: Some(KafkaCode::KAFKA_STORAGE_ERROR),
            total_bytes: None,
            usable_bytes: None,
            topics: Vec::new(),
        };
        let answer = BrokerLogDirs { broker: BrokerId(2), dirs: Ok(vec![broken]) };
        let events = sampled(fixture::read_disks(answer));
        let get = |name: &str| events[0].get(name).cloned();
        assert_eq!(get("logDirStatus"), Some(Value::from("OFFLINE")));
        assert_eq!(get("logDirError"), Some(Value::from("KAFKA_STORAGE_ERROR (56)")));
        assert_eq!((get("diskUsedBytes"), get("replicaCount")), (None, None));
        assert_eq!(get("stale"), Some(Value::Bool(true)), "broker 2 told no latency");
    }
}
