//! A broker, as the cluster page shows it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Freshness, Status};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Broker {
    pub cluster: String,
    pub broker_id: String,
    pub host: Option<String>,
    pub rack: Option<String>,
    pub status: Status,
    pub broker_status: Option<String>,
    pub is_controller: Option<bool>,
    pub leader_count: Option<i64>,
    pub partition_count: Option<i64>,
    pub under_replicated_partitions: Option<i64>,
    pub request_latency_ms: Option<f64>,
    #[serde(flatten)]
    pub freshness: Freshness,
}
