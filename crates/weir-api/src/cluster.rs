//! A Kafka cluster, as Home and `weir clusters` show it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Freshness, Status};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Cluster {
    pub cluster: String,
    /// The id the cluster gave itself.
    pub cluster_id: Option<String>,
    /// `SELF_MANAGED`, `AWS_MSK` or `CONFLUENT_CLOUD`.
    pub provider: Option<String>,
    pub environment: Option<String>,
    /// Which configured source observes it.
    pub source: Option<String>,
    pub status: Status,
    /// Why the status is not `ok`, worst first, each a sentence with its value.
    pub reasons: Vec<String>,
    pub kafka_version: Option<String>,
    pub broker_count: Option<i64>,
    pub active_controllers: Option<i64>,
    pub topic_count: Option<i64>,
    pub partition_count: Option<i64>,
    pub group_count: Option<i64>,
    pub offline_partitions: Option<i64>,
    pub under_replicated_partitions: Option<i64>,
    pub messages_in_per_sec: Option<f64>,
    pub bytes_in_per_sec: Option<f64>,
    pub bytes_out_per_sec: Option<f64>,
    /// Lag of all groups, added; unknown when no group has a commit.
    pub total_lag_messages: Option<i64>,
    pub max_lag_messages: Option<i64>,
    /// `messages_in_per_sec` over the last hour, oldest first; gaps are null.
    pub messages_in_trend: Vec<Option<f64>>,
    /// Lag of all groups, added, over the last hour, oldest first; gaps are null.
    pub lag_trend: Vec<Option<f64>>,
    #[serde(flatten)]
    pub freshness: Freshness,
}
