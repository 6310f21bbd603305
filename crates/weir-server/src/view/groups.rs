//! Consumer groups in a list, and one with its partitions and members.

use std::cmp::Ordering;
use std::sync::Arc;

use weir_api::freshness::Status;
use weir_api::group::{Group, GroupDetail, GroupPartition, Member};
use weir_types::{Event, GroupState};

use super::health::judge;
use super::list::{Listed, Number, largest_first};
use super::sample::Sample;
use super::trend::Trends;
use super::{Result, View};

/// Most partitions and most members of one group in one answer; a longer list says so.
const PARTITIONS_MAX: usize = 20_000;
const MEMBERS_MAX: usize = 5_000;

/// Every group that was seen within an hour, of one cluster or of all; in no order.
pub async fn groups(view: &View<'_>, cluster: Option<&str>) -> Result<Vec<Group>> {
    let samples = view.present("KafkaConsumerGroupSample", cluster);
    let trends = lag_trends(view).await?;
    Ok(rows(view, &samples, &trends))
}

/// One row a group of these samples.
pub fn rows(view: &View<'_>, samples: &[Event], trends: &Trends) -> Vec<Group> {
    let mut groups: Vec<_> =
        samples.iter().map(|event| to_group(view, Sample(event), trends)).collect();
    // The same group of a rebuilt cluster is a second series: the newest one counts.
    groups.sort_by(|a, b| {
        let key = |g: &Group| (g.cluster.clone(), g.group.clone(), -g.freshness.sampled_at_ms);
        key(a).cmp(&key(b))
    });
    groups.dedup_by(|a, b| a.cluster == b.cluster && a.group == b.group);
    groups
}

/// One group with its partitions, worst lag first; `None` when it was not seen within an hour.
pub async fn group(view: &View<'_>, cluster: &str, group: &str) -> Result<Option<GroupDetail>> {
    let identity = [("clusterName", cluster), ("consumerGroup", group)];
    let samples = view.latest_of("KafkaConsumerGroupSample", &identity);
    let Some(newest) = samples.iter().max_by_key(|event| event.timestamp) else {
        return Ok(None);
    };
    let trends = lag_trends(view).await?;
    let mut partitions = of_cycle(view, "KafkaConsumerSample", &identity, newest)
        .iter()
        .map(|event| to_partition(view, Sample(event)))
        .collect::<Vec<_>>();
    partitions.sort_by(|a, b| {
        b.lag_messages
            .cmp(&a.lag_messages)
            .then_with(|| (&a.topic, a.partition).cmp(&(&b.topic, b.partition)))
    });
    let mut members = of_cycle(view, "KafkaConsumerMemberSample", &identity, newest)
        .iter()
        .map(|event| to_member(view, Sample(event)))
        .collect::<Vec<_>>();
    members.sort_by(|a, b| (&a.client_id, &a.member_id).cmp(&(&b.client_id, &b.member_id)));
    let partitions_truncated = partitions.len() > PARTITIONS_MAX;
    partitions.truncate(PARTITIONS_MAX);
    members.truncate(MEMBERS_MAX);
    Ok(Some(GroupDetail {
        schema: "weir/v1".into(),
        as_of_ms: view.now.as_millis(),
        group: to_group(view, Sample(newest), &trends),
        partitions,
        partitions_truncated,
        members,
    }))
}

/// Total lag by cluster and group.
pub async fn lag_trends(view: &View<'_>) -> Result<Arc<Trends>> {
    let facets = ["clusterName", "consumerGroup"];
    Trends::query(view, "latest(totalLag)", "KafkaConsumerGroupSample", &facets).await
}

impl Listed for Group {
    const NUMBERS: &'static [Number<Self>] = &[
        ("member_count", |g| g.member_count.map(|n| n as f64)),
        ("topic_count", |g| g.topic_count.map(|n| n as f64)),
        ("partition_count", |g| g.partition_count.map(|n| n as f64)),
        ("total_lag_messages", |g| g.total_lag_messages.map(|n| n as f64)),
        ("max_lag_messages", |g| g.max_lag_messages.map(|n| n as f64)),
        ("max_lag_secs", |g| g.max_lag_secs),
        ("lag_velocity_per_sec", |g| g.lag_velocity_per_sec),
        ("secs_to_catch_up", |g| g.secs_to_catch_up),
        ("secs_to_data_loss", |g| g.secs_to_data_loss),
        ("messages_lost", |g| g.messages_lost.map(|n| n as f64)),
        ("rebalance_count", |g| g.rebalance_count.map(|n| n as f64)),
        ("health_score", |g| g.health.health_score),
        ("age_secs", |g| Some(g.freshness.age_secs)),
    ];

    fn name(&self) -> &str {
        &self.group
    }

    fn status(&self) -> Status {
        self.status
    }

    fn is_stale(&self) -> bool {
        self.freshness.stale
    }

    /// Resting groups last; status, then lag in time, then in messages.
    fn worst_first(&self, other: &Self) -> Ordering {
        (self.resting, self.status)
            .cmp(&(other.resting, other.status))
            .then_with(|| largest_first(self.max_lag_secs, other.max_lag_secs))
            .then_with(|| largest_first(self.total_lag_messages, other.total_lag_messages))
            .then_with(|| self.by_name(other))
    }

    fn by_name(&self, other: &Self) -> Ordering {
        (&self.group, &self.cluster).cmp(&(&other.group, &other.cluster))
    }
}

/// Partitions and members that the group's own cycle told of: what has left the group is older.
fn of_cycle(
    view: &View<'_>,
    event_type: &str,
    identity: &[(&str, &str)],
    group: &Event,
) -> Vec<Event> {
    let source = Sample(group).str("source");
    let mut samples = view.latest_of(event_type, identity);
    samples.retain(|event| {
        let is_of_same_source = Sample(event).str("source") == source;
        if is_of_same_source && source.is_some() {
            event.timestamp >= group.timestamp
        } else {
            !view.is_gone(Sample(event))
        }
    });
    samples
}

fn to_group(view: &View<'_>, sample: Sample<'_>, trends: &Trends) -> Group {
    let cluster = sample.text("clusterName").unwrap_or_default();
    let group = sample.text("consumerGroup").unwrap_or_default();
    let freshness = sample.freshness(view);
    let judged = judge(sample, &freshness);
    let mut reasons = judged.reasons;
    let abandoned = sample.bool("abandoned");
    if abandoned == Some(true) {
        reasons.push("abandoned: it has no members, and its lag no longer moves".into());
    }
    let mut status = judged.status;
    if is_left_behind(sample) {
        reasons.insert(0, "it has no members, and its lag grows".into());
        status = status.min(Status::Warning);
    }
    Group {
        resting: is_resting(sample, status),
        status,
        reasons,
        group_type: sample.text("groupType"),
        state: sample.text("groupState"),
        coordinator_id: sample.text("coordinatorId"),
        assignor: sample.text("assignor"),
        member_count: sample.int("memberCount"),
        topic_count: sample.int("topicCount"),
        partition_count: sample.int("partitionCount"),
        total_lag_messages: sample.int("totalLag"),
        max_lag_messages: sample.int("maxLag"),
        max_lag_secs: sample.float("maxLagSeconds"),
        lag_secs_method: sample.text("lagSecondsMethod"),
        lag_status: sample.text("lagStatus"),
        lag_velocity_per_sec: sample.float("lagVelocity"),
        secs_to_catch_up: sample.float("secondsToCatchUp"),
        messages_lost: sample.int("messagesLost"),
        secs_to_data_loss: sample.float("secondsToDataLoss"),
        rebalance_count: sample.int("rebalanceCount"),
        abandoned,
        lag_trend: trends.get(&[&cluster, &group]),
        health: judged.health,
        freshness,
        cluster,
        group,
    }
}

/// Its members are gone and its lag does not grow: its age rises by itself and tells nothing.
pub fn is_unattended(sample: Sample<'_>) -> bool {
    sample.bool("abandoned") == Some(true) || (is_empty(sample) && is_settled(sample))
}

/// Nobody waits for it: abandoned, or empty with nothing wrong and a lag that is not known to wait
/// for members that left.
fn is_resting(sample: Sample<'_>, status: Status) -> bool {
    sample.bool("abandoned") == Some(true)
        || (is_empty(sample) && status == Status::Ok && is_settled(sample))
}

/// No lag, or one that is known not to grow.
fn is_settled(sample: Sample<'_>) -> bool {
    sample.int("totalLag").unwrap_or(0) == 0
        || sample.float("lagVelocity").is_some_and(|velocity| velocity <= 0.0)
}

/// All members are gone and messages keep coming.
fn is_left_behind(sample: Sample<'_>) -> bool {
    is_empty(sample)
        && sample.bool("abandoned") != Some(true)
        && sample.int("totalLag").is_some_and(|lag| lag > 0)
        && sample.float("lagVelocity").is_some_and(|velocity| velocity > 0.0)
}

fn is_empty(sample: Sample<'_>) -> bool {
    sample.str("groupState").is_some_and(|state| GroupState::read(state).is_at_rest())
}

fn to_partition(view: &View<'_>, sample: Sample<'_>) -> GroupPartition {
    GroupPartition {
        topic: sample.text("topic").unwrap_or_default(),
        partition: sample.int("partition").unwrap_or_default(),
        committed_offset: sample.int("consumerOffset"),
        log_end_offset: sample.int("logEndOffset"),
        log_start_offset: sample.int("logStartOffset"),
        lag_messages: sample.int("consumerLag"),
        lag_secs: sample.float("consumerLagSeconds"),
        lag_secs_low: sample.float("consumerLagSecondsLow"),
        lag_secs_high: sample.float("consumerLagSecondsHigh"),
        lag_secs_method: sample.text("lagSecondsMethod"),
        lag_status: sample.text("lagStatus"),
        messages_lost: sample.int("messagesLost"),
        secs_to_data_loss: sample.float("secondsToDataLoss"),
        commit_age_secs: sample.float("commitAgeSeconds"),
        member_id: sample.text("memberId"),
        client_id: sample.text("clientId"),
        client_host: sample.text("clientHost"),
        freshness: sample.freshness(view),
    }
}

fn to_member(view: &View<'_>, sample: Sample<'_>) -> Member {
    Member {
        member_id: sample.text("memberId").unwrap_or_default(),
        client_id: sample.text("clientId"),
        client_host: sample.text("clientHost"),
        assigned_partitions: sample.int("assignedPartitions"),
        member_type: sample.text("memberType"),
        freshness: sample.freshness(view),
    }
}

#[cfg(test)]
mod tests {
    use weir_types::{Timestamp, Value};

    use super::*;

    fn empty_group(lag: i64, velocity: Option<f64>) -> Event {
        Event::new("KafkaConsumerGroupSample", Timestamp::from_millis(0))
            .with("groupState", "Empty")
            .with("totalLag", lag)
            .with_known("lagVelocity", velocity.and_then(Value::float))
    }

    #[test]
    fn a_group_without_members_rests_only_while_its_lag_does_not_grow() {
        let rests = |event: Event| is_resting(Sample(&event), Status::Ok);
        assert!(rests(empty_group(0, None)));
        assert!(rests(empty_group(900, Some(0.0))));
        assert!(!rests(empty_group(900, None)), "its members may just have left");
        assert!(!rests(empty_group(900, Some(3.0))));
    }

    #[test]
    fn a_growing_lag_without_members_is_told_at_once() {
        assert!(is_left_behind(Sample(&empty_group(900, Some(3.0)))));
        assert!(!is_left_behind(Sample(&empty_group(900, Some(-3.0)))));
        let abandoned = empty_group(900, Some(3.0)).with("abandoned", true);
        assert!(!is_left_behind(Sample(&abandoned)));
    }
}
