//! The state of one source, as pages, commands and `/metrics` show it.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// Configured, no cycle has ended yet.
    Starting,
    Ok,
    /// The last cycle was answered in part; `last_error` names the part.
    Partial,
    /// The last cycle got no answer.
    Failing,
}

/// What the last cycles of a source came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceStatus {
    pub name: String,
    /// As weir.yaml names it: `kafka`.
    pub kind: String,
    /// What it talks to, without secrets.
    pub target: String,
    pub cluster: String,
    pub interval_secs: u64,
    pub state: SourceState,
    pub last_cycle_at: Option<Timestamp>,
    pub last_success_at: Option<Timestamp>,
    pub last_cycle_ms: Option<u64>,
    pub last_events_count: u64,
    /// What went wrong last, with the next step; cleared by a whole cycle.
    pub last_error: Option<String>,
    /// 0 to 1: share of what the last cycle asked that was answered.
    pub completeness: Option<f64>,
    pub cycles_total: u64,
    pub failed_cycles_total: u64,
    pub requests_total: u64,
}

/// What came of one kind of question to a cluster, the last time a source asked it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceCapability {
    pub source: String,
    pub cluster: String,
    /// What is asked for, named for people.
    pub question: &'static str,
    /// `ok`, `may_be_partial`, `denied`, `not_supported` or `failing`.
    pub state: &'static str,
    /// The right that would answer, or why there is no answer.
    pub detail: Option<String>,
}
