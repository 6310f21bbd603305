//! StreamsGroupDescribe (KIP-1071): topology and members of streams groups, which the codec lacks.

use std::sync::Arc;

use bytes::{Buf, BufMut, BytesMut};

use super::OwnMessage;
use crate::{compact::*, guard::Guarded};

/// No operations were asked for.
const NO_OPERATIONS: i32 = i32::MIN;
/// A field that is there behind a byte that says so.
const IS_THERE: i8 = 1;
const IS_NULL: i8 = -1;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StreamsGroupDescribeRequest {
    pub groups: Vec<Arc<str>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StreamsGroupDescribeResponse {
    pub groups: Vec<StreamsGroup>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StreamsGroup {
    pub error_code: i16,
    pub error_message: Option<Arc<str>>,
    pub group: Arc<str>,
    pub state: Arc<str>,
    pub epoch: i32,
    pub assignment_epoch: i32,
    /// `None` while the topology is not known, or its topics are missing.
    pub subtopologies: Option<Vec<Subtopology>>,
    pub members: Vec<StreamsMember>,
}

/// A part of a topology whose partitions are processed together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subtopology {
    pub id: Arc<str>,
    pub source_topics: Vec<Arc<str>>,
    /// Internal topics that another part of the topology writes and this one reads.
    pub repartition_source_topics: Vec<Arc<str>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StreamsMember {
    pub member_id: Arc<str>,
    pub epoch: i32,
    pub instance_id: Option<Arc<str>>,
    pub client_id: Arc<str>,
    pub client_host: Arc<str>,
    /// What it processes now; standby and warm-up tasks read no input.
    pub active_tasks: Vec<Tasks>,
    pub is_classic: bool,
}

/// Tasks of one subtopology: one a partition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tasks {
    pub subtopology: Arc<str>,
    pub partitions: Vec<i32>,
}

impl OwnMessage for StreamsGroupDescribeRequest {
    const HIGHEST: i16 = 0;

    fn write(&self, to: &mut BytesMut, _: i16) {
        put_list(to, &self.groups, |to, group| put_text(to, group));
        to.put_u8(0); // without authorized operations
        put_varint(to, NO_TAGS);
    }

    fn read(from: &mut Guarded, _: i16) -> Result<Self, Failure> {
        let groups = list(from, text)?;
        let _with_authorized_operations = from.try_get_u8()?;
        skip_tags(from)?;
        Ok(Self { groups })
    }
}

impl OwnMessage for StreamsGroupDescribeResponse {
    const HIGHEST: i16 = 0;

    fn write(&self, to: &mut BytesMut, _: i16) {
        to.put_i32(0); // throttle time
        put_list(to, &self.groups, |to, group| group.write(to));
        put_varint(to, NO_TAGS);
    }

    fn read(from: &mut Guarded, _: i16) -> Result<Self, Failure> {
        let _throttle_time_ms = from.try_get_i32()?;
        let groups = list(from, StreamsGroup::read)?;
        skip_tags(from)?;
        Ok(Self { groups })
    }
}

impl StreamsGroup {
    fn write(&self, to: &mut BytesMut) {
        to.put_i16(self.error_code);
        put_nullable_text(to, self.error_message.as_deref());
        put_text(to, &self.group);
        put_text(to, &self.state);
        to.put_i32(self.epoch);
        to.put_i32(self.assignment_epoch);
        match &self.subtopologies {
            None => to.put_i8(IS_NULL),
            Some(subtopologies) => {
                to.put_i8(IS_THERE);
                to.put_i32(0); // epoch of the topology
                put_list(to, subtopologies, |to, one| one.write(to));
                put_varint(to, NO_TAGS);
            }
        }
        put_list(to, &self.members, |to, member| member.write(to));
        to.put_i32(NO_OPERATIONS);
        put_varint(to, NO_TAGS);
    }

    fn read(from: &mut Guarded) -> Result<Self, Failure> {
        let group = Self {
            error_code: from.try_get_i16()?,
            error_message: nullable_text(from)?,
            group: text(from)?,
            state: text(from)?,
            epoch: from.try_get_i32()?,
            assignment_epoch: from.try_get_i32()?,
            subtopologies: topology(from)?,
            members: list(from, StreamsMember::read)?,
        };
        let _authorized_operations = from.try_get_i32()?;
        skip_tags(from)?;
        Ok(group)
    }
}

fn topology(from: &mut Guarded) -> Result<Option<Vec<Subtopology>>, Failure> {
    if from.try_get_i8()? == IS_NULL {
        return Ok(None);
    }
    let _epoch = from.try_get_i32()?;
    let subtopologies = nullable_list(from, Subtopology::read)?;
    skip_tags(from)?;
    Ok(subtopologies)
}

impl Subtopology {
    fn write(&self, to: &mut BytesMut) {
        put_text(to, &self.id);
        put_list(to, &self.source_topics, |to, topic| put_text(to, topic));
        put_varint(to, EMPTY); // repartition topics it writes
        put_varint(to, EMPTY); // changelogs of its state
        put_list(to, &self.repartition_source_topics, |to, topic| {
            put_text(to, topic);
            to.put_i32(0); // as many partitions as it has
            to.put_i16(0); // replicas likewise
            put_varint(to, EMPTY); // settings
            put_varint(to, NO_TAGS);
        });
        put_varint(to, NO_TAGS);
    }

    fn read(from: &mut Guarded) -> Result<Self, Failure> {
        let (id, source_topics) = (text(from)?, list(from, text)?);
        let _repartition_sink_topics = list(from, text)?;
        let _state_changelog_topics = list(from, topic_info)?;
        let repartition_source_topics = list(from, topic_info)?;
        skip_tags(from)?;
        Ok(Self { id, source_topics, repartition_source_topics })
    }
}

/// Its name.
fn topic_info(from: &mut Guarded) -> Result<Arc<str>, Failure> {
    let topic = text(from)?;
    let _partitions = from.try_get_i32()?;
    let _replication_factor = from.try_get_i16()?;
    let _settings = list(from, pair)?;
    skip_tags(from)?;
    Ok(topic)
}

impl StreamsMember {
    fn write(&self, to: &mut BytesMut) {
        put_text(to, &self.member_id);
        to.put_i32(self.epoch);
        put_nullable_text(to, self.instance_id.as_deref());
        put_nullable_text(to, None); // rack
        put_text(to, &self.client_id);
        put_text(to, &self.client_host);
        to.put_i32(0); // epoch of its topology
        put_text(to, ""); // process
        to.put_i8(IS_NULL); // endpoint
        put_varint(to, EMPTY); // tags of the client
        put_varint(to, EMPTY); // offsets of its tasks
        put_varint(to, EMPTY); // and where they end
        for _now_and_target in 0..2 {
            put_list(to, &self.active_tasks, |to, tasks| tasks.write(to));
            put_varint(to, EMPTY); // standby
            put_varint(to, EMPTY); // warm-up
            put_varint(to, NO_TAGS);
        }
        to.put_u8(u8::from(self.is_classic));
        put_varint(to, NO_TAGS);
    }

    fn read(from: &mut Guarded) -> Result<Self, Failure> {
        let (member_id, epoch) = (text(from)?, from.try_get_i32()?);
        let (instance_id, _rack) = (nullable_text(from)?, nullable_text(from)?);
        let (client_id, client_host) = (text(from)?, text(from)?);
        let (_topology_epoch, _process) = (from.try_get_i32()?, text(from)?);
        endpoint(from)?;
        let _tags = list(from, pair)?;
        let _offsets = list(from, task_offset)?;
        let _end_offsets = list(from, task_offset)?;
        let (active_tasks, _target) = (active_tasks(from)?, active_tasks(from)?);
        let is_classic = from.try_get_u8()? != 0;
        skip_tags(from)?;
        Ok(Self { member_id, epoch, instance_id, client_id, client_host, active_tasks, is_classic })
    }
}

fn active_tasks(from: &mut Guarded) -> Result<Vec<Tasks>, Failure> {
    let active = list(from, Tasks::read)?;
    let _standby = list(from, Tasks::read)?;
    let _warm_up = list(from, Tasks::read)?;
    skip_tags(from)?;
    Ok(active)
}

impl Tasks {
    fn write(&self, to: &mut BytesMut) {
        put_text(to, &self.subtopology);
        put_list(to, &self.partitions, |to, &partition| to.put_i32(partition));
        put_varint(to, NO_TAGS);
    }

    fn read(from: &mut Guarded) -> Result<Self, Failure> {
        let subtopology = text(from)?;
        let partitions = list(from, |from| Ok(from.try_get_i32()?))?;
        skip_tags(from)?;
        Ok(Self { subtopology, partitions })
    }
}

fn endpoint(from: &mut Guarded) -> Result<(), Failure> {
    if from.try_get_i8()? == IS_NULL {
        return Ok(());
    }
    let (_host, _port) = (text(from)?, from.try_get_u16()?);
    skip_tags(from)
}

fn pair(from: &mut Guarded) -> Result<(), Failure> {
    let (_key, _value) = (text(from)?, text(from)?);
    skip_tags(from)
}

fn task_offset(from: &mut Guarded) -> Result<(), Failure> {
    let (_subtopology, _partition) = (text(from)?, from.try_get_i32()?);
    let _offset = from.try_get_i64()?;
    skip_tags(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group() -> StreamsGroup {
        let subtopology = Subtopology {
            id: "0".into(),
            source_topics: vec!["orders".into(), "prices".into()],
            repartition_source_topics: vec!["app-by-customer-repartition".into()],
        };
        let member = StreamsMember {
            member_id: "m-1".into(),
            epoch: 12,
            instance_id: Some("static".into()),
            client_id: "app-1".into(),
            client_host: "/10.0.0.7".into(),
            active_tasks: vec![Tasks { subtopology: "0".into(), partitions: vec![0, 2] }],
            is_classic: false,
        };
        StreamsGroup {
            error_code: 0,
            error_message: None,
            group: "app".into(),
            state: "Stable".into(),
            epoch: 12,
            assignment_epoch: 11,
            subtopologies: Some(vec![subtopology]),
            members: vec![member.clone(), StreamsMember { instance_id: None, ..member }],
        }
    }

    fn again(answer: &StreamsGroupDescribeResponse) -> StreamsGroupDescribeResponse {
        let mut bytes = BytesMut::new();
        answer.write(&mut bytes, 0);
        let mut from = Guarded::new(bytes.freeze(), true);
        let read = OwnMessage::read(&mut from, 0).unwrap();
        assert_eq!(from.remaining(), 0);
        read
    }

    #[test]
    fn a_description_survives_the_way() {
        let refused = StreamsGroup { error_code: 30, subtopologies: None, ..group() };
        let answer = StreamsGroupDescribeResponse { groups: vec![group(), refused] };
        assert_eq!(again(&answer), answer);
        let request = StreamsGroupDescribeRequest { groups: vec!["app".into()] };
        let mut bytes = BytesMut::new();
        request.write(&mut bytes, 0);
        let mut from = Guarded::new(bytes.freeze(), true);
        assert_eq!(StreamsGroupDescribeRequest::read(&mut from, 0).unwrap(), request);
    }
}
