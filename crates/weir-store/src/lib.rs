//! The event store: what was acknowledged is durable and visible, and stays until its retention
//! ends.
//!
//! A [`Batch`](weir_types::Batch) comes in through [`Sink`](weir_types::Sink). One thread gathers
//! the batches of many callers into a commit, appends it to the write-ahead log, waits for the
//! disk, adds the rows to the memtable and only then acknowledges. Readers take a [`Snapshot`],
//! which never changes and never shows half a batch. At start the log is replayed. A generation is
//! one file of the log and its rows in memory; it freezes by size and age, and goes as a whole.
//!
//! Layout:
//! - [`Store`], [`Options`], [`OpenError`], [`StoreStats`]: the outside
//! - `commit`, `recovery`, `retention`: the three moments at which something changes
//! - `generations`, [`Snapshot`]: what readers see
//! - `wal`: the log's format, its reader and its writer
//! - `rows`: up to 64 events side by side; `memtable`: rows by account, event type and series
//! - [`block`]: packed columns with statistics
//! - [`disk`]: every file operation, as a trait; `codec`: bytes; `sync`: locks
//!
//! Not here: NRQL, and what an event means beyond which attributes are its identity.

pub mod block;
mod codec;
mod commit;
pub mod disk;
mod error;
mod generations;
mod memtable;
mod options;
mod recovery;
mod report;
mod retention;
mod rows;
mod shared;
mod snapshot;
mod store;
mod sync;
mod wal;

pub use error::OpenError;
pub use options::{COMMIT_DELAY_MAX, Options};
pub use report::{Damage, OpenProgress, OpenReport, StoreState, StoreStats, TornTail};
pub use rows::EventRow;
pub use snapshot::Snapshot;
pub use store::Store;
