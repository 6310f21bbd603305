//! Log directories: what each broker keeps on which disk, and how much room is left there.

use std::sync::Arc;

use kafka_protocol::messages::{
    DescribeLogDirsRequest, TopicName,
    describe_log_dirs_request::DescribableLogDirTopic,
    describe_log_dirs_response::{
        DescribeLogDirsPartition, DescribeLogDirsResponse, DescribeLogDirsResult,
        DescribeLogDirsTopic,
    },
};

use crate::{
    Api, Arriving, BrokerAddress, BrokerId, Client, ClusterMetadata, Error, KafkaCode,
    TopicPartitions, pieces, wire,
};

/// The log directories of one broker.
#[derive(Debug, Clone)]
pub struct BrokerLogDirs {
    pub broker: BrokerId,
    /// Never empty. Without Describe on the cluster a code with [`Error::is_denied`].
    pub dirs: Result<Vec<LogDir>, Error>,
}

/// One directory of a broker's `log.dirs`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogDir {
    pub path: Arc<str>,
    /// Such as KAFKA_STORAGE_ERROR: the disk is offline, and nothing else is known of it.
    pub error: Option<KafkaCode>,
    /// Of the volume the directory is on; absent before Kafka 3.3 (KIP-827).
    pub total_bytes: Option<u64>,
    /// Still free there for the broker; absent before Kafka 3.3.
    pub usable_bytes: Option<u64>,
    pub topics: Vec<TopicReplicas>,
}

/// The replicas of one topic in one directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicReplicas {
    pub topic: Arc<str>,
    pub replicas: Vec<ReplicaSize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplicaSize {
    pub partition: i32,
    /// Of all its segments.
    pub size_bytes: u64,
    /// How far it is behind the high watermark, or a future replica behind the current one;
    /// in messages.
    pub lag_messages: i64,
    /// Being copied here from another directory of the same broker, to take its place.
    pub is_future: bool,
}

impl Client {
    /// Asks every broker about all its directories: one request a broker, in parallel. One whose
    /// answer is too large is asked again topic by topic, many at once. Costly for brokers with
    /// many partitions: ask seldom.
    ///
    /// # Errors
    /// Only when no broker is known and none can be found; a broker that fails is an `Err` in its
    /// own entry.
    pub async fn log_dirs_arriving(&self) -> Result<Arriving<BrokerLogDirs>, Error> {
        let metadata = self.known_metadata().await?;
        Ok(Arriving::of(metadata.brokers.iter().map(|broker| {
            let (client, id, metadata) = (self.clone(), broker.id, Arc::clone(&metadata));
            async move {
                BrokerLogDirs { broker: id, dirs: client.all_log_dirs_of(id, &metadata).await }
            }
        })))
    }

    /// As [`Client::log_dirs_arriving`], all at once and by broker.
    ///
    /// # Errors
    /// As [`Client::log_dirs_arriving`].
    pub async fn describe_log_dirs(&self) -> Result<Vec<BrokerLogDirs>, Error> {
        let (mut arriving, mut brokers) = (self.log_dirs_arriving().await?, Vec::new());
        while let Some(broker) = arriving.next().await {
            brokers.push(broker);
        }
        brokers.sort_unstable_by_key(|broker| broker.broker);
        Ok(brokers)
    }

    /// In pieces where the whole is too large, or was the last time. That it is too large stands
    /// when there is nothing to ask about one by one.
    async fn all_log_dirs_of(
        &self,
        broker: BrokerId,
        metadata: &ClusterMetadata,
    ) -> Result<Vec<LogDir>, Error> {
        if !self.rooms().is_limited(question(broker)) {
            let topics = match self.log_dirs_of(broker, None).await {
                Err(error @ Error::ResponseTooLarge { .. }) => {
                    let topics = replicas_on(broker, metadata);
                    if topics.is_empty() {
                        return Err(error);
                    }
                    topics
                }
                answer => return answer,
            };
            self.rooms().learn(question(broker), topics.len() / 2);
            return self.log_dirs_in_pieces(broker, &topics).await;
        }
        self.log_dirs_in_pieces(broker, &replicas_on(broker, metadata)).await
    }

    async fn log_dirs_in_pieces(
        &self,
        broker: BrokerId,
        topics: &[TopicPartitions],
    ) -> Result<Vec<LogDir>, Error> {
        let ask = |piece: Vec<TopicPartitions>| async move {
            let dirs = self.log_dirs_of(broker, Some(&piece)).await?;
            // A piece has one answer; it stands for its first topic.
            let rest = std::iter::repeat_n(Ok(Vec::new()), piece.len().saturating_sub(1));
            Ok(std::iter::once(Ok(dirs)).chain(rest).collect())
        };
        let mut merged = Vec::new();
        for answer in self.in_pieces(question(broker), topics, ask).await {
            merge(&mut merged, answer?);
        }
        Ok(merged)
    }

    async fn log_dirs_of(
        &self,
        broker: BrokerId,
        topics: Option<&[TopicPartitions]>,
    ) -> Result<Vec<LogDir>, Error> {
        let request = |_| {
            let topics = topics.map(|topics| topics.iter().map(named).collect());
            DescribeLogDirsRequest::default().with_topics(topics)
        };
        self.call_broker(broker, 1, request).await.and_then(log_dirs)
    }
}

fn question(broker: BrokerId) -> pieces::Question {
    (Api::DescribeLogDirs, Some(broker))
}

fn named(topic: &TopicPartitions) -> DescribableLogDirTopic {
    DescribableLogDirTopic::default()
        .with_topic(TopicName(wire::str_bytes(&topic.topic)))
        .with_partitions(topic.partitions.clone())
}

/// What the broker should have, by the metadata.
fn replicas_on(broker: BrokerId, metadata: &ClusterMetadata) -> Vec<TopicPartitions> {
    let of_topic = |topic: &crate::Topic| {
        let here = topic.partitions.iter().filter(|it| it.replicas.contains(&broker));
        let partitions: Vec<_> = here.map(|it| it.index).collect();
        (!partitions.is_empty())
            .then(|| TopicPartitions { topic: Arc::clone(&topic.name), partitions })
    };
    metadata.topics.iter().filter_map(of_topic).collect()
}

fn merge(dirs: &mut Vec<LogDir>, more: Vec<LogDir>) {
    for dir in more {
        match dirs.iter_mut().find(|known| known.path == dir.path) {
            Some(known) => known.topics.extend(dir.topics),
            None => dirs.push(dir),
        }
    }
}

/// A broker has a directory as long as it lives. Those before Kafka 3.2 have no code for the whole
/// answer: whom they deny it they tell of none.
fn log_dirs(
    (address, answer): (BrokerAddress, DescribeLogDirsResponse),
) -> Result<Vec<LogDir>, Error> {
    let refused = |code, why| Err(Error::broker(&address, Api::DescribeLogDirs, code, why));
    match KafkaCode::from_answer(answer.error_code) {
        Some(code) => refused(code, None),
        None if answer.results.is_empty() => {
            let why = "it told of no directory, as Kafka before 3.2 does without the right";
            refused(KafkaCode::CLUSTER_AUTHORIZATION_FAILED, Some(Arc::from(why)))
        }
        None => Ok(answer.results.into_iter().map(log_dir).collect()),
    }
}

fn log_dir(answer: DescribeLogDirsResult) -> LogDir {
    LogDir {
        path: wire::text(&answer.log_dir),
        error: KafkaCode::from_answer(answer.error_code),
        total_bytes: u64::try_from(answer.total_bytes).ok(),
        usable_bytes: u64::try_from(answer.usable_bytes).ok(),
        topics: answer.topics.into_iter().map(topic_replicas).collect(),
    }
}

fn topic_replicas(answer: DescribeLogDirsTopic) -> TopicReplicas {
    TopicReplicas {
        topic: wire::text(&answer.name.0),
        replicas: answer.partitions.into_iter().map(replica_size).collect(),
    }
}

fn replica_size(answer: DescribeLogDirsPartition) -> ReplicaSize {
    ReplicaSize {
        partition: answer.partition_index,
        size_bytes: u64::try_from(answer.partition_size).unwrap_or(0),
        lag_messages: answer.offset_lag,
        is_future: answer.is_future_key,
    }
}

#[cfg(test)]
mod tests;
