//! The store itself: open, append, look, forget, close.

use std::path::Path;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Instant;

use tokio::sync::oneshot;
use tracing::info;
use weir_types::{AccountId, Batch, BoxFuture, Clock, Sink, SinkError, Timestamp};

use crate::commit::{Committer, Message, Pending};
use crate::disk::{Lock, LockError};
use crate::recovery::{self, Recovered, not_writable};
use crate::shared::{CLOSED, Shared};
use crate::sync::lock;
use crate::wal::batch_bytes_bound;
use crate::{OpenError, OpenProgress, OpenReport, Options, Snapshot, StoreState, StoreStats};

const WAL_DIR: &str = "wal";
const LOCK_FILE: &str = "lock";
/// Largest batch, encoded: it is one record, and a record is read into memory whole.
const BATCH_BYTES_MAX: usize = 256 << 20;

/// One open store. Share it in an `Arc`; dropping it without [`Store::close`] loses nothing that
/// was acknowledged.
pub struct Store {
    shared: Arc<Shared>,
    report: OpenReport,
    /// `None` only while the store is dropped.
    messages: Option<Sender<Message>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    _lock: Lock,
}

impl Store {
    /// Locks the folder and replays the write-ahead log; blocks for as long as that takes.
    pub fn open(options: Options, clock: Arc<dyn Clock>) -> Result<Store, OpenError> {
        Store::open_with_progress(options, clock, &mut |_| {})
    }

    /// As [`Store::open`]; `progress` hears how far the replay is.
    pub fn open_with_progress(
        options: Options,
        clock: Arc<dyn Clock>,
        progress: &mut dyn FnMut(OpenProgress),
    ) -> Result<Store, OpenError> {
        let started = Instant::now();
        let wal_dir = options.dir.join(WAL_DIR);
        options.disk.create_dir(&wal_dir).map_err(|e| not_writable(&wal_dir, e))?;
        let lock = acquire_lock(&options)?;
        let shared = Arc::new(Shared::new(options, clock));
        let Recovered { next_generation, next_sequence, mut report } = recovery::recover(
            &wal_dir,
            &shared.options,
            &shared.generations,
            &shared.retention,
            shared.clock.now(),
            progress,
        )?;
        let committer =
            Committer::start(shared.clone(), wal_dir.clone(), next_generation, next_sequence)
                .map_err(|e| not_writable(&wal_dir, e))?;
        let (messages, thread) =
            spawn(committer, shared.clone()).map_err(|e| not_writable(&wal_dir, e))?;
        report.elapsed = started.elapsed();
        log_opened(&shared.options.dir, &report);
        let thread = Mutex::new(Some(thread));
        Ok(Store { shared, report, messages: Some(messages), thread, _lock: lock })
    }

    /// What opening found.
    pub fn open_report(&self) -> &OpenReport {
        &self.report
    }

    /// Everything acknowledged so far, of one account; stays the same while batches arrive.
    pub fn snapshot(&self, account: AccountId) -> Snapshot {
        Snapshot::new(account, self.shared.generations.view())
    }

    /// Accounts that have events, ascending.
    pub fn accounts(&self) -> Vec<AccountId> {
        let view = self.shared.generations.view();
        let mut accounts: Vec<_> = view.generations.iter().flat_map(|g| g.accounts()).collect();
        accounts.sort_unstable();
        accounts.dedup();
        accounts
    }

    pub fn stats(&self) -> StoreStats {
        let view = self.shared.generations.view();
        let generations = || view.generations.iter();
        StoreStats {
            state: self.shared.state(),
            rows: generations().map(|g| g.rows()).sum(),
            series: generations().map(|g| g.series()).sum(),
            generations: view.generations.len(),
            wal_bytes: generations().map(|g| g.wal_bytes()).sum(),
            memory_bytes: generations().map(|g| g.memory_bytes()).sum(),
            oldest: generations().filter_map(|g| g.oldest()).min(),
            last_commit: self.shared.last_commit(),
            queued_events: self.shared.waiting.events(),
            rows_dropped_early: self.shared.retention.rows_dropped_early(),
            damaged_stretches: self.report.damage.len(),
        }
    }

    /// Drops generations that are older than the retention at `now`, and the oldest ones while
    /// memory is over its limit. Snapshots taken before keep what they saw.
    pub fn enforce_retention(&self, now: Timestamp) {
        self.shared.retention.enforce(&self.shared.generations, &self.shared.options, now);
    }

    /// Commits what waits and stops taking batches. Blocks until done; reads go on.
    pub fn close(&self) {
        if let Some(messages) = &self.messages {
            // A commit thread that has ended has closed already.
            let _ = messages.send(Message::Close);
        }
        self.join();
    }

    fn join(&self) {
        if let Some(thread) = lock(&self.thread).take() {
            // A thread that panicked has left the reason in the state.
            let _ = thread.join();
        }
    }

    fn enqueue(&self, batch: Batch) -> Result<oneshot::Receiver<Result<(), SinkError>>, SinkError> {
        check(&batch)?;
        if let Some(reason) = self.shared.refusal() {
            return Err(SinkError::Unavailable(reason));
        }
        let events = batch.events.len();
        let bound = self.shared.options.queue_events_max;
        if let Err(waiting) = self.shared.waiting.admit(events, bound) {
            return Err(SinkError::Busy { waiting, batch });
        }
        let (done, acknowledged) = oneshot::channel();
        let message = Message::Append(Pending { batch, done });
        if self.messages.as_ref().is_none_or(|messages| messages.send(message).is_err()) {
            self.shared.waiting.leave(events);
            return Err(self.ended());
        }
        Ok(acknowledged)
    }

    /// Why a batch got no answer: the commit thread is no more.
    fn ended(&self) -> SinkError {
        SinkError::Unavailable(self.shared.refusal().unwrap_or_else(|| CLOSED.into()))
    }
}

impl Sink for Store {
    fn append(&self, batch: Batch) -> BoxFuture<'_, Result<(), SinkError>> {
        if batch.events.is_empty() {
            return Box::pin(async { Ok(()) });
        }
        // Enqueued now, not at the first poll: a batch that was handed over is stored even when
        // its caller stops waiting.
        let enqueued = self.enqueue(batch);
        Box::pin(async move { enqueued?.await.unwrap_or_else(|_| Err(self.ended())) })
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.messages = None;
        self.join();
    }
}

/// Says in the state that the commit thread panicked, should it.
struct PanicAlarm(Arc<Shared>);

impl Drop for PanicAlarm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let reason = "the commit thread failed: restart, and report this".into();
            self.0.leave_ready(StoreState::ReadOnly { reason });
        }
    }
}

fn check(batch: &Batch) -> Result<(), SinkError> {
    for (index, event) in batch.events.iter().enumerate() {
        event.validate().map_err(|error| SinkError::Invalid { index, error })?;
    }
    let bytes = batch_bytes_bound(batch);
    if bytes > BATCH_BYTES_MAX {
        let reason = format!(
            "the batch may take {bytes} bytes, the limit is {BATCH_BYTES_MAX}: send smaller batches"
        );
        return Err(SinkError::Unavailable(reason));
    }
    Ok(())
}

fn acquire_lock(options: &Options) -> Result<Lock, OpenError> {
    let path = options.dir.join(LOCK_FILE);
    let lock = options.disk.lock(&path, &std::process::id().to_string());
    lock.map_err(|error| match error {
        LockError::Held(note) => {
            OpenError::Locked { dir: options.dir.clone(), pid: note.trim().parse().ok() }
        }
        LockError::Io(source) => not_writable(&path, source),
    })
}

fn spawn(
    committer: Committer,
    shared: Arc<Shared>,
) -> std::io::Result<(Sender<Message>, JoinHandle<()>)> {
    let (sender, receiver) = mpsc::channel();
    let run = move || {
        let _alarm = PanicAlarm(shared);
        committer.run(&receiver);
    };
    let thread = std::thread::Builder::new().name("weir-store-commit".into()).spawn(run)?;
    Ok((sender, thread))
}

fn log_opened(dir: &Path, report: &OpenReport) {
    info!(
        dir = %dir.display(),
        files = report.files,
        events = report.events,
        torn = report.torn.len(),
        damaged = report.damage.len(),
        elapsed_ms = report.elapsed.as_millis() as u64,
        "store opened"
    );
}
