//! The steps of one cycle: metadata, then groups, quorum and settings, then members and committed
//! offsets, then both ends of every log, then what of the slow cycle is due. Committed offsets come
//! before log ends, so that a consumer that moves on meanwhile never shows a negative lag.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use weir_kafka::{
    BrokerGroups, BrokerId, Client, ClusterMetadata, Error, GroupAt, GroupDescription,
    GroupListing, GroupOffsets, KafkaRelease, OffsetSpec, TopicOffsets, TopicPartitions,
};
use weir_types::event::STRING_BYTES_MAX;
use weir_types::{GroupState, Timestamp};

use super::answers::{Answers, GroupAnswer, LogOffsets};
use super::capability::Question;
use super::filter::NameFilter;
use super::history::Moment;
use super::known::Known;
use super::slow::{Occasion, Slow};
use super::tally::{Tally, is_gone};
use super::topic_config::TopicConfigs;
use super::{committed, describe};

/// What a cycle starts from.
pub(crate) struct Before<'a> {
    pub topics: &'a NameFilter,
    pub groups: &'a NameFilter,
    pub configs: &'a TopicConfigs,
    pub slow: &'a Slow,
    pub known: &'a Known,
    /// How long the slow cycle's questions may take together.
    pub slow_patience: Duration,
}

/// Everything one cycle heard, and how complete that is.
pub(crate) struct Heard {
    pub answers: Answers,
    pub configs: TopicConfigs,
    pub slow: Slow,
    pub tally: Tally,
}

/// Asks one whole cycle.
///
/// # Errors
/// Only when nothing can be known: no broker answered with metadata or lists its groups.
pub(crate) async fn ask(
    client: &Client,
    before: &Before<'_>,
    now: Timestamp,
) -> Result<Heard, Error> {
    let started = Instant::now();
    let mut tally = Tally::default();
    let metadata = client.metadata().await?;
    tally.answered(Question::Metadata);
    let watched = watched(&metadata, before.topics);
    let (listings, quorum, configs) = tokio::join!(
        client.list_groups(),
        client.describe_quorum(),
        before.configs.refreshed(client, &watched.topics, now),
    );
    let listings = listings?;
    tally.merge(&configs.tally());
    tally.outcome(Question::MetadataQuorum, quorum.as_ref().err());
    let release = release(client, &listings).await;
    let latencies = latencies(&listings);
    let listing_brokers = listing_brokers(&listings);
    let groups = listed(listings, before.groups, &mut tally);
    let offsets_due = committed::due(&groups, before.known, release);
    let mut groups =
        group_details(client, groups, &offsets_due, before.known, now, &mut tally).await;
    let asked_at = now.saturating_add(started.elapsed());
    let log = log_offsets(client, &watched, &mut tally).await;
    let heard_at = now.saturating_add(started.elapsed());
    for group in groups.iter_mut().filter(|group| group.commits.is_some()) {
        group.commits_heard_at = Some(heard_at);
    }
    let occasion =
        Occasion { now, patience: before.slow_patience, metadata: &metadata, known: before.known };
    let slow = before.slow.refreshed(client, &occasion).await;
    tally.merge(&slow.tally());
    let answers = Answers {
        groups_complete: listing_brokers.len() == metadata.brokers.len(),
        groups_waiting: offsets_due.waiting,
        hidden_topics: slow.hidden_topics(before.slow, &metadata),
        metadata,
        watched,
        release,
        controller: quorum.ok().map(|quorum| quorum.leader),
        latencies,
        groups,
        listing_brokers,
        log,
        moment: Moment { asked_at, heard_at },
        configs: configs.known().clone(),
        disks: slow.disks.answer.clone(),
        registered: slow.registered.answer.clone(),
        registered_at: slow.registered.answered_at,
        reassigning: slow.reassigning.answer.clone(),
    };
    Ok(Heard { answers, configs, slow, tally })
}

/// The partitions that have somebody to ask, and who that is, both in the same order.
pub(crate) fn led_partitions(metadata: &ClusterMetadata) -> (Vec<TopicPartitions>, Vec<BrokerId>) {
    let mut asked = Vec::new();
    let mut leaders = Vec::new();
    for topic in &metadata.topics {
        let led = topic.partitions.iter().filter_map(|p| Some((p.index, p.leader?)));
        let (partitions, leads): (Vec<i32>, Vec<BrokerId>) = led.unzip();
        if !partitions.is_empty() {
            asked.push(TopicPartitions { topic: Arc::clone(&topic.name), partitions });
            leaders.extend(leads);
        }
    }
    (asked, leaders)
}

/// The cluster less the topics nobody wants to watch.
fn watched(metadata: &Arc<ClusterMetadata>, filter: &NameFilter) -> Arc<ClusterMetadata> {
    if filter.keeps_everything() {
        return Arc::clone(metadata);
    }
    let mut watched = ClusterMetadata::clone(metadata);
    watched.topics.retain(|topic| filter.keeps(&topic.name));
    Arc::new(watched)
}

/// The oldest release any broker speaks, `None` when one is too old to be told; known from open
/// connections, so this asks nothing. A broker whose connection was lost since is left out.
async fn release(client: &Client, listings: &[BrokerGroups]) -> Option<KafkaRelease> {
    let mut releases = Vec::new();
    for listing in listings.iter().filter(|listing| listing.groups.is_ok()) {
        let versions = client.api_versions(listing.broker).await;
        releases.extend(versions.ok().map(|versions| versions.release_at_least()));
    }
    releases.into_iter().min().flatten()
}

/// A refusal is an answer too.
fn latencies(listings: &[BrokerGroups]) -> BTreeMap<BrokerId, Duration> {
    let answered = listings.iter().filter(|listing| match &listing.groups {
        Ok(_) => true,
        Err(error) => error.code().is_some(),
    });
    answered.map(|listing| (listing.broker, listing.latency)).collect()
}

fn listing_brokers(listings: &[BrokerGroups]) -> BTreeSet<BrokerId> {
    let listing = listings.iter().filter(|listing| listing.groups.is_ok());
    listing.map(|listing| listing.broker).collect()
}

/// The groups by name, each with what the listing alone tells. While a coordinator moves, two
/// brokers may list the same group: the later one stands.
fn listed(
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

fn from_listing(listing: GroupListing, coordinator: BrokerId) -> GroupAnswer {
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
async fn group_details(
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

async fn log_offsets(client: &Client, metadata: &ClusterMetadata, tally: &mut Tally) -> LogOffsets {
    let (asked, leaders) = led_partitions(metadata);
    let (ends, starts) = tokio::join!(
        client.list_offsets(OffsetSpec::Latest, &asked),
        client.list_offsets(OffsetSpec::Earliest, &asked),
    );
    count_offsets(Question::LogEndOffsets, &ends, &leaders, tally);
    count_offsets(Question::LogStartOffsets, &starts, &leaders, tally);
    LogOffsets::read(&ends, &starts)
}

fn count_offsets(
    question: Question,
    answers: &[TopicOffsets],
    leaders: &[BrokerId],
    tally: &mut Tally,
) {
    let partitions = answers.iter().flat_map(|topic| &topic.partitions);
    let outcomes =
        partitions.map(|partition| partition.offset.as_ref().err().map(|error| &**error));
    tally.items_by_broker(question, leaders.iter().copied().zip(outcomes));
}

#[cfg(test)]
mod tests {
    use weir_kafka::GroupType;

    use super::super::map::fixture;
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
    fn partitions_without_a_leader_are_not_asked() {
        let mut metadata = fixture::metadata(&[("orders", 3)]);
        metadata.topics[0].partitions[1].leader = None;
        let (asked, leaders) = led_partitions(&metadata);
        assert_eq!(asked[0].partitions, [0, 2]);
        assert_eq!(leaders.len(), 2);
    }

    #[test]
    fn names_nobody_watches_are_never_asked_about() {
        let not_audit = NameFilter::new(Vec::new(), vec!["audit*".to_owned()]);
        let metadata = Arc::new(fixture::metadata(&[("audit-log", 1), ("orders", 1)]));
        let watched = watched(&metadata, &not_audit);
        let names: Vec<&str> = watched.topics.iter().map(|topic| &*topic.name).collect();
        assert_eq!((names, watched.brokers.len()), (vec!["orders"], 2));

        let groups = Ok(vec![listing("auditor", "Empty"), listing("billing", "Empty")]);
        let latency = Duration::ZERO;
        let listings = vec![BrokerGroups { broker: BrokerId(1), latency, groups }];
        let kept = listed(listings, &not_audit, &mut Tally::default());
        assert_eq!(kept.keys().map(|name| &**name).collect::<Vec<_>>(), ["billing"]);
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
