//! What the store's handle and its threads look at together.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use weir_types::{Clock, Timestamp};

use crate::maintenance::Catalog;
use crate::segment::PageCache;
use crate::sync::lock;
use crate::view::Visible;
use crate::wal::SetAside;
use crate::{Options, StoreState};

/// What a caller hears after [`crate::Store::close`].
pub const CLOSED: &str = "the store is closed";

pub struct Shared {
    pub options: Options,
    pub clock: Arc<dyn Clock>,
    pub visible: Visible,
    /// Held for as long as segments are worked on.
    pub catalog: Mutex<Catalog>,
    pub cache: Arc<PageCache>,
    pub waiting: Waiting,
    progress: Mutex<Progress>,
    rows_dropped_early: AtomicU64,
    set_aside_files: AtomicU64,
    set_aside_bytes: AtomicU64,
    closing: AtomicBool,
}

struct Progress {
    state: StoreState,
    last_commit: Option<Timestamp>,
    problem: Option<String>,
}

/// Events that wait for a commit, counted against a bound.
#[derive(Default)]
pub struct Waiting(AtomicU64);

impl Shared {
    pub fn new(
        options: Options,
        clock: Arc<dyn Clock>,
        catalog: Catalog,
        cache: Arc<PageCache>,
        state: StoreState,
    ) -> Self {
        Shared {
            options,
            clock,
            visible: Visible::new(),
            catalog: Mutex::new(catalog),
            cache,
            waiting: Waiting::default(),
            progress: Mutex::new(Progress { state, last_commit: None, problem: None }),
            rows_dropped_early: AtomicU64::new(0),
            set_aside_files: AtomicU64::new(0),
            set_aside_bytes: AtomicU64::new(0),
            closing: AtomicBool::new(false),
        }
    }

    pub fn state(&self) -> StoreState {
        lock(&self.progress).state.clone()
    }

    /// States only get worse: a disk that failed once stays failed until a restart.
    pub fn leave_ready(&self, state: StoreState) {
        let mut progress = lock(&self.progress);
        if progress.state == StoreState::Ready {
            progress.state = state;
        }
    }

    pub fn last_commit(&self) -> Option<Timestamp> {
        lock(&self.progress).last_commit
    }

    pub fn committed(&self, at: Timestamp) {
        lock(&self.progress).last_commit = Some(at);
    }

    /// What maintenance can't do at the moment.
    pub fn problem(&self) -> Option<String> {
        lock(&self.progress).problem.clone()
    }

    /// Gives whether that is news.
    pub fn set_problem(&self, problem: Option<String>) -> bool {
        let mut progress = lock(&self.progress);
        let news = progress.problem != problem;
        progress.problem = problem;
        news
    }

    pub fn rows_dropped_early(&self) -> u64 {
        self.rows_dropped_early.load(Ordering::Relaxed)
    }

    pub fn count_dropped_early(&self, rows: u64) {
        self.rows_dropped_early.fetch_add(rows, Ordering::Relaxed);
    }

    /// Log files that are set aside, and their bytes.
    pub fn set_aside(&self) -> (u64, u64) {
        let load = |number: &AtomicU64| number.load(Ordering::Relaxed);
        (load(&self.set_aside_files), load(&self.set_aside_bytes))
    }

    pub fn note_set_aside(&self, files: &[SetAside]) {
        self.set_aside_files.store(files.len() as u64, Ordering::Relaxed);
        let bytes = files.iter().map(|file| file.bytes).sum();
        self.set_aside_bytes.store(bytes, Ordering::Relaxed);
    }

    /// Whether long work should end.
    pub fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Relaxed)
    }

    pub fn set_closing(&self) {
        self.closing.store(true, Ordering::Relaxed);
    }

    /// Why nothing is taken now, if so.
    pub fn refusal(&self) -> Option<String> {
        match self.state() {
            StoreState::Ready => None,
            StoreState::ReadOnly { reason } => Some(reason),
            StoreState::Closed => Some(CLOSED.into()),
        }
    }
}

impl Waiting {
    pub fn events(&self) -> usize {
        self.0.load(Ordering::Relaxed) as usize
    }

    /// Counts `events` in, or gives what waits already. A batch over the bound alone is taken
    /// when nothing waits.
    pub fn admit(&self, events: usize, bound: usize) -> Result<(), usize> {
        let admit = |waiting: u64| {
            let sum = waiting + events as u64;
            (waiting == 0 || sum <= bound as u64).then_some(sum)
        };
        let admitted = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, admit);
        admitted.map(drop).map_err(|waiting| waiting as usize)
    }

    pub fn leave(&self, events: usize) {
        self.0.fetch_sub(events as u64, Ordering::Relaxed);
    }
}

/// Says in the state that a thread panicked, should it: what it left half done is not trusted.
pub struct PanicAlarm {
    shared: Arc<Shared>,
    thread: &'static str,
}

impl PanicAlarm {
    pub fn new(shared: Arc<Shared>, thread: &'static str) -> Self {
        PanicAlarm { shared, thread }
    }
}

impl Drop for PanicAlarm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let reason = format!("the {} thread failed: restart, and report this", self.thread);
            self.shared.leave_ready(StoreState::ReadOnly { reason });
        }
    }
}
