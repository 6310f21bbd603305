//! What a store is opened with.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::disk::{Disk, SystemDisk};

/// Sizes, ages and bounds of one store. `Options::new(dir)` has the defaults; override fields
/// with struct update syntax.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder of the store; made when missing. One process at a time.
    pub dir: PathBuf,
    /// Events older than this go, a whole segment at a time.
    pub retention: Duration,
    /// Segments together take at most this: the oldest go early, and the statistics say so. `None`
    /// for no limit.
    pub disk_limit_bytes: Option<u64>,
    /// A generation that takes this much memory is frozen; never more than a quarter of
    /// `memory_limit_bytes`.
    pub freeze_bytes: u64,
    /// A generation this old is frozen at the next commit.
    pub freeze_after: Duration,
    /// All generations together stay below this, give or take one commit: callers wait while what
    /// is frozen is sealed.
    pub memory_limit_bytes: u64,
    /// Pages of segments kept in memory, in bytes.
    pub cache_bytes: usize,
    /// Segments are merged when their day ended this long ago; by then late events are in.
    pub compact_after: Duration,
    /// Seal on a thread as soon as a generation is frozen. Without it the owner calls
    /// [`crate::Store::maintain`]; tests do, to decide when.
    pub background: bool,
    /// Longest time the first batch of a commit waits for others; at most [`COMMIT_DELAY_MAX`].
    pub commit_delay: Duration,
    /// A commit this large does not wait for more.
    pub commit_bytes: usize,
    /// Events that may wait for a commit; beyond it callers are told to try again.
    pub queue_events_max: usize,
    /// Where the files are.
    pub disk: Arc<dyn Disk>,
}

/// Upper bound of [`Options::commit_delay`]: a longer wait buys nothing.
pub const COMMIT_DELAY_MAX: Duration = Duration::from_millis(5);

impl Options {
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Options {
            dir: dir.into(),
            retention: Duration::from_hours(90 * 24),
            disk_limit_bytes: None,
            freeze_bytes: 64 << 20,
            freeze_after: Duration::from_hours(1),
            memory_limit_bytes: 1 << 30,
            cache_bytes: 64 << 20,
            compact_after: Duration::from_hours(2),
            background: true,
            commit_delay: Duration::from_millis(2),
            commit_bytes: 1 << 20,
            queue_events_max: 200_000,
            disk: Arc::new(SystemDisk),
        }
    }

    pub(crate) fn effective_freeze_bytes(&self) -> u64 {
        self.freeze_bytes.min(self.memory_limit_bytes / 4)
    }

    /// Leaves room for the open generation.
    pub(crate) fn frozen_limit_bytes(&self) -> u64 {
        self.memory_limit_bytes - self.effective_freeze_bytes()
    }

    pub(crate) fn effective_commit_delay(&self) -> Duration {
        self.commit_delay.min(COMMIT_DELAY_MAX)
    }
}
