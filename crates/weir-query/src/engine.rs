//! The embedded backend: answers questions about what a store holds, a few at a time.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use weir_types::{BoxFuture, QueryError, QueryRequest, QueryResult, QueryRunner};

use crate::answer::answer;
use crate::budget::{Cancel, Limits};
use crate::source::EventSources;

/// How much the engine takes on at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngineOptions {
    pub limits: Limits,
    /// Queries that run at the same time; each takes one thread.
    pub running_max: usize,
    /// Queries that may wait for their turn; one more is refused.
    pub waiting_max: usize,
}

impl Default for EngineOptions {
    fn default() -> Self {
        EngineOptions { limits: Limits::default(), running_max: 4, waiting_max: 256 }
    }
}

/// Answers NRQL over whatever can be viewed as events.
pub struct Engine {
    sources: Arc<dyn EventSources>,
    options: EngineOptions,
    /// One permit a query inside, waiting or running.
    admitted: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

impl Engine {
    pub fn new(sources: Arc<dyn EventSources>, options: EngineOptions) -> Self {
        let admitted = options.running_max.saturating_add(options.waiting_max);
        Engine {
            sources,
            options,
            admitted: Arc::new(Semaphore::new(admitted.min(Semaphore::MAX_PERMITS))),
            running: Arc::new(Semaphore::new(options.running_max)),
        }
    }

    async fn answer(&self, request: QueryRequest) -> Result<QueryResult, QueryError> {
        let started = Instant::now();
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
        let (sources, limits) = (self.sources.clone(), self.options.limits);
        let work = tokio::task::spawn_blocking(move || {
            let _permits: [OwnedSemaphorePermit; 2] = [admitted, running];
            let source = sources.view(request.account);
            let result = answer(&*source, &request, limits, started, cancel);
            log(&request, &result, started);
            result
        });
        work.await.unwrap_or_else(|error| {
            tracing::error!(%error, "query stopped unexpectedly");
            Err(QueryError::Store("query stopped unexpectedly, see the log".into()))
        })
    }

    fn busy(&self) -> QueryError {
        QueryError::Limit(format!(
            "engine is busy: {} queries wait already, try again",
            self.options.waiting_max
        ))
    }
}

impl QueryRunner for Engine {
    fn run(&self, request: QueryRequest) -> BoxFuture<'_, Result<QueryResult, QueryError>> {
        Box::pin(self.answer(request))
    }
}

struct CancelOnDrop(Cancel);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

fn log(request: &QueryRequest, result: &Result<QueryResult, QueryError>, started: Instant) {
    let elapsed_ms = started.elapsed().as_millis();
    let account = request.account.0;
    match result {
        Ok(result) => tracing::debug!(
            account,
            elapsed_ms,
            inspected = result.stats.inspected_count,
            matched = result.stats.matched_count,
            rows = result.results.len(),
            "query answered"
        ),
        Err(error) => tracing::debug!(account, elapsed_ms, %error, "query refused"),
    }
}
