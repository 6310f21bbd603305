//! DescribeGroups, ConsumerGroupDescribe, ShareGroupDescribe: who is in a group.

use bytes::{BufMut, Bytes, BytesMut};
use kafka_protocol::messages::consumer_protocol_assignment::TopicPartition;
use kafka_protocol::messages::{
    ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse, ConsumerProtocolAssignment,
    DescribeGroupsRequest, DescribeGroupsResponse, GroupId, ShareGroupDescribeRequest,
    ShareGroupDescribeResponse, TopicName, consumer_group_describe_response as consumer,
    describe_groups_response as classic, share_group_describe_response as share,
};
use kafka_protocol::protocol::{Encodable, StrBytes};

use super::{Broker, code, text, topic_name};
use crate::plan::GroupKind;
use crate::world::{Group, GroupState};

/// From here on a group that is not classic is an error; before, it is dead.
const NOT_FOUND_IS_ERROR: i16 = 6;
/// The version of the assignment bytes.
const ASSIGNMENT_VERSION: i16 = 1;

/// A member in the terms that all protocols share.
pub(super) struct Member {
    pub id: StrBytes,
    pub client_id: StrBytes,
    pub host: StrBytes,
    /// By index of the topic.
    pub assigned: Vec<(usize, Vec<i32>)>,
}

impl Broker<'_> {
    pub(super) fn describe_groups(
        &self,
        request: &DescribeGroupsRequest,
        version: i16,
    ) -> DescribeGroupsResponse {
        let groups = request.groups.iter().map(|group| self.classic(group, version)).collect();
        DescribeGroupsResponse::default().with_groups(groups)
    }

    pub(super) fn describe_consumer_groups(
        &self,
        request: &ConsumerGroupDescribeRequest,
    ) -> ConsumerGroupDescribeResponse {
        let groups = request.group_ids.iter().map(|group| self.consumer(group)).collect();
        ConsumerGroupDescribeResponse::default().with_groups(groups)
    }

    pub(super) fn describe_share_groups(
        &self,
        request: &ShareGroupDescribeRequest,
    ) -> ShareGroupDescribeResponse {
        let groups = request.group_ids.iter().map(|group| self.share(group)).collect();
        ShareGroupDescribeResponse::default().with_groups(groups)
    }

    fn classic(&self, name: &GroupId, version: i16) -> classic::DescribedGroup {
        let answer = classic::DescribedGroup::default().with_group_id(name.clone());
        let at = match self.group_of_kind(name, GroupKind::Classic) {
            Ok(at) => at,
            Err(code::GROUP_ID_NOT_FOUND) if version < NOT_FOUND_IS_ERROR => {
                return answer.with_group_state(StrBytes::from_static_str("Dead"));
            }
            Err(code) => return answer.with_error_code(code),
        };
        let is_stable = self.moment.group_state(at) == GroupState::Stable;
        let assignor = if is_stable { "range" } else { "" };
        let members = self.members(at).into_iter().map(|member| {
            let assignment = if is_stable { self.assignment_bytes(&member) } else { Bytes::new() };
            classic::DescribedGroupMember::default()
                .with_member_id(member.id)
                .with_client_id(member.client_id)
                .with_client_host(member.host)
                .with_member_assignment(assignment)
        });
        answer
            .with_group_state(StrBytes::from_static_str(self.state(at, GroupKind::Classic)))
            .with_protocol_type(StrBytes::from_static_str("consumer"))
            .with_protocol_data(StrBytes::from_static_str(assignor))
            .with_members(members.collect())
    }

    fn consumer(&self, name: &GroupId) -> consumer::DescribedGroup {
        let answer = consumer::DescribedGroup::default().with_group_id(name.clone());
        let at = match self.group_of_kind(name, GroupKind::Consumer) {
            Ok(at) => at,
            Err(code) => return answer.with_error_code(code),
        };
        let epoch = self.moment.group_epoch(at);
        let members = self.members(at).into_iter().map(|member| {
            let assignment = consumer::Assignment::default().with_topic_partitions(
                member.assigned.iter().map(|one| self.consumer_partitions(one)).collect(),
            );
            consumer::Member::default()
                .with_member_id(member.id)
                .with_client_id(member.client_id)
                .with_client_host(member.host)
                .with_member_epoch(epoch)
                .with_member_type(1)
                .with_subscribed_topic_names(self.subscribed(at))
                .with_target_assignment(assignment.clone())
                .with_assignment(assignment)
        });
        answer
            .with_group_state(StrBytes::from_static_str(self.state(at, GroupKind::Consumer)))
            .with_group_epoch(epoch)
            .with_assignment_epoch(epoch)
            .with_assignor_name(StrBytes::from_static_str("uniform"))
            .with_members(members.collect())
    }

    fn share(&self, name: &GroupId) -> share::DescribedGroup {
        let answer = share::DescribedGroup::default().with_group_id(name.clone());
        let at = match self.group_of_kind(name, GroupKind::Share) {
            Ok(at) => at,
            Err(code) => return answer.with_error_code(code),
        };
        let epoch = self.moment.group_epoch(at);
        let members = self.members(at).into_iter().map(|member| {
            let partitions = member.assigned.iter().map(|one| self.share_partitions(one)).collect();
            share::Member::default()
                .with_member_id(member.id)
                .with_client_id(member.client_id)
                .with_client_host(member.host)
                .with_member_epoch(epoch)
                .with_subscribed_topic_names(self.subscribed(at))
                .with_assignment(share::Assignment::default().with_topic_partitions(partitions))
        });
        answer
            .with_group_state(StrBytes::from_static_str(self.state(at, GroupKind::Share)))
            .with_group_epoch(epoch)
            .with_assignment_epoch(epoch)
            .with_assignor_name(StrBytes::from_static_str("simple"))
            .with_members(members.collect())
    }

    pub(super) fn group_of_kind(&self, name: &str, kind: GroupKind) -> Result<usize, i16> {
        let found = self.coordinated_here(name)?;
        let of_kind = found.filter(|at| self.kind(&self.moment.world.groups[*at]) == Some(kind));
        of_kind.ok_or(code::GROUP_ID_NOT_FOUND)
    }

    /// Nobody in a group without members.
    pub(super) fn members(&self, at: usize) -> Vec<Member> {
        let group = &self.moment.world.groups[at];
        match self.moment.group_state(at) {
            GroupState::Empty => Vec::new(),
            _ => (0..group.plan.members).map(|nth| self.member(group, nth)).collect(),
        }
    }

    fn member(&self, group: &Group, nth: u32) -> Member {
        let seed = group.seed.rotate_left(nth);
        let client_id = format!("{}-{nth}", group.plan.name);
        let id = uuid::Uuid::from_u64_pair(seed, seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let [a, b, ..] = seed.to_be_bytes();
        let assigned = |&topic: &usize| {
            (topic, group.assigned(nth, &self.moment.world.topics[topic]).collect())
        };
        Member {
            id: text(&format!("{client_id}-{id}")),
            client_id: text(&client_id),
            host: text(&format!("/10.20.{a}.{b}")),
            assigned: group.topics.iter().map(assigned).collect(),
        }
    }

    fn subscribed(&self, at: usize) -> Vec<TopicName> {
        let topics = self.moment.world.groups[at].topics.iter();
        topics.map(|topic| topic_name(&self.moment.world.topics[*topic].plan.name)).collect()
    }

    /// What classic members leave with the coordinator; see the codec's ConsumerProtocolAssignment.
    fn assignment_bytes(&self, member: &Member) -> Bytes {
        let topics = member.assigned.iter().map(|(topic, partitions)| {
            TopicPartition::default()
                .with_topic(topic_name(&self.moment.world.topics[*topic].plan.name))
                .with_partitions(partitions.clone())
        });
        let assignment =
            ConsumerProtocolAssignment::default().with_assigned_partitions(topics.collect());
        let mut bytes = BytesMut::new();
        bytes.put_i16(ASSIGNMENT_VERSION);
        match assignment.encode(&mut bytes, ASSIGNMENT_VERSION) {
            Ok(()) => bytes.freeze(),
            Err(_) => Bytes::new(), // too large for its lengths: as good as not assigned yet
        }
    }

    fn consumer_partitions(
        &self,
        (topic, partitions): &(usize, Vec<i32>),
    ) -> consumer::TopicPartitions {
        let topic = &self.moment.world.topics[*topic];
        consumer::TopicPartitions::default()
            .with_topic_id(topic.id)
            .with_topic_name(topic_name(&topic.plan.name))
            .with_partitions(partitions.clone())
    }

    fn share_partitions(&self, (topic, partitions): &(usize, Vec<i32>)) -> share::TopicPartitions {
        let topic = &self.moment.world.topics[*topic];
        share::TopicPartitions::default()
            .with_topic_id(topic.id)
            .with_topic_name(topic_name(&topic.plan.name))
            .with_partitions(partitions.clone())
    }
}
