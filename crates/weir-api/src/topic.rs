//! A topic, as `weir topics` and the topic list show it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Freshness, Status};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Topic {
    pub cluster: String,
    pub topic: String,
    pub status: Status,
    pub partition_count: Option<i64>,
    pub replication_factor: Option<i64>,
    pub min_insync_replicas: Option<i64>,
    pub under_replicated_partitions: Option<i64>,
    pub offline_partitions: Option<i64>,
    pub messages_in_per_sec: Option<f64>,
    pub size_bytes: Option<i64>,
    pub retention_ms: Option<i64>,
    pub cleanup_policy: Option<String>,
    #[serde(flatten)]
    pub freshness: Freshness,
}
