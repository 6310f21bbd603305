//! Concrete types behind the roles the server asks for.

use std::sync::{Arc, Weak};

use weir_api::server::StoreStatus;
use weir_collect::Sources;
use weir_server::{SourceReader, StoreReader};
use weir_store::{Store, StoreState};
use weir_types::{AccountId, Event, LatestQuery, LatestSamples, SourceStatus};

/// The store as the server sees it.
pub struct StoreBridge(pub Arc<Store>);

impl LatestSamples for StoreBridge {
    fn latest(&self, account: AccountId, query: LatestQuery<'_>) -> Vec<Event> {
        self.0.snapshot(account).latest(query)
    }
}

impl StoreReader for StoreBridge {
    fn status(&self) -> StoreStatus {
        let stats = self.0.stats();
        let (state, writable) = match stats.state {
            StoreState::Ready => ("ok".to_owned(), true),
            StoreState::ReadOnly { reason } => (reason, false),
            StoreState::Closed => ("closed".to_owned(), false),
        };
        StoreStatus {
            state,
            writable,
            row_count: stats.rows,
            series_count: stats.series,
            memory_bytes: stats.memory_bytes,
            wal_bytes: stats.wal_bytes,
            oldest_at_ms: stats.oldest.map(|at| at.as_millis()),
            rows_dropped_early: stats.rows_dropped_early,
        }
    }
}

/// The sources as the server sees them; weak, so that stopping can wait for their end.
pub struct SourceBridge(pub Weak<Sources>);

impl SourceReader for SourceBridge {
    fn statuses(&self) -> Vec<SourceStatus> {
        self.0.upgrade().map(|sources| sources.statuses()).unwrap_or_default()
    }
}
