//! DescribeCluster: the brokers, fenced ones included for those who ask (KIP-1073).

use kafka_protocol::messages::describe_cluster_response::DescribeClusterBroker;
use kafka_protocol::messages::{BrokerId, DescribeClusterRequest, DescribeClusterResponse};

use super::{Broker, text};

impl Broker<'_> {
    pub(super) fn describe_cluster(
        &self,
        request: &DescribeClusterRequest,
    ) -> DescribeClusterResponse {
        let world = self.moment.world;
        let shown = (0..world.brokers.len())
            .filter(|at| request.include_fenced_brokers || self.moment.is_registered(*at));
        let brokers = shown.map(|at| {
            DescribeClusterBroker::default()
                .with_broker_id(self.id(at))
                .with_host(self.host(at))
                .with_port(self.port(at))
                .with_rack(Some(text(&world.brokers[at].plan.rack)))
                .with_is_fenced(!self.moment.is_registered(at))
        });
        DescribeClusterResponse::default()
            .with_cluster_id(text(&world.cluster_id))
            .with_controller_id(self.moment.controller().map_or(BrokerId(-1), |at| self.id(at)))
            .with_brokers(brokers.collect())
    }
}
