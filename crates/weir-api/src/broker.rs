//! A broker, in a list and whole.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::partition::{AbnormalPartitions, AllPartitions};
use crate::{Freshness, Health, Status};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Broker {
    pub cluster: String,
    pub broker_id: String,
    pub host: Option<String>,
    pub rack: Option<String>,
    pub status: Status,
    /// Why the status is not `ok`, worst first, each a sentence with its value.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// `ONLINE`, `FENCED` or `OFFLINE`.
    pub broker_status: Option<String>,
    pub is_controller: Option<bool>,
    pub leader_count: Option<i64>,
    pub partition_count: Option<i64>,
    pub under_replicated_partitions: Option<i64>,
    /// Round trip of our own request, measured by Weir.
    pub request_latency_ms: Option<f64>,
    pub disk_used_bytes: Option<i64>,
    pub disk_total_bytes: Option<i64>,
    pub disk_free_bytes: Option<i64>,
    pub offline_log_dirs: Option<i64>,
    pub messages_in_per_sec: Option<f64>,
    pub bytes_in_per_sec: Option<f64>,
    pub bytes_out_per_sec: Option<f64>,
    pub cpu_user_percent: Option<f64>,
    pub cpu_system_percent: Option<f64>,
    pub request_handler_idle_percent: Option<f64>,
    pub produce_total_time_p99_ms: Option<f64>,
    pub fetch_total_time_p99_ms: Option<f64>,
    #[serde(flatten)]
    pub health: Health,
    #[serde(flatten)]
    pub freshness: Freshness,
}

/// One broker with what is wrong on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BrokerDetail {
    pub schema: String,
    pub as_of_ms: i64,
    #[serde(flatten)]
    pub broker: Broker,
    /// Those with a replica on it, led by it or not.
    pub abnormal_partitions: AbnormalPartitions,
    /// All with a replica on it, well or not; null where no source keeps them, as in clusters with
    /// more than 50,000.
    #[serde(default)]
    pub partitions: Option<AllPartitions>,
    /// Those of its `log.dirs`, broken ones first; empty while it has not told of them.
    #[serde(default)]
    pub log_dirs: Vec<LogDir>,
    /// How many groups it coordinates.
    pub coordinated_group_count: i64,
    /// Ids of all brokers of the cluster, ascending: for going to the one before and the next.
    pub broker_ids: Vec<String>,
}

/// A directory a broker keeps partitions in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LogDir {
    pub path: String,
    pub status: Status,
    /// `ONLINE` or `OFFLINE`.
    pub log_dir_status: Option<String>,
    /// Why it is offline, as Kafka names errors: `KAFKA_STORAGE_ERROR (56)`.
    pub error: Option<String>,
    pub replica_count: Option<i64>,
    /// Of the replicas in it.
    pub used_bytes: Option<i64>,
    /// Of its volume, which it may share with others.
    pub total_bytes: Option<i64>,
    pub free_bytes: Option<i64>,
    #[serde(flatten)]
    pub freshness: Freshness,
}
