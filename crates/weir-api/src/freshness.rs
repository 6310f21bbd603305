//! How old and how whole what is shown is, and the one word that sums an entity up.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Worst first when sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Critical,
    Warning,
    /// It was known and has gone silent.
    Stale,
    /// Seen, but this source can't tell how it is.
    Unknown,
    Ok,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Freshness {
    /// Epoch milliseconds of the newest sample.
    pub sampled_at_ms: i64,
    /// Epoch milliseconds of when what is shown was known: earlier where a stale sample repeats
    /// older knowledge.
    #[serde(default)]
    pub known_at_ms: i64,
    /// Age of what is shown when the answer was made: of the sample, and of the older knowledge
    /// that a stale sample repeats.
    pub age_secs: f64,
    /// Older than two intervals of its source, or marked stale by the source itself.
    pub stale: bool,
    /// 0 to 1: share of what the source's cycle asked that was answered.
    pub completeness: Option<f64>,
    /// Its cluster has answered since and no longer has it: deleted, or no longer shown to us.
    /// Lists leave such things out.
    #[serde(default)]
    pub gone: bool,
}
