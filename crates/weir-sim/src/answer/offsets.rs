//! ListOffsets: ends of logs, and offsets by time.

use kafka_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use kafka_protocol::messages::list_offsets_response::{
    ListOffsetsPartitionResponse, ListOffsetsTopicResponse,
};
use kafka_protocol::messages::{ListOffsetsRequest, ListOffsetsResponse};

use super::{Broker, code};

const LATEST: i64 = -1;
const EARLIEST: i64 = -2;
/// The message with the highest timestamp (KIP-734).
const MAX_TIMESTAMP: i64 = -3;
/// The earliest that is kept locally (KIP-405); all of it, here.
const EARLIEST_LOCAL: i64 = -4;

impl Broker<'_> {
    pub(super) fn list_offsets(
        &self,
        request: &ListOffsetsRequest,
        version: i16,
    ) -> ListOffsetsResponse {
        let topic = |topic: &ListOffsetsTopic| {
            let partition = |one: &ListOffsetsPartition| {
                self.offset_of(&topic.name, one.partition_index, one.timestamp, version)
            };
            ListOffsetsTopicResponse::default()
                .with_name(topic.name.clone())
                .with_partitions(topic.partitions.iter().map(partition).collect())
        };
        ListOffsetsResponse::default().with_topics(request.topics.iter().map(topic).collect())
    }

    fn offset_of(
        &self,
        topic: &str,
        partition: i32,
        wanted: i64,
        version: i16,
    ) -> ListOffsetsPartitionResponse {
        let answer = ListOffsetsPartitionResponse::default().with_partition_index(partition);
        let (topic, epoch) = match self.led_here(topic, partition) {
            Ok(led) => led,
            Err(code) => return answer.with_error_code(code),
        };
        match self.find_offset(topic, partition, wanted) {
            Ok((offset, timestamp)) => {
                let answer = answer.with_offset(offset).with_timestamp(timestamp);
                if version >= 4 { answer.with_leader_epoch(epoch) } else { answer }
            }
            Err(code) => answer.with_error_code(code),
        }
    }

    /// The topic's index and the leader's epoch, if this broker leads the partition.
    fn led_here(&self, topic: &str, partition: i32) -> Result<(usize, i32), i16> {
        if !self.sees_topic(topic) {
            return Err(code::TOPIC_AUTHORIZATION_FAILED);
        }
        let world = self.moment.world;
        let found = world.topic_index(topic).filter(|at| world.topics[*at].has(partition));
        let topic = found.ok_or(code::UNKNOWN_TOPIC_OR_PARTITION)?;
        match self.moment.leader(topic, partition) {
            None => Err(code::LEADER_NOT_AVAILABLE),
            Some(leader) if leader != self.asked => Err(code::NOT_LEADER_OR_FOLLOWER),
            Some(_) => Ok((topic, self.moment.leader_epoch(topic, partition))),
        }
    }

    /// Offset and timestamp, -1 for none.
    fn find_offset(&self, topic: usize, partition: i32, wanted: i64) -> Result<(i64, i64), i16> {
        let (world, at) = (self.moment.world, self.moment.at);
        let end = || world.log_end(topic, partition, at);
        let start = || world.log_start(topic, partition, at);
        let written = |offset: i64| world.arrival(topic, partition, offset, at);
        match wanted {
            LATEST => Ok((end(), -1)),
            EARLIEST | EARLIEST_LOCAL => Ok((start(), -1)),
            MAX_TIMESTAMP => {
                let last = end() - 1;
                let kept = (last >= start()).then(|| written(last)).flatten();
                Ok(kept.map_or((-1, -1), |timestamp| (last, timestamp)))
            }
            0.. => {
                let offset = world.log_end(topic, partition, wanted - 1).max(start());
                let offset = world.next_kept(topic, partition, offset, at);
                Ok(written(offset).map_or((-1, -1), |timestamp| (offset, timestamp)))
            }
            _ => Err(code::INVALID_REQUEST),
        }
    }
}
