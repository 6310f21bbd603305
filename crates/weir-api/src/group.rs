//! A consumer group, in a list and whole.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Freshness, Health, Status};

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
    /// Unknown when no partition has a commit, and when the lag of one with a commit is.
    pub total_lag_messages: Option<i64>,
    /// Unknown when the total is.
    pub max_lag_messages: Option<i64>,
    /// Age of the oldest message not yet consumed, in the worst partition.
    pub max_lag_secs: Option<f64>,
    /// How that age is known: `exact`, `interpolated`, or `at_least` (it may be older, in this or in
    /// another partition).
    pub lag_secs_method: Option<String>,
    /// Burrow's words: `OK`, `WARN` or `ERR`.
    pub lag_status: Option<String>,
    /// Change of the total lag, messages a second; above 0 it grows.
    pub lag_velocity_per_sec: Option<f64>,
    /// Until the lag is gone at the present rates; unknown too when it grows.
    pub secs_to_catch_up: Option<f64>,
    /// Deleted before they were consumed, in all partitions.
    pub messages_lost: Option<i64>,
    /// Until retention overtakes the first of its partitions.
    pub secs_to_data_loss: Option<f64>,
    /// Since Weir started.
    pub rebalance_count: Option<i64>,
    /// No members, and a lag that no longer moves.
    pub abandoned: Option<bool>,
    /// Abandoned, or without members and with nothing wrong: at the end of lists by default.
    #[serde(default)]
    pub resting: bool,
    /// Total lag over the last hour, oldest first; gaps are null.
    pub lag_trend: Vec<Option<f64>>,
    #[serde(flatten)]
    pub health: Health,
    #[serde(flatten)]
    pub freshness: Freshness,
}

/// One group with its members and its partitions, worst lag first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GroupDetail {
    pub schema: String,
    pub as_of_ms: i64,
    #[serde(flatten)]
    pub group: Group,
    pub partitions: Vec<GroupPartition>,
    /// True when a limit cut the partitions.
    pub partitions_truncated: bool,
    /// By client id; empty when there are none or their right is missing.
    #[serde(default)]
    pub members: Vec<Member>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Member {
    pub member_id: String,
    pub client_id: Option<String>,
    pub client_host: Option<String>,
    /// How many partitions are assigned to it.
    pub assigned_partitions: Option<i64>,
    /// `classic`, `consumer`, `share` or `streams`.
    pub member_type: Option<String>,
    #[serde(flatten)]
    pub freshness: Freshness,
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
    /// `OK`, `WARN`, `REWIND`, `STALL` or `STOP`; unknown until enough has been seen.
    pub lag_status: Option<String>,
    /// Deleted by retention before they were consumed.
    pub messages_lost: Option<i64>,
    /// Until retention overtakes the committed offset.
    pub secs_to_data_loss: Option<f64>,
    /// Since the poll that saw the committed offset move; unknown until Weir sees it move.
    pub commit_age_secs: Option<f64>,
    pub member_id: Option<String>,
    pub client_id: Option<String>,
    pub client_host: Option<String>,
    #[serde(flatten)]
    pub freshness: Freshness,
}
