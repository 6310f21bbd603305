//! The ListOffsets request: one offset of each of many partitions, asked of their leaders.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use kafka_protocol::messages::{
    BrokerId as WireBrokerId, ListOffsetsRequest, ListOffsetsResponse, TopicName,
    list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic},
    list_offsets_response::ListOffsetsPartitionResponse,
};

use super::{Offset, OffsetSpec, PartitionOffset, TopicOffsets};
use crate::{
    Api, BrokerAddress, BrokerId, Client, ClusterMetadata, Error, KafkaCode, TopicPartitions,
    fan_out, wire,
};

/// Where version 0 could name many offsets, later ones name one.
const FLOOR: i16 = 1;
/// The first version that knows the latest timestamp (KIP-734).
const MAX_TIMESTAMP: i16 = 7;
/// What a consumer calls itself among replicas.
const NO_REPLICA: WireBrokerId = WireBrokerId(-1);

type Answers = HashMap<(Arc<str>, i32), Result<Found, Error>>;

#[derive(Debug, Clone, Copy)]
struct Found {
    offset: Offset,
    timestamp_ms: Option<i64>,
}

impl Client {
    /// One offset of each partition named, in the order given: one request a leader, in parallel.
    /// Leaders come from the last [`Client::metadata`]; when one of them has moved, metadata is
    /// refreshed and the partitions concerned are asked once more.
    pub async fn list_offsets(
        &self,
        spec: OffsetSpec,
        partitions: &[TopicPartitions],
    ) -> Vec<TopicOffsets> {
        let mut answers = Answers::new();
        match self.known_metadata().await {
            Err(error) => refuse(partitions, &error, &mut answers),
            Ok(metadata) => {
                self.ask_leaders(spec, partitions, &metadata, &mut answers).await;
                self.ask_moved(spec, partitions, &metadata, &mut answers).await;
            }
        }
        partitions.iter().map(|topic| collected(topic, &answers)).collect()
    }

    async fn ask_leaders(
        &self,
        spec: OffsetSpec,
        partitions: &[TopicPartitions],
        metadata: &ClusterMetadata,
        answers: &mut Answers,
    ) {
        let by_leader = by_leader(partitions, metadata, answers);
        let questions = by_leader.into_iter().map(|(leader, topics)| {
            let client = self.clone();
            async move { client.ends_of(leader, spec, topics).await }
        });
        answers.extend(fan_out::all(questions).await.into_iter().flatten());
    }

    /// Asks again for what has another leader by now than the one that failed.
    async fn ask_moved(
        &self,
        spec: OffsetSpec,
        partitions: &[TopicPartitions],
        before: &ClusterMetadata,
        answers: &mut Answers,
    ) {
        let failed = select(partitions, |topic, partition| {
            let answer = answers.get(&(Arc::clone(topic), partition));
            answer.and_then(|answer| answer.as_ref().err()).is_some_and(may_have_moved)
        });
        if failed.is_empty() {
            return;
        }
        let Ok(now) = self.metadata().await else { return };
        let moved = select(&failed, |topic, partition| {
            let leader = |seen: &ClusterMetadata| leader_of(seen, topic, partition).ok();
            let asked_wrongly = answers
                .get(&(Arc::clone(topic), partition))
                .is_some_and(|answer| matches!(answer, Err(Error::Broker { .. })));
            leader(&now).is_some() && (asked_wrongly || leader(&now) != leader(before))
        });
        self.ask_leaders(spec, &moved, &now, answers).await;
    }

    async fn ends_of(
        &self,
        leader: BrokerId,
        spec: OffsetSpec,
        topics: Vec<TopicPartitions>,
    ) -> Answers {
        let timeout = self.options().request_timeout.as_millis();
        let timeout_ms = i32::try_from(timeout).unwrap_or(i32::MAX);
        let request = |version: i16| {
            let request = ListOffsetsRequest::default()
                .with_replica_id(NO_REPLICA)
                .with_topics(topics.iter().map(|topic| question(topic, spec)).collect());
            if version < 10 { request } else { request.with_timeout_ms(timeout_ms) }
        };
        let mut answers = Answers::new();
        match self.call_broker(leader, floor(spec), request).await {
            Err(error) => refuse(&topics, &error, &mut answers),
            Ok((address, answer)) => {
                let api = Api::ListOffsets;
                let missing = Error::Missing { address: address.clone(), api };
                refuse(&topics, &missing, &mut answers);
                answers.extend(read(&address, answer));
            }
        }
        answers
    }
}

fn floor(spec: OffsetSpec) -> i16 {
    match spec {
        OffsetSpec::Latest | OffsetSpec::Earliest => FLOOR,
        OffsetSpec::MaxTimestamp => MAX_TIMESTAMP,
    }
}

fn question(topic: &TopicPartitions, spec: OffsetSpec) -> ListOffsetsTopic {
    let timestamp = match spec {
        OffsetSpec::Latest => -1,
        OffsetSpec::Earliest => -2,
        OffsetSpec::MaxTimestamp => -3,
    };
    let partition = |&index: &i32| {
        ListOffsetsPartition::default().with_partition_index(index).with_timestamp(timestamp)
    };
    ListOffsetsTopic::default()
        .with_name(TopicName(wire::str_bytes(&topic.topic)))
        .with_partitions(topic.partitions.iter().map(partition).collect())
}

fn read(address: &BrokerAddress, answer: ListOffsetsResponse) -> Answers {
    let mut answers = Answers::new();
    for topic in answer.topics {
        let name = wire::text(&topic.name.0);
        for partition in topic.partitions {
            let key = (Arc::clone(&name), partition.partition_index);
            answers.insert(key, found(address, &partition));
        }
    }
    answers
}

fn found(address: &BrokerAddress, answer: &ListOffsetsPartitionResponse) -> Result<Found, Error> {
    match KafkaCode::from_answer(answer.error_code) {
        None => Ok(Found {
            offset: Offset(answer.offset),
            timestamp_ms: Some(answer.timestamp).filter(|timestamp| *timestamp >= 0),
        }),
        Some(code) => Err(Error::broker(address, Api::ListOffsets, code, None)),
    }
}

/// Sorts partitions by whom to ask; what has nobody to ask is answered at once.
fn by_leader(
    partitions: &[TopicPartitions],
    metadata: &ClusterMetadata,
    answers: &mut Answers,
) -> BTreeMap<BrokerId, Vec<TopicPartitions>> {
    let mut by_leader: BTreeMap<BrokerId, Vec<TopicPartitions>> = BTreeMap::new();
    for topic in partitions {
        for &partition in &topic.partitions {
            match leader_of(metadata, &topic.topic, partition) {
                Ok(leader) => push(by_leader.entry(leader).or_default(), &topic.topic, partition),
                Err(error) => {
                    answers.insert((Arc::clone(&topic.topic), partition), Err(error));
                }
            }
        }
    }
    by_leader
}

fn leader_of(
    metadata: &ClusterMetadata,
    topic: &Arc<str>,
    partition: i32,
) -> Result<BrokerId, Error> {
    let known = metadata.topic(topic).and_then(|known| known.partition(partition));
    let unknown = || Error::UnknownPartition { topic: Arc::clone(topic), partition };
    let no_leader = || Error::NoLeader { topic: Arc::clone(topic), partition };
    known.ok_or_else(unknown)?.leader.ok_or_else(no_leader)
}

/// A broker no longer leads the partition, or can no longer be asked.
fn may_have_moved(error: &Error) -> bool {
    const UNKNOWN_TOPIC_OR_PARTITION: i16 = 3;
    const LEADER_NOT_AVAILABLE: i16 = 5;
    const NOT_LEADER_OR_FOLLOWER: i16 = 6;
    const KAFKA_STORAGE_ERROR: i16 = 56;
    const FENCED_LEADER_EPOCH: i16 = 74;
    const UNKNOWN_LEADER_EPOCH: i16 = 75;
    match error.code().map(|code| code.0) {
        None => error.is_retryable(),
        Some(code) => matches!(
            code,
            UNKNOWN_TOPIC_OR_PARTITION
                | LEADER_NOT_AVAILABLE
                | NOT_LEADER_OR_FOLLOWER
                | KAFKA_STORAGE_ERROR
                | FENCED_LEADER_EPOCH
                | UNKNOWN_LEADER_EPOCH
        ),
    }
}

fn select(
    partitions: &[TopicPartitions],
    wanted: impl Fn(&Arc<str>, i32) -> bool,
) -> Vec<TopicPartitions> {
    let mut selected = Vec::new();
    for topic in partitions {
        for &partition in topic.partitions.iter().filter(|&&one| wanted(&topic.topic, one)) {
            push(&mut selected, &topic.topic, partition);
        }
    }
    selected
}

/// Adds a partition to the list, which comes topic by topic.
fn push(list: &mut Vec<TopicPartitions>, topic: &Arc<str>, partition: i32) {
    match list.last_mut() {
        Some(last) if last.topic == *topic => last.partitions.push(partition),
        _ => list.push(TopicPartitions { topic: Arc::clone(topic), partitions: vec![partition] }),
    }
}

fn refuse(partitions: &[TopicPartitions], error: &Error, answers: &mut Answers) {
    for topic in partitions {
        for &partition in &topic.partitions {
            answers.insert((Arc::clone(&topic.topic), partition), Err(error.clone()));
        }
    }
}

fn collected(topic: &TopicPartitions, answers: &Answers) -> TopicOffsets {
    let partition = |&partition: &i32| {
        let name = Arc::clone(&topic.topic);
        let unknown = Error::UnknownPartition { topic: Arc::clone(&topic.topic), partition };
        let found = answers.get(&(name, partition)).cloned().unwrap_or(Err(unknown));
        let timestamp_ms = found.as_ref().ok().and_then(|found| found.timestamp_ms);
        PartitionOffset { partition, offset: found.map(|found| found.offset), timestamp_ms }
    };
    let partitions = topic.partitions.iter().map(partition).collect();
    TopicOffsets { topic: Arc::clone(&topic.topic), partitions }
}
