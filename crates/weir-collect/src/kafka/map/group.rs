//! `KafkaConsumerGroupSample`.

use std::collections::BTreeSet;
use std::sync::Arc;

use weir_kafka::GroupDescription;
use weir_types::{Event, Value};

use super::super::answers::{Answers, GroupAnswer};
use super::super::health::{GroupFacts, Health};
use super::super::history::{GroupStanding, History, LagTime};
use super::consumer::Position;
use super::sampler::{seconds, with_health};
use super::{Sampler, count, type_name};

pub(super) fn sample(
    sampler: &Sampler,
    group: &GroupAnswer,
    positions: &[Position<'_>],
    answers: &Answers,
    history: &History,
) -> Event {
    let standing = history.group(&group.group, answers.moment.heard_at);
    let facts = facts(group, positions, &standing);
    let event = sampler.event_since("KafkaConsumerGroupSample", group.stale_since);
    let event = with_identity(event, group);
    let event = with_lag(event, group, positions);
    let event = event
        .with_known("lagStatus", facts.verdict.map(|verdict| verdict.of_group()))
        .with_known("lagVelocity", standing.lag_velocity.and_then(Value::float))
        .with_known("secondsToCatchUp", standing.seconds_to_catch_up.and_then(seconds))
        .with_known("messagesLost", facts.messages_lost)
        .with_known("secondsToDataLoss", facts.seconds_to_data_loss.and_then(seconds))
        .with_known("rebalanceCount", standing.rebalances.and_then(|it| i64::try_from(it).ok()));
    let known = group.description.is_some().then_some(facts.is_abandoned);
    with_health(event.with_known("abandoned", known), &Health::of_group(&facts))
}

fn with_identity(event: Event, group: &GroupAnswer) -> Event {
    let description = group.description.as_ref();
    let assignor = description.map(|d| &d.assignor).filter(|assignor| !assignor.is_empty());
    event
        .with("consumerGroup", Arc::clone(&group.group))
        .with("groupType", type_name(&group.group_type))
        .with_known("groupState", group.state.clone())
        .with("coordinatorId", group.coordinator.to_string())
        .with_known("assignor", assignor.cloned())
        .with_known("memberCount", description.map(|d| count(d.members.len())))
}

fn with_lag(event: Event, group: &GroupAnswer, positions: &[Position<'_>]) -> Event {
    let lags: Vec<i64> = positions.iter().filter_map(|position| position.lag).collect();
    let worst = lags.iter().max().copied();
    let oldest = oldest(positions);
    // Without its commits a group's partitions are only known in part.
    let whole = group.commits.is_some().then_some(positions);
    let topics = |positions: &[Position<'_>]| {
        count(positions.iter().map(|position| position.topic).collect::<BTreeSet<_>>().len())
    };
    event
        .with_known("topicCount", whole.map(topics))
        .with_known("partitionCount", whole.map(|positions| count(positions.len())))
        .with_known("totalLag", worst.map(|_| lags.iter().fold(0i64, |a, b| a.saturating_add(*b))))
        .with_known("maxLag", worst)
        .with_known("maxLagSeconds", oldest.and_then(|time| seconds(time.seconds)))
        .with_known("lagSecondsMethod", oldest.map(|time| time.method.as_str()))
}

/// The age of the worst partition.
fn oldest(positions: &[Position<'_>]) -> Option<LagTime> {
    let times = positions.iter().filter_map(|position| position.standing.lag_time);
    times.max_by(|one, other| one.seconds.total_cmp(&other.seconds))
}

fn facts(group: &GroupAnswer, positions: &[Position<'_>], standing: &GroupStanding) -> GroupFacts {
    let losses = positions.iter().filter_map(Position::messages_lost);
    let left = positions.iter().filter_map(|position| position.standing.seconds_to_data_loss);
    let has_no_members = |description: &GroupDescription| description.members.is_empty();
    GroupFacts {
        verdict: positions.iter().filter_map(|position| position.standing.verdict).max(),
        messages_lost: losses.reduce(i64::saturating_add),
        seconds_to_data_loss: left.min_by(f64::total_cmp),
        commits_known: group.commits.is_some() && group.stale_since.is_none(),
        is_abandoned: standing.stands_still
            && group.description.as_ref().is_some_and(has_no_members),
        is_rebalancing: group.state.as_deref().is_some_and(|state| state.ends_with("Rebalance")),
    }
}

#[cfg(test)]
mod tests {
    use weir_types::{LagVerdict, Value};

    use super::super::super::history::Standing;
    use super::super::consumer::positions;
    use super::super::fixture;
    use super::*;

    fn sampled(group: &GroupAnswer, answers: &Answers) -> Event {
        let history = fixture::history();
        let positions = positions(group, answers, &history);
        sample(&fixture::sampler(), group, &positions, answers, &history)
    }

    #[test]
    fn known_lags_are_added() {
        let answers = fixture::answers();
        let group = &answers.groups[0];
        let event = sampled(group, &answers);
        assert_eq!(event.get("totalLag"), Some(&Value::Int(75)));
        assert_eq!(event.get("maxLag"), Some(&Value::Int(45)));
        assert_eq!(event.get("memberCount"), Some(&Value::Int(1)));
        assert_eq!(event.get("topicCount"), Some(&Value::Int(3)));
        assert_eq!(event.get("partitionCount"), Some(&Value::Int(4)));
        assert_eq!(event.get("assignor"), Some(&Value::from("range")));
        assert_eq!(event.get("coordinatorId"), Some(&Value::from("1")));
    }

    #[test]
    fn the_worst_partition_speaks_for_the_group() {
        let answers = fixture::answers();
        let event = sampled(&answers.groups[0], &answers);
        assert_eq!(event.get("lagStatus"), Some(&Value::from("ERR")));
        assert_eq!(event.get("messagesLost"), Some(&Value::Int(5)));
        assert_eq!(event.get("secondsToDataLoss"), Some(&Value::Float(0.0)));
        assert_eq!(event.get("abandoned"), Some(&Value::Bool(false)));
        assert_eq!(event.get("healthStatus"), Some(&Value::from("CRITICAL")));
    }

    #[test]
    fn a_partition_that_stopped_is_worse_than_one_that_was_rewound() {
        let answers = fixture::answers();
        let (group, history) = (&answers.groups[0], fixture::history());
        let mut positions = positions(group, &answers, &history);
        for (position, verdict) in positions.iter_mut().zip([LagVerdict::Rewind, LagVerdict::Stop])
        {
            position.standing = Standing { verdict: Some(verdict), ..Standing::default() };
        }
        let event = sample(&fixture::sampler(), group, &positions[..2], &answers, &history);
        let reasons = event.get("healthReasons").and_then(Value::as_str).unwrap();
        assert!(reasons.contains("lagStatus STOP: -50"), "{reasons}");
    }

    #[test]
    fn a_group_without_members_is_abandoned_once_its_lag_stands_still() {
        let mut answers = fixture::answers();
        answers.groups[0].description.as_mut().unwrap().members.clear();
        let mut history = fixture::history();
        let later = |seconds: u64| {
            answers.moment.heard_at.saturating_add(std::time::Duration::from_secs(seconds))
        };
        history.observe_groups(&answers.groups, true, &answers.log, later(0));
        history.observe_groups(&answers.groups, true, &answers.log, later(610));
        answers.moment.heard_at = later(610);
        let group = &answers.groups[0];
        let positions = positions(group, &answers, &history);
        let event = sample(&fixture::sampler(), group, &positions, &answers, &history);
        assert_eq!(event.get("abandoned"), Some(&Value::Bool(true)));
        assert_eq!(event.get("healthStatus"), Some(&Value::from("UNKNOWN")));
    }

    #[test]
    fn a_group_that_was_not_answered_has_no_numbers() {
        let mut answers = fixture::answers();
        let group = &mut answers.groups[0];
        group.commits = None;
        group.description = None;
        let group = &answers.groups[0];
        let event = sampled(group, &answers);
        for name in ["totalLag", "maxLag", "memberCount", "topicCount", "partitionCount"] {
            assert_eq!(event.get(name), None, "{name}");
        }
    }
}
