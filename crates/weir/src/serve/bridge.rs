//! Concrete types behind the roles the server asks for.

use std::sync::{Arc, Weak};

use weir_api::server::StoreStatus;
use weir_collect::{Capability, CapabilityHandle, Exposition, PartitionMapHandle, Sources};
use weir_server::{SourceFilter, SourceReader, StoreReader};
use weir_store::{Store, StoreState};
use weir_types::source::CapabilityState;
use weir_types::{
    AccountId, Event, LatestQuery, LatestSamples, PartitionStates, PartitionsOf, SourceCapability,
    SourceStatus, Timestamp,
};

/// The store as the server sees it.
pub struct StoreBridge(pub Arc<Store>);

impl LatestSamples for StoreBridge {
    fn latest(&self, account: AccountId, query: LatestQuery<'_>) -> Vec<Event> {
        self.0.snapshot(account).latest(query)
    }

    fn latest_attributes(
        &self,
        account: AccountId,
        query: LatestQuery<'_>,
        attributes: &[&'static str],
    ) -> Vec<Event> {
        self.0.snapshot(account).latest_attributes(query, attributes)
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
            segment_bytes: stats.segment_bytes,
            oldest_at_ms: stats.oldest.map(|at| at.as_millis()),
            rows_dropped_early: stats.rows_dropped_early,
            maintenance_problem: stats.maintenance_problem,
        }
    }
}

/// The sources as the server sees them.
pub struct SourceBridge {
    /// Weak, so that stopping can wait for their end.
    pub sources: Weak<Sources>,
    pub shown: Vec<ShownSource>,
    pub exposition: Exposition,
}

/// What stays visible of one running source: what its cluster lets it know, what it leaves out.
#[derive(Clone)]
pub struct ShownSource {
    pub source: String,
    pub cluster: String,
    pub filters: Vec<SourceFilter>,
    pub handle: CapabilityHandle,
    pub partitions: PartitionMapHandle,
}

impl SourceReader for SourceBridge {
    fn statuses(&self) -> Vec<SourceStatus> {
        self.sources.upgrade().map(|sources| sources.statuses()).unwrap_or_default()
    }

    fn capabilities(&self) -> Vec<SourceCapability> {
        self.shown.iter().flat_map(of_source).collect()
    }

    fn partitions(
        &self,
        cluster: &str,
        of: PartitionsOf<'_>,
        limit: usize,
    ) -> Option<PartitionStates> {
        let mut sources = self.shown.iter().filter(|shown| shown.cluster == cluster);
        sources.find_map(|shown| shown.partitions.partitions(of, limit))
    }

    fn filters(&self) -> Vec<SourceFilter> {
        self.shown.iter().flat_map(|shown| shown.filters.iter().cloned()).collect()
    }
}

impl weir_server::Exposition for SourceBridge {
    fn chunks(&self, now: Timestamp) -> Box<dyn Iterator<Item = Vec<u8>> + Send> {
        Box::new(self.exposition.page(now))
    }
}

fn of_source(shown: &ShownSource) -> Vec<SourceCapability> {
    let questions = shown.handle.get().questions.into_iter();
    questions
        .map(|(question, capability)| {
            let (state, detail) = match capability {
                Capability::Ok => (CapabilityState::Ok, None),
                Capability::Costly { reason } => (CapabilityState::Ok, Some(reason)),
                Capability::MayBePartial { right } => (CapabilityState::MayBePartial, Some(right)),
                Capability::Denied { right } => (CapabilityState::Denied, Some(right)),
                Capability::NotSupported { reason } => {
                    (CapabilityState::NotSupported, Some(reason))
                }
                Capability::Failing { error } => (CapabilityState::Failing, Some(error)),
            };
            SourceCapability {
                source: shown.source.clone(),
                cluster: shown.cluster.clone(),
                question,
                state,
                detail,
            }
        })
        .collect()
}
