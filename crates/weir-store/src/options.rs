//! What a store is opened with.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::Resolution;
use crate::disk::{Disk, SystemDisk};

/// Sizes, ages and bounds of one store. `Options::new(dir)` has the defaults; override fields
/// with struct update syntax.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder of the store; made when missing. One process at a time.
    pub dir: PathBuf,
    /// Events older than this go, a whole segment at a time; with roll-ups, they become those of
    /// five minutes, or else of an hour, a whole day at a time.
    pub retention: Duration,
    /// Age up to which roll-ups of five minutes are kept; `None` for none. They go then, or become
    /// those of an hour.
    pub rollup_5m: Option<Duration>,
    /// Age up to which roll-ups of an hour are kept; `None` for none.
    pub rollup_1h: Option<Duration>,
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
    /// The segments of a day are merged whole when it ended this long ago, for by then late events
    /// are in; before that only so many of a like size are, that few stay open.
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
            rollup_5m: None,
            rollup_1h: None,
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

    /// Age at which the last that is left of an event goes.
    pub(crate) fn last_retention(&self) -> Duration {
        let rollups = self.rollup_5m.max(self.rollup_1h).unwrap_or(Duration::ZERO);
        self.retention.max(rollups)
    }

    /// How finely events of a day that ended so long ago are kept.
    pub(crate) fn resolution_at(&self, age: Duration) -> Resolution {
        let is_five = self.rollup_5m.is_some_and(|until| age < until);
        match age < self.retention {
            true => Resolution::Raw,
            false if is_five => Resolution::FiveMinutes,
            false if self.rollup_1h.is_some() => Resolution::OneHour,
            // Nothing coarser is kept: it goes as it is.
            false if self.rollup_5m.is_some() => Resolution::FiveMinutes,
            false => Resolution::Raw,
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
