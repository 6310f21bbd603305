//! StreamsGroupDescribe: who is in a streams group, of a topology with one part.

use std::sync::Arc;

use weir_kafka::messages::{
    StreamsGroup, StreamsGroupDescribeRequest, StreamsGroupDescribeResponse, StreamsMember,
    Subtopology, Tasks,
};

use super::Broker;
use crate::plan::GroupKind;

/// The only part of every topology.
const PART: &str = "0";

impl Broker<'_> {
    pub(super) fn describe_streams_groups(
        &self,
        request: &StreamsGroupDescribeRequest,
    ) -> StreamsGroupDescribeResponse {
        let groups = request.groups.iter().map(|group| self.streams_group(group)).collect();
        StreamsGroupDescribeResponse { groups }
    }

    fn streams_group(&self, name: &Arc<str>) -> StreamsGroup {
        let answer = StreamsGroup { group: Arc::clone(name), ..StreamsGroup::default() };
        let at = match self.group_of_kind(name, GroupKind::Streams) {
            Ok(at) => at,
            Err(error_code) => return StreamsGroup { error_code, ..answer },
        };
        let world = self.moment.world;
        let topics = world.groups[at].topics.iter().map(|topic| &world.topics[*topic].plan.name);
        let part = Subtopology {
            id: PART.into(),
            source_topics: topics.cloned().collect(),
            ..Subtopology::default()
        };
        let epoch = self.moment.group_epoch(at);
        StreamsGroup {
            state: self.state(at, GroupKind::Streams).into(),
            epoch,
            assignment_epoch: epoch,
            subtopologies: Some(vec![part]),
            members: self.streams_members(at, epoch),
            ..answer
        }
    }

    /// A task for each partition of the largest topic.
    fn streams_members(&self, at: usize, epoch: i32) -> Vec<StreamsMember> {
        let members = self.members(at).into_iter().map(|member| {
            let tasks = member.assigned.iter().map(|(_, partitions)| partitions);
            let tasks = tasks.max_by_key(|partitions| partitions.len()).cloned();
            StreamsMember {
                member_id: member.id.as_str().into(),
                epoch,
                client_id: member.client_id.as_str().into(),
                client_host: member.host.as_str().into(),
                active_tasks: vec![Tasks {
                    subtopology: PART.into(),
                    partitions: tasks.unwrap_or_default(),
                }],
                ..StreamsMember::default()
            }
        });
        members.collect()
    }
}
