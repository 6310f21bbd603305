//! The DescribeShareGroupOffsets request: how far share groups are (KIP-932), asked of their
//! coordinators.
//!
//! A share group has no committed offset: its members take messages of a partition in any order, and
//! what is done with is not one stretch. Kafka keeps the first offset that is not done with, and from
//! 4.2 on counts how many messages behind it are neither (KIP-1226).

use std::sync::Arc;

use super::{CommittedOffset, GroupOffsets, Offset, TopicCommits};
use crate::{
    Api, BrokerAddress, BrokerId, Client, Error, GroupAt, KafkaCode, fan_out,
    messages::{DescribeShareGroupOffsetsRequest, ShareGroupOffsets, SharePartitionOffset},
};

type Shares = Result<Vec<TopicCommits>, Error>;

impl Client {
    /// The first offset not done with on each partition of the groups, in the order given, and the
    /// lag as the coordinator counts it. One request a coordinator, split when large; Kafka 4.1 or
    /// newer.
    pub async fn fetch_share_offsets(&self, groups: &[GroupAt]) -> Vec<GroupOffsets> {
        let answers = self.by_coordinator(Api::DescribeShareGroupOffsets, groups, shares).await;
        let named = groups.iter().cloned().zip(answers);
        named.map(|(group, offsets)| GroupOffsets { group, offsets }).collect()
    }
}

async fn shares(
    client: Client,
    coordinator: BrokerId,
    groups: Vec<Arc<str>>,
) -> Result<Vec<Shares>, Error> {
    let request = |_| DescribeShareGroupOffsetsRequest {
        groups: groups.iter().map(|group| (Arc::clone(group), None)).collect(),
    };
    let (address, answer) = client.call_broker(coordinator, 0, request).await?;
    let named = |group: ShareGroupOffsets| (Arc::clone(&group.group), of_group(&address, group));
    let answered = answer.groups.into_iter().map(named).collect();
    let api = Api::DescribeShareGroupOffsets;
    Ok(fan_out::in_order(&groups, answered, &Error::Missing { address: address.clone(), api }))
}

fn of_group(address: &BrokerAddress, group: ShareGroupOffsets) -> Shares {
    let api = Api::DescribeShareGroupOffsets;
    if let Some(code) = KafkaCode::from_answer(group.error_code) {
        return Err(Error::broker(address, api, code, group.error_message));
    }
    let mut topics: Vec<TopicCommits> = Vec::new();
    for topic in group.topics {
        let known = topic.partitions.iter().filter_map(|one| of_partition(address, one));
        let mut partitions: Vec<_> = known.collect();
        partitions.sort_unstable_by_key(|one| one.partition);
        if !partitions.is_empty() {
            topics.push(TopicCommits { topic: topic.topic, partitions });
        }
    }
    topics.sort_unstable_by(|one, other| one.topic.cmp(&other.topic));
    Ok(topics)
}

/// `None` for a partition that nobody has taken messages of yet, which Kafka writes as -1.
fn of_partition(address: &BrokerAddress, one: &SharePartitionOffset) -> Option<CommittedOffset> {
    let offset = match KafkaCode::from_answer(one.error_code) {
        Some(code) => {
            Err(Arc::new(Error::broker(address, Api::DescribeShareGroupOffsets, code, None)))
        }
        None if one.start_offset < 0 => return None,
        None => Ok(Offset(one.start_offset)),
    };
    Some(CommittedOffset {
        partition: one.partition,
        offset,
        leader_epoch: Some(one.leader_epoch).filter(|epoch| *epoch >= 0),
        lag_messages: Some(one.lag).filter(|lag| *lag >= 0),
    })
}
