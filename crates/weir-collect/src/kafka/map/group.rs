//! `KafkaConsumerGroupSample`.

use std::collections::BTreeSet;
use std::sync::Arc;

use weir_kafka::{GroupDescription, GroupType};
use weir_types::{Event, GroupState, LagVerdict, Timestamp, Value};

use super::super::answers::{Answers, GroupAnswer};
use super::super::health::{GroupFacts, Health};
use super::super::history::{GroupStanding, History};
use super::consumer::Position;
use super::group_lag::GroupLag;
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
    let lag = GroupLag::of(positions);
    let facts = facts(group, positions, &lag, &standing);
    let event = sampler.event_since("KafkaConsumerGroupSample", stale_since(group, positions));
    let event = with_identity(event, group);
    let event = with_lag(event, group, positions, &lag);
    let trend = lag.total.map(|_| &standing);
    let event = event
        .with_known("lagStatus", facts.verdict.map(|verdict| verdict.of_group()))
        .with_known("lagVelocity", trend.and_then(|it| Value::float(it.lag_velocity?)))
        .with_known("secondsToCatchUp", trend.and_then(|it| seconds(it.seconds_to_catch_up?)))
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

fn is_moving(state: &str) -> bool {
    GroupState::read(state).is_moving()
}

/// The oldest of what is repeated of the group or of a log that it reads.
fn stale_since(group: &GroupAnswer, positions: &[Position<'_>]) -> Option<Timestamp> {
    let read = positions.iter().filter(|position| position.is_counted);
    group.stale_since.into_iter().chain(read.filter_map(|position| position.log.stale_since)).min()
}

fn with_lag(
    event: Event,
    group: &GroupAnswer,
    positions: &[Position<'_>],
    lag: &GroupLag,
) -> Event {
    // Without its commits a group's partitions are only known in part.
    let whole = group.commits.is_some().then_some(positions);
    let topics = |positions: &[Position<'_>]| {
        count(positions.iter().map(|position| position.topic).collect::<BTreeSet<_>>().len())
    };
    event
        .with_known("topicCount", whole.map(topics))
        .with_known("partitionCount", whole.map(|positions| count(positions.len())))
        .with_known("totalLag", lag.total)
        .with_known("maxLag", lag.max)
        .with_known("maxLagSeconds", lag.oldest.and_then(|age| seconds(age.known_seconds()?)))
        .with_known("lagSecondsMethod", lag.oldest.map(|age| age.method.as_str()))
}

fn facts(
    group: &GroupAnswer,
    positions: &[Position<'_>],
    lag: &GroupLag,
    standing: &GroupStanding,
) -> GroupFacts {
    let worst = positions.iter().filter_map(|position| position.standing.verdict).max();
    let losses = positions.iter().filter_map(Position::messages_lost);
    let left = positions.iter().filter_map(|position| position.standing.seconds_to_data_loss);
    let has_no_members = |description: &GroupDescription| description.members.is_empty();
    GroupFacts {
        // That some partitions do well says nothing of those that are not known.
        verdict: worst.filter(|worst| lag.is_whole || *worst > LagVerdict::Ok),
        messages_lost: losses.reduce(i64::saturating_add),
        seconds_to_data_loss: left.min_by(f64::total_cmp),
        commits_known: group.commits.is_some() && group.stale_since.is_none(),
        // Of a share group only some brokers can count it: that is no fault of this cycle.
        lag_known: lag.is_whole || group.group_type == GroupType::Share,
        is_abandoned: standing.stands_still
            && group.description.as_ref().is_some_and(has_no_members),
        is_rebalancing: group.state.as_deref().is_some_and(is_moving),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::super::answers::LogRange;
    use super::super::super::history::{LagTime, Method, Standing};
    use super::super::consumer::positions;
    use super::super::fixture;
    use super::*;

    fn sampled(group: &GroupAnswer, answers: &Answers) -> Event {
        sampled_with(group, answers, &fixture::history())
    }

    fn sampled_with(group: &GroupAnswer, answers: &Answers, history: &History) -> Event {
        let positions = positions(group, answers, history);
        sample(&fixture::sampler(), group, &positions, answers, history)
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
    fn a_group_is_not_caught_up_while_a_log_end_is_unknown() {
        let mut answers = fixture::answers();
        let caught_up = LogRange { start: Some(0), end: Some(3), stale_since: None };
        answers.log.set(&"audit".into(), 0, caught_up);
        answers.log.set(&"orders".into(), 0, LogRange::default());
        let (group, history) = (&answers.groups[0], fixture::history());
        let mut positions = positions(group, &answers, &history);
        for position in &mut positions {
            let lag_time = position.lag.map(|_| LagTime::NONE_LEFT);
            let verdict = Some(LagVerdict::Ok);
            position.standing = Standing { lag_time, verdict, ..Standing::default() };
        }
        let event = sample(&fixture::sampler(), group, &positions, &answers, &history);
        for name in ["totalLag", "maxLag", "maxLagSeconds", "lagStatus", "healthScore"] {
            assert_eq!(event.get(name), None, "{name}");
        }
        assert_eq!(event.get("healthStatus"), Some(&Value::from("UNKNOWN")));
        assert_eq!(event.get("stale"), Some(&Value::Bool(false)), "never heard is not repeated");
    }

    #[test]
    fn where_the_lag_goes_is_said_beside_the_lag_alone() {
        let (mut answers, mut history) = (fixture::answers(), fixture::history());
        let heard_at = answers.moment.heard_at;
        history.observe_groups(&answers.groups, true, &answers.log, heard_at);
        let event = sampled_with(&answers.groups[0], &answers, &history);
        assert_eq!(
            event.get("lagVelocity"),
            Some(&Value::Float(100.0)),
            "50 more in half a second"
        );
        assert_eq!(event.get("secondsToCatchUp"), None);
        answers.log.set(&"orders".into(), 0, LogRange::default());
        let event = sampled_with(&answers.groups[0], &answers, &history);
        assert_eq!((event.get("totalLag"), event.get("lagVelocity")), (None, None));
    }

    #[test]
    fn a_group_that_reads_a_repeated_log_is_stale_and_its_faults_stay() {
        let mut answers = fixture::answers();
        let since = Some(Timestamp::from_millis(250));
        let old = LogRange { start: Some(100), end: Some(120), stale_since: since };
        answers.log.set(&"orders".into(), 0, old);
        let event = sampled(&answers.groups[0], &answers);
        assert_eq!(event.get("stale"), Some(&Value::Bool(true)));
        assert_eq!(event.get("sampleAgeSeconds"), Some(&Value::Float(1.0)));
        assert_eq!(event.get("totalLag"), None, "it had caught up with an end that is old");
        assert_eq!(event.get("lagStatus"), Some(&Value::from("ERR")));
        assert_eq!(event.get("healthStatus"), Some(&Value::from("CRITICAL")));
    }

    #[test]
    fn an_age_that_may_be_older_is_not_hidden_behind_a_larger_one() {
        let answers = fixture::answers();
        let (group, history) = (&answers.groups[0], fixture::history());
        let mut positions = positions(group, &answers, &history);
        let time = |seconds, method| LagTime { seconds, low: seconds, high: None, method };
        let times = [time(300.0, Method::Interpolated), time(30.0, Method::AtLeast)];
        for (position, time) in positions.iter_mut().zip(times) {
            position.standing = Standing { lag_time: Some(time), ..Standing::default() };
        }
        let event = sample(&fixture::sampler(), group, &positions[..2], &answers, &history);
        assert_eq!(event.get("maxLagSeconds"), Some(&Value::Float(300.0)));
        assert_eq!(event.get("lagSecondsMethod"), Some(&Value::from("at_least")));
    }

    #[test]
    fn a_group_without_members_is_abandoned_once_its_lag_stands_still() {
        let mut answers = fixture::answers();
        answers.groups[0].description.as_mut().unwrap().members.clear();
        let mut history = fixture::history();
        let later =
            |seconds: u64| answers.moment.heard_at.saturating_add(Duration::from_secs(seconds));
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
    fn groups_of_every_protocol_are_seen_to_rebalance() {
        let mut answers = fixture::answers();
        for (state, points) in
            [("CompletingRebalance", true), ("Reconciling", true), ("Stable", false)]
        {
            answers.groups[0].state = Some(state.into());
            let event = sampled(&answers.groups[0], &answers);
            let reasons = event.get("healthReasons").and_then(Value::as_str).unwrap();
            assert_eq!(reasons.contains("groupState rebalancing: -5"), points, "{state}");
        }
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
