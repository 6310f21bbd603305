//! Consumer groups, worst first, and one group with its partitions.

use weir_api::freshness::{Freshness, Status};
use weir_api::group::{Group, GroupDetail, GroupPartition};

use super::sample::{Findings, Sample, spoken_age};
use super::trend::{Trend, Trends, keeps_rising};
use super::{ENTITY_WINDOW, Result, View};

/// Most partitions of one group in one answer; a longer list says so.
const PARTITIONS_MAX: usize = 20_000;

/// Every group that was seen within an hour, of one cluster or of all.
pub async fn groups(view: View<'_>, cluster: Option<&str>) -> Result<Vec<Group>> {
    let samples = view.latest("KafkaConsumerGroupSample", cluster, ENTITY_WINDOW);
    let trends = lag_trends(view).await?;
    let mut groups: Vec<_> =
        samples.iter().map(|event| to_group(view, Sample(event), &trends)).collect();
    // The same group of a rebuilt cluster is a second series: the newest one counts.
    groups.sort_by(|a, b| {
        let key = |g: &Group| (g.cluster.clone(), g.group.clone(), -g.freshness.sampled_at_ms);
        key(a).cmp(&key(b))
    });
    groups.dedup_by(|a, b| a.cluster == b.cluster && a.group == b.group);
    groups.sort_by_key(|g| (g.status, std::cmp::Reverse(g.total_lag_messages)));
    Ok(groups)
}

/// One group with its partitions, worst lag first; `None` when it was not seen within an hour.
pub async fn group(view: View<'_>, cluster: &str, group: &str) -> Result<Option<GroupDetail>> {
    let identity = [("clusterName", cluster), ("consumerGroup", group)];
    let samples = view.latest_of("KafkaConsumerGroupSample", &identity, ENTITY_WINDOW);
    let Some(newest) = samples.iter().max_by_key(|event| event.timestamp) else {
        return Ok(None);
    };
    let trends = lag_trends(view).await?;
    let group = to_group(view, Sample(newest), &trends);
    let samples = view.latest_of("KafkaConsumerSample", &identity, ENTITY_WINDOW);
    let mut partitions: Vec<_> =
        samples.iter().map(|event| to_partition(view, Sample(event))).collect();
    partitions.sort_by(|a, b| {
        b.lag_messages
            .cmp(&a.lag_messages)
            .then_with(|| (&a.topic, a.partition).cmp(&(&b.topic, b.partition)))
    });
    let partitions_truncated = partitions.len() > PARTITIONS_MAX;
    partitions.truncate(PARTITIONS_MAX);
    Ok(Some(GroupDetail {
        schema: "weir/v1".into(),
        as_of_ms: view.now.as_millis(),
        group,
        partitions,
        partitions_truncated,
    }))
}

/// Total lag by cluster and group.
pub async fn lag_trends(view: View<'_>) -> Result<Trends> {
    let facets = ["clusterName", "consumerGroup"];
    Trends::query(view, "latest(totalLag)", "KafkaConsumerGroupSample", &facets).await
}

fn to_group(view: View<'_>, sample: Sample<'_>, trends: &Trends) -> Group {
    let cluster = sample.text("clusterName").unwrap_or_default();
    let group = sample.text("consumerGroup").unwrap_or_default();
    let lag_trend = trends.get(&[&cluster, &group]);
    let freshness = sample.freshness(view);
    let (status, reasons) = judge(sample, &freshness, &lag_trend);
    Group {
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
        abandoned: sample.bool("abandoned"),
        lag_trend,
        freshness,
        cluster,
        group,
    }
}

fn judge(sample: Sample<'_>, freshness: &Freshness, trend: &Trend) -> (Status, Vec<String>) {
    let mut findings = Findings::default();
    let lag = sample.int("totalLag");
    if freshness.stale {
        let age = spoken_age(freshness.age_secs);
        findings.add(Status::Stale, format!("last seen {age} ago"));
    }
    match sample.str("lagStatus") {
        Some("ERR") => findings.add(Status::Critical, "at least one partition stopped or stalled"),
        Some("WARN") => findings.add(Status::Warning, "moving, but falling behind"),
        Some(_) => {}
        None if keeps_rising(trend) => {
            findings.add(Status::Warning, "lag rose without a fall over the last five points");
        }
        None => {}
    }
    if let (Some(0), Some(lag @ 1..)) = (sample.int("memberCount"), lag) {
        findings.add(Status::Warning, format!("no members, and {lag} messages wait"));
    }
    findings.conclude(if lag.is_some() { Status::Ok } else { Status::Unknown })
}

fn to_partition(view: View<'_>, sample: Sample<'_>) -> GroupPartition {
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
        member_id: sample.text("memberId"),
        client_id: sample.text("clientId"),
        client_host: sample.text("clientHost"),
        freshness: sample.freshness(view),
    }
}
