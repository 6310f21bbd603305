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

/// What trying a source out came to, step by step; the same as `weir sources test` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SourceTest {
    pub source: String,
    /// Whether every step went well.
    pub ok: bool,
    /// In the order they were taken. Steps after a failed one that needs it are left out.
    pub steps: Vec<SourceTestStep>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SourceTestStep {
    /// `resolve`, `options`, `connect`, `tls`, `api versions`, `sasl`, `metadata`, `groups`,
    /// `offsets` or `rights`.
    pub name: String,
    pub ok: bool,
    /// What was found, or exactly what is wrong.
    pub detail: String,
    /// What to do about it, where the detail does not say it already.
    pub next_step: Option<String>,
    pub took_ms: u64,
}
