//! The steps of one cycle: metadata, then groups, quorum and settings, then members and committed
//! offsets, then both ends of every log. Committed offsets come before log ends, so that a
//! consumer that moves on meanwhile never shows a negative lag.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::time::Instant;
use weir_kafka::{
    BrokerGroups, BrokerId, Client, ClusterMetadata, Error, GroupAt, GroupDescription,
    GroupListing, GroupOffsets, GroupType, KafkaRelease, OffsetSpec, TopicOffsets, TopicPartitions,
};
use weir_types::Timestamp;
use weir_types::event::STRING_BYTES_MAX;

use super::answers::{Answers, GroupAnswer, LogOffsets};
use super::tally::{Tally, is_gone};
use super::topic_config::TopicConfigs;

/// Everything one cycle heard, and how complete that is.
pub(crate) struct Heard {
    pub answers: Answers,
    pub configs: TopicConfigs,
    pub tally: Tally,
}

/// Asks one whole cycle.
///
/// # Errors
/// Only when nothing can be known: no broker answered with metadata or lists its groups.
pub(crate) async fn ask(
    client: &Client,
    configs: &TopicConfigs,
    now: Timestamp,
) -> Result<Heard, Error> {
    let started = Instant::now();
    let mut tally = Tally::default();
    let metadata = client.metadata().await?;
    tally.answered();
    let (listings, quorum, configs) = tokio::join!(
        client.list_groups(),
        client.describe_quorum(),
        configs.refreshed(client, &metadata.topics, now),
    );
    let listings = listings?;
    tally.merge(configs.tally());
    let controller = controller(quorum, &mut tally);
    let release = release(client, &listings).await;
    let latencies = latencies(&listings);
    let groups_complete = listings.iter().all(|broker| broker.groups.is_ok());
    let groups = group_details(client, listed(listings, &mut tally), &mut tally).await;
    let log = log_offsets(client, &metadata, &mut tally).await;
    let answers = Answers {
        metadata,
        release,
        controller,
        latencies,
        groups,
        groups_complete,
        log,
        log_at: now.saturating_add(started.elapsed()),
        configs: configs.known().clone(),
    };
    Ok(Heard { answers, configs, tally })
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

/// Groups whose commits OffsetFetch tells; share groups keep their positions elsewhere (KIP-932).
pub(crate) fn has_commits(group_type: &GroupType) -> bool {
    matches!(group_type, GroupType::Classic | GroupType::Consumer | GroupType::Streams)
}

/// A cluster that does not know the request (ZooKeeper, some services) was not asked in vain: who
/// the controller is stays unknown, and that is no failure.
fn controller(
    quorum: Result<weir_kafka::Quorum, Error>,
    tally: &mut Tally,
) -> Option<Option<BrokerId>> {
    match quorum {
        Ok(quorum) => {
            tally.answered();
            Some(quorum.leader)
        }
        Err(Error::UnsupportedApi { .. }) => None,
        Err(error) => {
            tally.failed("metadata quorum", &error);
            None
        }
    }
}

/// The oldest release any broker speaks; known from open connections, so this asks nothing.
async fn release(client: &Client, listings: &[BrokerGroups]) -> Option<KafkaRelease> {
    let mut oldest: Option<KafkaRelease> = None;
    for listing in listings.iter().filter(|listing| listing.groups.is_ok()) {
        let versions = client.api_versions(listing.broker).await.ok()?;
        let release = versions.release_at_least()?;
        oldest = Some(oldest.map_or(release, |oldest| oldest.min(release)));
    }
    oldest
}

fn latencies(listings: &[BrokerGroups]) -> BTreeMap<BrokerId, std::time::Duration> {
    let answered = listings.iter().filter(|listing| listing.groups.is_ok());
    answered.map(|listing| (listing.broker, listing.latency)).collect()
}

/// The groups by name, each with what the listing alone tells. While a coordinator moves, two
/// brokers may list the same group: the later one stands.
fn listed(listings: Vec<BrokerGroups>, tally: &mut Tally) -> BTreeMap<Arc<str>, GroupAnswer> {
    let outcomes = listings.iter().map(|listing| (listing.broker, listing.groups.as_ref().err()));
    tally.items_by_broker("groups", outcomes);
    let mut groups = BTreeMap::new();
    for listing in listings {
        for group in listing.groups.unwrap_or_default() {
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
    let is_empty = listing.state.as_deref().is_some_and(|state| matches!(state, "Empty" | "Dead"));
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
        state: listing.state,
        coordinator,
        description,
        commits: None,
    }
}

/// Adds members and committed offsets. A group that went away meanwhile leaves the list.
async fn group_details(
    client: &Client,
    mut groups: BTreeMap<Arc<str>, GroupAnswer>,
    tally: &mut Tally,
) -> Vec<GroupAnswer> {
    let is_open = |g: &GroupAnswer, of: GroupType| g.description.is_none() && g.group_type == of;
    let classic = ask_about(&groups, |g| is_open(g, GroupType::Classic));
    let consumer = ask_about(&groups, |g| is_open(g, GroupType::Consumer));
    let committing = ask_about(&groups, |g| has_commits(&g.group_type));
    let (classic_answers, consumer_answers, commits) = tokio::join!(
        client.describe_groups(&classic),
        client.describe_consumer_groups(&consumer),
        client.fetch_offsets(&committing),
    );
    add_descriptions(&mut groups, &classic, classic_answers, tally);
    add_descriptions(&mut groups, &consumer, consumer_answers, tally);
    add_commits(&mut groups, commits, tally);
    groups.into_values().collect()
}

fn ask_about(
    groups: &BTreeMap<Arc<str>, GroupAnswer>,
    wanted: impl Fn(&GroupAnswer) -> bool,
) -> Vec<GroupAt> {
    let wanted = groups.values().filter(|group| wanted(group));
    wanted
        .map(|group| GroupAt { group: Arc::clone(&group.group), coordinator: group.coordinator })
        .collect()
}

fn add_descriptions(
    groups: &mut BTreeMap<Arc<str>, GroupAnswer>,
    asked: &[GroupAt],
    answers: Vec<Result<GroupDescription, Error>>,
    tally: &mut Tally,
) {
    let outcomes = asked.iter().zip(&answers);
    tally.items_by_broker(
        "group members",
        outcomes.map(|(at, answer)| (at.coordinator, answer.as_ref().err())),
    );
    for (at, answer) in asked.iter().zip(answers) {
        match answer {
            // Before DescribeGroups v6 an unknown group is dead, not an error.
            Ok(description) if &*description.state == "Dead" => drop(groups.remove(&at.group)),
            Ok(description) => {
                if let Some(group) = groups.get_mut(&at.group) {
                    group.state = Some(Arc::clone(&description.state));
                    group.description = Some(description);
                }
            }
            Err(error) if is_gone(&error) => drop(groups.remove(&at.group)),
            Err(_) => {}
        }
    }
}

fn add_commits(
    groups: &mut BTreeMap<Arc<str>, GroupAnswer>,
    answers: Vec<GroupOffsets>,
    tally: &mut Tally,
) {
    tally.items_by_broker(
        "committed offsets",
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
            partitions.filter_map(|partition| partition.offset.as_ref().err()).next()
        }
    }
}

async fn log_offsets(client: &Client, metadata: &ClusterMetadata, tally: &mut Tally) -> LogOffsets {
    let (asked, leaders) = led_partitions(metadata);
    let (ends, starts) = tokio::join!(
        client.list_offsets(OffsetSpec::Latest, &asked),
        client.list_offsets(OffsetSpec::Earliest, &asked),
    );
    count_offsets("log end offsets", &ends, &leaders, tally);
    count_offsets("log start offsets", &starts, &leaders, tally);
    let mut log = LogOffsets::default();
    each_offset(&ends, |topic, partition, offset| log.set_end(topic, partition, offset));
    each_offset(&starts, |topic, partition, offset| log.set_start(topic, partition, offset));
    log
}

fn count_offsets(what: &str, answers: &[TopicOffsets], leaders: &[BrokerId], tally: &mut Tally) {
    let partitions = answers.iter().flat_map(|topic| &topic.partitions);
    let outcomes = partitions.map(|partition| partition.offset.as_ref().err());
    tally.items_by_broker(what, leaders.iter().copied().zip(outcomes));
}

fn each_offset(answers: &[TopicOffsets], mut known: impl FnMut(&Arc<str>, i32, i64)) {
    for topic in answers {
        for partition in &topic.partitions {
            if let Ok(offset) = &partition.offset {
                known(&topic.topic, partition.partition, offset.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
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
            latency: std::time::Duration::from_millis(1),
            groups,
        };
        let lost = Error::UnknownBroker { broker: BrokerId(2) };
        let listings = vec![answered(1, Ok(vec![listing("a", "Stable")])), answered(2, Err(lost))];
        let groups = listed(listings, &mut tally);
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
        let latency = std::time::Duration::ZERO;
        let listings = vec![BrokerGroups { broker: BrokerId(1), latency, groups }];
        assert_eq!(listed(listings, &mut tally).len(), 1);
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
}
