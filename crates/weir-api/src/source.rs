//! A configured source and what its last cycles came to.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Source {
    pub name: String,
    pub kind: String,
    /// What it talks to, without secrets.
    pub target: String,
    pub cluster: String,
    pub interval_secs: u64,
    /// `starting`, `ok`, `partial` or `failing`.
    pub state: String,
    pub last_cycle_at_ms: Option<i64>,
    pub last_success_at_ms: Option<i64>,
    pub last_cycle_ms: Option<u64>,
    pub last_events_count: u64,
    pub last_error: Option<String>,
    pub completeness: Option<f64>,
    pub cycles_total: u64,
    pub failed_cycles_total: u64,
    pub requests_total: u64,
}
