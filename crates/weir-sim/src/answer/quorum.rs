//! DescribeQuorum: the metadata log, its voters and observers.

use kafka_protocol::messages::describe_quorum_response::{
    Listener, Node, PartitionData, ReplicaState, TopicData,
};
use kafka_protocol::messages::{BrokerId, DescribeQuorumResponse};

use super::{Broker, code, text, topic_name};
use crate::script::Right;

/// Records of the metadata log: one no-op every half second, as controllers write them.
const RECORD_MS: i64 = 500;
/// The log is this old when the world begins.
const AGE_MS: i64 = 30 * 86_400_000;

impl Broker<'_> {
    /// The one partition there is, whatever was asked for.
    pub(super) fn describe_quorum(&self, version: i16) -> DescribeQuorumResponse {
        if !self.moment.allows(Right::DescribeCluster, "") {
            let answer = DescribeQuorumResponse::default();
            return answer.with_error_code(code::CLUSTER_AUTHORIZATION_FAILED);
        }
        let leader = self.moment.controller();
        let voters = self.moment.world.voters();
        let observers = voters.end..self.moment.world.brokers.len();
        let states = |brokers: std::ops::Range<usize>| {
            brokers.map(|at| self.replica_state(at, version)).collect::<Vec<_>>()
        };
        let partition = PartitionData::default()
            .with_leader_id(leader.map_or(BrokerId(-1), |at| self.id(at)))
            .with_leader_epoch(self.moment.controller_epoch())
            .with_high_watermark(self.metadata_offset())
            .with_current_voters(states(voters.clone()))
            .with_observers(states(observers));
        let topic = TopicData::default()
            .with_topic_name(topic_name("__cluster_metadata"))
            .with_partitions(vec![partition]);
        let answer = DescribeQuorumResponse::default().with_topics(vec![topic]);
        match version {
            0..2 => answer,
            _ => answer.with_nodes(voters.map(|at| self.node(at)).collect()),
        }
    }

    fn replica_state(&self, at: usize, version: i16) -> ReplicaState {
        let is_here = self.moment.is_registered(at);
        let state =
            ReplicaState::default().with_replica_id(self.id(at)).with_log_end_offset(if is_here {
                self.metadata_offset()
            } else {
                self.metadata_offset() - 40
            });
        match version {
            1.. if is_here => state
                .with_last_fetch_timestamp(self.moment.at)
                .with_last_caught_up_timestamp(self.moment.at),
            _ => state,
        }
    }

    fn node(&self, at: usize) -> Node {
        let listener = Listener::default()
            .with_name(text("CONTROLLER"))
            .with_host(self.host(at))
            .with_port(u16::try_from(self.port(at)).unwrap_or(0));
        Node::default().with_node_id(self.id(at)).with_listeners(vec![listener])
    }

    fn metadata_offset(&self) -> i64 {
        (self.moment.at - self.moment.world.begin + AGE_MS).max(0) / RECORD_MS
    }
}
