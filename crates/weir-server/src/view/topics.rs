//! Topics in a list, and one whole.

use std::cmp::Ordering;

use weir_api::freshness::Status;
use weir_api::topic::{Topic, TopicDetail, TopicGroup, TopicGroupDetail};
use weir_types::PartitionsOf;

use super::health::judge;
use super::list::{Listed, Number};
use super::partitions::{abnormal, kept};
use super::sample::Sample;
use super::topic_groups::TopicGroups;
use super::{Result, View, groups};

/// Groups that stand in the row of a list.
const ROW_GROUPS: usize = 2;

/// Every topic that was seen within an hour, of one cluster or of all; in no order.
pub fn topics(view: &View<'_>, cluster: Option<&str>) -> Vec<Topic> {
    let identity: Vec<_> = cluster.map(|c| ("clusterName", c)).into_iter().collect();
    let mut readers = TopicGroups::of(view, &identity);
    let samples = view.present_of("KafkaTopicSample", &identity);
    let to_row = |event| {
        let mut topic = to_topic(view, Sample(event));
        let groups = readers.take(&topic.cluster, &topic.topic);
        put_groups(&mut topic, groups);
        topic
    };
    samples.iter().map(to_row).collect()
}

/// One topic with its groups; `None` when it was not seen within an hour.
pub async fn topic(view: &View<'_>, cluster: &str, topic: &str) -> Result<Option<TopicDetail>> {
    let identity = [("clusterName", cluster), ("topic", topic)];
    let samples = view.latest_of("KafkaTopicSample", &identity);
    let Some(newest) = samples.iter().max_by_key(|event| event.timestamp) else {
        return Ok(None);
    };
    let readers = TopicGroups::of(view, &identity).take(cluster, topic);
    let known = groups::groups(view, Some(cluster)).await?;
    let with_group = |on_topic: TopicGroup| {
        let group = known.iter().find(|group| group.group == on_topic.group);
        TopicGroupDetail {
            status: group.map(|group| group.status),
            state: group.and_then(|group| group.state.clone()),
            member_count: group.and_then(|group| group.member_count),
            lag_velocity_per_sec: group.and_then(|group| group.lag_velocity_per_sec),
            secs_to_catch_up: group.and_then(|group| group.secs_to_catch_up),
            lag_trend: group.map(|group| group.lag_trend.clone()).unwrap_or_default(),
            on_topic,
        }
    };
    let mut shown = to_topic(view, Sample(newest));
    put_groups(&mut shown, readers.clone());
    Ok(Some(TopicDetail {
        schema: "weir/v1".into(),
        as_of_ms: view.now.as_millis(),
        topic: shown,
        abnormal_partitions: abnormal(view, &identity, None),
        partitions: kept(view, cluster, PartitionsOf::Topic(topic)),
        groups: readers.into_iter().map(with_group).collect(),
    }))
}

impl Listed for Topic {
    const NUMBERS: &'static [Number<Self>] = &[
        ("partition_count", |t| t.partition_count.map(|n| n as f64)),
        ("replication_factor", |t| t.replication_factor.map(|n| n as f64)),
        ("under_replicated_partitions", |t| t.under_replicated_partitions.map(|n| n as f64)),
        ("offline_partitions", |t| t.offline_partitions.map(|n| n as f64)),
        ("messages_in_per_sec", |t| t.messages_in_per_sec),
        ("bytes_in_per_sec", |t| t.bytes_in_per_sec),
        ("size_bytes", |t| t.size_bytes.map(|n| n as f64)),
        ("retention_ms", |t| t.retention_ms.map(|n| n as f64)),
        ("group_count", |t| Some(t.group_count as f64)),
        ("health_score", |t| t.health.health_score),
        ("age_secs", |t| Some(t.freshness.age_secs)),
    ];

    fn name(&self) -> &str {
        &self.topic
    }

    fn status(&self) -> Status {
        self.status
    }

    fn is_stale(&self) -> bool {
        self.freshness.stale
    }

    fn worst_first(&self, other: &Self) -> Ordering {
        let key = |t: &Self| (t.status, t.health.health_score.map(|score| score as i64));
        key(self).cmp(&key(other)).then_with(|| self.by_name(other))
    }

    fn by_name(&self, other: &Self) -> Ordering {
        (&self.topic, &self.cluster).cmp(&(&other.topic, &other.cluster))
    }
}

fn put_groups(topic: &mut Topic, readers: Vec<TopicGroup>) {
    topic.group_count = i64::try_from(readers.len()).unwrap_or(i64::MAX);
    topic.worst_groups = readers.into_iter().take(ROW_GROUPS).collect();
}

fn to_topic(view: &View<'_>, sample: Sample<'_>) -> Topic {
    let freshness = sample.freshness(view);
    let judged = judge(sample, &freshness);
    Topic {
        cluster: sample.text("clusterName").unwrap_or_default(),
        topic: sample.text("topic").unwrap_or_default(),
        status: judged.status,
        reasons: judged.reasons,
        partition_count: sample.int("partitionCount"),
        replication_factor: sample.int("replicationFactor"),
        min_insync_replicas: sample.int("minInsyncReplicas"),
        under_replicated_partitions: sample.int("underReplicatedPartitions"),
        offline_partitions: sample.int("offlinePartitions"),
        under_min_isr_partitions: sample.int("underMinIsrPartitions"),
        at_min_isr_partitions: sample.int("atMinIsrPartitions"),
        reassigning_partitions: sample.int("reassigningPartitions"),
        non_preferred_leaders: sample.int("nonPreferredLeaders"),
        stale_partitions: sample.int("stalePartitions"),
        messages_in_per_sec: sample.float("messagesInPerSec"),
        bytes_in_per_sec: sample.float("bytesInPerSec"),
        bytes_out_per_sec: sample.float("bytesOutPerSec"),
        size_bytes: sample.int("sizeBytes"),
        log_start_offset_sum: sample.int("logStartOffsetSum"),
        log_end_offset_sum: sample.int("logEndOffsetSum"),
        retention_ms: sample.int("retentionMs"),
        cleanup_policy: sample.text("cleanupPolicy"),
        group_count: 0,
        worst_groups: Vec::new(),
        health: judged.health,
        freshness,
    }
}
