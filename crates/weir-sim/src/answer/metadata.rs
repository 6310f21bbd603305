//! Metadata: brokers, topics, partitions.

use kafka_protocol::messages::metadata_request::MetadataRequestTopic;
use kafka_protocol::messages::metadata_response::{
    MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
};
use kafka_protocol::messages::{BrokerId, MetadataRequest, MetadataResponse};

use super::{Broker, code, ids, text, topic_name};
use crate::script::Right;
use crate::world::PartitionNow;

impl Broker<'_> {
    pub(super) fn metadata(&self, request: &MetadataRequest) -> MetadataResponse {
        let topics = match &request.topics {
            None => self.every_topic(),
            Some(named) => named.iter().map(|topic| self.named_topic(topic)).collect(),
        };
        let brokers = self.registered().map(|at| {
            MetadataResponseBroker::default()
                .with_node_id(self.id(at))
                .with_host(self.host(at))
                .with_port(self.port(at))
                .with_rack(Some(text(&self.moment.world.brokers[at].plan.rack)))
        });
        MetadataResponse::default()
            .with_brokers(brokers.collect())
            .with_cluster_id(Some(text(&self.moment.world.cluster_id)))
            .with_controller_id(self.moment.controller().map_or(BrokerId(-1), |at| self.id(at)))
            .with_topics(topics)
    }

    /// Those that may be described; the others are left out without a word, as Kafka does.
    fn every_topic(&self) -> Vec<MetadataResponseTopic> {
        let all = 0..self.moment.world.topics.len();
        let visible = all.filter(|at| self.sees_topic(&self.moment.world.topics[*at].plan.name));
        visible.map(|at| self.topic(at)).collect()
    }

    fn named_topic(&self, named: &MetadataRequestTopic) -> MetadataResponseTopic {
        let world = self.moment.world;
        let refused = |code: i16| {
            let name = named.name.as_ref().map(|name| topic_name(name)).unwrap_or_default();
            MetadataResponseTopic::default()
                .with_error_code(code)
                .with_name(Some(name))
                .with_topic_id(named.topic_id)
        };
        let (found, unknown) = match &named.name {
            Some(name) if !self.sees_topic(name) => {
                return refused(code::TOPIC_AUTHORIZATION_FAILED);
            }
            Some(name) => (world.topic_index(name), code::UNKNOWN_TOPIC_OR_PARTITION),
            None => {
                let by_id = world.topics.iter().position(|topic| topic.id == named.topic_id);
                let visible = by_id.filter(|at| self.sees_topic(&world.topics[*at].plan.name));
                (visible, code::UNKNOWN_TOPIC_ID)
            }
        };
        found.map_or_else(|| refused(unknown), |at| self.topic(at))
    }

    fn topic(&self, at: usize) -> MetadataResponseTopic {
        let topic = &self.moment.world.topics[at];
        let partitions = 0..topic.plan.partitions;
        MetadataResponseTopic::default()
            .with_name(Some(topic_name(&topic.plan.name)))
            .with_topic_id(topic.id)
            .with_is_internal(topic.plan.is_internal)
            .with_partitions(
                partitions
                    .map(|index| partition(index, &self.moment.partition(at, index)))
                    .collect(),
            )
    }

    pub(super) fn sees_topic(&self, name: &str) -> bool {
        self.moment.allows(Right::DescribeTopic, name)
    }
}

fn partition(index: i32, now: &PartitionNow) -> MetadataResponsePartition {
    let error = if now.leader.is_some() { code::NONE } else { code::LEADER_NOT_AVAILABLE };
    MetadataResponsePartition::default()
        .with_error_code(error)
        .with_partition_index(index)
        .with_leader_id(BrokerId(now.leader.unwrap_or(-1)))
        .with_leader_epoch(now.leader_epoch)
        .with_replica_nodes(ids(&now.replicas))
        .with_isr_nodes(ids(&now.isr))
        .with_offline_replicas(ids(&now.offline))
}
