//! Weir itself: version, age, store.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ServerStatus {
    pub version: String,
    pub environment: String,
    pub account_id: u64,
    pub started_at_ms: i64,
    pub now_ms: i64,
    /// False when the binary was built without the web UI.
    pub ui_built: bool,
    pub store: StoreStatus,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StoreStatus {
    /// `ok`, or why nothing is acknowledged any more.
    pub state: String,
    pub writable: bool,
    pub row_count: u64,
    pub series_count: u64,
    pub memory_bytes: u64,
    pub wal_bytes: u64,
    /// Of the sealed segments on disk.
    pub segment_bytes: u64,
    pub oldest_at_ms: Option<i64>,
    /// Rows dropped before their retention because of the disk limit.
    pub rows_dropped_early: u64,
    /// What sealing, merging or retention could not do at the last try.
    pub maintenance_problem: Option<String>,
}
