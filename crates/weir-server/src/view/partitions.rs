//! Partitions that are not well, worst first.

use weir_api::freshness::Status;
use weir_api::partition::{AbnormalPartitions, Partition};

use super::View;
use super::sample::Sample;

/// Most of one answer; what is cut is counted.
const SHOWN_MAX: usize = 500;

/// Those of a cluster with this identity and, where one is named, this leader. A partition that
/// recovered has one more sample that says so.
pub fn abnormal(
    view: &View<'_>,
    identity: &[(&str, &str)],
    leader: Option<&str>,
) -> AbnormalPartitions {
    let samples = view.present_of("KafkaPartitionSample", identity);
    let mut items: Vec<_> = samples
        .iter()
        .map(Sample)
        .filter(|sample| sample.str("partitionStatus") != Some("OK"))
        .filter(|sample| leader.is_none() || sample.str("leader") == leader)
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

fn to_partition(view: &View<'_>, sample: Sample<'_>) -> Partition {
    let freshness = sample.freshness(view);
    let partition_status = sample.text("partitionStatus");
    Partition {
        cluster: sample.text("clusterName").unwrap_or_default(),
        topic: sample.text("topic").unwrap_or_default(),
        partition: sample.int("partition").unwrap_or_default(),
        status: match partition_status.as_deref() {
            Some("OFFLINE" | "UNDER_MIN_ISR") => Status::Critical,
            Some("UNDER_REPLICATED") => Status::Warning,
            _ => Status::Unknown,
        },
        partition_status,
        leader: sample.text("leader"),
        isr_count: sample.int("isrCount"),
        replica_count: sample.int("replicaCount"),
        log_start_offset: sample.int("logStartOffset"),
        log_end_offset: sample.int("logEndOffset"),
        size_bytes: sample.int("sizeBytes"),
        freshness,
    }
}
