//! OffsetFetch: what groups have committed.

use kafka_protocol::messages::offset_fetch_request::OffsetFetchRequestGroup;
use kafka_protocol::messages::offset_fetch_response::{
    OffsetFetchResponseGroup, OffsetFetchResponsePartition, OffsetFetchResponsePartitions,
    OffsetFetchResponseTopic, OffsetFetchResponseTopics,
};
use kafka_protocol::messages::{OffsetFetchRequest, OffsetFetchResponse, TopicName};
use kafka_protocol::protocol::StrBytes;

use super::{Broker, code, topic_name};
use crate::plan::GroupKind;

/// The first version with many groups (KIP-709).
const MANY_GROUPS: i16 = 8;
/// The first one that can name a group's error.
const WITH_ERROR: i16 = 2;
const WITH_EPOCH: i16 = 5;

/// One partition and what is committed there; `None` where nothing is.
struct Commit {
    partition: i32,
    offset: Option<i64>,
    leader_epoch: i32,
    error: i16,
}

type Wanted<'a> = Option<Vec<(&'a TopicName, &'a [i32])>>;
type Commits = Vec<(TopicName, Vec<Commit>)>;

impl Broker<'_> {
    pub(super) fn offset_fetch(
        &self,
        request: &OffsetFetchRequest,
        version: i16,
    ) -> OffsetFetchResponse {
        if version >= MANY_GROUPS {
            let groups = request.groups.iter().map(|group| self.group_offsets(group)).collect();
            return OffsetFetchResponse::default().with_groups(groups);
        }
        let wanted = request.topics.as_ref().map(|topics| {
            topics.iter().map(|topic| (&topic.name, &topic.partition_indexes[..])).collect()
        });
        match self.commits(&request.group_id, &wanted) {
            Err(code) if version >= WITH_ERROR => {
                OffsetFetchResponse::default().with_error_code(code)
            }
            Err(_) => OffsetFetchResponse::default(),
            Ok(commits) => OffsetFetchResponse::default().with_topics(single(commits, version)),
        }
    }

    fn group_offsets(&self, asked: &OffsetFetchRequestGroup) -> OffsetFetchResponseGroup {
        let wanted = asked.topics.as_ref().map(|topics| {
            topics.iter().map(|topic| (&topic.name, &topic.partition_indexes[..])).collect()
        });
        let answer = OffsetFetchResponseGroup::default().with_group_id(asked.group_id.clone());
        match self.commits(&asked.group_id, &wanted) {
            Err(code) => answer.with_error_code(code),
            Ok(commits) => answer.with_topics(many(commits)),
        }
    }

    /// A group nobody has heard of has committed nothing, which is no error.
    fn commits(&self, group: &str, wanted: &Wanted<'_>) -> Result<Commits, i16> {
        let found = self.coordinated_here(group)?;
        let commits_here = found.filter(|at| {
            // Share groups keep their positions elsewhere (KIP-932).
            self.moment.world.groups[*at].plan.kind != GroupKind::Share
        });
        match (wanted, commits_here) {
            (None, None) => Ok(Vec::new()),
            (None, Some(group)) => Ok(self.all_commits(group)),
            (Some(wanted), group) => Ok(wanted
                .iter()
                .map(|(topic, asked)| self.some_commits(group, topic, asked))
                .collect()),
        }
    }

    /// Topics that may not be described are left out without a word.
    fn all_commits(&self, group: usize) -> Commits {
        let world = self.moment.world;
        let topics = world.groups[group].topics.iter().copied();
        let visible = topics.filter(|topic| self.sees_topic(&world.topics[*topic].plan.name));
        let topic = |topic: usize| {
            let partitions = 0..world.topics[topic].plan.partitions;
            let commits = partitions.map(|partition| self.commit(group, topic, partition));
            (topic_name(&world.topics[topic].plan.name), commits.collect())
        };
        visible.map(topic).collect()
    }

    fn some_commits(
        &self,
        group: Option<usize>,
        name: &TopicName,
        asked: &[i32],
    ) -> (TopicName, Vec<Commit>) {
        let world = self.moment.world;
        let none = |partition, error| Commit { partition, offset: None, leader_epoch: -1, error };
        let topic = world.topic_index(name);
        let denied =
            if self.sees_topic(name) { code::NONE } else { code::TOPIC_AUTHORIZATION_FAILED };
        let commit = |&partition: &i32| match (group, topic) {
            _ if denied != code::NONE => none(partition, denied),
            (Some(group), Some(topic))
                if world.groups[group].topics.contains(&topic)
                    && world.topics[topic].has(partition) =>
            {
                self.commit(group, topic, partition)
            }
            _ => none(partition, code::NONE),
        };
        (name.clone(), asked.iter().map(commit).collect())
    }

    fn commit(&self, group: usize, topic: usize, partition: i32) -> Commit {
        Commit {
            partition,
            offset: Some(self.moment.world.committed(group, topic, partition, self.moment.at)),
            leader_epoch: self.moment.leader_epoch(topic, partition),
            error: code::NONE,
        }
    }
}

fn many(commits: Commits) -> Vec<OffsetFetchResponseTopics> {
    let partition = |commit: Commit| {
        OffsetFetchResponsePartitions::default()
            .with_partition_index(commit.partition)
            .with_committed_offset(commit.offset.unwrap_or(-1))
            .with_committed_leader_epoch(commit.leader_epoch)
            .with_metadata(Some(StrBytes::default()))
            .with_error_code(commit.error)
    };
    let topic = |(name, commits): (TopicName, Vec<Commit>)| {
        OffsetFetchResponseTopics::default()
            .with_name(name)
            .with_partitions(commits.into_iter().map(partition).collect())
    };
    commits.into_iter().map(topic).collect()
}

fn single(commits: Commits, version: i16) -> Vec<OffsetFetchResponseTopic> {
    let partition = |commit: Commit| {
        let epoch = if version >= WITH_EPOCH { commit.leader_epoch } else { -1 };
        OffsetFetchResponsePartition::default()
            .with_partition_index(commit.partition)
            .with_committed_offset(commit.offset.unwrap_or(-1))
            .with_committed_leader_epoch(epoch)
            .with_metadata(Some(StrBytes::default()))
            .with_error_code(commit.error)
    };
    let topic = |(name, commits): (TopicName, Vec<Commit>)| {
        OffsetFetchResponseTopic::default()
            .with_name(name)
            .with_partitions(commits.into_iter().map(partition).collect())
    };
    commits.into_iter().map(topic).collect()
}
