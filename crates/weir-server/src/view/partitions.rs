//! Partitions: those that are not well, worst first, and all of one topic or broker.

use weir_api::freshness::{Freshness, Status};
use weir_api::partition::{AbnormalPartitions, AllPartitions, Partition};
use weir_types::{PartitionState, PartitionsOf, Timestamp};

use super::View;
use super::sample::Sample;

/// Most of one answer; what is cut is counted.
const SHOWN_MAX: usize = 500;

/// Those of a cluster with this identity and, where one is named, with a replica on this broker. A
/// partition that recovered has one more sample that says so.
pub fn abnormal(
    view: &View<'_>,
    identity: &[(&str, &str)],
    broker: Option<&str>,
) -> AbnormalPartitions {
    let samples = view.present_of("KafkaPartitionSample", identity);
    let mut items: Vec<_> = samples
        .iter()
        .map(Sample)
        .filter(|sample| sample.str("partitionStatus") != Some("OK"))
        .filter(|sample| broker.is_none_or(|broker| is_on(*sample, broker)))
        .map(|sample| to_partition(view, sample))
        .collect();
    items.sort_by(|a, b| {
        (a.status, &a.partition_status, &a.topic, a.partition).cmp(&(
            b.status,
            &b.partition_status,
            &b.topic,
            b.partition,
        ))
    });
    let left_out_count = items.len().saturating_sub(SHOWN_MAX) as u64;
    items.truncate(SHOWN_MAX);
    AbnormalPartitions { items, left_out_count }
}

/// All of one topic or broker, as the cluster's source keeps them.
pub fn kept(view: &View<'_>, cluster: &str, of: PartitionsOf<'_>) -> Option<AllPartitions> {
    let states = view.services.sources.partitions(cluster, of, SHOWN_MAX)?;
    let items =
        states.items.into_iter().map(|state| from_state(view, cluster, state, states.known_at));
    Some(AllPartitions { items: items.collect(), left_out_count: states.left_out as u64 })
}

fn from_state(
    view: &View<'_>,
    cluster: &str,
    state: PartitionState,
    known_at: Timestamp,
) -> Partition {
    let ids = |ids: &[i32]| ids.iter().map(i32::to_string).collect::<Vec<_>>();
    let count = |ids: &[i32]| i64::try_from(ids.len()).ok();
    let since = state.stale_since.unwrap_or(known_at);
    let is_silent = view.now.since(known_at) > view.stale_after_of(cluster);
    Partition {
        cluster: cluster.to_owned(),
        topic: state.topic.to_string(),
        partition: i64::from(state.partition),
        status: match state.status {
            "OK" if is_silent => Status::Stale,
            word => status(Some(word)),
        },
        partition_status: Some(state.status.to_owned()),
        leader: state.leader.map(|leader| leader.to_string()),
        isr_count: count(&state.isr),
        replica_count: count(&state.replicas),
        replicas: Some(ids(&state.replicas)),
        isr: Some(ids(&state.isr)),
        log_start_offset: state.log_start_offset,
        log_end_offset: state.log_end_offset,
        size_bytes: state.size_bytes.and_then(|bytes| i64::try_from(bytes).ok()),
        freshness: Freshness {
            sampled_at_ms: known_at.as_millis(),
            known_at_ms: since.as_millis(),
            age_secs: view.now.since(since).as_secs_f64(),
            stale: state.stale_since.is_some() || is_silent,
            ..Freshness::default()
        },
    }
}

/// A source that names no replicas still names the leader.
fn is_on(sample: Sample<'_>, broker: &str) -> bool {
    let mut replicas = sample.str("replicas").unwrap_or_default().split(',');
    sample.str("leader") == Some(broker) || replicas.any(|id| id == broker)
}

fn status(word: Option<&str>) -> Status {
    match word {
        Some("OFFLINE" | "UNDER_MIN_ISR") => Status::Critical,
        Some("UNDER_REPLICATED") => Status::Warning,
        Some("OK") => Status::Ok,
        _ => Status::Unknown,
    }
}

/// `1,2,3`.
fn ids(text: &str) -> Vec<String> {
    text.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

fn to_partition(view: &View<'_>, sample: Sample<'_>) -> Partition {
    let freshness = sample.freshness(view);
    let partition_status = sample.text("partitionStatus");
    Partition {
        cluster: sample.text("clusterName").unwrap_or_default(),
        topic: sample.text("topic").unwrap_or_default(),
        partition: sample.int("partition").unwrap_or_default(),
        status: status(partition_status.as_deref()),
        partition_status,
        leader: sample.text("leader"),
        isr_count: sample.int("isrCount"),
        replica_count: sample.int("replicaCount"),
        replicas: sample.str("replicas").map(ids),
        isr: sample.str("isr").map(ids),
        log_start_offset: sample.int("logStartOffset"),
        log_end_offset: sample.int("logEndOffset"),
        size_bytes: sample.int("sizeBytes"),
        freshness,
    }
}
