//! What the store says about itself: what opening found, how it is now.

use std::path::PathBuf;
use std::time::Duration;

use weir_types::Timestamp;

use crate::Resolution;

/// How far opening is; handed out while the write-ahead log is replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenProgress {
    pub bytes_done: u64,
    pub bytes_total: u64,
    pub events: u64,
}

/// What opening found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenReport {
    /// Files of the write-ahead log that were replayed.
    pub files: usize,
    pub events: u64,
    pub elapsed: Duration,
    /// Writes that a crash cut short; normal, and gone now.
    pub torn: Vec<TornTail>,
    /// Bytes that can't be read; everything around them was.
    pub damage: Vec<Damage>,
    /// Why there is no manifest; the store can be read and not written until it is repaired.
    pub manifest_problem: Option<String>,
}

/// The end of a file that a crash left half written. It was never acknowledged, and was cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TornTail {
    pub path: PathBuf,
    pub offset: u64,
    pub bytes: u64,
}

/// A stretch of a file whose checksum is wrong. The file stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    pub path: PathBuf,
    pub offset: u64,
    pub bytes: u64,
    /// Events that were in it, or roll-ups, where what follows tells.
    pub events_lost: Option<u64>,
}

/// Rows of a segment that a reader asked for and that can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    pub segment: u64,
    /// At most so many: of the event type, or of the whole segment where that is not known either.
    pub rows: u64,
    /// Of the rows, inside the range that was asked for or around it.
    pub oldest: Timestamp,
    pub newest: Timestamp,
}

/// What the store can do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreState {
    Ready,
    /// Reads go on; nothing is acknowledged until a restart.
    ReadOnly {
        reason: String,
    },
    Closed,
}

/// What is sealed at one resolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResolutionStats {
    pub resolution: Resolution,
    pub segments: usize,
    /// Events, or roll-ups.
    pub rows: u64,
    pub bytes: u64,
    /// Earliest event timestamp; of roll-ups, of the last event of one.
    pub oldest: Option<Timestamp>,
}

/// The store in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreStats {
    pub state: StoreState,
    /// Events, and roll-ups, each as one.
    pub rows: u64,
    /// Series of all generations and segments; one that lives in two counts twice.
    pub series: u64,
    pub generations: usize,
    pub segments: usize,
    pub wal_bytes: u64,
    pub segment_bytes: u64,
    /// What is sealed, by how finely it is kept; one entry for each of [`Resolution::ALL`].
    pub by_resolution: Vec<ResolutionStats>,
    /// Sizes of what is held in memory, added up, without the page cache; the process takes about a fifth more for the same.
    pub memory_bytes: u64,
    /// Pages of segments kept in memory.
    pub cache_bytes: u64,
    /// Earliest event timestamp held.
    pub oldest: Option<Timestamp>,
    /// When the last commit was acknowledged, by the store's clock.
    pub last_commit: Option<Timestamp>,
    /// Events that wait for a commit.
    pub queued_events: usize,
    /// Rows dropped before their retention because of the disk limit, since the start.
    pub rows_dropped_early: u64,
    /// Stretches of the write-ahead log and of segments that could not be read so far.
    pub damaged_stretches: usize,
    /// Damaged log files that are set aside until their retention ends, as of the last maintenance,
    /// and their bytes.
    pub set_aside_files: u64,
    pub set_aside_bytes: u64,
    /// What sealing, dropping or merging can't do at the moment; it is tried again.
    pub maintenance_problem: Option<String>,
}
