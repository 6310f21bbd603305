//! Clusters, worst first, and one with what is worst inside it.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use weir_api::Status;
use weir_api::capability::Capability;
use weir_api::cluster::{Cluster, ClusterDetail};
use weir_types::{Event, SourceCapability};

use super::health::judge;
use super::list::{Listed, Number};
use super::oldest::Oldest;
use super::partitions::abnormal;
use super::sample::Sample;
use super::trend::Trends;
use super::{Result, View, brokers, groups, topics};

/// How many of the worst topics and groups stand on the page of their cluster.
const WORST_SHOWN: usize = 10;

/// What the lines beside a cluster's numbers are drawn from.
struct ClusterTrends {
    /// By cluster.
    messages_in: Arc<Trends>,
    /// By cluster and group.
    lag: Arc<Trends>,
}

impl ClusterTrends {
    async fn query(view: &View<'_>) -> Result<ClusterTrends> {
        let facets = ["clusterName"];
        let rate = "average(messagesInPerSec)";
        let messages_in = Trends::query(view, rate, "KafkaClusterSample", &facets).await?;
        Ok(ClusterTrends { messages_in, lag: groups::lag_trends(view).await? })
    }
}

/// Every cluster that was seen within a day.
pub async fn clusters(view: &View<'_>) -> Result<Vec<Cluster>> {
    let groups = view.present("KafkaConsumerGroupSample", None);
    let trends = ClusterTrends::query(view).await?;
    let samples = view.clusters.iter().map(Sample);
    Ok(samples.map(|sample| to_cluster(view, sample, &groups, &trends)).collect())
}

/// The cluster of this name; `None` when it was not seen within a day.
pub async fn cluster(view: &View<'_>, name: &str) -> Result<Option<ClusterDetail>> {
    let found = view.clusters.iter().map(Sample).find(|s| s.str("clusterName") == Some(name));
    let Some(sample) = found else { return Ok(None) };
    let group_samples = view.present("KafkaConsumerGroupSample", Some(name));
    let trends = ClusterTrends::query(view).await?;
    let mut brokers = brokers::brokers(view, Some(name));
    brokers.sort_by(Listed::worst_first);
    let mut groups = groups::rows(view, &group_samples, &trends.lag);
    groups.retain(|group| !group.resting);
    let controller = brokers.iter().find(|broker| broker.is_controller == Some(true));
    Ok(Some(ClusterDetail {
        schema: "weir/v1".into(),
        as_of_ms: view.now.as_millis(),
        cluster: to_cluster(view, sample, &group_samples, &trends),
        controller_id: controller.map(|broker| broker.broker_id.clone()),
        brokers,
        abnormal_partitions: abnormal(view, &[("clusterName", name)], None),
        worst_topics: worst(topics::topics(view, Some(name))),
        worst_groups: worst(groups),
        capabilities: capabilities(view, name),
    }))
}

fn worst<T: Listed>(mut rows: Vec<T>) -> Vec<T> {
    rows.sort_by(Listed::worst_first);
    rows.truncate(WORST_SHOWN);
    rows
}

/// What the cluster of this name lets its sources know.
pub fn capabilities(view: &View<'_>, cluster: &str) -> Vec<Capability> {
    let known = view.services.sources.capabilities().into_iter();
    known.filter(|it| it.cluster == cluster).map(to_capability).collect()
}

/// A cluster that was rebuilt has a new id and so a second series: the newest one is the cluster.
pub fn newest_by_name(samples: Vec<Event>) -> Vec<Event> {
    let mut newest: HashMap<String, Event> = HashMap::new();
    for event in samples {
        let Some(name) = Sample(&event).text("clusterName") else { continue };
        match newest.get(&name) {
            Some(known) if known.timestamp >= event.timestamp => {}
            _ => drop(newest.insert(name, event)),
        }
    }
    newest.into_values().collect()
}

impl Listed for Cluster {
    const NUMBERS: &'static [Number<Self>] = &[
        ("broker_count", |c| c.broker_count.map(|n| n as f64)),
        ("topic_count", |c| c.topic_count.map(|n| n as f64)),
        ("partition_count", |c| c.partition_count.map(|n| n as f64)),
        ("group_count", |c| c.group_count.map(|n| n as f64)),
        ("offline_partitions", |c| c.offline_partitions.map(|n| n as f64)),
        ("under_replicated_partitions", |c| c.under_replicated_partitions.map(|n| n as f64)),
        ("messages_in_per_sec", |c| c.messages_in_per_sec),
        ("total_lag_messages", |c| c.total_lag_messages.map(|n| n as f64)),
        ("max_lag_secs", |c| c.max_lag_secs),
        ("disk_used_bytes", |c| c.disk_used_bytes.map(|n| n as f64)),
        ("health_score", |c| c.health.health_score),
        ("age_secs", |c| Some(c.freshness.age_secs)),
    ];

    fn name(&self) -> &str {
        &self.cluster
    }

    fn status(&self) -> Status {
        self.status
    }

    fn is_stale(&self) -> bool {
        self.freshness.stale
    }

    fn worst_first(&self, other: &Self) -> Ordering {
        (self.status, &self.cluster).cmp(&(other.status, &other.cluster))
    }

    fn by_name(&self, other: &Self) -> Ordering {
        self.cluster.cmp(&other.cluster)
    }
}

fn to_cluster(
    view: &View<'_>,
    sample: Sample<'_>,
    groups: &[Event],
    trends: &ClusterTrends,
) -> Cluster {
    let name = sample.text("clusterName").unwrap_or_default();
    let freshness = sample.freshness(view);
    let judged = judge(sample, &freshness);
    let own_groups = || groups.iter().map(Sample).filter(|g| g.str("clusterName") == Some(&name));
    let oldest = oldest_lag(own_groups());
    Cluster {
        cluster_id: sample.text("clusterId"),
        provider: sample.text("kafkaProvider"),
        environment: sample.text("environment"),
        source: sample.text("source"),
        status: judged.status,
        reasons: judged.reasons,
        kafka_version: sample.text("kafkaVersion"),
        broker_count: sample.int("brokerCount"),
        active_controllers: sample.int("activeControllers"),
        topic_count: sample.int("topicCount"),
        partition_count: sample.int("partitionCount"),
        group_count: sample.int("consumerGroupCount"),
        offline_partitions: sample.int("offlinePartitions"),
        under_replicated_partitions: sample.int("underReplicatedPartitions"),
        under_min_isr_partitions: sample.int("underMinIsrPartitions"),
        at_min_isr_partitions: sample.int("atMinIsrPartitions"),
        non_preferred_leaders: sample.int("nonPreferredLeaders"),
        reassigning_partitions: sample.int("reassigningPartitions"),
        fenced_brokers: sample.int("fencedBrokers"),
        offline_brokers: sample.int("offlineBrokers"),
        offline_log_dirs: sample.int("offlineLogDirs"),
        disk_used_bytes: sample.int("diskUsedBytes"),
        disk_total_bytes: sample.int("diskTotalBytes"),
        disk_free_bytes: sample.int("diskFreeBytes"),
        messages_in_per_sec: sample.float("messagesInPerSec"),
        bytes_in_per_sec: sample.float("bytesInPerSec"),
        bytes_out_per_sec: sample.float("bytesOutPerSec"),
        total_lag_messages: own_groups().filter_map(|g| g.int("totalLag")).reduce(|a, b| a + b),
        max_lag_messages: own_groups().filter_map(|g| g.int("maxLag")).max(),
        max_lag_secs: oldest.secs,
        lag_secs_method: oldest.method,
        messages_in_trend: trends.messages_in.get(&[&name]),
        lag_trend: trends.lag.sum_of(&name),
        health: judged.health,
        freshness,
        cluster: name,
    }
}

/// Of the group that is the furthest behind in time; nobody waits for one that rests.
fn oldest_lag<'a>(groups: impl Iterator<Item = Sample<'a>>) -> Oldest {
    let mut oldest = Oldest::default();
    for group in groups.filter(|group| !groups::is_unattended(*group)) {
        oldest.add(group.float("maxLagSeconds"), group.str("lagSecondsMethod"));
    }
    oldest
}

fn to_capability(capability: SourceCapability) -> Capability {
    Capability {
        cluster: capability.cluster,
        source: capability.source,
        question: capability.question.to_string(),
        state: capability.state.into(),
        detail: capability.detail,
    }
}
