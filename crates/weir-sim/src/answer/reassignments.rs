//! ListPartitionReassignments: replicas on their way.

use kafka_protocol::messages::list_partition_reassignments_response::{
    OngoingPartitionReassignment, OngoingTopicReassignment,
};
use kafka_protocol::messages::{
    ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse,
};

use super::{Broker, code, ids, topic_name};
use crate::script::Right;

impl Broker<'_> {
    pub(super) fn list_reassignments(
        &self,
        request: &ListPartitionReassignmentsRequest,
    ) -> ListPartitionReassignmentsResponse {
        let answer = ListPartitionReassignmentsResponse::default();
        if !self.moment.allows(Right::DescribeCluster, "") {
            return answer.with_error_code(code::CLUSTER_AUTHORIZATION_FAILED);
        }
        let world = self.moment.world;
        let topics: Vec<(usize, Vec<i32>)> = match &request.topics {
            None => (0..world.topics.len())
                .map(|at| (at, (0..world.topics[at].plan.partitions).collect()))
                .filter(|(at, _)| self.moment.is_moving(*at))
                .collect(),
            Some(named) => named
                .iter()
                .filter_map(|topic| {
                    Some((world.topic_index(&topic.name)?, topic.partition_indexes.clone()))
                })
                .filter(|(at, _)| self.moment.is_moving(*at))
                .collect(),
        };
        let moving = topics.into_iter().map(|(at, partitions)| self.moving(at, &partitions));
        answer.with_topics(moving.filter(|topic| !topic.partitions.is_empty()).collect())
    }

    fn moving(&self, at: usize, partitions: &[i32]) -> OngoingTopicReassignment {
        let topic = &self.moment.world.topics[at];
        let known = partitions.iter().copied().filter(|partition| topic.has(*partition));
        let moving = known.filter_map(|partition| {
            let now = self.moment.partition(at, partition);
            let is_moving = !now.adding.is_empty() || !now.removing.is_empty();
            is_moving.then(|| {
                OngoingPartitionReassignment::default()
                    .with_partition_index(partition)
                    .with_replicas(ids(&now.replicas))
                    .with_adding_replicas(ids(&now.adding))
                    .with_removing_replicas(ids(&now.removing))
            })
        });
        OngoingTopicReassignment::default()
            .with_name(topic_name(&topic.plan.name))
            .with_partitions(moving.collect())
    }
}
