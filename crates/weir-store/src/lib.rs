//! The event store: what was acknowledged is durable and visible, and stays until its retention
//! ends.
//!
//! A [`Batch`](weir_types::Batch) comes in through [`Sink`](weir_types::Sink) and becomes
//! [`Columns`](weir_types::Columns), which a back-fill may bring itself. One thread gathers what many
//! callers bring into a commit, appends it to the write-ahead log, waits for the
//! disk, adds the rows to the memtable and only then acknowledges. Readers take a [`Snapshot`],
//! which never changes and never shows half a batch. A generation is one file of the log and its
//! rows in memory; frozen by size and age, it is sealed into segments, one an hour, and its log
//! file goes. Segments are merged into days, become roll-ups of five minutes and of an hour where
//! that is configured, and go when their retention ends. At start the manifest says which segments
//! count, and what is not in them is replayed from the log.
//!
//! Layout:
//! - [`Store`], [`Options`], [`OpenError`], [`StoreStats`]: the outside
//! - `inventory`, `recovery`: opening; `commit`: taking batches; `sealer`, `maintenance`: sealing,
//!   merging, rolling up, dropping, erasing; [`repair()`], [`Store::check`]: damage; [`backup()`]:
//!   copies
//! - `view`, [`Snapshot`]: what readers see
//! - `rollup`, [`Rollup`]: what is left of events that are too old to be kept one by one
//! - `wal`, `segment`, `manifest`: the formats on disk, each with its reader and its writer
//! - `transpose`: events one by one become columns
//! - `rows`: up to 64 events side by side; `memtable`: rows by account, event type and series
//! - [`block`]: packed columns with statistics
//! - [`disk`]: every file operation, as a trait; `codec`: bytes; `sync`: locks
//!
//! Not here: NRQL, and what an event means beyond which attributes are its identity.

mod backup;
pub mod block;
mod codec;
mod commit;
pub mod disk;
mod error;
#[doc(hidden)]
pub mod fuzzing;
mod inventory;
mod maintenance;
mod manifest;
mod memtable;
mod options;
mod recovery;
mod repair;
mod report;
mod rollup;
mod rows;
mod sealer;
mod segment;
mod shared;
mod snapshot;
mod store;
mod sync;
mod transpose;
mod view;
mod wal;

pub use backup::{BackupError, BackupProgress, BackupReport, Transfer, backup};
pub use error::{AppendError, OpenError};
pub use maintenance::{Erasure, MaintenanceError};
pub use options::{COMMIT_DELAY_MAX, Options};
pub use repair::{CheckReport, RepairReport, repair};
pub use report::{
    Damage, OpenProgress, OpenReport, ResolutionStats, StoreState, StoreStats, TornTail, Unread,
};
pub use rollup::{FloatSum, Moment, NumberSummary, Resolution, RolledValue, Rollup, Summary};
pub use rows::EventRow;
pub use segment::SegmentError;
pub use snapshot::Snapshot;
pub use store::Store;
