//! `KafkaConsumerMemberSample`.

use std::sync::Arc;

use weir_kafka::{GroupMember, TopicPartitions};
use weir_types::Event;

use super::super::answers::GroupAnswer;
use super::consumer::host;
use super::sampler::storable;
use super::{Sampler, count, type_name};

/// One sample a member; a member whose id is too long to be stored has none.
pub(super) fn samples(sampler: &Sampler, group: &GroupAnswer, events: &mut Vec<Event>) {
    let members = group.description.iter().flat_map(|description| &description.members);
    let template = sampler
        .event_since("KafkaConsumerMemberSample", group.stale_since)
        .with("consumerGroup", Arc::clone(&group.group));
    for member in members {
        let Some(member_id) = storable(&member.member_id) else { continue };
        events.push(sample(template.clone().with("memberId", member_id), member));
    }
}

fn sample(event: Event, member: &GroupMember) -> Event {
    let partitions = |assigned: &Vec<TopicPartitions>| {
        count(assigned.iter().map(|topic| topic.partitions.len()).sum())
    };
    event
        .with_known("clientId", storable(&member.client_id))
        .with("clientHost", host(&member.client_host))
        .with_known("assignedPartitions", member.assignment.as_ref().map(partitions))
        .with("memberType", type_name(&member.member_type))
}
