//! `KafkaConsumerSample`: one group on one partition.

use std::collections::BTreeMap;
use std::sync::Arc;

use weir_kafka::offsets::CommittedOffset;
use weir_kafka::{GroupMember, GroupType, Topic};
use weir_types::{Event, Timestamp};

use super::super::answers::{Answers, GroupAnswer, LogRange, TopicLog};
use super::super::history::{GroupOnTopic, History, Place, Standing};
use super::super::lag::{lag_of, messages_lost};
use super::sampler::{seconds, storable};
use super::{Sampler, type_name};

/// Where a group stands on one partition that it committed to or is assigned.
pub(super) struct Position<'a> {
    pub topic: &'a Arc<str>,
    pub partition: i32,
    /// `None`: assigned, never committed.
    pub committed: Option<i64>,
    pub lag: Option<i64>,
    /// Whether a lag is to be known: there is a commit, or may be one, on a partition that is there.
    pub is_counted: bool,
    pub log: LogRange,
    pub member: Option<&'a GroupMember>,
    pub standing: Standing,
}

impl Position<'_> {
    pub(super) fn messages_lost(&self) -> Option<i64> {
        messages_lost(self.committed, self.log)
    }
}

/// Every partition with a commit or an assignment, by topic and partition; as
/// `kafka-consumer-groups.sh --describe` lists them. Topics that are there but not watched are
/// left out.
pub(super) fn positions<'a>(
    group: &'a GroupAnswer,
    answers: &Answers,
    history: &History,
) -> Vec<Position<'a>> {
    let now = answers.moment.heard_at;
    let is_watched = |topic: &str| {
        answers.watched.topic(topic).is_some() || answers.metadata.topic(topic).is_none()
    };
    let mut positions = Vec::new();
    for (topic, told) in told_by_topic(group) {
        if is_watched(topic) {
            let config = answers.configs.get(topic);
            let of_topic = OfTopic {
                topic,
                there: answers.watched.topic(topic),
                told,
                group_type: &group.group_type,
                log: answers.log.topic(topic),
                history: history.on_topic(group, topic, config, now),
            };
            positions.extend(of_topic.positions());
        }
    }
    positions
}

/// What a group told of one topic, each by partition.
#[derive(Default)]
struct Told<'a> {
    commits: &'a [CommittedOffset],
    held: Vec<(i32, &'a GroupMember)>,
}

fn told_by_topic(group: &GroupAnswer) -> BTreeMap<&Arc<str>, Told<'_>> {
    let mut topics: BTreeMap<&Arc<str>, Told<'_>> = BTreeMap::new();
    for commits in group.commits.iter().flatten() {
        topics.entry(&commits.topic).or_default().commits = &commits.partitions;
    }
    for member in group.description.iter().flat_map(|description| &description.members) {
        for assigned in member.assignment.iter().flatten() {
            let held = &mut topics.entry(&assigned.topic).or_default().held;
            held.extend(assigned.partitions.iter().map(|&partition| (partition, member)));
        }
    }
    topics.values_mut().for_each(|told| told.held.sort_by_key(|&(partition, _)| partition));
    topics
}

/// All there is to know of one group on one topic.
struct OfTopic<'a, 'b> {
    topic: &'a Arc<str>,
    /// `None` of a topic that is gone.
    there: Option<&'b Topic>,
    told: Told<'a>,
    group_type: &'a GroupType,
    log: &'b TopicLog,
    history: GroupOnTopic<'b>,
}

impl<'a> OfTopic<'a, '_> {
    fn positions(&self) -> impl Iterator<Item = Position<'a>> {
        let committed = self.told.commits.iter().map(|commit| commit.partition);
        let held = self.told.held.iter().map(|&(partition, _)| partition);
        let mut partitions: Vec<i32> = committed.chain(held).collect();
        partitions.sort_unstable();
        partitions.dedup();
        partitions.into_iter().map(|partition| self.position(partition))
    }

    fn position(&self, partition: i32) -> Position<'a> {
        let log = self.log.get(partition);
        let commit = self.told.commit(partition);
        let committed = commit.and_then(|commit| Some(commit.offset.as_ref().ok()?.0));
        let lag = commit.and_then(|commit| lag_of(self.group_type, commit, log));
        let is_there = self.there.is_some_and(|topic| topic.partition(partition).is_some());
        let place = committed.map(|committed| Place { partition, committed, lag, log });
        Position {
            topic: self.topic,
            partition,
            committed,
            lag,
            is_counted: commit.is_some_and(|commit| is_there || commit.offset.is_err()),
            log,
            member: self.told.member(partition),
            standing: place.map(|place| self.history.standing(place)).unwrap_or_default(),
        }
    }
}

impl<'a> Told<'a> {
    fn commit(&self, partition: i32) -> Option<&'a CommittedOffset> {
        let at = self.commits.binary_search_by_key(&partition, |commit| commit.partition).ok()?;
        Some(&self.commits[at])
    }

    /// Members of a share group may have the same partition: one of them stands for all.
    fn member(&self, partition: i32) -> Option<&'a GroupMember> {
        let at = self.held.binary_search_by_key(&partition, |&(held, _)| held).ok()?;
        Some(self.held[at].1)
    }
}

pub(super) fn samples(
    sampler: &Sampler,
    group: &GroupAnswer,
    positions: &[Position<'_>],
    events: &mut Vec<Event>,
) {
    let event_type: Arc<str> = "KafkaConsumerSample".into();
    let group_type: Arc<str> = type_name(&group.group_type).into();
    events.extend(positions.iter().map(|position| {
        let event = sampler
            .event_since(Arc::clone(&event_type), stale_since(group, position))
            .with("consumerGroup", Arc::clone(&group.group))
            .with("groupType", Arc::clone(&group_type))
            .with_known("groupState", group.state.clone());
        sample(event, position)
    }));
}

fn stale_since(group: &GroupAnswer, position: &Position<'_>) -> Option<Timestamp> {
    group.stale_since.into_iter().chain(position.log.stale_since).min()
}

fn sample(event: Event, position: &Position<'_>) -> Event {
    let Position { committed, log, member, standing, .. } = *position;
    let time = standing.lag_time;
    event
        .with("topic", Arc::clone(position.topic))
        .with("partition", i64::from(position.partition))
        .with_known("consumerOffset", committed)
        .with_known("logEndOffset", log.end)
        .with_known("logStartOffset", log.start)
        .with_known("consumerLag", position.lag)
        .with_known("consumerLagSeconds", time.and_then(|time| seconds(time.known_seconds()?)))
        .with_known(
            "consumerLagSecondsLow",
            time.and_then(|time| time.known_seconds().and(seconds(time.low))),
        )
        .with_known("consumerLagSecondsHigh", time.and_then(|time| seconds(time.high?)))
        .with_known("lagSecondsMethod", time.map(|time| time.method.as_str()))
        .with_known("lagStatus", standing.verdict.map(|verdict| verdict.as_str()))
        .with_known("messagesLost", position.messages_lost())
        .with_known("secondsToDataLoss", standing.seconds_to_data_loss.and_then(seconds))
        .with_known("commitAgeSeconds", standing.commit_age_seconds.and_then(seconds))
        .with_known("memberId", member.and_then(|member| storable(&member.member_id)))
        .with_known("clientId", member.and_then(|member| storable(&member.client_id)))
        .with_known("clientHost", member.map(|member| host(&member.client_host)))
}

/// The address alone: Java prints it behind a slash.
pub(super) fn host(client_host: &str) -> &str {
    client_host.strip_prefix('/').unwrap_or(client_host)
}

#[cfg(test)]
mod tests {
    use weir_types::Value;

    use super::super::fixture;
    use super::*;

    fn sampled() -> Vec<Event> {
        let answers = fixture::answers();
        let group = &answers.groups[0];
        let mut events = Vec::new();
        let positions = positions(group, &answers, &fixture::history());
        samples(&fixture::sampler(), group, &positions, &mut events);
        events
    }

    fn find(events: &[Event], topic: &str, partition: i64) -> Event {
        let is_it = |event: &&Event| {
            event.get("topic") == Some(&Value::from(topic))
                && event.get("partition") == Some(&Value::Int(partition))
        };
        events.iter().find(is_it).unwrap().clone()
    }

    #[test]
    fn a_commit_has_its_lag() {
        let event = find(&sampled(), "orders", 0);
        assert_eq!(event.get("consumerOffset"), Some(&Value::Int(120)));
        assert_eq!(event.get("consumerLag"), Some(&Value::Int(30)));
        assert_eq!(event.get("messagesLost"), Some(&Value::Int(0)));
        assert_eq!(event.get("memberId"), Some(&Value::from("enricher-1-uuid")));
        assert_eq!(event.get("clientHost"), Some(&Value::from("10.0.0.7")));
    }

    #[test]
    fn assigned_but_never_committed_is_unknown_not_zero() {
        let event = find(&sampled(), "orders", 1);
        assert_eq!(event.get("consumerOffset"), None);
        assert_eq!(event.get("consumerLag"), None);
        assert_eq!(event.get("messagesLost"), None);
        assert_eq!(event.get("logEndOffset"), Some(&Value::Int(70)));
        assert_eq!(event.get("clientId"), Some(&Value::from("enricher-1")));
    }

    #[test]
    fn a_commit_behind_the_log_start_lost_messages() {
        let event = find(&sampled(), "audit", 0);
        assert_eq!(event.get("messagesLost"), Some(&Value::Int(5)));
        assert_eq!(event.get("consumerLag"), Some(&Value::Int(45)));
        assert_eq!(event.get("memberId"), None);
    }

    #[test]
    fn a_deleted_topic_keeps_its_commit_without_lag() {
        let event = find(&sampled(), "deleted", 0);
        assert_eq!(event.get("consumerOffset"), Some(&Value::Int(9)));
        assert_eq!(event.get("consumerLag"), None);
        assert_eq!(event.get("logEndOffset"), None);
    }

    #[test]
    fn what_is_repeated_says_so() {
        let mut answers = fixture::answers();
        answers.groups[0].stale_since = Some(Timestamp::from_millis(250));
        let group = &answers.groups[0];
        let mut events = Vec::new();
        let positions = positions(group, &answers, &fixture::history());
        samples(&fixture::sampler(), group, &positions, &mut events);
        assert!(events.iter().all(|event| event.get("stale") == Some(&Value::Bool(true))));
        assert_eq!(events[0].get("sampleAgeSeconds"), Some(&Value::Float(1.0)));
    }

    #[test]
    fn caught_up_with_an_old_end_is_unknown_and_not_zero() {
        let mut answers = fixture::answers();
        let log = LogRange {
            end: Some(120),
            stale_since: Some(Timestamp::from_millis(250)),
            ..LogRange::default()
        };
        answers.log.set(&"orders".into(), 0, log);
        let group = &answers.groups[0];
        let mut events = Vec::new();
        let positions = positions(group, &answers, &fixture::history());
        samples(&fixture::sampler(), group, &positions, &mut events);
        let event = find(&events, "orders", 0);
        assert_eq!(event.get("consumerOffset"), Some(&Value::Int(120)));
        assert_eq!(event.get("consumerLag"), None);
        assert_eq!(event.get("consumerLagSeconds"), None);
    }

    #[test]
    fn a_lag_has_its_age() {
        let event = find(&sampled(), "orders", 0);
        assert_eq!(event.get("consumerLagSeconds"), Some(&Value::Float(0.495)));
        assert_eq!(event.get("consumerLagSecondsLow"), Some(&Value::Float(0.2)));
        assert_eq!(event.get("lagSecondsMethod"), Some(&Value::from("interpolated")));
        assert_eq!(event.get("commitAgeSeconds"), None, "it has not been seen to move");
        assert_eq!(event.get("lagStatus"), Some(&Value::from("OK")), "it had caught up lately");
        let stopped = find(&sampled(), "audit", 0);
        assert_eq!(stopped.get("lagStatus"), Some(&Value::from("STOP")));
    }
}
