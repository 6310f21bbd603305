//! The Metadata answer, read topic by topic, so that a large cluster never exists as the codec's own
//! structs, several times the size of ours.

use std::{collections::HashSet, sync::Arc};

use bytes::{Buf, TryGetError};
use kafka_protocol::{
    messages::{
        BrokerId as WireBrokerId, MetadataResponse,
        metadata_response::{
            MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
        },
    },
    protocol::{Decodable, HeaderVersion, Message, VersionRange},
};

use super::{Broker, BrokerId, ClusterMetadata, Partition, Topic, known_id};
use crate::{
    BrokerAddress, KafkaCode,
    api::Answer,
    compact::{self, Failure},
    guard::Guarded,
    wire,
};

/// The first version with compact arrays and strings and tagged fields (KIP-482).
const FLEXIBLE: i16 = 9;

#[derive(Debug)]
pub(crate) struct MetadataAnswer {
    pub(crate) metadata: ClusterMetadata,
    /// Whether any broker was listed, be it one without a usable address.
    pub(crate) names_brokers: bool,
    /// Of the whole answer (KIP-1102).
    pub(crate) error: Option<KafkaCode>,
}

/// Lists of brokers, each kept once.
#[derive(Default)]
struct BrokerLists {
    known: HashSet<Arc<[BrokerId]>>,
    /// Of the list looked up last.
    ids: Vec<BrokerId>,
}

impl Message for MetadataAnswer {
    const VERSIONS: VersionRange = MetadataResponse::VERSIONS;
    const DEPRECATED_VERSIONS: Option<VersionRange> = MetadataResponse::DEPRECATED_VERSIONS;
}

impl HeaderVersion for MetadataAnswer {
    fn header_version(version: i16) -> i16 {
        MetadataResponse::header_version(version)
    }
}

impl Answer for MetadataAnswer {
    /// The fields in the order of Kafka's `MetadataResponse.json`.
    fn read(answer: &mut Guarded, version: i16) -> Result<Self, Failure> {
        if version >= 3 {
            let _throttle_time_ms = answer.try_get_i32()?;
        }
        let listed = count(answer, version)?;
        let mut brokers = Vec::new();
        for _ in 0..listed {
            brokers.extend(broker(MetadataResponseBroker::decode(answer, version)?));
        }
        brokers.sort_unstable_by_key(|broker: &Broker| broker.id);
        let cluster_id = if version >= 2 { nullable_string(answer, version)? } else { None };
        let controller_id = if version >= 1 { answer.try_get_i32()? } else { -1 };
        let topics = topics(answer, version)?;
        if (8..=10).contains(&version) {
            let _authorized_operations = answer.try_get_i32()?;
        }
        let error_code = if version >= 13 { answer.try_get_i16()? } else { 0 };
        let controller_id = known_id(controller_id);
        Ok(Self {
            metadata: ClusterMetadata { cluster_id, controller_id, brokers, topics },
            names_brokers: listed > 0,
            error: KafkaCode::from_answer(error_code),
        })
    }
}

/// By name.
fn topics(answer: &mut Guarded, version: i16) -> Result<Vec<Topic>, Failure> {
    let mut lists = BrokerLists::default();
    let mut topics = Vec::new();
    for _ in 0..count(answer, version)? {
        topics.extend(topic(MetadataResponseTopic::decode(answer, version)?, &mut lists));
    }
    topics.sort_unstable_by(|one: &Topic, other| one.name.cmp(&other.name));
    topics.shrink_to_fit();
    Ok(topics)
}

/// How many elements of an array follow.
fn count(answer: &mut Guarded, version: i16) -> Result<u32, TryGetError> {
    match version >= FLEXIBLE {
        true => Ok(compact::varint(answer)?.saturating_sub(1)),
        false => Ok(u32::try_from(answer.try_get_i32()?).unwrap_or(0)),
    }
}

fn nullable_string(answer: &mut Guarded, version: i16) -> Result<Option<Arc<str>>, Failure> {
    match version >= FLEXIBLE {
        true => compact::nullable_text(answer),
        false => match usize::try_from(answer.try_get_i16()?) {
            Ok(length) => compact::sized_text(answer, length).map(Some),
            Err(_) => Ok(None),
        },
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
fn topic(answer: MetadataResponseTopic, lists: &mut BrokerLists) -> Option<Topic> {
    let partitions = answer.partitions.iter();
    let mut partitions: Vec<_> = partitions.map(|it| partition(it, lists)).collect();
    partitions.sort_unstable_by_key(|partition| partition.index);
    Some(Topic {
        name: wire::text(&answer.name?.0),
        id: Some(answer.topic_id.as_u128()).filter(|id| *id != 0),
        is_internal: answer.is_internal,
        partitions,
        error: KafkaCode::from_answer(answer.error_code),
    })
}

fn partition(answer: &MetadataResponsePartition, lists: &mut BrokerLists) -> Partition {
    let replicas = lists.list(&answer.replica_nodes);
    let isr = match answer.isr_nodes == answer.replica_nodes {
        true => Arc::clone(&replicas),
        false => lists.list(&answer.isr_nodes),
    };
    Partition {
        index: answer.partition_index,
        leader: known_id(answer.leader_id.0),
        leader_epoch: Some(answer.leader_epoch).filter(|epoch| *epoch >= 0),
        replicas,
        isr,
        offline_replicas: lists.list(&answer.offline_replicas),
        error: KafkaCode::from_answer(answer.error_code),
    }
}

impl BrokerLists {
    fn list(&mut self, ids: &[WireBrokerId]) -> Arc<[BrokerId]> {
        self.ids.clear();
        self.ids.extend(ids.iter().map(|id| BrokerId(id.0)));
        if let Some(known) = self.known.get(&*self.ids) {
            return Arc::clone(known);
        }
        let list: Arc<[BrokerId]> = Arc::from(&*self.ids);
        self.known.insert(Arc::clone(&list));
        list
    }
}

#[cfg(test)]
mod tests {
    use bytes::{Bytes, BytesMut};
    use kafka_protocol::{messages::TopicName, protocol::Encodable};

    use super::*;

    fn cluster() -> MetadataResponse {
        let ids = |ids: &[i32]| ids.iter().map(|&id| WireBrokerId(id)).collect::<Vec<_>>();
        let partition = |index, isr: &[i32]| {
            MetadataResponsePartition::default()
                .with_partition_index(index)
                .with_leader_id(WireBrokerId(isr[0]))
                .with_replica_nodes(ids(&[1, 2]))
                .with_isr_nodes(ids(isr))
        };
        let topic = |name: &str, partitions| {
            let name = TopicName(wire::str_bytes(name));
            MetadataResponseTopic::default().with_name(Some(name)).with_partitions(partitions)
        };
        let broker = MetadataResponseBroker::default().with_node_id(WireBrokerId(1)).with_port(9);
        MetadataResponse::default()
            .with_brokers(vec![broker.with_host(wire::str_bytes("b"))])
            .with_controller_id(WireBrokerId(1))
            .with_topics(vec![
                topic("z", vec![partition(1, &[2]), partition(0, &[1, 2])]),
                topic("a", vec![partition(0, &[1, 2])]),
            ])
    }

    fn encoded(version: i16) -> Bytes {
        let mut bytes = BytesMut::new();
        cluster().encode(&mut bytes, version).unwrap();
        bytes.freeze()
    }

    #[test]
    fn every_version_is_read_to_its_end() {
        for version in 1..=MetadataResponse::VERSIONS.max {
            let mut answer = Guarded::new(encoded(version), version >= FLEXIBLE);
            let MetadataAnswer { metadata, error, .. } =
                MetadataAnswer::read(&mut answer, version).unwrap();
            let names: Vec<_> = metadata.topics.iter().map(|topic| &*topic.name).collect();
            assert_eq!((names, error), (vec!["a", "z"], None), "version {version}");
            assert_eq!(metadata.controller_id, Some(BrokerId(1)));
            assert_eq!(metadata.topics[1].partitions[1].isr[..], [BrokerId(2)]);
            let rest = answer.remaining();
            assert_eq!(rest, usize::from(version >= FLEXIBLE), "tagged fields end it");
        }
    }

    #[test]
    fn equal_lists_of_brokers_are_one() {
        let mut answer = Guarded::new(encoded(12), true);
        let metadata = MetadataAnswer::read(&mut answer, 12).unwrap().metadata;
        let (a, z) = (&metadata.topics[0].partitions[0], &metadata.topics[1].partitions[1]);
        assert!(Arc::ptr_eq(&a.replicas, &z.replicas) && Arc::ptr_eq(&a.replicas, &a.isr));
    }

    #[test]
    fn a_count_the_answer_cannot_hold_is_refused() {
        let whole = encoded(8);
        for end in 0..whole.len() - 1 {
            assert!(MetadataAnswer::read(&mut Guarded::new(whole.slice(..end), false), 8).is_err());
        }
    }
}
