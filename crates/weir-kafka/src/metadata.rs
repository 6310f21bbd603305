//! Brokers, topics and partitions: the Metadata request, and who leads what.

mod answer;

use std::{fmt, sync::Arc};

use kafka_protocol::messages::MetadataRequest;

use crate::{Api, BrokerAddress, Client, Error, KafkaCode};

pub(crate) use answer::MetadataAnswer;

/// The first version that can ask without creating topics.
const FLOOR: i16 = 4;

/// A broker's id within its cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BrokerId(pub i32);

/// The whole cluster as one broker saw it. Equal lists of brokers are one list: there are few of
/// them, and there may be a million partitions.
#[derive(Debug, Clone, PartialEq)]
pub struct ClusterMetadata {
    pub cluster_id: Option<Arc<str>>,
    /// On KRaft any live broker, not the active controller: see [`Client::describe_quorum`].
    pub controller_id: Option<BrokerId>,
    /// By id.
    pub brokers: Vec<Broker>,
    /// By name. Topics we may not describe are left out by the broker.
    pub topics: Vec<Topic>,
}

/// A live broker and the listener it advertises to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broker {
    pub id: BrokerId,
    pub address: BrokerAddress,
    pub rack: Option<Arc<str>>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    pub name: Arc<str>,
    /// 128 bits as Kafka numbers them (KIP-516); absent before Kafka 2.8.
    pub id: Option<u128>,
    pub is_internal: bool,
    /// By index.
    pub partitions: Vec<Partition>,
    /// Why the broker could not describe the topic.
    pub error: Option<KafkaCode>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Partition {
    pub index: i32,
    /// `None`: the partition is offline.
    pub leader: Option<BrokerId>,
    /// Absent before Kafka 2.1.
    pub leader_epoch: Option<i32>,
    /// In order of preference: the first is the preferred leader.
    pub replicas: Arc<[BrokerId]>,
    pub isr: Arc<[BrokerId]>,
    pub offline_replicas: Arc<[BrokerId]>,
    /// Such as LEADER_NOT_AVAILABLE; the other fields hold nevertheless.
    pub error: Option<KafkaCode>,
}

impl Client {
    /// Asks for all topics, never creating one, and remembers the answer: the other calls take
    /// brokers and leaders from it. One request, to any broker that answers.
    pub async fn metadata(&self) -> Result<Arc<ClusterMetadata>, Error> {
        let all_topics =
            |_| MetadataRequest::default().with_topics(None).with_allow_auto_topic_creation(false);
        let (address, answer) = self.call_any(FLOOR, all_topics).await?;
        if let Some(code) = answer.error {
            return Err(Error::broker(&address, Api::Metadata, code, None));
        }
        if !answer.names_brokers {
            return Err(Error::NoBrokers { address });
        }
        let metadata = Arc::new(answer.metadata);
        self.remember(&metadata);
        Ok(metadata)
    }
}

impl ClusterMetadata {
    pub fn broker(&self, id: BrokerId) -> Option<&Broker> {
        let at = self.brokers.binary_search_by_key(&id, |broker| broker.id).ok()?;
        self.brokers.get(at)
    }

    pub fn topic(&self, name: &str) -> Option<&Topic> {
        let at = self.topics.binary_search_by(|topic| (*topic.name).cmp(name)).ok()?;
        self.topics.get(at)
    }
}

impl Topic {
    /// Numbers have no gaps as a rule, so that a partition is where its number says.
    pub fn partition(&self, index: i32) -> Option<&Partition> {
        let likely = self.partitions.get(usize::try_from(index).ok()?);
        likely.filter(|partition| partition.index == index).or_else(|| {
            let by_index = |partition: &Partition| partition.index;
            let at = self.partitions.binary_search_by_key(&index, by_index).ok()?;
            self.partitions.get(at)
        })
    }
}

impl fmt::Display for BrokerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Kafka writes -1 for "none".
pub(crate) fn known_id(id: i32) -> Option<BrokerId> {
    (id >= 0).then_some(BrokerId(id))
}
