//! The embedded backend: answers questions about what a store holds, a few at a time.

mod lane;
mod record;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use weir_types::query::Analysis;
use weir_types::{
    AccountId, BoxFuture, QueryAnalyzer, QueryError, QueryRequest, QueryResult, QueryRunner,
    Timestamp,
};

use crate::answer::answer_within;
use crate::budget::{Budget, Cancel, Limits, MemoryPool};
use crate::names::NamesOf;
use crate::source::{EventSource, EventSources, LookupTables, WithLookups};
use lane::{LongLane, Turn};
use record::Record;

pub use record::QueryLog;

/// How much the engine takes on at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngineOptions {
    /// Of each query.
    pub limits: Limits,
    /// What all running queries may hold together, beyond a small part of each that is its own.
    pub memory_bytes_max: usize,
    /// Queries that run at the same time and have not run for long; each takes one thread.
    pub running_max: usize,
    /// Queries that may go on at the same time after `long_after` and `long_rows` looked at: others
    /// pass them.
    pub long_running_max: usize,
    pub long_after: Duration,
    pub long_rows: u64,
    /// Queries that may wait for their turn; one more is refused.
    pub waiting_max: usize,
}

impl Default for EngineOptions {
    fn default() -> Self {
        EngineOptions {
            limits: Limits::default(),
            memory_bytes_max: 1 << 30,
            running_max: 4,
            long_running_max: 2,
            long_after: Duration::from_secs(1),
            long_rows: 500_000,
            waiting_max: 256,
        }
    }
}

/// Answers NRQL over whatever can be viewed as events.
pub struct Engine {
    sources: Arc<dyn EventSources>,
    tables: Option<Arc<dyn LookupTables>>,
    log: Option<QueryLog>,
    options: EngineOptions,
    memory: Arc<MemoryPool>,
    /// One permit a query inside, waiting or running.
    admitted: Arc<Semaphore>,
    running: Arc<Semaphore>,
    long: Arc<LongLane>,
}

impl Engine {
    pub fn new(sources: Arc<dyn EventSources>, options: EngineOptions) -> Self {
        let inside = options.running_max.saturating_add(options.long_running_max);
        let admitted = inside.saturating_add(options.waiting_max);
        Engine {
            sources,
            tables: None,
            log: None,
            options,
            memory: MemoryPool::new(options.memory_bytes_max),
            admitted: Arc::new(Semaphore::new(admitted.min(Semaphore::MAX_PERMITS))),
            running: Arc::new(Semaphore::new(options.running_max)),
            long: LongLane::new(options.long_running_max),
        }
    }

    /// What `lookup(name)` reads.
    pub fn with_lookup_tables(self, tables: Arc<dyn LookupTables>) -> Self {
        Engine { tables: Some(tables), ..self }
    }

    /// Where every query is noted.
    pub fn with_log(self, log: QueryLog) -> Self {
        Engine { log: Some(log), ..self }
    }

    async fn run_noted(&self, request: QueryRequest) -> Result<QueryResult, QueryError> {
        let started = Instant::now();
        let record = Record::new(self.log.clone(), &request, started);
        let result = self.answer(request, started).await;
        record.finish(&result);
        result
    }

    async fn answer(
        &self,
        request: QueryRequest,
        started: Instant,
    ) -> Result<QueryResult, QueryError> {
        let admitted = self.admitted.clone().try_acquire_owned().map_err(|_| self.busy())?;
        let turn = self.running.clone().acquire_owned();
        let running = match tokio::time::timeout(request.timeout, turn).await {
            Ok(Ok(permit)) => permit,
            Ok(Err(_)) => return Err(QueryError::Store("engine is shut down".into())),
            Err(_) => return Err(QueryError::Timeout(request.timeout)),
        };
        let cancel = Cancel::default();
        // Dropped with this future: whoever no longer waits frees the thread.
        let _cancel_on_drop = CancelOnDrop(cancel.clone());
        let (sources, tables) = (self.sources.clone(), self.tables.clone());
        let EngineOptions { limits, long_after, long_rows, .. } = self.options;
        let turn = Turn::new(running, self.long.clone(), long_after, long_rows);
        let budget = Budget::new(limits, started, request.timeout, cancel)
            .with_memory(self.memory.clone())
            .with_pace(Box::new(turn));
        let work = tokio::task::spawn_blocking(move || {
            let _admitted: OwnedSemaphorePermit = admitted;
            let source = view(&*sources, tables, request.account);
            answer_within(&*source, &request, budget, started)
        });
        work.await.unwrap_or_else(|error| {
            tracing::error!(%error, "query stopped unexpectedly");
            Err(QueryError::Store("query stopped unexpectedly, see the log".into()))
        })
    }

    fn busy(&self) -> QueryError {
        QueryError::Busy(format!(
            "engine is busy: {} queries wait already, try again",
            self.options.waiting_max
        ))
    }
}

fn view(
    sources: &dyn EventSources,
    tables: Option<Arc<dyn LookupTables>>,
    account: AccountId,
) -> Box<dyn EventSource + Send> {
    let source = sources.view(account);
    match tables {
        Some(tables) => Box::new(WithLookups { source, tables, account }),
        None => source,
    }
}

impl QueryRunner for Engine {
    fn run(&self, request: QueryRequest) -> BoxFuture<'_, Result<QueryResult, QueryError>> {
        Box::pin(self.run_noted(request))
    }
}

impl QueryAnalyzer for Engine {
    fn analyze(&self, account: AccountId, nrql: &str, cursor: usize, now: Timestamp) -> Analysis {
        let tables = self.tables.clone();
        let names = NamesOf { source: self.sources.view(account), tables, account, now };
        Analysis {
            diagnostics: crate::explain::check(nrql, now),
            completions: weir_nrql::complete(nrql, cursor, &names),
            hover: weir_nrql::hover(nrql, cursor),
            steps: crate::explain::explain(nrql, now).unwrap_or_default(),
        }
    }
}

struct CancelOnDrop(Cancel);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}
