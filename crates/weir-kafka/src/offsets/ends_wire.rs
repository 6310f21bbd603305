//! ListOffsets on the wire, written and read without a struct a partition: a cluster of a million
//! partitions asks for each of them twice a cycle, most topics having but one or two on a leader.

use std::sync::Arc;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use kafka_protocol::{
    messages::{ListOffsetsRequest, ListOffsetsResponse},
    protocol::{HeaderVersion, Message, VersionRange},
};

use super::ends::Question;
use crate::{
    api::{Answer, Body},
    compact::{self, Failure, NO_TAGS, put_text, put_varint},
    guard::Guarded,
};

/// The first version with compact arrays and strings and tagged fields (KIP-482).
const FLEXIBLE: i16 = 6;
const WITH_ISOLATION: i16 = 2;
const WITH_LEADER_EPOCH: i16 = 4;
const WITH_TIMEOUT: i16 = 10;
/// What a consumer calls itself among replicas.
const NO_REPLICA: i32 = -1;
/// Up to the high watermark.
const READ_UNCOMMITTED: i8 = 0;
const ANY_EPOCH: i32 = -1;
/// No answer about a partition is shorter: index, error code, timestamp, offset.
const PARTITION_BYTES: usize = 4 + 2 + 8 + 8;

/// A question to one leader.
pub(crate) struct ListOffsets {
    pub(super) question: Arc<Question>,
    /// Or what stands for one: -1 for the latest offset and so on.
    pub(super) timestamp: i64,
    pub(super) timeout_ms: i32,
}

/// All partitions in one list, topic by topic.
pub(crate) struct EndsAnswer {
    /// The name as it came, and where the topic's partitions end.
    topics: Vec<(Bytes, usize)>,
    partitions: Vec<End>,
}

/// What is said of one partition.
#[derive(Debug, Clone, Copy)]
pub(crate) struct End {
    pub(super) partition: i32,
    pub(super) error_code: i16,
    /// Negative where none is known.
    pub(super) timestamp_ms: i64,
    pub(super) offset: i64,
}

impl EndsAnswer {
    pub(super) fn topics(&self) -> impl Iterator<Item = (&[u8], &[End])> {
        let begins = std::iter::once(0).chain(self.topics.iter().map(|&(_, end)| end));
        let topics = self.topics.iter().zip(begins);
        topics.map(|((name, end), begin)| (&**name, &self.partitions[begin..*end]))
    }
}

impl Message for ListOffsets {
    const VERSIONS: VersionRange = ListOffsetsRequest::VERSIONS;
    const DEPRECATED_VERSIONS: Option<VersionRange> = ListOffsetsRequest::DEPRECATED_VERSIONS;
}

impl HeaderVersion for ListOffsets {
    fn header_version(version: i16) -> i16 {
        ListOffsetsRequest::header_version(version)
    }
}

impl Message for EndsAnswer {
    const VERSIONS: VersionRange = ListOffsetsResponse::VERSIONS;
    const DEPRECATED_VERSIONS: Option<VersionRange> = ListOffsetsResponse::DEPRECATED_VERSIONS;
}

impl HeaderVersion for EndsAnswer {
    fn header_version(version: i16) -> i16 {
        ListOffsetsResponse::header_version(version)
    }
}

impl Body for ListOffsets {
    /// The fields in the order of Kafka's `ListOffsetsRequest.json`.
    fn put(&self, frame: &mut BytesMut, version: i16) -> Result<(), Failure> {
        frame.put_i32(NO_REPLICA);
        if version >= WITH_ISOLATION {
            frame.put_i8(READ_UNCOMMITTED);
        }
        put_count(frame, version, self.question.by_topic().count())?;
        for places in self.question.by_topic() {
            put_name(frame, version, self.question.topic(places))?;
            put_count(frame, version, places.len())?;
            for place in places {
                frame.put_i32(place.partition);
                if version >= WITH_LEADER_EPOCH {
                    frame.put_i32(ANY_EPOCH);
                }
                frame.put_i64(self.timestamp);
                put_no_tags(frame, version);
            }
            put_no_tags(frame, version);
        }
        if version >= WITH_TIMEOUT {
            frame.put_i32(self.timeout_ms);
        }
        put_no_tags(frame, version);
        Ok(())
    }
}

impl Answer for EndsAnswer {
    /// The fields in the order of Kafka's `ListOffsetsResponse.json`.
    fn read(answer: &mut Guarded, version: i16) -> Result<Self, Failure> {
        if version >= WITH_ISOLATION {
            let _throttle_time_ms = answer.try_get_i32()?;
        }
        let count = count(answer, version)?;
        let most = answer.remaining() / PARTITION_BYTES;
        let mut topics = Vec::with_capacity(count.min(most));
        let mut partitions = Vec::with_capacity(most / 2); // names take their share
        for _ in 0..count {
            let name = name(answer, version)?;
            for _ in 0..self::count(answer, version)? {
                partitions.push(end(answer, version)?);
            }
            skip_tags(answer, version)?;
            topics.push((name, partitions.len()));
        }
        skip_tags(answer, version)?;
        Ok(Self { topics, partitions })
    }
}

fn end(answer: &mut Guarded, version: i16) -> Result<End, Failure> {
    let end = End {
        partition: answer.try_get_i32()?,
        error_code: answer.try_get_i16()?,
        timestamp_ms: answer.try_get_i64()?,
        offset: answer.try_get_i64()?,
    };
    if version >= WITH_LEADER_EPOCH {
        let _leader_epoch = answer.try_get_i32()?;
    }
    skip_tags(answer, version)?;
    Ok(end)
}

fn put_count(frame: &mut BytesMut, version: i16, count: usize) -> Result<(), Failure> {
    let count = i32::try_from(count)?;
    match version >= FLEXIBLE {
        true => put_varint(frame, count.unsigned_abs() + 1),
        false => frame.put_i32(count),
    }
    Ok(())
}

fn put_name(frame: &mut BytesMut, version: i16, name: &str) -> Result<(), Failure> {
    if version >= FLEXIBLE {
        put_text(frame, name);
    } else {
        frame.put_i16(i16::try_from(name.len())?);
        frame.put_slice(name.as_bytes());
    }
    Ok(())
}

fn put_no_tags(frame: &mut BytesMut, version: i16) {
    if version >= FLEXIBLE {
        put_varint(frame, NO_TAGS);
    }
}

fn count(answer: &mut Guarded, version: i16) -> Result<usize, Failure> {
    Ok(match version >= FLEXIBLE {
        true => compact::varint(answer)?.saturating_sub(1) as usize,
        false => usize::try_from(answer.try_get_i32()?).unwrap_or(0),
    })
}

fn name(answer: &mut Guarded, version: i16) -> Result<Bytes, Failure> {
    let length = match version >= FLEXIBLE {
        true => compact::varint(answer)?.saturating_sub(1) as usize,
        false => usize::try_from(answer.try_get_i16()?).unwrap_or(0),
    };
    compact::sized_bytes(answer, length)
}

fn skip_tags(answer: &mut Guarded, version: i16) -> Result<(), Failure> {
    if version >= FLEXIBLE { compact::skip_tags(answer) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use kafka_protocol::{
        messages::{
            TopicName,
            list_offsets_response::{ListOffsetsPartitionResponse, ListOffsetsTopicResponse},
        },
        protocol::{Decodable, Encodable},
    };

    use super::*;
    use crate::{TopicPartitions, wire::str_bytes};

    /// The codec, which this replaces, must read the same in every version.
    #[test]
    fn what_is_written_is_what_the_codec_reads() {
        let topic = |topic: &str, partitions| TopicPartitions { topic: topic.into(), partitions };
        let asked = [topic("orders", vec![0, 7]), topic("größe", vec![3])];
        let question = Arc::new(Question::about_all(asked.into()));
        let question = ListOffsets { question, timestamp: -2, timeout_ms: 5_000 };
        for version in ListOffsetsRequest::VERSIONS.min..=ListOffsetsRequest::VERSIONS.max {
            let mut frame = BytesMut::new();
            question.put(&mut frame, version).unwrap();
            let mut frame = frame.freeze();
            let read = ListOffsetsRequest::decode(&mut frame, version).unwrap();
            assert!(frame.is_empty(), "version {version}");
            assert_eq!(read.replica_id.0, NO_REPLICA);
            let topics: Vec<_> = read.topics.iter().map(|topic| topic.name.as_str()).collect();
            assert_eq!(topics, ["orders", "größe"]);
            let partitions: Vec<_> =
                read.topics.iter().flat_map(|topic| &topic.partitions).collect();
            let indexes: Vec<_> = partitions.iter().map(|one| one.partition_index).collect();
            assert_eq!(indexes, [0, 7, 3]);
            assert!(partitions.iter().all(|one| one.timestamp == -2));
            assert!(partitions.iter().all(|one| one.current_leader_epoch == ANY_EPOCH));
            assert_eq!(read.timeout_ms, if version >= WITH_TIMEOUT { 5_000 } else { 0 });
        }
    }

    #[test]
    fn what_the_codec_writes_is_read() {
        let partition = |index, code, offset| {
            ListOffsetsPartitionResponse::default()
                .with_partition_index(index)
                .with_error_code(code)
                .with_offset(offset)
        };
        let topic = |name, partitions| {
            ListOffsetsTopicResponse::default()
                .with_name(TopicName(str_bytes(name)))
                .with_partitions(partitions)
        };
        let written = ListOffsetsResponse::default().with_topics(vec![
            topic("orders", vec![partition(7, 0, 120), partition(0, 6, -1)]),
            topic("empty", Vec::new()),
            topic("größe", vec![partition(3, 0, i64::MAX)]),
        ]);
        for version in ListOffsetsResponse::VERSIONS.min..=ListOffsetsResponse::VERSIONS.max {
            let mut frame = BytesMut::new();
            written.encode(&mut frame, version).unwrap();
            let mut frame = Guarded::new(frame.freeze(), version >= FLEXIBLE);
            let read = EndsAnswer::read(&mut frame, version).unwrap();
            assert_eq!(frame.remaining(), 0, "version {version}");
            let topics: Vec<_> = read.topics().collect();
            assert_eq!(topics[0].0, b"orders");
            let ends: Vec<_> = topics[0].1.iter().map(|end| (end.partition, end.offset)).collect();
            assert_eq!(ends, [(7, 120), (0, -1)]);
            assert_eq!((topics[0].1[1].error_code, topics[1].1.len()), (6, 0));
            assert_eq!((topics[2].0, topics[2].1[0].offset), ("größe".as_bytes(), i64::MAX));
        }
    }
}
