//! Partitions on their way to other brokers.

use std::sync::Arc;

use kafka_protocol::messages::{
    BrokerId as WireBrokerId, ListPartitionReassignmentsRequest,
    list_partition_reassignments_response::OngoingPartitionReassignment,
};

use crate::{Api, BrokerId, Client, Error, KafkaCode, wire};

/// One partition whose replicas are being moved (KIP-455).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reassignment {
    pub topic: Arc<str>,
    pub partition: i32,
    /// All replicas now, both those that come and those that go.
    pub replicas: Vec<BrokerId>,
    pub adding: Vec<BrokerId>,
    pub removing: Vec<BrokerId>,
}

impl Client {
    /// All reassignments in progress. Asks any broker, which forwards to the controller.
    ///
    /// # Errors
    /// A code with [`Error::is_denied`] without Describe on the cluster.
    pub async fn list_reassignments(&self) -> Result<Vec<Reassignment>, Error> {
        let timeout_ms = i32::try_from(self.options().request_timeout.as_millis());
        let timeout_ms = timeout_ms.unwrap_or(i32::MAX);
        let all = |_| {
            ListPartitionReassignmentsRequest::default()
                .with_timeout_ms(timeout_ms)
                .with_topics(None)
        };
        let (address, answer) = self.call_any(0, all).await?;
        if let Some(code) = KafkaCode::from_answer(answer.error_code) {
            let message = answer.error_message.as_ref().map(wire::text);
            return Err(Error::broker(&address, Api::ListPartitionReassignments, code, message));
        }
        let moving = answer.topics.into_iter().flat_map(|topic| {
            let name = wire::text(&topic.name.0);
            topic.partitions.into_iter().map(move |it| reassignment(Arc::clone(&name), it))
        });
        Ok(moving.collect())
    }
}

fn reassignment(topic: Arc<str>, answer: OngoingPartitionReassignment) -> Reassignment {
    let ids = |nodes: Vec<WireBrokerId>| nodes.into_iter().map(|node| BrokerId(node.0)).collect();
    Reassignment {
        topic,
        partition: answer.partition_index,
        replicas: ids(answer.replicas),
        adding: ids(answer.adding_replicas),
        removing: ids(answer.removing_replicas),
    }
}
