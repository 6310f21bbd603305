//! Both ends of every log.

use std::sync::Arc;

use weir_kafka::{BrokerId, Client, ClusterMetadata, OffsetSpec, TopicOffsets, TopicPartitions};

use super::super::answers::LogOffsets;
use super::super::capability::Question;
use super::super::tally::Tally;

/// The partitions that have somebody to ask, and who that is, both in the same order.
pub(crate) fn led_partitions(metadata: &ClusterMetadata) -> (Vec<TopicPartitions>, Vec<BrokerId>) {
    let mut asked = Vec::new();
    let mut leaders = Vec::new();
    for topic in &metadata.topics {
        let led = topic.partitions.iter().filter_map(|p| Some((p.index, p.leader?)));
        let (partitions, leads): (Vec<i32>, Vec<BrokerId>) = led.unzip();
        if !partitions.is_empty() {
            asked.push(TopicPartitions { topic: Arc::clone(&topic.name), partitions });
            leaders.extend(leads);
        }
    }
    (asked, leaders)
}

pub(super) async fn log_offsets(
    client: &Client,
    metadata: &ClusterMetadata,
    tally: &mut Tally,
) -> LogOffsets {
    let (asked, leaders) = led_partitions(metadata);
    let (ends, starts) = tokio::join!(
        client.list_offsets(OffsetSpec::Latest, &asked),
        client.list_offsets(OffsetSpec::Earliest, &asked),
    );
    count_offsets(Question::LogEndOffsets, &ends, &leaders, tally);
    count_offsets(Question::LogStartOffsets, &starts, &leaders, tally);
    LogOffsets::read(&ends, &starts)
}

fn count_offsets(
    question: Question,
    answers: &[TopicOffsets],
    leaders: &[BrokerId],
    tally: &mut Tally,
) {
    let partitions = answers.iter().flat_map(|topic| &topic.partitions);
    let outcomes =
        partitions.map(|partition| partition.offset.as_ref().err().map(|error| &**error));
    tally.items_by_broker(question, leaders.iter().copied().zip(outcomes));
}

#[cfg(test)]
mod tests {
    use super::super::super::map::fixture;
    use super::*;

    #[test]
    fn partitions_without_a_leader_are_not_asked() {
        let mut metadata = fixture::metadata(&[("orders", 3)]);
        metadata.topics[0].partitions[1].leader = None;
        let (asked, leaders) = led_partitions(&metadata);
        assert_eq!(asked[0].partitions, [0, 2]);
        assert_eq!(leaders.len(), 2);
    }
}
