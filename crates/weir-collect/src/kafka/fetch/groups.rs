//! Which groups there are, who is in them and where they are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use weir_kafka::{
    BrokerGroups, BrokerId, Client, Error, GroupAt, GroupDescription, GroupListing, GroupOffsets,
};
use weir_types::event::STRING_BYTES_MAX;
use weir_types::{GroupState, Timestamp};

use super::super::answers::GroupAnswer;
use super::super::capability::Question;
use super::super::filter::NameFilter;
use super::super::known::Known;
use super::super::tally::{Tally, is_gone};
use super::{committed, describe};

/// A refusal is an answer too.
pub(super) fn latencies(listings: &[BrokerGroups]) -> BTreeMap<BrokerId, Duration> {
    let answered = listings.iter().filter(|listing| match &listing.groups {
        Ok(_) => true,
        Err(error) => error.code().is_some(),
    });
    answered.map(|listing| (listing.broker, listing.latency)).collect()
}

pub(super) fn listing_brokers(listings: &[BrokerGroups]) -> BTreeSet<BrokerId> {
    let listing = listings.iter().filter(|listing| listing.groups.is_ok());
    listing.map(|listing| listing.broker).collect()
}

/// The groups by name, each with what the listing alone tells. While a coordinator moves, two
/// brokers may list the same group: the later one stands.
pub(super) fn listed(
    listings: Vec<BrokerGroups>,
    filter: &NameFilter,
    tally: &mut Tally,
) -> BTreeMap<Arc<str>, GroupAnswer> {
    let outcomes = listings.iter().map(|listing| (listing.broker, listing.groups.as_ref().err()));
    tally.items_by_broker(Question::ListGroups, outcomes);
    let mut groups = BTreeMap::new();
    for listing in listings {
        let kept = listing.groups.unwrap_or_default().into_iter();
        for group in kept.filter(|group| filter.keeps(&group.group)) {
            if group.group.len() > STRING_BYTES_MAX {
                tally.remark(format!(
                    "a group id of {} bytes is left out: {STRING_BYTES_MAX} can be stored",
                    group.group.len()
                ));
                continue;
            }
            groups.insert(Arc::clone(&group.group), from_listing(group, listing.broker));
        }
    }
    groups
}

pub(super) fn from_listing(listing: GroupListing, coordinator: BrokerId) -> GroupAnswer {
    let is_empty =
        listing.state.as_deref().is_some_and(|state| GroupState::read(state).is_at_rest());
    let description = is_empty.then(|| GroupDescription {
        group: Arc::clone(&listing.group),
        group_type: listing.group_type.clone(),
        state: listing.state.clone().unwrap_or_default(),
        assignor: Arc::default(),
        epoch: None,
        assignment_epoch: None,
        members: Vec::new(),
    });
    GroupAnswer {
        group: listing.group,
        group_type: listing.group_type,
        protocol_type: listing.protocol_type,
        state: listing.state,
        coordinator,
        description,
        described_at: None,
        commits: None,
        commits_heard_at: None,
        stale_since: None,
    }
}

/// Adds members and committed offsets. A group that went away meanwhile leaves the list.
pub(super) async fn group_details(
    client: &Client,
    mut groups: BTreeMap<Arc<str>, GroupAnswer>,
    offsets_due: &committed::Due,
    known: &Known,
    now: Timestamp,
    tally: &mut Tally,
) -> Vec<GroupAnswer> {
    let due = describe::due(&mut groups, known, now);
    let (classic, consumer, share, streams, commits, shares) = tokio::join!(
        client.describe_groups(&due.classic),
        client.describe_consumer_groups(&due.consumer),
        client.describe_share_groups(&due.share),
        client.describe_streams_groups(&due.streams),
        client.fetch_offsets(&offsets_due.committing),
        client.fetch_share_offsets(&offsets_due.share),
    );
    let asked = due.classic.iter().chain(&due.consumer).chain(&due.share).chain(&due.streams);
    let answers = classic.into_iter().chain(consumer).chain(share).chain(streams);
    add_descriptions(&mut groups, asked.zip(answers).collect(), now, tally);
    add_commits(&mut groups, Question::CommittedOffsets, commits, tally);
    add_commits(&mut groups, Question::ShareGroupOffsets, shares, tally);
    groups.into_values().collect()
}

pub(crate) fn ask_about<'a>(groups: impl Iterator<Item = &'a GroupAnswer>) -> Vec<GroupAt> {
    groups
        .map(|group| GroupAt { group: Arc::clone(&group.group), coordinator: group.coordinator })
        .collect()
}

fn add_descriptions(
    groups: &mut BTreeMap<Arc<str>, GroupAnswer>,
    answers: Vec<(&GroupAt, Result<GroupDescription, Error>)>,
    now: Timestamp,
    tally: &mut Tally,
) {
    tally.items_by_broker(
        Question::GroupMembers,
        answers.iter().map(|(at, answer)| (at.coordinator, answer.as_ref().err())),
    );
    for (at, answer) in answers {
        match answer {
            // Before DescribeGroups v6 an unknown group is dead, not an error.
            Ok(description) if GroupState::read(&description.state) == GroupState::Dead => {
                groups.remove(&at.group);
            }
            Ok(description) => {
                if let Some(group) = groups.get_mut(&at.group) {
                    group.state = Some(Arc::clone(&description.state));
                    group.description = Some(description);
                    group.described_at = Some(now);
                }
            }
            Err(error) if is_gone(&error) => drop(groups.remove(&at.group)),
            Err(_) => {}
        }
    }
}

fn add_commits(
    groups: &mut BTreeMap<Arc<str>, GroupAnswer>,
    question: Question,
    answers: Vec<GroupOffsets>,
    tally: &mut Tally,
) {
    tally.items_by_broker(
        question,
        answers.iter().map(|answer| (answer.group.coordinator, commit_error(answer))),
    );
    for answer in answers {
        match answer.offsets {
            Ok(commits) => {
                if let Some(group) = groups.get_mut(&answer.group.group) {
                    group.commits = Some(commits);
                }
            }
            Err(error) if is_gone(&error) => drop(groups.remove(&answer.group.group)),
            Err(_) => {}
        }
    }
}

/// The first failure of a group's answer, of one of its partitions if not of the whole.
fn commit_error(answer: &GroupOffsets) -> Option<&Error> {
    match &answer.offsets {
        Err(error) => Some(error),
        Ok(topics) => {
            let partitions = topics.iter().flat_map(|topic| &topic.partitions);
            partitions
                .filter_map(|partition| partition.offset.as_ref().err())
                .map(|error| &**error)
                .next()
        }
    }
}

#[cfg(test)]
mod tests {
    use weir_kafka::GroupType;

    use super::*;

    fn listing(group: &str, state: &str) -> GroupListing {
        GroupListing {
            group: group.into(),
            protocol_type: "consumer".into(),
            state: Some(state.into()),
            group_type: GroupType::Classic,
        }
    }

    #[test]
    fn a_silent_broker_hides_only_its_own_groups() {
        let mut tally = Tally::default();
        let answered = |broker, groups| BrokerGroups {
            broker: BrokerId(broker),
            latency: Duration::from_millis(1),
            groups,
        };
        let lost = Error::UnknownBroker { broker: BrokerId(2) };
        let listings = vec![answered(1, Ok(vec![listing("a", "Stable")])), answered(2, Err(lost))];
        let groups = listed(listings, &NameFilter::default(), &mut tally);
        assert_eq!(groups.len(), 1);
        assert_eq!(tally.completeness(), 0.5);
        assert!(tally.error_text().unwrap().starts_with("groups: broker 2 is not part"));
    }

    #[test]
    fn groups_nobody_watches_are_never_asked_about() {
        let not_audit = NameFilter::new(Vec::new(), vec!["audit*".to_owned()]);
        let groups = Ok(vec![listing("auditor", "Empty"), listing("billing", "Empty")]);
        let latency = Duration::ZERO;
        let listings = vec![BrokerGroups { broker: BrokerId(1), latency, groups }];
        let kept = listed(listings, &not_audit, &mut Tally::default());
        assert_eq!(kept.keys().map(|name| &**name).collect::<Vec<_>>(), ["billing"]);
    }

    #[test]
    fn an_empty_group_needs_no_description() {
        assert!(from_listing(listing("a", "Stable"), BrokerId(1)).description.is_none());
        let empty = from_listing(listing("a", "Empty"), BrokerId(1));
        assert_eq!(empty.description.map(|d| d.members.len()), Some(0));
    }

    #[test]
    fn a_group_id_too_long_to_store_is_named() {
        let mut tally = Tally::default();
        let groups = Ok(vec![listing(&"g".repeat(5_000), "Empty"), listing("b", "Empty")]);
        let latency = Duration::ZERO;
        let listings = vec![BrokerGroups { broker: BrokerId(1), latency, groups }];
        let groups = listed(listings, &NameFilter::default(), &mut tally);
        assert_eq!(groups.len(), 1);
        assert!(tally.error_text().unwrap().contains("5000 bytes"));
    }

    #[test]
    fn a_refusal_is_an_answer_of_the_broker() {
        let address = "b:9092".parse().unwrap();
        let denied = Error::Broker {
            address,
            api: weir_kafka::Api::ListGroups,
            code: weir_kafka::KafkaCode::CLUSTER_AUTHORIZATION_FAILED,
            message: None,
        };
        let listing = |broker, groups| BrokerGroups {
            broker: BrokerId(broker),
            latency: Duration::from_millis(1),
            groups,
        };
        let lost = Error::UnknownBroker { broker: BrokerId(2) };
        let listings = [listing(1, Err(denied)), listing(2, Err(lost)), listing(3, Ok(vec![]))];
        assert!(latencies(&listings).into_keys().eq([BrokerId(1), BrokerId(3)]));
        assert!(listing_brokers(&listings).into_iter().eq([BrokerId(3)]));
    }
}
