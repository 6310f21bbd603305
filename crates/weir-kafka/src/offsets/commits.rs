//! The OffsetFetch request: what many groups have committed, asked of their coordinators.

use std::sync::Arc;

use kafka_protocol::messages::{
    GroupId, OffsetFetchRequest, OffsetFetchResponse,
    offset_fetch_request::OffsetFetchRequestGroup, offset_fetch_response::*,
};

use super::{CommittedOffset, GroupOffsets, Offset, TopicCommits};
use crate::{Api, BrokerAddress, BrokerId, Client, Error, GroupAt, KafkaCode, fan_out, wire};

/// The first version that can ask for all topics of a group.
const FLOOR: i16 = 2;
/// The first version that can ask for many groups (KIP-709, Kafka 3.0).
const MANY_GROUPS: i16 = 8;

type Commits = Result<Vec<TopicCommits>, Error>;

impl Client {
    /// All committed offsets of the groups, in the order given. One request a coordinator from
    /// Kafka 3.0 on (KIP-709), split when large; one a group before that.
    ///
    /// When [`Error::is_retryable`] the coordinator is moving or loading: list the groups again.
    pub async fn fetch_offsets(&self, groups: &[GroupAt]) -> Vec<GroupOffsets> {
        let answers = self.by_coordinator(Api::OffsetFetch, groups, commits).await;
        let named = groups.iter().cloned().zip(answers);
        named.map(|(group, offsets)| GroupOffsets { group, offsets }).collect()
    }
}

async fn commits(
    client: Client,
    coordinator: BrokerId,
    groups: Vec<Arc<str>>,
) -> Result<Vec<Commits>, Error> {
    let versions = client.api_versions(coordinator).await?;
    match versions.range(Api::OffsetFetch) {
        Some((_, highest)) if highest < MANY_GROUPS => {
            Ok(one_by_one(&client, coordinator, groups).await)
        }
        _ => together(&client, coordinator, groups).await,
    }
}

async fn together(
    client: &Client,
    coordinator: BrokerId,
    groups: Vec<Arc<str>>,
) -> Result<Vec<Commits>, Error> {
    let question = |group: &Arc<str>| {
        OffsetFetchRequestGroup::default()
            .with_group_id(GroupId(wire::str_bytes(group)))
            .with_topics(None)
    };
    let request =
        |_| OffsetFetchRequest::default().with_groups(groups.iter().map(question).collect());
    let (address, answer) = client.call_broker(coordinator, MANY_GROUPS, request).await?;
    let named = |group: OffsetFetchResponseGroup| {
        (wire::text(&group.group_id.0), group_commits(&address, group))
    };
    let answered = answer.groups.into_iter().map(named).collect();
    let missing = Error::Missing { address: address.clone(), api: Api::OffsetFetch };
    Ok(fan_out::in_order(&groups, answered, &missing))
}

/// As many at once as a connection carries.
async fn one_by_one(client: &Client, coordinator: BrokerId, groups: Vec<Arc<str>>) -> Vec<Commits> {
    let mut answers = Vec::with_capacity(groups.len());
    for wave in groups.chunks(client.options().max_in_flight.max(1)) {
        let questions = wave.iter().map(|group| {
            let (client, group) = (client.clone(), Arc::clone(group));
            async move { single(&client, coordinator, &group).await }
        });
        answers.extend(fan_out::all(questions).await);
    }
    answers
}

async fn single(client: &Client, coordinator: BrokerId, group: &str) -> Commits {
    let request = |_| {
        OffsetFetchRequest::default()
            .with_group_id(GroupId(wire::str_bytes(group)))
            .with_topics(None)
    };
    let (address, answer) = client.call_broker(coordinator, FLOOR, request).await?;
    single_commits(&address, answer)
}

fn group_commits(address: &BrokerAddress, group: OffsetFetchResponseGroup) -> Commits {
    accept(address, group.error_code)?;
    let topic = |topic: OffsetFetchResponseTopics| {
        let partitions = topic.partitions.iter().filter_map(|one| {
            let epoch = one.committed_leader_epoch;
            committed(address, one.partition_index, one.committed_offset, epoch, one.error_code)
        });
        by_index(wire::text(&topic.name.0), partitions.collect())
    };
    Ok(by_name(group.topics.into_iter().map(topic).collect()))
}

fn single_commits(address: &BrokerAddress, answer: OffsetFetchResponse) -> Commits {
    accept(address, answer.error_code)?;
    let topic = |topic: OffsetFetchResponseTopic| {
        let partitions = topic.partitions.iter().filter_map(|one| {
            let epoch = one.committed_leader_epoch;
            committed(address, one.partition_index, one.committed_offset, epoch, one.error_code)
        });
        by_index(wire::text(&topic.name.0), partitions.collect())
    };
    Ok(by_name(answer.topics.into_iter().map(topic).collect()))
}

fn accept(address: &BrokerAddress, code: i16) -> Result<(), Error> {
    match KafkaCode::from_answer(code) {
        None => Ok(()),
        Some(code) => Err(Error::broker(address, Api::OffsetFetch, code, None)),
    }
}

/// `None` where nothing is committed, which Kafka writes as -1.
fn committed(
    address: &BrokerAddress,
    partition: i32,
    offset: i64,
    leader_epoch: i32,
    code: i16,
) -> Option<CommittedOffset> {
    let offset = accept(address, code).map(|()| Offset(offset)).map_err(Arc::new);
    if matches!(offset, Ok(Offset(position)) if position < 0) {
        return None;
    }
    let leader_epoch = Some(leader_epoch).filter(|epoch| *epoch >= 0);
    Some(CommittedOffset { partition, offset, leader_epoch, lag_messages: None })
}

fn by_index(topic: Arc<str>, mut partitions: Vec<CommittedOffset>) -> TopicCommits {
    partitions.sort_unstable_by_key(|one| one.partition);
    TopicCommits { topic, partitions }
}

fn by_name(mut topics: Vec<TopicCommits>) -> Vec<TopicCommits> {
    topics.retain(|topic| !topic.partitions.is_empty());
    topics.sort_unstable_by(|one, other| one.topic.cmp(&other.topic));
    topics
}
