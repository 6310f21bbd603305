//! Topics, worst first.

use weir_api::freshness::Status;
use weir_api::topic::Topic;

use super::sample::Sample;
use super::{ENTITY_WINDOW, View};

/// Every topic that was seen within an hour, of one cluster or of all.
pub fn topics(view: View<'_>, cluster: Option<&str>) -> Vec<Topic> {
    let samples = view.latest("KafkaTopicSample", cluster, ENTITY_WINDOW);
    let mut topics: Vec<_> = samples.iter().map(|event| to_topic(view, Sample(event))).collect();
    topics.sort_by(|a, b| (a.status, &a.cluster, &a.topic).cmp(&(b.status, &b.cluster, &b.topic)));
    topics
}

fn to_topic(view: View<'_>, sample: Sample<'_>) -> Topic {
    let freshness = sample.freshness(view);
    let offline_partitions = sample.int("offlinePartitions");
    let under_replicated_partitions = sample.int("underReplicatedPartitions");
    Topic {
        cluster: sample.text("clusterName").unwrap_or_default(),
        topic: sample.text("topic").unwrap_or_default(),
        status: judge(freshness.stale, offline_partitions, under_replicated_partitions),
        partition_count: sample.int("partitionCount"),
        replication_factor: sample.int("replicationFactor"),
        min_insync_replicas: sample.int("minInsyncReplicas"),
        under_replicated_partitions,
        offline_partitions,
        messages_in_per_sec: sample.float("messagesInPerSec"),
        size_bytes: sample.int("sizeBytes"),
        retention_ms: sample.int("retentionMs"),
        cleanup_policy: sample.text("cleanupPolicy"),
        freshness,
    }
}

fn judge(stale: bool, offline: Option<i64>, under_replicated: Option<i64>) -> Status {
    match (offline, under_replicated) {
        (Some(1..), _) => Status::Critical,
        _ if stale => Status::Stale,
        (_, Some(1..)) => Status::Warning,
        (Some(0), Some(0)) => Status::Ok,
        _ => Status::Unknown,
    }
}
