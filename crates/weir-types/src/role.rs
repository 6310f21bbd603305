//! The roles through which crates meet. Only the binary joins a role to a concrete type.

use std::future::Future;
use std::pin::Pin;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::query::Analysis;
use crate::{
    AccountId, Batch, ErrorCode, Event, EventError, QueryError, QueryRequest, QueryResult,
    Timestamp,
};

pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where events go: the store, or a forwarder to New Relic.
pub trait Sink: Send + Sync {
    /// Resolves once the whole batch is durable and the next query sees it; on an error nothing
    /// of the batch is stored.
    fn append(&self, batch: Batch) -> BoxFuture<'_, Result<(), SinkError>>;
}

/// Why a batch was not taken.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SinkError {
    #[error("event {index}: {error}")]
    Invalid { index: usize, error: EventError },
    /// Too many events are waiting already; the batch comes back and may be sent again.
    #[error("ingest is busy: {waiting} events wait already, try again")]
    Busy { waiting: usize, batch: Batch },
    /// The disk no longer takes writes; nothing is acknowledged until this is mended.
    #[error("events can't be written: {0}")]
    Unavailable(String),
}

impl SinkError {
    pub fn code(&self) -> ErrorCode {
        match self {
            SinkError::Invalid { .. } => ErrorCode::InvalidRequest,
            SinkError::Busy { .. } | SinkError::Unavailable(_) => ErrorCode::Unavailable,
        }
    }
}

/// Who answers NRQL: the embedded engine, or New Relic.
pub trait QueryRunner: Send + Sync {
    fn run(&self, request: QueryRequest) -> BoxFuture<'_, Result<QueryResult, QueryError>>;
}

/// Who reads NRQL for editors, without answering it.
pub trait QueryAnalyzer: Send + Sync {
    /// `cursor` is in bytes; `now` anchors relative windows. Names are those of the account. May wait
    /// for the disk.
    fn analyze(&self, account: AccountId, nrql: &str, cursor: usize, now: Timestamp) -> Analysis;
}

/// Who knows the newest sample of everything: what lists and entity pages read, so that opening
/// one costs no scan. Unlike `latest()` in NRQL, which skips nulls attribute by attribute, this is
/// one whole sample: what it does not hold is unknown now.
pub trait LatestSamples: Send + Sync {
    /// The newest event of every series that meets the query.
    fn latest(&self, account: AccountId, query: LatestQuery<'_>) -> Vec<Event>;

    /// The same for tens of thousands of series: each event needs to have these attributes alone.
    fn latest_attributes(
        &self,
        account: AccountId,
        query: LatestQuery<'_>,
        _attributes: &[&'static str],
    ) -> Vec<Event> {
        self.latest(account, query)
    }
}

/// Which series to look at.
#[derive(Debug, Clone, Copy)]
pub struct LatestQuery<'a> {
    /// A declared event type.
    pub event_type: &'a str,
    /// Series whose newest event is older are left out.
    pub since: Timestamp,
    /// Identity attributes and the text each must have; empty for all series.
    pub identity: &'a [(&'a str, &'a str)],
}

/// Where the present comes from; tests bring their own.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }
}
