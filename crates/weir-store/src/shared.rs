//! What the store's handle and its commit thread both look at.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use weir_types::{Clock, Timestamp};

use crate::generations::Generations;
use crate::retention::Retention;
use crate::sync::lock;
use crate::{Options, StoreState};

/// What a caller hears after [`crate::Store::close`].
pub const CLOSED: &str = "the store is closed";

pub struct Shared {
    pub options: Options,
    pub clock: Arc<dyn Clock>,
    pub generations: Generations,
    pub retention: Retention,
    pub waiting: Waiting,
    progress: Mutex<Progress>,
}

struct Progress {
    state: StoreState,
    last_commit: Option<Timestamp>,
}

/// Events that wait for a commit, counted against a bound.
#[derive(Default)]
pub struct Waiting(AtomicU64);

impl Shared {
    pub fn new(options: Options, clock: Arc<dyn Clock>) -> Self {
        Shared {
            options,
            clock,
            generations: Generations::new(),
            retention: Retention::default(),
            waiting: Waiting::default(),
            progress: Mutex::new(Progress { state: StoreState::Ready, last_commit: None }),
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
