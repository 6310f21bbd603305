//! Describe requests: DescribeGroups for classic groups, ConsumerGroupDescribe for KIP-848 ones,
//! ShareGroupDescribe for share groups; streams groups are in `streams`.

use std::sync::Arc;

use kafka_protocol::messages::{
    ConsumerGroupDescribeRequest, DescribeGroupsRequest, GroupId, ShareGroupDescribeRequest,
    consumer_group_describe_response as consumer, describe_groups_response as classic,
    share_group_describe_response as share,
};
use kafka_protocol::protocol::StrBytes;

use super::{GroupAt, GroupDescription, GroupMember, GroupType, TopicPartitions, assignment};
use crate::{Api, BrokerAddress, BrokerId, Client, Error, KafkaCode, api::Request, fan_out, wire};

/// Said of a group the broker does not have, by older brokers without an error.
pub(super) const DEAD: &str = "Dead";
/// The number of classic members among member types (ConsumerGroupDescribe from version 1 on).
const CLASSIC_MEMBER: i8 = 0;

type Descriptions = Vec<Result<GroupDescription, Error>>;

impl Client {
    /// Describes classic groups, in the order given. One request a coordinator, split when large.
    pub async fn describe_groups(
        &self,
        groups: &[GroupAt],
    ) -> Vec<Result<GroupDescription, Error>> {
        self.by_coordinator(Api::DescribeGroups, groups, classic_groups).await
    }

    /// Describes KIP-848 groups, in the order given. One request a coordinator, split when large.
    pub async fn describe_consumer_groups(
        &self,
        groups: &[GroupAt],
    ) -> Vec<Result<GroupDescription, Error>> {
        self.by_coordinator(Api::ConsumerGroupDescribe, groups, consumer_groups).await
    }

    /// Describes share groups (KIP-932), in the order given; Kafka 4.1 or newer. One request a
    /// coordinator, split when large. Members share partitions: several may have the same one.
    pub async fn describe_share_groups(
        &self,
        groups: &[GroupAt],
    ) -> Vec<Result<GroupDescription, Error>> {
        self.by_coordinator(Api::ShareGroupDescribe, groups, share_groups).await
    }
}

/// What a broker says of one group, whatever the request.
trait Described {
    fn group(&self) -> &GroupId;
    fn error(&self) -> (i16, Option<&StrBytes>);
    fn description(self, found: bool) -> GroupDescription;
}

async fn classic_groups(
    client: Client,
    coordinator: BrokerId,
    groups: Vec<Arc<str>>,
) -> Result<Descriptions, Error> {
    let request = |ids| DescribeGroupsRequest::default().with_groups(ids);
    descriptions(&client, coordinator, 0, &groups, request, |answer| answer.groups).await
}

async fn consumer_groups(
    client: Client,
    coordinator: BrokerId,
    groups: Vec<Arc<str>>,
) -> Result<Descriptions, Error> {
    let request = |ids| ConsumerGroupDescribeRequest::default().with_group_ids(ids);
    descriptions(&client, coordinator, 0, &groups, request, |answer| answer.groups).await
}

async fn share_groups(
    client: Client,
    coordinator: BrokerId,
    groups: Vec<Arc<str>>,
) -> Result<Descriptions, Error> {
    let request = |ids| ShareGroupDescribeRequest::default().with_group_ids(ids);
    descriptions(&client, coordinator, 1, &groups, request, |answer| answer.groups).await
}

async fn descriptions<R: Request, D: Described>(
    client: &Client,
    coordinator: BrokerId,
    floor: i16,
    groups: &[Arc<str>],
    request: impl Fn(Vec<GroupId>) -> R,
    described: impl Fn(R::Response) -> Vec<D>,
) -> Result<Descriptions, Error> {
    let request = |_| request(ids(groups));
    let (address, answer) = client.call_broker(coordinator, floor, request).await?;
    let named = |group: D| {
        let (code, message) = group.error();
        let found = judge(&address, R::API, code, message.map(wire::text));
        (wire::text(&group.group().0), found.map(|found| group.description(found)))
    };
    let answered = described(answer).into_iter().map(named).collect();
    let missing = Error::Missing { address: address.clone(), api: R::API };
    Ok(fan_out::in_order(groups, answered, &missing))
}

fn ids(groups: &[Arc<str>]) -> Vec<GroupId> {
    groups.iter().map(|group| GroupId(wire::str_bytes(group))).collect()
}

/// Whether the broker has the group; any other code is an error.
pub(super) fn judge(
    address: &BrokerAddress,
    api: Api,
    code: i16,
    message: Option<Arc<str>>,
) -> Result<bool, Error> {
    match KafkaCode::from_answer(code) {
        None => Ok(true),
        Some(KafkaCode::GROUP_ID_NOT_FOUND) => Ok(false),
        Some(code) => Err(Error::broker(address, api, code, message)),
    }
}

impl Described for classic::DescribedGroup {
    fn group(&self) -> &GroupId {
        &self.group_id
    }

    fn error(&self) -> (i16, Option<&StrBytes>) {
        (self.error_code, self.error_message.as_ref())
    }

    fn description(self, found: bool) -> GroupDescription {
        GroupDescription {
            group: wire::text(&self.group_id.0),
            group_type: GroupType::Classic,
            state: if found { wire::text(&self.group_state) } else { Arc::from(DEAD) },
            assignor: wire::text(&self.protocol_data),
            epoch: None,
            assignment_epoch: None,
            members: self.members.into_iter().map(classic_member).collect(),
        }
    }
}

fn classic_member(member: classic::DescribedGroupMember) -> GroupMember {
    GroupMember {
        member_id: wire::text(&member.member_id),
        instance_id: member.group_instance_id.as_ref().map(wire::text),
        client_id: wire::text(&member.client_id),
        client_host: wire::text(&member.client_host),
        assignment: assignment::parse(&member.member_assignment),
        member_type: GroupType::Classic,
    }
}

impl Described for consumer::DescribedGroup {
    fn group(&self) -> &GroupId {
        &self.group_id
    }

    fn error(&self) -> (i16, Option<&StrBytes>) {
        (self.error_code, self.error_message.as_ref())
    }

    fn description(self, found: bool) -> GroupDescription {
        GroupDescription {
            group: wire::text(&self.group_id.0),
            group_type: GroupType::Consumer,
            state: if found { wire::text(&self.group_state) } else { Arc::from(DEAD) },
            assignor: wire::text(&self.assignor_name),
            epoch: found.then_some(self.group_epoch),
            assignment_epoch: found.then_some(self.assignment_epoch),
            members: self.members.into_iter().map(consumer_member).collect(),
        }
    }
}

fn consumer_member(member: consumer::Member) -> GroupMember {
    let topics = member.assignment.topic_partitions.into_iter();
    GroupMember {
        member_id: wire::text(&member.member_id),
        instance_id: member.instance_id.as_ref().map(wire::text),
        client_id: wire::text(&member.client_id),
        client_host: wire::text(&member.client_host),
        assignment: Some(topics.map(assigned).collect()),
        member_type: match member.member_type {
            CLASSIC_MEMBER => GroupType::Classic,
            _ => GroupType::Consumer,
        },
    }
}

fn assigned(topic: consumer::TopicPartitions) -> TopicPartitions {
    TopicPartitions { topic: wire::text(&topic.topic_name.0), partitions: topic.partitions }
}

impl Described for share::DescribedGroup {
    fn group(&self) -> &GroupId {
        &self.group_id
    }

    fn error(&self) -> (i16, Option<&StrBytes>) {
        (self.error_code, self.error_message.as_ref())
    }

    fn description(self, found: bool) -> GroupDescription {
        GroupDescription {
            group: wire::text(&self.group_id.0),
            group_type: GroupType::Share,
            state: if found { wire::text(&self.group_state) } else { Arc::from(DEAD) },
            assignor: wire::text(&self.assignor_name),
            epoch: found.then_some(self.group_epoch),
            assignment_epoch: found.then_some(self.assignment_epoch),
            members: self.members.into_iter().map(share_member).collect(),
        }
    }
}

fn share_member(member: share::Member) -> GroupMember {
    let assigned = |topic: share::TopicPartitions| TopicPartitions {
        topic: wire::text(&topic.topic_name.0),
        partitions: topic.partitions,
    };
    GroupMember {
        member_id: wire::text(&member.member_id),
        instance_id: None,
        client_id: wire::text(&member.client_id),
        client_host: wire::text(&member.client_host),
        assignment: Some(member.assignment.topic_partitions.into_iter().map(assigned).collect()),
        member_type: GroupType::Share,
    }
}
