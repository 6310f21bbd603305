//! From answers to events: pure functions, one file an event type.
//!
//! What was not answered is absent. Every attribute is one of the schema table. `snapshot` is made
//! of the same answers, for `/metrics`.

mod broker;
mod cluster;
mod collection;
mod consumer;
#[cfg(test)]
pub(crate) mod fixture;
mod group;
mod group_lag;
mod log_dir;
mod member;
mod partition;
mod sampler;
mod snapshot;
mod topic;

use weir_kafka::GroupType;
use weir_types::Event;

use super::answers::Answers;
use super::history::History;
use super::known::Known;
use super::throughput::Rates;

pub(crate) use collection::collection;
pub(crate) use partition::{AbnormalPartitions, status as partition_status};
pub(crate) use sampler::Sampler;
pub(crate) use snapshot::{CycleFacts, Draft};

/// What samples are made of.
#[derive(Clone, Copy)]
pub(crate) struct Picture<'a> {
    pub answers: &'a Answers,
    pub rates: &'a Rates,
    /// The partitions that get a sample of their own.
    pub shown: &'a AbnormalPartitions,
    pub history: &'a History,
    /// What was known before this cycle.
    pub known: &'a Known,
}

/// The samples of the cluster, its brokers and their log directories.
pub(crate) fn summary(sampler: &Sampler, picture: Picture<'_>) -> Vec<Event> {
    let mut brokers = Vec::new();
    broker::samples(sampler, picture, &mut brokers);
    let mut events = vec![cluster::sample(sampler, picture, &brokers)];
    events.append(&mut brokers);
    log_dir::samples(sampler, picture, &mut events);
    events
}

/// The samples of topics, partitions and groups; the groups also to the draft for `/metrics`, where
/// there is one.
pub(crate) fn details(
    sampler: &Sampler,
    picture: Picture<'_>,
    mut draft: Option<&mut Draft<'_>>,
) -> Vec<Event> {
    let Picture { answers, rates, shown, history, .. } = picture;
    let mut events = Vec::new();
    topic::samples(sampler, answers, rates, &mut events);
    partition::samples(sampler, answers, shown, &mut events);
    for group in &answers.groups {
        let positions = consumer::positions(group, answers, history);
        events.push(group::sample(sampler, group, &positions, answers, history));
        consumer::samples(sampler, group, &positions, &mut events);
        member::samples(sampler, group, &mut events);
        if let Some(draft) = &mut draft {
            draft.add(group, &positions);
        }
    }
    events
}

/// The name of a group's type in our events.
fn type_name(group_type: &GroupType) -> &str {
    match group_type {
        GroupType::Classic => "classic",
        GroupType::Consumer => "consumer",
        GroupType::Share => "share",
        GroupType::Streams => "streams",
        GroupType::Other(name) => name,
    }
}

/// A count as the store keeps integers.
fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Bytes as the store keeps integers.
fn bytes(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use weir_types::schema::{attribute_schema, event_schema};
    use weir_types::source::SourceState;

    use super::*;
    use crate::source::CycleReport;
    use std::collections::BTreeSet;
    use std::time::Duration;

    /// Every event the fixture can give, with every attribute that can be known.
    fn all_events() -> Vec<Event> {
        let sampler = fixture::sampler();
        let mut answers = fixture::answers();
        answers.disks = Some(fixture::disks().into());
        let rates = fixture::rates();
        let shown = AbnormalPartitions::among(&answers);
        let history = fixture::history();
        let known = Known::default();
        let picture = Picture {
            answers: &answers,
            rates: &rates,
            shown: &shown,
            history: &history,
            known: &known,
        };
        let mut events = summary(&sampler, picture);
        events.extend(details(&sampler, picture, None));
        let report = CycleReport {
            state: SourceState::Partial,
            duration: Duration::from_millis(40),
            requests: 20,
            completeness: 0.9,
            error: Some("broker 3 is silent".into()),
        };
        events.push(collection(&sampler, &report, 1, events.len()));
        events
    }

    #[test]
    fn every_attribute_is_in_the_schema_with_its_type() {
        for event in all_events() {
            assert_eq!(event.validate(), Ok(()), "{event:?}");
            for (name, value) in &event.attributes {
                let schema = attribute_schema(&event.event_type, name);
                let schema = schema.unwrap_or_else(|| panic!("{}.{name}", event.event_type));
                assert_eq!(value.kind(), schema.value, "{}.{name}", event.event_type);
            }
        }
    }

    #[test]
    fn every_identity_is_on_every_event() {
        for event in all_events() {
            let schema = event_schema(&event.event_type).unwrap();
            for attribute in schema.all_attributes() {
                if attribute.kind == weir_types::schema::AttributeKind::Identity {
                    let name = attribute.name;
                    assert!(event.get(name).is_some(), "{}.{name}", event.event_type);
                }
            }
        }
    }

    #[test]
    fn every_event_type_of_the_source_is_made() {
        let made: BTreeSet<String> =
            all_events().iter().map(|event| event.event_type.to_string()).collect();
        let expected = [
            "KafkaBrokerSample",
            "KafkaClusterSample",
            "KafkaConsumerGroupSample",
            "KafkaConsumerMemberSample",
            "KafkaConsumerSample",
            "KafkaLogDirSample",
            "KafkaPartitionSample",
            "KafkaTopicSample",
            "WeirCollection",
        ];
        assert_eq!(made.into_iter().collect::<Vec<_>>(), expected);
    }
}
