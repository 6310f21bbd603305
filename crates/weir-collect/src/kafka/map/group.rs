//! `KafkaConsumerGroupSample`.

use std::collections::BTreeSet;
use std::sync::Arc;

use weir_types::Event;

use super::super::answers::GroupAnswer;
use super::consumer::Position;
use super::{Sampler, count, type_name};

pub(super) fn sample(sampler: &Sampler, group: &GroupAnswer, positions: &[Position<'_>]) -> Event {
    let description = group.description.as_ref();
    let assignor = description.map(|d| &d.assignor).filter(|assignor| !assignor.is_empty());
    let lags: Vec<i64> = positions.iter().filter_map(Position::lag).collect();
    let worst = lags.iter().max().copied();
    // Without its commits a group's partitions are only known in part.
    let whole = group.commits.is_some().then_some(positions);
    let topics = |positions: &[Position<'_>]| {
        count(positions.iter().map(|position| position.topic).collect::<BTreeSet<_>>().len())
    };
    sampler
        .event("KafkaConsumerGroupSample")
        .with("consumerGroup", Arc::clone(&group.group))
        .with("groupType", type_name(&group.group_type))
        .with_known("groupState", group.state.clone())
        .with_known("memberCount", description.map(|d| count(d.members.len())))
        .with_known("topicCount", whole.map(topics))
        .with_known("partitionCount", whole.map(|positions| count(positions.len())))
        .with_known("totalLag", worst.map(|_| lags.iter().fold(0i64, |a, b| a.saturating_add(*b))))
        .with_known("maxLag", worst)
        .with("coordinatorId", group.coordinator.to_string())
        .with_known("assignor", assignor.cloned())
}

#[cfg(test)]
mod tests {
    use weir_types::Value;

    use super::super::consumer::positions;
    use super::super::fixture;
    use super::*;

    #[test]
    fn known_lags_are_added() {
        let answers = fixture::answers();
        let group = &answers.groups[0];
        let event = sample(&fixture::sampler(), group, &positions(group, &answers.log));
        assert_eq!(event.get("totalLag"), Some(&Value::Int(75)));
        assert_eq!(event.get("maxLag"), Some(&Value::Int(45)));
        assert_eq!(event.get("memberCount"), Some(&Value::Int(1)));
        assert_eq!(event.get("topicCount"), Some(&Value::Int(3)));
        assert_eq!(event.get("partitionCount"), Some(&Value::Int(4)));
        assert_eq!(event.get("assignor"), Some(&Value::from("range")));
        assert_eq!(event.get("coordinatorId"), Some(&Value::from("1")));
    }

    #[test]
    fn a_group_that_was_not_answered_has_no_numbers() {
        let mut answers = fixture::answers();
        let group = &mut answers.groups[0];
        group.commits = None;
        group.description = None;
        let group = &answers.groups[0];
        let event = sample(&fixture::sampler(), group, &positions(group, &answers.log));
        for name in ["totalLag", "maxLag", "memberCount", "topicCount", "partitionCount"] {
            assert_eq!(event.get(name), None, "{name}");
        }
    }
}
