//! A consumer group, in a list and whole.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Freshness, Status};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Group {
    pub cluster: String,
    pub group: String,
    pub status: Status,
    /// Why the status is not `ok`, each a sentence with its value.
    pub reasons: Vec<String>,
    /// `classic`, `consumer`, `share` or `streams`.
    pub group_type: Option<String>,
    /// As the coordinator names it.
    pub state: Option<String>,
    pub coordinator_id: Option<String>,
    pub assignor: Option<String>,
    pub member_count: Option<i64>,
    pub topic_count: Option<i64>,
    pub partition_count: Option<i64>,
    /// Unknown when no partition has a commit.
    pub total_lag_messages: Option<i64>,
    pub max_lag_messages: Option<i64>,
    /// Age of the oldest message not yet consumed, in the worst partition.
    pub max_lag_secs: Option<f64>,
    /// How that age is known: `exact`, `interpolated`, or `at_least` (it may be older).
    pub lag_secs_method: Option<String>,
    /// Burrow's words.
    pub lag_status: Option<String>,
    pub abandoned: Option<bool>,
    /// Total lag over the last hour, oldest first; gaps are null.
    pub lag_trend: Vec<Option<f64>>,
    #[serde(flatten)]
    pub freshness: Freshness,
}

/// One group with its partitions, worst lag first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GroupDetail {
    pub schema: String,
    pub as_of_ms: i64,
    #[serde(flatten)]
    pub group: Group,
    pub partitions: Vec<GroupPartition>,
    /// True when a limit cut the partitions.
    pub partitions_truncated: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GroupPartition {
    pub topic: String,
    pub partition: i64,
    /// Unknown when the group never committed here.
    pub committed_offset: Option<i64>,
    pub log_end_offset: Option<i64>,
    pub log_start_offset: Option<i64>,
    /// Unknown without a commit; never negative.
    pub lag_messages: Option<i64>,
    /// Age of the oldest message not yet consumed; within `lag_secs_low` and `lag_secs_high`.
    pub lag_secs: Option<f64>,
    pub lag_secs_low: Option<f64>,
    /// Unknown when the age is only known from below.
    pub lag_secs_high: Option<f64>,
    /// How that age is known: `exact`, `interpolated`, or `at_least` (it may be older).
    pub lag_secs_method: Option<String>,
    pub lag_status: Option<String>,
    /// Deleted by retention before they were consumed.
    pub messages_lost: Option<i64>,
    pub member_id: Option<String>,
    pub client_id: Option<String>,
    pub client_host: Option<String>,
    #[serde(flatten)]
    pub freshness: Freshness,
}
