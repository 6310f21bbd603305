//! The KRaft quorum: who is the active controller.

use std::sync::Arc;

use kafka_protocol::messages::{
    DescribeQuorumRequest, TopicName,
    describe_quorum_request::{PartitionData, TopicData},
    describe_quorum_response::{PartitionData as PartitionAnswer, ReplicaState},
};

use crate::{Api, BrokerId, Client, Error, KafkaCode, metadata::known_id, wire};

const METADATA_TOPIC: &str = "__cluster_metadata";
/// Version 0 is announced by the previews of KRaft before 3.3 (KIP-836), whose brokers do not pass it
/// on and answer UNKNOWN_SERVER_ERROR.
const ANSWERED_SINCE: i16 = 1;

/// The state of `__cluster_metadata`, as its leader sees it (KIP-595).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quorum {
    /// The active controller; `None` while there is none.
    pub leader: Option<BrokerId>,
    pub leader_epoch: i32,
    pub high_watermark: i64,
    pub voters: Vec<BrokerId>,
    pub observers: Vec<BrokerId>,
}

impl Client {
    /// Asks any broker, which forwards to the controller.
    ///
    /// # Errors
    /// [`Error::UnsupportedApi`] on ZooKeeper clusters, before 3.3 and on services that hide it; a
    /// code with [`Error::is_denied`] without Describe on the cluster.
    pub async fn describe_quorum(&self) -> Result<Quorum, Error> {
        let metadata_partition = |_| {
            let topic = TopicData::default()
                .with_topic_name(TopicName(wire::str_bytes(METADATA_TOPIC)))
                .with_partitions(vec![PartitionData::default()]);
            DescribeQuorumRequest::default().with_topics(vec![topic])
        };
        let api = Api::DescribeQuorum;
        let asked = self.call_any(ANSWERED_SINCE, metadata_partition).await;
        let (address, answer) = asked.map_err(|error| match error {
            Error::UnsupportedVersion { address, api, .. } => {
                Error::UnsupportedApi { address, api }
            }
            error => error,
        })?;
        let failed = |code, message: Option<Arc<str>>| Error::broker(&address, api, code, message);
        if let Some(code) = KafkaCode::from_answer(answer.error_code) {
            return Err(failed(code, answer.error_message.as_ref().map(wire::text)));
        }
        let partitions = answer.topics.into_iter().flat_map(|topic| topic.partitions);
        let Some(partition) = partitions.into_iter().find(|it| it.partition_index == 0) else {
            return Err(Error::Missing { address, api });
        };
        match KafkaCode::from_answer(partition.error_code) {
            Some(code) => Err(failed(code, partition.error_message.as_ref().map(wire::text))),
            None => Ok(quorum(partition)),
        }
    }
}

fn quorum(answer: PartitionAnswer) -> Quorum {
    let ids = |replicas: Vec<ReplicaState>| {
        replicas.into_iter().map(|replica| BrokerId(replica.replica_id.0)).collect()
    };
    Quorum {
        leader: known_id(answer.leader_id.0),
        leader_epoch: answer.leader_epoch,
        high_watermark: answer.high_watermark,
        voters: ids(answer.current_voters),
        observers: ids(answer.observers),
    }
}
