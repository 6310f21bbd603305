//! The store itself: open, append, look, maintain, close.

use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Instant;

use tokio::sync::oneshot;
use tracing::{error, info};
use weir_types::{AccountId, Batch, BoxFuture, Clock, Columns, Sink, SinkError, Timestamp};

use crate::backup;
use crate::commit::{Committer, Message, Pending};
use crate::disk::{Lock, LockError};
use crate::inventory::{self, Folders, Inventory};
use crate::maintenance::{Catalog, Erasure, MaintenanceError};
use crate::manifest::Listed;
use crate::recovery::{self, PinnedLog, Recovered, not_writable};
use crate::sealer::Sealer;
use crate::segment::{PageCache, Segment, SegmentMeta};
use crate::shared::{CLOSED, PanicAlarm, Shared};
use crate::sync::lock;
use crate::transpose::{Table, transposed};
use crate::wal::{self, bytes_bound};
use crate::{
    AppendError, Damage, OpenError, OpenProgress, OpenReport, Options, Resolution, ResolutionStats,
    Snapshot, StoreState, StoreStats, Unread,
};

pub const LOCK_FILE: &str = "lock";
/// Largest batch, encoded: it is one record, and a record is read into memory whole.
const BATCH_BYTES_MAX: usize = 256 << 20;

/// One open store. Share it in an `Arc`; dropping it without [`Store::close`] loses nothing that
/// was acknowledged.
pub struct Store {
    pub(crate) shared: Arc<Shared>,
    report: OpenReport,
    /// `None` while the store is dropped, and when it was opened for reading.
    messages: Option<Sender<Message>>,
    sealer: Sealer,
    threads: Mutex<Vec<JoinHandle<()>>>,
    _lock: Option<Lock>,
}

/// Hears why not, if so, when the events are durable and visible.
type Acknowledged = oneshot::Receiver<Result<(), String>>;

/// Why nothing more is taken.
enum Refused {
    Busy(usize),
    Unavailable(String),
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
        let folders = Folders::of(&options.dir);
        for dir in [&folders.wal, &folders.segments] {
            options.disk.create_dir(dir).map_err(|e| not_writable(dir, e))?;
        }
        let lock = acquire_lock(&options)?;
        let log = PinnedLog::open(&*options.disk, &folders.wal)?;
        let (shared, inventory) = load(options, clock, &folders, None)?;
        if inventory.rebuilt.is_none() {
            backup::adopt(&*shared.options.disk, &folders.store)?;
            inventory::sweep(&*shared.options.disk, &folders, &inventory.manifest)?;
            shared.begin_manifest().map_err(|e| not_writable(&folders.store, e))?;
        }
        let (recovered, mut report) = replay(&shared, log, inventory, progress)?;
        report.elapsed = started.elapsed();
        log_opened(&shared, &report);
        let mut store = Store::without_threads(shared, report, Some(lock));
        if store.shared.refusal().is_none() {
            store.start_threads(&folders, recovered)?;
        }
        Ok(store)
    }

    /// Opens for looking alone: changes nothing, locks nothing, and needs no right to write. The
    /// store's owner may be at work: everything it acknowledged before the call is there, each
    /// batch whole and once, and of what came after a part in its order.
    pub fn open_read_only(options: Options, clock: Arc<dyn Clock>) -> Result<Store, OpenError> {
        let folders = Folders::of(&options.dir);
        let reason = "the store was opened for reading".to_owned();
        let log = PinnedLog::open(&*options.disk, &folders.wal)?;
        let (shared, inventory) = load(options, clock, &folders, Some(reason))?;
        let (_, report) = replay(&shared, log, inventory, &mut |_| {})?;
        Ok(Store::without_threads(shared, report, None))
    }

    fn without_threads(shared: Arc<Shared>, report: OpenReport, lock: Option<Lock>) -> Self {
        let (sealer, threads) = (Sealer::none(), Mutex::default());
        Store { shared, report, messages: None, sealer, threads, _lock: lock }
    }

    fn start_threads(&mut self, folders: &Folders, recovered: Recovered) -> Result<(), OpenError> {
        if self.shared.options.background {
            let spawned = Sealer::spawn(self.shared.clone());
            let (sealer, thread) = spawned.map_err(|e| not_writable(&folders.store, e))?;
            sealer.wake();
            self.sealer = sealer;
            lock(&self.threads).push(thread);
        }
        let Recovered { next_generation, next_sequence } = recovered;
        let (shared, wal) = (self.shared.clone(), folders.wal.clone());
        let sealer = self.sealer.clone();
        let committer = Committer::start(shared, wal, next_generation, next_sequence, sealer)
            .map_err(|e| not_writable(&folders.wal, e))?;
        let (messages, thread) =
            spawn(committer, self.shared.clone()).map_err(|e| not_writable(&folders.wal, e))?;
        self.messages = Some(messages);
        lock(&self.threads).push(thread);
        Ok(())
    }

    /// What opening found.
    pub fn open_report(&self) -> &OpenReport {
        &self.report
    }

    /// Everything acknowledged so far, of one account; stays the same while batches arrive.
    pub fn snapshot(&self, account: AccountId) -> Snapshot {
        Snapshot::new(account, self.shared.visible.view())
    }

    /// Accounts that have events, ascending.
    pub fn accounts(&self) -> Vec<AccountId> {
        let view = self.shared.visible.view();
        let in_memory = view.generations.iter().flat_map(|g| g.accounts());
        let tables = view.segments.iter().flat_map(|segment| segment.tables());
        let mut accounts: Vec<_> = in_memory.chain(tables.map(|table| table.account)).collect();
        accounts.sort_unstable();
        accounts.dedup();
        accounts
    }

    pub fn stats(&self) -> StoreStats {
        let view = self.shared.visible.view();
        let generations = || view.generations.iter();
        let segments = || view.segments.iter();
        let oldest = generations().filter_map(|g| g.oldest());
        let (set_aside_files, set_aside_bytes) = self.shared.set_aside();
        let damaged: usize = segments().map(|segment| segment.damage().len()).sum();
        StoreStats {
            state: self.shared.state(),
            rows: generations().map(|g| g.rows()).sum::<u64>()
                + segments().map(|segment| segment.meta.rows).sum::<u64>(),
            series: generations().map(|g| g.series()).sum::<u64>()
                + segments().map(|segment| segment.meta.series).sum::<u64>(),
            generations: view.generations.len(),
            segments: view.segments.len(),
            wal_bytes: generations().map(|g| g.wal_bytes()).sum(),
            segment_bytes: segments().map(|segment| segment.bytes).sum(),
            by_resolution: Resolution::ALL.map(|it| stats_of(it, &view.segments)).to_vec(),
            memory_bytes: generations().map(|g| g.memory_bytes()).sum(),
            cache_bytes: self.shared.cache.bytes() as u64,
            oldest: oldest.chain(segments().map(|segment| segment.meta.oldest)).min(),
            last_commit: self.shared.last_commit(),
            queued_events: self.shared.waiting.events(),
            rows_dropped_early: self.shared.rows_dropped_early(),
            damaged_stretches: self.report.damage.len() + damaged,
            set_aside_files,
            set_aside_bytes,
            maintenance_problem: self.shared.problem(),
        }
    }

    /// Segments in view.
    pub(crate) fn segments(&self) -> Arc<[Arc<Segment>]> {
        self.shared.visible.view().segments
    }

    /// What could not be read so far, in the log at the start and in segments since.
    pub fn damage(&self) -> Vec<Damage> {
        let view = self.shared.visible.view();
        let segments = view.segments.iter().flat_map(|segment| segment.damage());
        self.report.damage.iter().cloned().chain(segments).collect()
    }

    /// Seals what is frozen, drops what is past its retention at `now`, rolls up one day and merges
    /// segments once if that is due. Snapshots taken before keep what they saw. Blocks; call it now and then.
    pub fn maintain(&self, now: Timestamp) -> Result<(), MaintenanceError> {
        self.shared.maintain(now)
    }

    /// Seals everything acknowledged before the call. Blocks until done.
    pub fn flush(&self) -> Result<(), MaintenanceError> {
        let (done, frozen) = mpsc::sync_channel(1);
        let sent = self.messages.as_ref().is_some_and(|m| m.send(Message::Freeze(done)).is_ok());
        if sent {
            // An error means that the thread ended: nothing is open any more.
            let _ = frozen.recv();
        }
        self.shared.seal_frozen(self.shared.clock.now())
    }

    /// Erases the events that match, of those acknowledged before the call: seals, then writes
    /// the segments that hold them anew. Snapshots taken before keep what they saw.
    pub fn erase(&self, erasure: &Erasure) -> Result<(), MaintenanceError> {
        self.flush()?;
        self.shared.erase(erasure)
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
        self.shared.set_closing();
        self.sealer.wake();
        for thread in std::mem::take(&mut *lock(&self.threads)) {
            // A thread that panicked has left the reason in the state.
            let _ = thread.join();
        }
    }

    /// As [`Sink::append`], for events that are side by side already: a back-fill spares the way
    /// through rows. Many at once cost less each; all of them are one record of the log.
    pub fn append_columns(
        &self,
        account: AccountId,
        columns: Columns,
    ) -> impl Future<Output = Result<(), AppendError>> + Send {
        let enqueued = self.enqueue_columns(account, columns);
        async move {
            let Some(acknowledged) = enqueued? else { return Ok(()) };
            let done = acknowledged.await.unwrap_or_else(|_| Err(self.ended()));
            done.map_err(AppendError::Unavailable)
        }
    }

    /// `None` when there is nothing to store.
    fn enqueue_columns(
        &self,
        account: AccountId,
        columns: Columns,
    ) -> Result<Option<Acknowledged>, AppendError> {
        columns.validate()?;
        let events = columns.timestamps.len();
        if events == 0 {
            return Ok(None);
        }
        match self.admit(events) {
            Ok(()) => {}
            Err(Refused::Busy(waiting)) => return Err(AppendError::Busy { waiting, columns }),
            Err(Refused::Unavailable(reason)) => return Err(AppendError::Unavailable(reason)),
        }
        let sent = self.send(events, vec![(account, columns)]);
        sent.map(Some).map_err(AppendError::Unavailable)
    }

    fn enqueue(&self, batch: Batch) -> Result<Acknowledged, SinkError> {
        for (index, event) in batch.events.iter().enumerate() {
            event.validate().map_err(|error| SinkError::Invalid { index, error })?;
        }
        let events = batch.events.len();
        match self.admit(events) {
            Ok(()) => self.send(events, transposed(batch)).map_err(SinkError::Unavailable),
            Err(Refused::Busy(waiting)) => Err(SinkError::Busy { waiting, batch }),
            Err(Refused::Unavailable(reason)) => Err(SinkError::Unavailable(reason)),
        }
    }

    /// Counts events in that are about to be sent.
    fn admit(&self, events: usize) -> Result<(), Refused> {
        if let Some(reason) = self.shared.refusal() {
            return Err(Refused::Unavailable(reason));
        }
        let bound = self.shared.options.queue_events_max;
        self.shared.waiting.admit(events, bound).map_err(Refused::Busy)
    }

    /// Hands over what was admitted.
    fn send(&self, events: usize, tables: Vec<Table>) -> Result<Acknowledged, String> {
        let sent = check_size(&tables).and_then(|()| {
            let (done, acknowledged) = oneshot::channel();
            let message = Message::Append(Pending { tables, done });
            let sent = self.messages.as_ref().is_some_and(|m| m.send(message).is_ok());
            if sent { Ok(acknowledged) } else { Err(self.ended()) }
        });
        if sent.is_err() {
            self.shared.waiting.leave(events);
        }
        sent
    }

    /// Why what was sent got no answer: the commit thread is no more.
    fn ended(&self) -> String {
        self.shared.refusal().unwrap_or_else(|| CLOSED.into())
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
        Box::pin(async move {
            let done = enqueued?.await.unwrap_or_else(|_| Err(self.ended()));
            done.map_err(SinkError::Unavailable)
        })
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.messages = None;
        self.join();
    }
}

fn stats_of(resolution: Resolution, segments: &[Arc<Segment>]) -> ResolutionStats {
    let alike = || segments.iter().filter(|segment| segment.meta.resolution == resolution);
    ResolutionStats {
        resolution,
        segments: alike().count(),
        rows: alike().map(|segment| segment.meta.rows).sum(),
        bytes: alike().map(|segment| segment.bytes).sum(),
        oldest: alike().map(|segment| segment.meta.oldest).min(),
    }
}

fn check_size(tables: &[Table]) -> Result<(), String> {
    let bytes: usize = tables.iter().map(|(_, columns)| bytes_bound(columns)).sum();
    if bytes > BATCH_BYTES_MAX {
        return Err(format!(
            "the batch may take {bytes} bytes, the limit is {BATCH_BYTES_MAX}: send smaller batches"
        ));
    }
    Ok(())
}

/// Reads what is there into what is shared; the state is `read_only`, or what the manifest asks.
fn load(
    options: Options,
    clock: Arc<dyn Clock>,
    folders: &Folders,
    read_only: Option<String>,
) -> Result<(Arc<Shared>, Inventory), OpenError> {
    let cache = Arc::new(PageCache::new(options.cache_bytes));
    let inventory = inventory::take(&*options.disk, folders, &cache)?;
    if let Some(reason) = &inventory.rebuilt {
        error!(%reason, "events are refused");
    }
    let state = match inventory.rebuilt.clone().or(read_only) {
        Some(reason) => StoreState::ReadOnly { reason },
        None => StoreState::Ready,
    };
    let (store, segments) = (folders.store.clone(), folders.segments.clone());
    let manifest = inventory.manifest.clone();
    let catalog = Catalog::new(options.disk.clone(), store, segments, manifest, cache.clone());
    let shared = Arc::new(Shared::new(options, clock, catalog, cache, state));
    shared.visible.replace(&[], &inventory.segments);
    // What can't be listed is told where the log is read.
    let set_aside = wal::set_aside(&*shared.options.disk, &folders.wal);
    shared.note_set_aside(&set_aside.unwrap_or_default());
    shared.visible.miss(missing(&inventory));
    Ok((shared, inventory))
}

/// Segments that count and are not open.
fn missing(inventory: &Inventory) -> Vec<Unread> {
    let is_open = |id: u64| inventory.segments.iter().any(|segment| segment.meta.id == id);
    let missing = inventory.manifest.segments.iter().filter(|listed| !is_open(listed.meta.id));
    let unread = |listed: &Listed| {
        let SegmentMeta { id, rows, oldest, newest, .. } = listed.meta;
        Unread { segment: id, rows, oldest, newest }
    };
    missing.map(unread).collect()
}

fn replay(
    shared: &Arc<Shared>,
    log: PinnedLog,
    inventory: Inventory,
    progress: &mut dyn FnMut(OpenProgress),
) -> Result<(Recovered, OpenReport), OpenError> {
    let mut report = OpenReport {
        damage: inventory.damage,
        manifest_problem: inventory.rebuilt,
        ..OpenReport::default()
    };
    let first = Recovered {
        next_generation: inventory.manifest.first_unsealed.max(1),
        next_sequence: inventory.manifest.next_sequence,
    };
    let recovered = recovery::recover(shared, log, first, &mut report, progress)?;
    Ok((recovered, report))
}

pub fn acquire_lock(options: &Options) -> Result<Lock, OpenError> {
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
        let _alarm = PanicAlarm::new(shared, "commit");
        committer.run(&receiver);
    };
    let thread = std::thread::Builder::new().name("weir-store-commit".into()).spawn(run)?;
    Ok((sender, thread))
}

fn log_opened(shared: &Shared, report: &OpenReport) {
    info!(
        dir = %shared.options.dir.display(),
        segments = shared.visible.view().segments.len(),
        files = report.files,
        events = report.events,
        torn = report.torn.len(),
        damaged = report.damage.len(),
        elapsed_ms = report.elapsed.as_millis() as u64,
        "store opened"
    );
}
