//! What the server needs from the rest of Weir. The binary brings the implementations.

mod lookups;
mod saved_queries;

use std::sync::Arc;
use std::time::Duration;

use weir_api::server::StoreStatus;
use weir_api::source::SourceTestStep;
use weir_types::{
    AccountId, BoxFuture, Clock, LatestSamples, PartitionStates, PartitionsOf, QueryAnalyzer,
    QueryRunner, Sink, SourceCapability, SourceStatus, Timestamp,
};

use crate::metrics::Counters;
use crate::view::trend::TrendCache;

pub use lookups::{LookupError, LookupPlace, LookupStore, LookupUpload};
pub use saved_queries::{SavedQueryError, SavedQueryStore};

/// Everything a handler may ask; clones share it.
#[derive(Clone)]
pub struct Services {
    pub info: Arc<ServerInfo>,
    pub clock: Arc<dyn Clock>,
    pub sink: Arc<dyn Sink>,
    pub queries: Arc<dyn QueryRunner>,
    pub analyzer: Arc<dyn QueryAnalyzer>,
    pub latest: Arc<dyn LatestSamples>,
    pub sources: Arc<dyn SourceReader>,
    pub source_tester: Arc<dyn SourceTester>,
    pub lookups: Arc<dyn LookupStore>,
    pub saved_queries: Arc<dyn SavedQueryStore>,
    pub store: Arc<dyn StoreReader>,
    pub authenticator: Arc<dyn Authenticator>,
    pub exposition: Arc<dyn Exposition>,
    pub counters: Arc<Counters>,
    pub trends: Arc<TrendCache>,
}

impl Services {
    /// The `now` of a question that arrives at this moment. Windows end before it, and what was
    /// acknowledged within this very millisecond must be inside.
    pub fn question_now(&self) -> Timestamp {
        self.clock.now().saturating_add(Duration::from_millis(1))
    }
}

/// What does not change while the server runs.
#[derive(Debug, Clone)]
pub struct ServerInfo {
    pub version: &'static str,
    pub environment: String,
    pub account: AccountId,
    pub started_at: Timestamp,
    /// True when only this machine can reach the port: reading then needs no key.
    pub loopback_only: bool,
    /// Oldest timestamp that ingest takes, counted back from now.
    pub retention: Duration,
    /// False leaves the pages out.
    pub with_ui: bool,
}

/// What a key opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Queries, NerdGraph, REST.
    User,
    /// Events in, nothing out.
    Ingest,
}

/// Whose key it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub account: AccountId,
    pub access: Access,
    /// Whoever has the key, without giving it away: its id, or [`LOCAL_USER`].
    pub user: Arc<str>,
}

/// Whoever needs no key on the server's own machine.
pub const LOCAL_USER: &str = "local";

/// Who knows the keys.
pub trait Authenticator: Send + Sync {
    /// `Ok(None)` for a key nobody made here; an error when the keys can't be read.
    fn authenticate(&self, key: &str) -> Result<Option<Identity>, String>;
}

/// Who knows the sources.
pub trait SourceReader: Send + Sync {
    /// In configured order.
    fn statuses(&self) -> Vec<SourceStatus>;

    /// What every cluster lets its sources know, as of their last cycles.
    fn capabilities(&self) -> Vec<SourceCapability>;

    /// The partitions of a cluster, well or not, as its source keeps them in memory: at most `limit`
    /// of them. `None` where no source of it has heard of any, or there are too many to keep.
    fn partitions(
        &self,
        cluster: &str,
        of: PartitionsOf<'_>,
        limit: usize,
    ) -> Option<PartitionStates>;

    /// The name filters that are set; a source without one watches everything.
    fn filters(&self) -> Vec<SourceFilter>;
}

/// Who can try a source out.
pub trait SourceTester: Send + Sync {
    /// Talks to the cluster, within a bounded time. Dropping the future ends the test.
    fn test(&self, source: &str) -> BoxFuture<'_, Result<Vec<SourceTestStep>, SourceTestRefusal>>;
}

/// Why a source was not tried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceTestRefusal {
    #[error("no source `{0}` is configured")]
    NoSuchSource(String),
    #[error("a test of `{0}` is running already")]
    Running(String),
    #[error("the test of `{source_name}` did not end within {} s", .within.as_secs())]
    TookTooLong { source_name: String, within: Duration },
}

/// Which names a source leaves out before it asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFilter {
    pub source: String,
    /// `topics` or `groups`.
    pub names: &'static str,
    /// Globs; empty for all.
    pub include: Vec<String>,
    pub exclude: Vec<String>,
}

/// Who knows Kafka's series for `/metrics`.
pub trait Exposition: Send + Sync {
    /// The series as of `now` as Prometheus text, in chunks of bounded size made one by one. Comes
    /// from what is in memory: the first chunk is there at once.
    fn chunks(&self, now: Timestamp) -> Box<dyn Iterator<Item = Vec<u8>> + Send>;
}

/// Who knows the store's health.
pub trait StoreReader: Send + Sync {
    fn status(&self) -> StoreStatus;
}
