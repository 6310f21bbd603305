//! From answers to the snapshot that `/metrics` is written from. What is repeated as stale is left
//! out and counted.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use weir_kafka::offsets::TopicCommits;
use weir_kafka::{BrokerId, GroupMember, GroupType, Partition, Topic};

use super::super::answers::{Answers, GroupAnswer};
use super::consumer::Position;
use super::group_lag::GroupLag;
use crate::exposition::snapshot::{
    BrokerRow, Commit, GroupRow, GroupTopicRow, Label, LeftOut, MemberRow, PartitionRow,
    PositionRow, RowIndex, Snapshot, TopicRow,
};

/// What a snapshot says of the cycle itself.
pub(crate) struct CycleFacts<'a> {
    pub source: &'a str,
    pub cluster: &'a str,
    pub cluster_id: Option<&'a Arc<str>>,
    pub took: Duration,
    pub is_whole: bool,
}

/// A snapshot in the making: groups come one by one, with the positions that their samples are made
/// of as well.
pub(crate) struct Draft<'a> {
    snapshot: Snapshot,
    logs: Logs<'a>,
}

impl<'a> Draft<'a> {
    /// With brokers, topics and partitions, yet without groups.
    pub(crate) fn begin(facts: &CycleFacts<'_>, answers: &'a Answers) -> Draft<'a> {
        let metadata = &answers.metadata;
        let mut snapshot = Snapshot {
            source: Label::from(facts.source),
            cluster: Label::from(facts.cluster),
            cluster_id: facts.cluster_id.map(Label::of),
            release: answers.release.map(|release| Label::from(release.to_string().as_str())),
            controller: answers.controller.flatten().map(|id| id.0),
            took: facts.took,
            is_whole: facts.is_whole,
            broker_count: metadata.brokers.len(),
            brokers: brokers(answers),
            ..Snapshot::default()
        };
        let silent = metadata.brokers.len() - snapshot.brokers.len();
        snapshot.left_out = LeftOut { brokers: silent, ..LeftOut::default() };
        let partitions = answers.watched.topics.iter().map(|topic| topic.partitions.len());
        snapshot.partitions.reserve_exact(partitions.sum());
        let mut first_rows = HashMap::new();
        // A topic the broker could not describe has no partitions to speak of.
        for topic in answers.watched.topics.iter().filter(|topic| !topic.partitions.is_empty()) {
            first_rows.insert(&*topic.name, snapshot.partitions.len());
            add_topic(&mut snapshot, topic, answers);
        }
        Draft { snapshot, logs: Logs { answers, first_rows } }
    }

    pub(super) fn add(&mut self, group: &GroupAnswer, positions: &[Position<'_>]) {
        match group.stale_since {
            Some(_) => self.snapshot.left_out.groups += 1,
            None => add_group(&mut self.snapshot, group, positions, &self.logs),
        }
    }

    pub(crate) fn finish(mut self) -> Snapshot {
        self.snapshot.positions.shrink_to_fit();
        self.snapshot
    }
}

/// Where the rows of each topic's partitions begin.
struct Logs<'a> {
    answers: &'a Answers,
    first_rows: HashMap<&'a str, usize>,
}

impl Logs<'_> {
    fn row(&self, topic: &str, partition: i32) -> Option<RowIndex> {
        let first = self.first_rows.get(topic)?;
        let partitions = self.partitions(topic);
        let at = partitions.binary_search_by_key(&partition, |one| one.index).ok()?;
        RowIndex::new(first + at)
    }

    fn partitions(&self, topic: &str) -> &[Partition] {
        self.answers.watched.topic(topic).map(|topic| &*topic.partitions).unwrap_or_default()
    }
}

fn brokers(answers: &Answers) -> Vec<BrokerRow> {
    let brokers = answers.metadata.brokers.iter();
    let answering = brokers.filter(|broker| answers.latencies.contains_key(&broker.id));
    let row = |broker: &weir_kafka::Broker| BrokerRow {
        id: broker.id.0,
        host: Label::from(broker.address.host()),
        port: broker.address.port(),
        rack: broker.rack.as_ref().map(Label::of).unwrap_or_default(),
        log_dir_bytes: answers
            .disks
            .as_ref()
            .and_then(|disks| disks.of_broker(broker.id))
            .map(|disk| disk.used_bytes),
    };
    answering.map(row).collect()
}

fn add_topic(snapshot: &mut Snapshot, topic: &Topic, answers: &Answers) {
    let at = snapshot.topics.len() as u32;
    let (mut start_sum, mut end_sum) = (Some(0i64), Some(0i64));
    let logs = answers.log.topic(&topic.name);
    for partition in &topic.partitions {
        let log = logs.get(partition.index);
        let is_fresh = log.stale_since.is_none();
        let (start, end) = (log.start.filter(|_| is_fresh), log.end.filter(|_| is_fresh));
        snapshot.left_out.partitions += usize::from(end.is_none());
        start_sum = start_sum.zip(start).map(|(sum, one)| sum.saturating_add(one));
        end_sum = end_sum.zip(end).map(|(sum, one)| sum.saturating_add(one));
        snapshot.partitions.push(PartitionRow {
            topic: at,
            index: partition.index,
            leader: partition.leader.map(|leader| leader.0),
            replicas: partition.replicas.len() as u16,
            in_sync: partition.isr.len() as u16,
            is_led_by_preferred: partition.leader.is_some()
                && partition.leader.as_ref() == partition.replicas.first(),
            start: start.into(),
            end: end.into(),
        });
    }
    let replicas = topic.partitions.iter().map(|partition| partition.replicas.len());
    let config = answers.configs.get(&topic.name);
    snapshot.topics.push(TopicRow {
        name: Label::of(&topic.name),
        partition_count: topic.partitions.len() as u32,
        replication_factor: replicas.min().unwrap_or_default() as u32,
        cleanup_policy: config
            .and_then(|config| config.cleanup_policy.as_ref())
            .map(Label::of)
            .unwrap_or_default(),
        log_dir_bytes: topic_bytes(topic, answers),
        start_sum,
        end_sum,
    });
}

/// `None` also when one of its replicas is on a broker that does not answer now.
fn topic_bytes(topic: &Topic, answers: &Answers) -> Option<u64> {
    let mut on = topic.partitions.iter().flat_map(|partition| partition.replicas.iter());
    let answering = |id: &BrokerId| answers.latencies.contains_key(id);
    if !on.all(answering) {
        return None;
    }
    answers.disks.as_ref()?.of_topic(topic)
}

fn add_group(
    snapshot: &mut Snapshot,
    group: &GroupAnswer,
    positions: &[Position<'_>],
    logs: &Logs<'_>,
) {
    let at = snapshot.groups.len() as u32;
    let members = add_members(snapshot, group);
    let first_position = snapshot.positions.len();
    for of_topic in positions.chunk_by(|one, next| one.topic == next.topic) {
        add_group_topic(snapshot, at, group, of_topic, &members, logs);
    }
    let mut row = group_row(snapshot, group, first_position);
    if group.group_type == GroupType::Share {
        let lag = GroupLag::of(positions);
        (row.lag_max, row.lag_sum) = (lag.max, lag.total);
        row.lag_seconds_max =
            lag.oldest.filter(|_| lag.is_whole).and_then(|age| age.known_seconds());
    }
    snapshot.groups.push(row);
}

/// By the address of the member in the answer, so that a position finds its own without comparing.
type Members = HashMap<*const GroupMember, RowIndex>;

fn add_members(snapshot: &mut Snapshot, group: &GroupAnswer) -> Members {
    let mut rows = HashMap::new();
    for member in group.description.iter().flat_map(|description| &description.members) {
        let Some(at) = RowIndex::new(snapshot.members.len()) else { break };
        snapshot.members.push(MemberRow {
            host: Label::of(&member.client_host),
            consumer_id: Label::of(&member.member_id),
            client_id: Label::of(&member.client_id),
        });
        rows.insert(std::ptr::from_ref(member), at);
    }
    rows
}

fn add_group_topic(
    snapshot: &mut Snapshot,
    group_at: u32,
    group: &GroupAnswer,
    of_topic: &[Position<'_>],
    members: &Members,
    logs: &Logs<'_>,
) {
    let Some(topic) = of_topic.first().map(|position| position.topic) else { return };
    let at = snapshot.group_topics.len() as u32;
    let first = snapshot.positions.len();
    let commits = commits_on(group, topic);
    for position in of_topic {
        let mut row = PositionRow {
            group_topic: at,
            partition: position.partition,
            log: logs.row(topic, position.partition),
            member: position.member.and_then(|one| members.get(&std::ptr::from_ref(one)).copied()),
            commit: commit(group, commits, position.partition),
            lag_seconds: f64::NAN,
        };
        if let (Some(_), Some(age)) = (snapshot.lag(&row), position.standing.lag_time) {
            row.lag_seconds = age.known_seconds().unwrap_or(f64::NAN);
        }
        snapshot.positions.push(row);
    }
    if commits.is_some() {
        add_never_committed(snapshot, at, topic, of_topic, logs);
    }
    snapshot.positions[first..].sort_unstable_by_key(|row| row.partition);
    let row = group_topic_row(snapshot, group_at, group, of_topic, first);
    snapshot.group_topics.push(row);
}

/// The partitions of a topic that a group neither holds nor committed to, though it did on others.
fn add_never_committed(
    snapshot: &mut Snapshot,
    at: u32,
    topic: &str,
    of_topic: &[Position<'_>],
    logs: &Logs<'_>,
) {
    for partition in logs.partitions(topic) {
        let known = of_topic.binary_search_by_key(&partition.index, |one| one.partition);
        if known.is_err() {
            snapshot.positions.push(PositionRow {
                group_topic: at,
                partition: partition.index,
                log: logs.row(topic, partition.index),
                member: None,
                commit: Commit::Never,
                lag_seconds: f64::NAN,
            });
        }
    }
}

fn group_topic_row(
    snapshot: &Snapshot,
    group_at: u32,
    group: &GroupAnswer,
    of_topic: &[Position<'_>],
    first: usize,
) -> GroupTopicRow {
    let rows = &snapshot.positions[first..];
    let commits = || rows.iter().filter_map(|row| row.commit.offset());
    let is_told = rows.iter().all(|row| row.commit != Commit::Unknown) && commits().count() > 0;
    let holders = of_topic.iter().filter_map(|position| position.member.map(std::ptr::from_ref));
    let mut distinct: Vec<*const GroupMember> = holders.clone().collect();
    distinct.sort_unstable();
    distinct.dedup();
    let assignments_known = assignments_known(group);
    let known = |count: usize| assignments_known.then(|| u32::try_from(count).ok()).flatten();
    GroupTopicRow {
        group: group_at,
        topic: of_topic.first().map(|one| Label::of(one.topic)).unwrap_or_default(),
        member_count: known(distinct.len()),
        assigned_count: known(holders.count()),
        commit_count: commits().count() as u32,
        offset_sum: is_told.then(|| commits().fold(0, i64::saturating_add)),
        lag_sum: lags(snapshot, rows).map(|lags| lags.into_iter().fold(0, i64::saturating_add)),
    }
}

fn group_row(snapshot: &Snapshot, group: &GroupAnswer, first_position: usize) -> GroupRow {
    let description = group.description.as_ref();
    let rows = &snapshot.positions[first_position..];
    let lags = lags(snapshot, rows);
    let ages = rows.iter().map(|row| row.lag_seconds).filter(|age| age.is_finite());
    let lag_seconds_max = lags.as_ref().and_then(|_| ages.max_by(f64::total_cmp));
    let empty = |members: &[GroupMember]| {
        let holds = |member: &GroupMember| member.assignment.iter().flatten().next().is_some();
        members.iter().filter(|member| !holds(member)).count() as u32
    };
    let known = description.filter(|_| assignments_known(group));
    GroupRow {
        name: Label::of(&group.group),
        state: group.state.as_ref().map(Label::of).unwrap_or_default(),
        protocol: description.map(|it| Label::of(&it.assignor)).unwrap_or_default(),
        protocol_type: protocol_type(group),
        coordinator: group.coordinator.0,
        member_count: description.and_then(|it| u32::try_from(it.members.len()).ok()),
        empty_member_count: known.map(|it| empty(&it.members)),
        lag_max: lags.as_ref().and_then(|lags| lags.iter().max().copied()),
        lag_sum: lags.map(|lags| lags.into_iter().fold(0, i64::saturating_add)),
        lag_seconds_max,
    }
}

/// The lag of each commit; `None` without any, or when one is not known. A commit to a topic that
/// is gone has none and does not count.
fn lags(snapshot: &Snapshot, rows: &[PositionRow]) -> Option<Vec<i64>> {
    let is_counted = |row: &&PositionRow| match row.commit {
        Commit::At(_) => row.log.is_some(),
        Commit::Never => false,
        Commit::Unknown => true,
    };
    let lags: Option<Vec<i64>> =
        rows.iter().filter(is_counted).map(|row| snapshot.lag(row)).collect();
    lags.filter(|lags| !lags.is_empty())
}

/// Members of other protocols than the consumer's have assignments that are not partitions.
fn assignments_known(group: &GroupAnswer) -> bool {
    let description = group.description.as_ref();
    description.is_some_and(|it| it.members.iter().all(|member| member.assignment.is_some()))
}

/// Exporters know offsets that are committed: those of a share group are none, and end less offset
/// is not its lag.
fn commits(group: &GroupAnswer) -> Option<&Vec<TopicCommits>> {
    group.commits.as_ref().filter(|_| group.group_type != GroupType::Share)
}

fn commits_on<'a>(group: &'a GroupAnswer, topic: &str) -> Option<&'a TopicCommits> {
    let commits = commits(group)?;
    commits.get(commits.binary_search_by(|one| (*one.topic).cmp(topic)).ok()?)
}

fn commit(group: &GroupAnswer, on_topic: Option<&TopicCommits>, partition: i32) -> Commit {
    let on = on_topic.map(|it| &it.partitions);
    let at = on.and_then(|on| on.binary_search_by_key(&partition, |one| one.partition).ok());
    match on.zip(at).map(|(on, at)| &on[at].offset) {
        Some(Ok(offset)) => Commit::At(offset.0),
        Some(Err(_)) => Commit::Unknown,
        None if commits(group).is_some() => Commit::Never,
        None => Commit::Unknown,
    }
}

/// What the members speak: `consumer` for all that have positions, other words for Connect and the
/// like, which classic groups alone can be.
fn protocol_type(group: &GroupAnswer) -> Label {
    match group.group_type {
        GroupType::Classic => Label::of(&group.protocol_type),
        _ => Label::from(super::type_name(&group.group_type)),
    }
}

#[cfg(test)]
mod tests;
