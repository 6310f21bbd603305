//! DescribeShareGroupOffsets: how far share groups are.

use weir_kafka::TopicPartitions;
use weir_kafka::messages::{
    DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse, ShareGroupOffsets,
    SharePartitionOffset, ShareTopicOffsets,
};

use super::{Broker, code};
use crate::plan::GroupKind;

impl Broker<'_> {
    pub(super) fn share_offsets(
        &self,
        request: &DescribeShareGroupOffsetsRequest,
    ) -> DescribeShareGroupOffsetsResponse {
        let groups = request.groups.iter().map(|(group, topics)| {
            let answer = ShareGroupOffsets {
                group: group.clone(),
                topics: Vec::new(),
                error_code: code::NONE,
                error_message: None,
            };
            match self.group_of_kind(group, GroupKind::Share) {
                Ok(at) => {
                    ShareGroupOffsets { topics: self.share_topics(at, topics.as_deref()), ..answer }
                }
                Err(error_code) => ShareGroupOffsets { error_code, ..answer },
            }
        });
        DescribeShareGroupOffsetsResponse { groups: groups.collect() }
    }

    /// Of all its topics, unless some are asked about. Topics that the asker may not describe are
    /// left out.
    fn share_topics(
        &self,
        group: usize,
        asked: Option<&[TopicPartitions]>,
    ) -> Vec<ShareTopicOffsets> {
        let world = self.moment.world;
        let topics = world.groups[group].topics.iter().filter_map(|&at| {
            let topic = &world.topics[at];
            let asked = match asked {
                Some(asked) => Some(asked.iter().find(|one| one.topic == topic.plan.name)?),
                None => None,
            };
            let is_asked =
                |partition: &i32| asked.is_none_or(|asked| asked.partitions.contains(partition));
            let partitions = (0..topic.plan.partitions).filter(is_asked);
            self.sees_topic(&topic.plan.name).then(|| ShareTopicOffsets {
                topic: topic.plan.name.clone(),
                topic_id: topic.id.as_u128(),
                partitions: partitions.map(|one| self.share_partition(group, at, one)).collect(),
            })
        });
        topics.collect()
    }

    fn share_partition(&self, group: usize, topic: usize, partition: i32) -> SharePartitionOffset {
        let (world, at) = (self.moment.world, self.moment.at);
        SharePartitionOffset {
            partition,
            start_offset: world.committed(group, topic, partition, at),
            leader_epoch: self.moment.leader_epoch(topic, partition),
            lag: world.lag(group, topic, partition, at),
            error_code: code::NONE,
        }
    }
}
