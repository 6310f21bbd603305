//! DescribeLogDirs: what is on a broker's disk.

use kafka_protocol::messages::describe_log_dirs_response::{
    DescribeLogDirsPartition, DescribeLogDirsResult, DescribeLogDirsTopic,
};
use kafka_protocol::messages::{DescribeLogDirsRequest, DescribeLogDirsResponse};
use kafka_protocol::protocol::StrBytes;

use super::{Broker, code, topic_name};
use crate::plan::{COMPACTED_SHARE, Cleanup};
use crate::script::Right;

/// The first version that names an error of the whole request, and the first with the disk's size.
const WITH_ERROR: i16 = 3;
const WITH_DISK: i16 = 4;

impl Broker<'_> {
    /// Empty for those who may not describe the cluster.
    pub(super) fn describe_log_dirs(
        &self,
        request: &DescribeLogDirsRequest,
        version: i16,
    ) -> DescribeLogDirsResponse {
        let answer = DescribeLogDirsResponse::default();
        if !self.moment.allows(Right::DescribeCluster, "") {
            return match version {
                WITH_ERROR.. => answer.with_error_code(code::CLUSTER_AUTHORIZATION_FAILED),
                _ => answer,
            };
        }
        let topics: Vec<_> = match &request.topics {
            None => {
                (0..self.moment.world.topics.len()).map(|at| self.topic_on_disk(at, None)).collect()
            }
            Some(named) => named
                .iter()
                .filter_map(|topic| {
                    let at = self.moment.world.topic_index(&topic.topic)?;
                    Some(self.topic_on_disk(at, Some(&topic.partitions)))
                })
                .collect(),
        };
        let used: i64 =
            topics.iter().flat_map(|topic| &topic.partitions).map(|p| p.partition_size).sum();
        let topics = topics.into_iter().filter(|topic| !topic.partitions.is_empty()).collect();
        let dir = DescribeLogDirsResult::default()
            .with_log_dir(StrBytes::from_static_str("/var/lib/kafka/data"))
            .with_topics(topics);
        let total = i64::try_from(self.moment.world.brokers[self.asked].plan.disk_bytes);
        let total = total.unwrap_or(i64::MAX);
        answer.with_results(vec![match version {
            WITH_DISK.. => dir.with_total_bytes(total).with_usable_bytes((total - used).max(0)),
            _ => dir,
        }])
    }

    fn topic_on_disk(&self, at: usize, wanted: Option<&[i32]>) -> DescribeLogDirsTopic {
        let world = self.moment.world;
        let topic = &world.topics[at];
        let mut here: Vec<i32> = topic.partitions_on(self.asked, world.brokers.len()).collect();
        here.retain(|partition| wanted.is_none_or(|wanted| wanted.contains(partition)));
        here.sort_unstable();
        let partition = |index: i32| {
            DescribeLogDirsPartition::default()
                .with_partition_index(index)
                .with_partition_size(self.size_bytes(at, index))
        };
        DescribeLogDirsTopic::default()
            .with_name(topic_name(&topic.plan.name))
            .with_partitions(here.into_iter().map(partition).collect())
    }

    fn size_bytes(&self, topic: usize, partition: i32) -> i64 {
        let (world, at) = (self.moment.world, self.moment.at);
        let plan = &world.topics[topic].plan;
        let kept = world.log_end(topic, partition, at) - world.log_start(topic, partition, at);
        let bytes = kept as f64 * f64::from(plan.message_bytes);
        match plan.cleanup {
            Cleanup::Delete(_) => bytes as i64,
            Cleanup::Compact => (bytes * COMPACTED_SHARE) as i64,
        }
    }
}
