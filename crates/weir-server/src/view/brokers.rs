//! Brokers in a list, and one whole.

use std::cmp::Ordering;

use weir_api::broker::{Broker, BrokerDetail, LogDir};
use weir_api::freshness::Status;
use weir_types::PartitionsOf;

use super::View;
use super::health::judge;
use super::list::{Listed, Number};
use super::partitions::{abnormal, kept};
use super::sample::Sample;

/// Every broker that was seen within an hour, of one cluster or of all; in no order.
pub fn brokers(view: &View<'_>, cluster: Option<&str>) -> Vec<Broker> {
    let samples = view.present("KafkaBrokerSample", cluster);
    samples.iter().map(|event| to_broker(view, Sample(event))).collect()
}

/// One broker; `None` when it was not seen within an hour.
pub fn broker(view: &View<'_>, cluster: &str, broker_id: &str) -> Option<BrokerDetail> {
    let identity = [("clusterName", cluster), ("brokerId", broker_id)];
    let samples = view.latest_of("KafkaBrokerSample", &identity);
    let newest = samples.iter().max_by_key(|event| event.timestamp)?;
    let mut all = brokers(view, Some(cluster));
    all.sort_by(Listed::by_name);
    let groups = view.present("KafkaConsumerGroupSample", Some(cluster));
    let is_coordinated =
        |event: &&weir_types::Event| Sample(event).str("coordinatorId") == Some(broker_id);
    Some(BrokerDetail {
        schema: "weir/v1".into(),
        as_of_ms: view.now.as_millis(),
        broker: to_broker(view, Sample(newest)),
        abnormal_partitions: abnormal(view, &identity[..1], Some(broker_id)),
        partitions: broker_id
            .parse()
            .ok()
            .and_then(|id| kept(view, cluster, PartitionsOf::Broker(id))),
        log_dirs: log_dirs(view, &identity),
        coordinated_group_count: groups.iter().filter(is_coordinated).count() as i64,
        broker_ids: all.into_iter().map(|broker| broker.broker_id).collect(),
    })
}

/// As its last cycle told, broken ones first.
fn log_dirs(view: &View<'_>, identity: &[(&str, &str)]) -> Vec<LogDir> {
    let samples = view.present_of("KafkaLogDirSample", identity);
    let mut dirs: Vec<LogDir> =
        samples.iter().map(|event| to_log_dir(view, Sample(event))).collect();
    dirs.sort_by(|one, other| (one.status, &one.path).cmp(&(other.status, &other.path)));
    dirs
}

fn to_log_dir(view: &View<'_>, sample: Sample<'_>) -> LogDir {
    let freshness = sample.freshness(view);
    let log_dir_status = sample.text("logDirStatus");
    LogDir {
        path: sample.text("logDir").unwrap_or_default(),
        status: match log_dir_status.as_deref() {
            Some("OFFLINE") => Status::Critical,
            _ if freshness.stale => Status::Stale,
            Some("ONLINE") => Status::Ok,
            _ => Status::Unknown,
        },
        log_dir_status,
        error: sample.text("logDirError"),
        replica_count: sample.int("replicaCount"),
        used_bytes: sample.int("diskUsedBytes"),
        total_bytes: sample.int("diskTotalBytes"),
        free_bytes: sample.int("diskFreeBytes"),
        freshness,
    }
}

impl Listed for Broker {
    const NUMBERS: &'static [Number<Self>] = &[
        ("leader_count", |b| b.leader_count.map(|n| n as f64)),
        ("partition_count", |b| b.partition_count.map(|n| n as f64)),
        ("under_replicated_partitions", |b| b.under_replicated_partitions.map(|n| n as f64)),
        ("request_latency_ms", |b| b.request_latency_ms),
        ("disk_used_bytes", |b| b.disk_used_bytes.map(|n| n as f64)),
        ("health_score", |b| b.health.health_score),
        ("age_secs", |b| Some(b.freshness.age_secs)),
    ];

    fn name(&self) -> &str {
        &self.broker_id
    }

    fn status(&self) -> Status {
        self.status
    }

    fn is_stale(&self) -> bool {
        self.freshness.stale
    }

    fn worst_first(&self, other: &Self) -> Ordering {
        let by_cluster = (self.status, &self.cluster).cmp(&(other.status, &other.cluster));
        by_cluster.then_with(|| self.by_name(other))
    }

    /// Node ids are numbers in text: 2 comes before 10.
    fn by_name(&self, other: &Self) -> Ordering {
        let key = |b: &Self| b.broker_id.parse().unwrap_or(i64::MAX);
        (key(self), &self.broker_id, &self.cluster).cmp(&(
            key(other),
            &other.broker_id,
            &other.cluster,
        ))
    }
}

fn to_broker(view: &View<'_>, sample: Sample<'_>) -> Broker {
    let freshness = sample.freshness(view);
    let judged = judge(sample, &freshness);
    Broker {
        cluster: sample.text("clusterName").unwrap_or_default(),
        broker_id: sample.text("brokerId").unwrap_or_default(),
        host: sample.text("host"),
        rack: sample.text("rack"),
        status: judged.status,
        reasons: judged.reasons,
        broker_status: sample.text("brokerStatus"),
        is_controller: sample.bool("isController"),
        leader_count: sample.int("leaderCount"),
        partition_count: sample.int("partitionCount"),
        under_replicated_partitions: sample.int("underReplicatedPartitions"),
        request_latency_ms: sample.float("requestLatencyMs"),
        disk_used_bytes: sample.int("diskUsedBytes"),
        disk_total_bytes: sample.int("diskTotalBytes"),
        disk_free_bytes: sample.int("diskFreeBytes"),
        offline_log_dirs: sample.int("offlineLogDirs"),
        messages_in_per_sec: sample.float("messagesInPerSec"),
        bytes_in_per_sec: sample.float("bytesInPerSec"),
        bytes_out_per_sec: sample.float("bytesOutPerSec"),
        cpu_user_percent: sample.float("cpuUserPercent"),
        cpu_system_percent: sample.float("cpuSystemPercent"),
        request_handler_idle_percent: sample.float("requestHandlerIdlePercent"),
        produce_total_time_p99_ms: sample.float("produceTotalTimeMsP99"),
        fetch_total_time_p99_ms: sample.float("fetchTotalTimeMsP99"),
        health: judged.health,
        freshness,
    }
}
