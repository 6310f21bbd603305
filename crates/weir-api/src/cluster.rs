//! A Kafka cluster, as Home and `weir clusters` show it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::broker::Broker;
use crate::capability::Capability;
use crate::group::Group;
use crate::partition::AbnormalPartitions;
use crate::topic::Topic;
use crate::{Freshness, Health, Status};

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
    pub under_min_isr_partitions: Option<i64>,
    /// One more loss stops acks=all writes to them.
    pub at_min_isr_partitions: Option<i64>,
    pub non_preferred_leaders: Option<i64>,
    pub reassigning_partitions: Option<i64>,
    /// Registered and fenced.
    pub fenced_brokers: Option<i64>,
    /// Registered, named by a replica list or seen lately, and not live; fenced ones included.
    pub offline_brokers: Option<i64>,
    pub offline_log_dirs: Option<i64>,
    pub disk_used_bytes: Option<i64>,
    pub disk_total_bytes: Option<i64>,
    pub disk_free_bytes: Option<i64>,
    pub messages_in_per_sec: Option<f64>,
    pub bytes_in_per_sec: Option<f64>,
    pub bytes_out_per_sec: Option<f64>,
    /// Lag of all groups of which it is known, added; unknown when it is of none.
    pub total_lag_messages: Option<i64>,
    pub max_lag_messages: Option<i64>,
    /// Age of the oldest message not yet consumed, in the worst group that is not abandoned.
    pub max_lag_secs: Option<f64>,
    /// How that age is known: `exact`, `interpolated`, or `at_least` (it may be older).
    pub lag_secs_method: Option<String>,
    /// `messages_in_per_sec` over the last hour, oldest first; gaps are null.
    pub messages_in_trend: Vec<Option<f64>>,
    /// Lag of all groups, added, over the last hour, oldest first; gaps are null.
    pub lag_trend: Vec<Option<f64>>,
    #[serde(flatten)]
    pub health: Health,
    #[serde(flatten)]
    pub freshness: Freshness,
}

/// One cluster with what is worst inside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ClusterDetail {
    pub schema: String,
    pub as_of_ms: i64,
    #[serde(flatten)]
    pub cluster: Cluster,
    /// Node id of the quorum's leader.
    pub controller_id: Option<String>,
    /// Worst first.
    pub brokers: Vec<Broker>,
    pub abnormal_partitions: AbnormalPartitions,
    /// The ten worst.
    pub worst_topics: Vec<Topic>,
    /// The ten worst; resting groups are not among them.
    pub worst_groups: Vec<Group>,
    /// What the cluster lets Weir know, with the missing rights.
    pub capabilities: Vec<Capability>,
}
