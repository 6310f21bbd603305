//! Clusters, worst first.

use std::collections::HashMap;

use weir_api::cluster::Cluster;
use weir_api::freshness::{Freshness, Status};
use weir_types::Event;

use super::sample::{Findings, Sample, spoken_age};
use super::trend::Trends;
use super::{CLUSTER_WINDOW, ENTITY_WINDOW, Result, View};

/// Every cluster that was seen within a day.
pub async fn clusters(view: View<'_>) -> Result<Vec<Cluster>> {
    let samples = newest_by_cluster(view.latest("KafkaClusterSample", None, CLUSTER_WINDOW));
    let groups = view.latest("KafkaConsumerGroupSample", None, ENTITY_WINDOW);
    let messages =
        Trends::query(view, "average(messagesInPerSec)", "KafkaClusterSample", &["clusterName"]);
    let messages = messages.await?;
    let lag = super::groups::lag_trends(view).await?;
    let mut clusters: Vec<_> = samples
        .iter()
        .map(|event| to_cluster(view, Sample(event), &groups, &messages, &lag))
        .collect();
    clusters.sort_by(|a, b| (a.status, &a.cluster).cmp(&(b.status, &b.cluster)));
    Ok(clusters)
}

/// A cluster that was rebuilt has a new id and so a second series: the newest one is the cluster.
fn newest_by_cluster(samples: Vec<Event>) -> Vec<Event> {
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

fn to_cluster(
    view: View<'_>,
    sample: Sample<'_>,
    groups: &[Event],
    messages: &Trends,
    lag: &Trends,
) -> Cluster {
    let name = sample.text("clusterName").unwrap_or_default();
    let freshness = sample.freshness(view);
    let (status, reasons) = judge(sample, &freshness);
    let own_groups = || groups.iter().map(Sample).filter(|g| g.str("clusterName") == Some(&name));
    Cluster {
        cluster_id: sample.text("clusterId"),
        provider: sample.text("kafkaProvider"),
        environment: sample.text("environment"),
        source: sample.text("source"),
        status,
        reasons,
        kafka_version: sample.text("kafkaVersion"),
        broker_count: sample.int("brokerCount"),
        active_controllers: sample.int("activeControllers"),
        topic_count: sample.int("topicCount"),
        partition_count: sample.int("partitionCount"),
        group_count: sample.int("consumerGroupCount"),
        offline_partitions: sample.int("offlinePartitions"),
        under_replicated_partitions: sample.int("underReplicatedPartitions"),
        messages_in_per_sec: sample.float("messagesInPerSec"),
        bytes_in_per_sec: sample.float("bytesInPerSec"),
        bytes_out_per_sec: sample.float("bytesOutPerSec"),
        total_lag_messages: own_groups().filter_map(|g| g.int("totalLag")).reduce(|a, b| a + b),
        max_lag_messages: own_groups().filter_map(|g| g.int("maxLag")).max(),
        messages_in_trend: messages.get(&[&name]),
        lag_trend: lag.sum_of(&name),
        freshness,
        cluster: name,
    }
}

fn judge(sample: Sample<'_>, freshness: &Freshness) -> (Status, Vec<String>) {
    let mut findings = Findings::default();
    if freshness.stale {
        let age = spoken_age(freshness.age_secs);
        findings.add(Status::Stale, format!("no answer for {age}: what is shown is from then"));
    }
    let offline = sample.int("offlinePartitions");
    let under_min = sample.int("underMinIsrPartitions");
    let under_replicated = sample.int("underReplicatedPartitions");
    findings.add_count(
        Status::Critical,
        offline,
        "partition has no leader and can't be read or written",
        "partitions have no leader and can't be read or written",
    );
    if sample.int("activeControllers") == Some(0) {
        findings.add(Status::Critical, "the cluster has no active controller");
    }
    findings.add_count(
        Status::Critical,
        under_min,
        "partition is under its min.insync.replicas and refuses acks=all writes",
        "partitions are under their min.insync.replicas and refuse acks=all writes",
    );
    findings.add_count(
        Status::Warning,
        under_replicated,
        "partition is under-replicated",
        "partitions are under-replicated",
    );
    if let Some(share) = freshness.completeness.filter(|share| *share < 1.0) {
        findings.add(
            Status::Warning,
            format!("only {:.0} % of the last cycle was answered", share * 100.0),
        );
    }
    let otherwise = match offline.and(under_replicated) {
        Some(_) => Status::Ok,
        None => Status::Unknown,
    };
    findings.conclude(otherwise)
}
