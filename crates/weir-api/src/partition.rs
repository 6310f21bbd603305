//! A partition that is not well, as the pages of its cluster, broker and topic show it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Freshness, Status};

/// Only partitions that are not `OK` are known one by one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Partition {
    pub cluster: String,
    pub topic: String,
    pub partition: i64,
    pub status: Status,
    /// `OFFLINE`, `UNDER_MIN_ISR` or `UNDER_REPLICATED`.
    pub partition_status: Option<String>,
    /// Node id; null when there is no leader.
    pub leader: Option<String>,
    pub isr_count: Option<i64>,
    pub replica_count: Option<i64>,
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
