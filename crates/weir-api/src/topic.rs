//! A topic, in a list and whole.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::partition::{AbnormalPartitions, AllPartitions};
use crate::{Freshness, Health, Status};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Topic {
    pub cluster: String,
    pub topic: String,
    pub status: Status,
    /// Why the status is not `ok`, worst first, each a sentence with its value.
    #[serde(default)]
    pub reasons: Vec<String>,
    pub partition_count: Option<i64>,
    pub replication_factor: Option<i64>,
    pub min_insync_replicas: Option<i64>,
    pub under_replicated_partitions: Option<i64>,
    pub offline_partitions: Option<i64>,
    pub under_min_isr_partitions: Option<i64>,
    /// One more loss stops acks=all writes to them.
    pub at_min_isr_partitions: Option<i64>,
    pub reassigning_partitions: Option<i64>,
    pub non_preferred_leaders: Option<i64>,
    /// Partitions whose leader is silent: their offsets are repeated.
    #[serde(default)]
    pub stale_partitions: Option<i64>,
    pub messages_in_per_sec: Option<f64>,
    pub bytes_in_per_sec: Option<f64>,
    pub bytes_out_per_sec: Option<f64>,
    /// Of all replicas on disk.
    pub size_bytes: Option<i64>,
    pub log_start_offset_sum: Option<i64>,
    pub log_end_offset_sum: Option<i64>,
    /// -1 keeps for ever.
    pub retention_ms: Option<i64>,
    pub cleanup_policy: Option<String>,
    /// Groups with a commit or an assignment here.
    #[serde(default)]
    pub group_count: i64,
    /// The two worst of them.
    #[serde(default)]
    pub worst_groups: Vec<TopicGroup>,
    #[serde(flatten)]
    pub health: Health,
    #[serde(flatten)]
    pub freshness: Freshness,
}

/// Where one group stands on one topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TopicGroup {
    pub group: String,
    /// The worst verdict of its partitions here: `OK`, `WARN`, `REWIND`, `STALL` or `STOP`.
    pub lag_status: Option<String>,
    /// Of its partitions here, added; unknown without a commit, and when it is of one with a commit.
    pub lag_messages: Option<i64>,
    /// Of the worst partition here.
    pub max_lag_secs: Option<f64>,
    /// How that age is known: `exact`, `interpolated`, or `at_least` (it may be older, in this or in
    /// another partition).
    pub lag_secs_method: Option<String>,
    /// Of its partitions here, added.
    pub messages_lost: Option<i64>,
    /// Until retention overtakes the first of its partitions here.
    pub secs_to_data_loss: Option<f64>,
    /// Partitions here with a commit or an assignment.
    pub partition_count: i64,
    /// Any of it is repeated from before.
    pub stale: bool,
}

/// One topic with its groups and what is wrong in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TopicDetail {
    pub schema: String,
    pub as_of_ms: i64,
    #[serde(flatten)]
    pub topic: Topic,
    pub abnormal_partitions: AbnormalPartitions,
    /// Its partitions, well or not; null where no source keeps them, as in clusters with more than
    /// 50,000.
    #[serde(default)]
    pub partitions: Option<AllPartitions>,
    /// All of its groups, worst first.
    pub groups: Vec<TopicGroupDetail>,
}

/// A group of a topic, with what is known of the whole group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TopicGroupDetail {
    #[serde(flatten)]
    pub on_topic: TopicGroup,
    pub status: Option<Status>,
    pub state: Option<String>,
    pub member_count: Option<i64>,
    /// Change of the total lag of the group, messages a second; above 0 it grows.
    #[serde(default)]
    pub lag_velocity_per_sec: Option<f64>,
    pub secs_to_catch_up: Option<f64>,
    /// Total lag of the group over the last hour, other topics included, oldest first; gaps are
    /// null.
    pub lag_trend: Vec<Option<f64>>,
}
