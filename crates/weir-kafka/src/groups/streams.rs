//! The StreamsGroupDescribe request: who is in streams groups (KIP-1071).
//!
//! Members of a streams group are assigned tasks, one for each partition of a part of the topology;
//! a task reads that partition of each of the part's source topics.

use std::{collections::BTreeMap, sync::Arc};

use super::{GroupAt, GroupDescription, GroupMember, GroupType, TopicPartitions, describe};
use crate::{
    Api, BrokerId, Client, ClusterMetadata, Error, fan_out,
    messages::{StreamsGroup, StreamsGroupDescribeRequest, StreamsMember, Subtopology},
};

impl Client {
    /// Describes streams groups, in the order given; Kafka 4.1 or newer. One request a coordinator,
    /// split when large. The assignment of a member are the partitions its active tasks read;
    /// unknown while the group has no topology.
    pub async fn describe_streams_groups(
        &self,
        groups: &[GroupAt],
    ) -> Vec<Result<GroupDescription, Error>> {
        self.by_coordinator(Api::StreamsGroupDescribe, groups, streams_groups).await
    }
}

async fn streams_groups(
    client: Client,
    coordinator: BrokerId,
    groups: Vec<Arc<str>>,
) -> Result<Vec<Result<GroupDescription, Error>>, Error> {
    let request = |_| StreamsGroupDescribeRequest { groups: groups.clone() };
    let (address, answer) = client.call_broker(coordinator, 0, request).await?;
    let metadata = client.known_metadata().await?;
    let api = Api::StreamsGroupDescribe;
    let named = |group: StreamsGroup| {
        let message = group.error_message.clone();
        let found = describe::judge(&address, api, group.error_code, message);
        (Arc::clone(&group.group), found.map(|found| streams_group(group, found, &metadata)))
    };
    let answered = answer.groups.into_iter().map(named).collect();
    Ok(fan_out::in_order(&groups, answered, &Error::Missing { address: address.clone(), api }))
}

fn streams_group(group: StreamsGroup, found: bool, metadata: &ClusterMetadata) -> GroupDescription {
    let topology = group.subtopologies.as_deref();
    let members = group.members.into_iter();
    GroupDescription {
        group: group.group,
        group_type: GroupType::Streams,
        state: if found { group.state } else { Arc::from(describe::DEAD) },
        assignor: Arc::default(),
        epoch: found.then_some(group.epoch),
        assignment_epoch: found.then_some(group.assignment_epoch),
        members: members.map(|member| streams_member(member, topology, metadata)).collect(),
    }
}

fn streams_member(
    member: StreamsMember,
    topology: Option<&[Subtopology]>,
    metadata: &ClusterMetadata,
) -> GroupMember {
    let assignment = match topology {
        _ if member.active_tasks.is_empty() => Some(Vec::new()),
        topology => topology.map(|topology| partitions_read(&member, topology, metadata)),
    };
    GroupMember {
        member_id: member.member_id,
        instance_id: member.instance_id,
        client_id: member.client_id,
        client_host: member.client_host,
        assignment,
        member_type: if member.is_classic { GroupType::Classic } else { GroupType::Streams },
    }
}

/// By topic, then partition. Source topics of one part may differ in size: its tasks are as many as
/// the largest has partitions, and read nothing of a smaller one beyond its end.
fn partitions_read(
    member: &StreamsMember,
    topology: &[Subtopology],
    metadata: &ClusterMetadata,
) -> Vec<TopicPartitions> {
    let mut read: BTreeMap<&Arc<str>, Vec<i32>> = BTreeMap::new();
    for tasks in &member.active_tasks {
        let part = topology.iter().find(|part| part.id == tasks.subtopology);
        let sources = part
            .into_iter()
            .flat_map(|part| part.source_topics.iter().chain(&part.repartition_source_topics));
        for source in sources {
            let topic = metadata.topic(source);
            let exists =
                |partition: &&i32| topic.is_none_or(|it| it.partition(**partition).is_some());
            read.entry(source).or_default().extend(tasks.partitions.iter().filter(exists));
        }
    }
    let topics = read.into_iter().filter(|(_, partitions)| !partitions.is_empty());
    let in_order = topics.map(|(topic, mut partitions)| {
        partitions.sort_unstable();
        partitions.dedup();
        TopicPartitions { topic: Arc::clone(topic), partitions }
    });
    in_order.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Partition, Topic, messages::Tasks};

    fn cluster(topics: &[(&str, i32)]) -> ClusterMetadata {
        let partition = |index| Partition {
            index,
            leader: None,
            leader_epoch: None,
            replicas: [].into(),
            isr: [].into(),
            offline_replicas: [].into(),
            error: None,
        };
        let topic = |&(name, partitions): &(&str, i32)| Topic {
            name: name.into(),
            id: None,
            is_internal: false,
            partitions: (0..partitions).map(partition).collect(),
            error: None,
        };
        ClusterMetadata {
            cluster_id: None,
            controller_id: None,
            brokers: Vec::new(),
            topics: topics.iter().map(topic).collect(),
        }
    }

    fn topology() -> Vec<Subtopology> {
        vec![
            Subtopology {
                id: "0".into(),
                source_topics: vec!["orders".into(), "prices".into()],
                ..Subtopology::default()
            },
            Subtopology {
                id: "1".into(),
                repartition_source_topics: vec!["app-by-customer-repartition".into()],
                ..Subtopology::default()
            },
        ]
    }

    fn member(tasks: &[(&str, &[i32])]) -> StreamsMember {
        let tasks = tasks.iter().map(|(id, partitions)| Tasks {
            subtopology: (*id).into(),
            partitions: partitions.to_vec(),
        });
        StreamsMember { active_tasks: tasks.collect(), ..StreamsMember::default() }
    }

    #[test]
    fn tasks_are_partitions_of_all_sources_of_their_part() {
        let metadata = cluster(&[("orders", 4), ("prices", 2)]);
        let member = member(&[("1", &[5]), ("0", &[3, 0])]);
        let read = streams_member(member, Some(&topology()), &metadata).assignment.unwrap();
        let read: Vec<_> = read.iter().map(|it| (&*it.topic, &*it.partitions)).collect();
        // Of a topic we may not describe, what the tasks say stands.
        assert_eq!(
            read,
            [
                ("app-by-customer-repartition", &[5][..]),
                ("orders", &[0, 3][..]),
                ("prices", &[0][..])
            ]
        );
    }

    #[test]
    fn without_a_topology_tasks_mean_nothing_known() {
        let metadata = cluster(&[]);
        let busy = streams_member(member(&[("0", &[1])]), None, &metadata);
        assert_eq!(busy.assignment, None);
        let idle = streams_member(member(&[]), None, &metadata);
        assert_eq!(idle.assignment, Some(Vec::new()));
    }
}
