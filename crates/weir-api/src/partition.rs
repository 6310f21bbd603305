//! Partitions, as the pages of their cluster, broker and topic show them: one by one those that are
//! not well, and all of one topic or broker where the source keeps them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Freshness, Status};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Partition {
    pub cluster: String,
    pub topic: String,
    pub partition: i64,
    pub status: Status,
    /// `OFFLINE`, `UNDER_MIN_ISR`, `UNDER_REPLICATED` or `OK`.
    pub partition_status: Option<String>,
    /// Node id; null when there is no leader.
    pub leader: Option<String>,
    pub isr_count: Option<i64>,
    pub replica_count: Option<i64>,
    /// Node ids, the preferred leader first; null where the source tells only how many.
    #[serde(default)]
    pub replicas: Option<Vec<String>>,
    /// Node ids of the replicas that are in sync.
    #[serde(default)]
    pub isr: Option<Vec<String>>,
    pub log_start_offset: Option<i64>,
    pub log_end_offset: Option<i64>,
    /// Of the leader's log.
    pub size_bytes: Option<i64>,
    #[serde(flatten)]
    pub freshness: Freshness,
}

/// Abnormal partitions, worst first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AbnormalPartitions {
    pub items: Vec<Partition>,
    /// How many more there are.
    pub left_out_count: u64,
}

/// Every partition of one topic or broker, as the last cycle of its source knew them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AllPartitions {
    /// By topic and partition.
    pub items: Vec<Partition>,
    /// How many more there are.
    pub left_out_count: u64,
}
