//! DescribeShareGroupOffsets (KIP-932): how far share groups are. The codec lacks version 1, which
//! tells the lag (KIP-1226).

use std::sync::Arc;

use bytes::{Buf, BufMut, BytesMut};

use super::OwnMessage;
use crate::{TopicPartitions, compact::*, guard::Guarded};

/// The first version that tells the lag.
const WITH_LAG: i16 = 1;
/// Of what is not known.
const UNKNOWN: i64 = -1;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DescribeShareGroupOffsetsRequest {
    /// Each with the partitions asked about; `None` for all that the group has.
    pub groups: Vec<(Arc<str>, Option<Vec<TopicPartitions>>)>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DescribeShareGroupOffsetsResponse {
    pub groups: Vec<ShareGroupOffsets>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareGroupOffsets {
    pub group: Arc<str>,
    pub topics: Vec<ShareTopicOffsets>,
    pub error_code: i16,
    pub error_message: Option<Arc<str>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareTopicOffsets {
    pub topic: Arc<str>,
    pub topic_id: u128,
    pub partitions: Vec<SharePartitionOffset>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharePartitionOffset {
    pub partition: i32,
    /// The first offset that is not done with; -1 when not known.
    pub start_offset: i64,
    pub leader_epoch: i32,
    /// Messages not done with; -1 when not known, as always in version 0.
    pub lag: i64,
    pub error_code: i16,
}

impl OwnMessage for DescribeShareGroupOffsetsRequest {
    const HIGHEST: i16 = WITH_LAG;

    fn write(&self, to: &mut BytesMut, _: i16) {
        put_list(to, &self.groups, |to, (group, topics)| {
            put_text(to, group);
            match topics {
                None => put_varint(to, NULL),
                Some(topics) => put_list(to, topics, |to, topic| {
                    put_text(to, &topic.topic);
                    put_list(to, &topic.partitions, |to, &partition| to.put_i32(partition));
                    put_varint(to, NO_TAGS);
                }),
            }
            put_varint(to, NO_TAGS);
        });
        put_varint(to, NO_TAGS);
    }

    fn read(from: &mut Guarded, _: i16) -> Result<Self, Failure> {
        let groups = list(from, |from| {
            let group = text(from)?;
            let topics = nullable_list(from, |from| {
                let topic = text(from)?;
                let partitions = list(from, |from| Ok(from.try_get_i32()?))?;
                skip_tags(from)?;
                Ok(TopicPartitions { topic, partitions })
            })?;
            skip_tags(from)?;
            Ok((group, topics))
        })?;
        skip_tags(from)?;
        Ok(Self { groups })
    }
}

impl OwnMessage for DescribeShareGroupOffsetsResponse {
    const HIGHEST: i16 = WITH_LAG;

    fn write(&self, to: &mut BytesMut, version: i16) {
        to.put_i32(0); // throttle time
        put_list(to, &self.groups, |to, group| {
            put_text(to, &group.group);
            put_list(to, &group.topics, |to, topic| topic.write(to, version));
            to.put_i16(group.error_code);
            put_nullable_text(to, group.error_message.as_deref());
            put_varint(to, NO_TAGS);
        });
        put_varint(to, NO_TAGS);
    }

    fn read(from: &mut Guarded, version: i16) -> Result<Self, Failure> {
        let _throttle_time_ms = from.try_get_i32()?;
        let groups = list(from, |from| {
            let group = ShareGroupOffsets {
                group: text(from)?,
                topics: list(from, |from| ShareTopicOffsets::read(from, version))?,
                error_code: from.try_get_i16()?,
                error_message: nullable_text(from)?,
            };
            skip_tags(from)?;
            Ok(group)
        })?;
        skip_tags(from)?;
        Ok(Self { groups })
    }
}

impl ShareTopicOffsets {
    fn write(&self, to: &mut BytesMut, version: i16) {
        put_text(to, &self.topic);
        to.put_u128(self.topic_id);
        put_list(to, &self.partitions, |to, partition| partition.write(to, version));
        put_varint(to, NO_TAGS);
    }

    fn read(from: &mut Guarded, version: i16) -> Result<Self, Failure> {
        let topic = Self {
            topic: text(from)?,
            topic_id: from.try_get_u128()?,
            partitions: list(from, |from| SharePartitionOffset::read(from, version))?,
        };
        skip_tags(from)?;
        Ok(topic)
    }
}

impl SharePartitionOffset {
    fn write(&self, to: &mut BytesMut, version: i16) {
        to.put_i32(self.partition);
        to.put_i64(self.start_offset);
        to.put_i32(self.leader_epoch);
        if version >= WITH_LAG {
            to.put_i64(self.lag);
        }
        to.put_i16(self.error_code);
        put_nullable_text(to, None);
        put_varint(to, NO_TAGS);
    }

    fn read(from: &mut Guarded, version: i16) -> Result<Self, Failure> {
        let partition = Self {
            partition: from.try_get_i32()?,
            start_offset: from.try_get_i64()?,
            leader_epoch: from.try_get_i32()?,
            lag: if version >= WITH_LAG { from.try_get_i64()? } else { UNKNOWN },
            error_code: from.try_get_i16()?,
        };
        let _error_message = nullable_text(from)?;
        skip_tags(from)?;
        Ok(partition)
    }
}

#[cfg(test)]
mod tests {
    use kafka_protocol::{
        messages::{GroupId, TopicName, describe_share_group_offsets_response as codec},
        protocol::Encodable,
    };

    use super::*;
    use crate::wire::str_bytes;

    fn answer(lag: i64) -> DescribeShareGroupOffsetsResponse {
        let partition = |partition| SharePartitionOffset {
            partition,
            start_offset: 120,
            leader_epoch: 3,
            lag,
            error_code: 0,
        };
        let topic = ShareTopicOffsets {
            topic: "orders".into(),
            topic_id: 7 << 100,
            partitions: vec![partition(0), partition(1)],
        };
        let group = ShareGroupOffsets {
            group: "emails".into(),
            topics: vec![topic],
            error_code: 30,
            error_message: Some("no".into()),
        };
        DescribeShareGroupOffsetsResponse { groups: vec![group.clone(), group] }
    }

    fn again<M: OwnMessage>(message: &M, version: i16) -> M {
        let mut bytes = BytesMut::new();
        message.write(&mut bytes, version);
        let mut from = Guarded::new(bytes.freeze(), true);
        let read = M::read(&mut from, version).unwrap();
        assert_eq!(from.remaining(), 0);
        read
    }

    #[test]
    fn a_message_survives_the_way_and_version_0_knows_no_lag() {
        assert_eq!(again(&answer(9), 1), answer(9));
        assert_eq!(again(&answer(9), 0), answer(UNKNOWN));
        let some = TopicPartitions { topic: "orders".into(), partitions: vec![3] };
        let request = DescribeShareGroupOffsetsRequest {
            groups: vec![("a".into(), None), ("b".into(), Some(vec![some]))],
        };
        assert_eq!(again(&request, 1), request);
    }

    /// The codec has version 0: it must say the same.
    #[test]
    fn version_0_is_that_of_the_codec() {
        let partition = codec::DescribeShareGroupOffsetsResponsePartition::default()
            .with_partition_index(1)
            .with_start_offset(120)
            .with_leader_epoch(3);
        let topic = codec::DescribeShareGroupOffsetsResponseTopic::default()
            .with_topic_name(TopicName(str_bytes("orders")))
            .with_partitions(vec![partition]);
        let group = codec::DescribeShareGroupOffsetsResponseGroup::default()
            .with_group_id(GroupId(str_bytes("emails")))
            .with_topics(vec![topic]);
        let theirs = codec::DescribeShareGroupOffsetsResponse::default().with_groups(vec![group]);
        let mut bytes = BytesMut::new();
        theirs.encode(&mut bytes, 0).unwrap();
        let mut from = Guarded::new(bytes.freeze(), true);
        let read: DescribeShareGroupOffsetsResponse = OwnMessage::read(&mut from, 0).unwrap();
        assert_eq!(from.remaining(), 0);
        let known = &read.groups[0].topics[0];
        assert_eq!((&*known.topic, known.partitions[0].start_offset), ("orders", 120));
    }
}
