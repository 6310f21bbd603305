//! What becomes of every query, as `WeirQuery` events.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use tokio::sync::mpsc;
use weir_types::event::STRING_BYTES_MAX;
use weir_types::{AccountId, Batch, Event, QueryError, QueryRequest, QueryResult, Sink, Timestamp};

/// Events that may wait for the sink; one more is left out and counted.
const WAITING_MAX: usize = 1_024;
/// Events that are handed over together.
const BATCH_MAX: usize = 256;

/// Takes note of queries and hands the notes to a sink.
#[derive(Clone)]
pub struct QueryLog(Arc<Shared>);

struct Shared {
    sender: mpsc::Sender<(AccountId, Event)>,
    left_out: AtomicU64,
}

impl QueryLog {
    /// The log, and the work that empties it: to be spawned; it ends with the last query.
    pub fn new(sink: Arc<dyn Sink>) -> (QueryLog, impl Future<Output = ()> + Send) {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        let log = QueryLog(Arc::new(Shared { sender, left_out: AtomicU64::new(0) }));
        (log, write(receiver, sink))
    }

    fn push(&self, account: AccountId, event: Event) {
        if self.0.sender.try_send((account, event)).is_err() {
            let left_out = self.0.left_out.fetch_add(1, Ordering::Relaxed) + 1;
            tracing::debug!(left_out, "query event left out");
        }
    }
}

async fn write(mut receiver: mpsc::Receiver<(AccountId, Event)>, sink: Arc<dyn Sink>) {
    let mut waiting = Vec::with_capacity(BATCH_MAX);
    while receiver.recv_many(&mut waiting, BATCH_MAX).await > 0 {
        while let Some((account, _)) = waiting.first() {
            let account = *account;
            let (own, others): (Vec<_>, Vec<_>) =
                waiting.drain(..).partition(|(other, _)| *other == account);
            waiting = others;
            let events = own.into_iter().map(|(_, event)| event).collect();
            if let Err(error) = sink.append(Batch { account, events }).await {
                tracing::warn!(%error, "query events are lost");
            }
        }
    }
}

/// One query from its arrival on. Dropped without an answer it is noted as cancelled: its reader
/// left.
pub struct Record {
    log: Option<QueryLog>,
    account: AccountId,
    nrql: String,
    now: Timestamp,
    started: Instant,
    outcome: Option<Outcome>,
}

struct Outcome {
    word: &'static str,
    error: Option<String>,
    /// Rows looked at, rows that matched, rows of the answer.
    counts: Option<[i64; 3]>,
}

impl Record {
    pub fn new(log: Option<QueryLog>, request: &QueryRequest, started: Instant) -> Record {
        Record {
            log,
            account: request.account,
            nrql: shortened(&request.nrql),
            now: request.now,
            started,
            outcome: None,
        }
    }

    pub fn finish(mut self, result: &Result<QueryResult, QueryError>) {
        self.outcome = Some(match result {
            Ok(result) => {
                let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
                let stats = &result.stats;
                let rows = result.results.len() as u64;
                let counts = [stats.inspected_count, stats.matched_count, rows].map(count);
                Outcome { word: "OK", error: None, counts: Some(counts) }
            }
            Err(error) => {
                Outcome { word: word_of(error), error: Some(error.to_string()), counts: None }
            }
        });
    }

    fn event(&self) -> Event {
        let cancelled = Outcome { word: "CANCELLED", error: None, counts: None };
        let outcome = self.outcome.as_ref().unwrap_or(&cancelled);
        let millis = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        let count = |place: usize| outcome.counts.map(|counts| counts[place]);
        Event::new("WeirQuery", self.now)
            .with("nrql", self.nrql.as_str())
            .with("outcome", outcome.word)
            .with("durationMs", millis)
            .with_known("inspectedCount", count(0))
            .with_known("matchedCount", count(1))
            .with_known("resultCount", count(2))
            .with_known("error", outcome.error.as_deref().map(shortened))
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let event = self.event();
        tracing::debug!(
            account = self.account.0,
            outcome = ?event.get("outcome"),
            elapsed_ms = self.started.elapsed().as_millis(),
            "query ended"
        );
        if let Some(log) = &self.log {
            log.push(self.account, event);
        }
    }
}

fn word_of(error: &QueryError) -> &'static str {
    match error {
        QueryError::Invalid(_) => "INVALID",
        QueryError::Timeout(_) => "TIMEOUT",
        QueryError::Limit(_) => "LIMIT",
        QueryError::Busy(_) => "BUSY",
        QueryError::Store(_) => "FAILED",
    }
}

/// As much as an attribute can hold.
fn shortened(text: &str) -> String {
    let mut end = text.len().min(STRING_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}
