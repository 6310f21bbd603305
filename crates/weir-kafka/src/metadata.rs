//! Brokers, topics and partitions: the Metadata request, and who leads what.

use std::{fmt, sync::Arc};

use kafka_protocol::messages::{
    MetadataRequest, MetadataResponse,
    metadata_response::{MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic},
};

use crate::{Api, BrokerAddress, Client, Error, KafkaCode, wire};

/// The first version that can ask without creating topics.
const FLOOR: i16 = 4;

/// A broker's id within its cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BrokerId(pub i32);

/// The whole cluster as one broker saw it.
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
    pub replicas: Vec<BrokerId>,
    pub isr: Vec<BrokerId>,
    pub offline_replicas: Vec<BrokerId>,
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
        if let Some(code) = KafkaCode::from_answer(answer.error_code) {
            return Err(Error::broker(&address, Api::Metadata, code, None));
        }
        if answer.brokers.is_empty() {
            return Err(Error::NoBrokers { address });
        }
        let metadata = Arc::new(ClusterMetadata::from_answer(answer));
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

    fn from_answer(answer: MetadataResponse) -> Self {
        let mut brokers: Vec<_> = answer.brokers.into_iter().filter_map(broker).collect();
        brokers.sort_unstable_by_key(|broker| broker.id);
        let mut topics: Vec<_> = answer.topics.into_iter().filter_map(topic).collect();
        topics.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Self {
            cluster_id: answer.cluster_id.as_ref().map(wire::text),
            controller_id: known_id(answer.controller_id.0),
            brokers,
            topics,
        }
    }
}

impl Topic {
    pub fn partition(&self, index: i32) -> Option<&Partition> {
        let at = self.partitions.binary_search_by_key(&index, |partition| partition.index).ok()?;
        self.partitions.get(at)
    }
}

impl fmt::Display for BrokerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// `None` for a port no broker can have: there would be no way to it.
fn broker(answer: MetadataResponseBroker) -> Option<Broker> {
    let port = u16::try_from(answer.port).ok()?;
    Some(Broker {
        id: BrokerId(answer.node_id.0),
        address: BrokerAddress::new(answer.host.as_str(), port),
        rack: answer.rack.as_ref().map(wire::text),
    })
}

/// `None` without a name, which only answers to questions by id leave out.
fn topic(answer: MetadataResponseTopic) -> Option<Topic> {
    let mut partitions: Vec<_> = answer.partitions.into_iter().map(partition).collect();
    partitions.sort_unstable_by_key(|partition| partition.index);
    Some(Topic {
        name: wire::text(&answer.name?.0),
        id: Some(answer.topic_id.as_u128()).filter(|id| *id != 0),
        is_internal: answer.is_internal,
        partitions,
        error: KafkaCode::from_answer(answer.error_code),
    })
}

fn partition(answer: MetadataResponsePartition) -> Partition {
    let ids = |nodes: Vec<kafka_protocol::messages::BrokerId>| {
        nodes.into_iter().map(|node| BrokerId(node.0)).collect()
    };
    Partition {
        index: answer.partition_index,
        leader: known_id(answer.leader_id.0),
        leader_epoch: Some(answer.leader_epoch).filter(|epoch| *epoch >= 0),
        replicas: ids(answer.replica_nodes),
        isr: ids(answer.isr_nodes),
        offline_replicas: ids(answer.offline_replicas),
        error: KafkaCode::from_answer(answer.error_code),
    }
}

/// Kafka writes -1 for "none".
pub(crate) fn known_id(id: i32) -> Option<BrokerId> {
    (id >= 0).then_some(BrokerId(id))
}
