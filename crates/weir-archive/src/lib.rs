//! Events as files, for other programs and for another Weir: written and read back without a
//! difference.
//!
//! A writer takes events one by one, a reader is an iterator over them; both hold a bounded part of
//! a file in memory. JSON lines hold events of all types in one file; Parquet holds those of one
//! type, with a typed column an attribute.
//!
//! Layout:
//! - [`jsonl`]: an event a line
//! - `parquet`: columns, with the feature `parquet`
//! - [`ArchiveError`]: what is wrong with a file, and where in it
//!
//! Not here: where events come from or go to, temporary names, progress.

mod error;
pub mod jsonl;
#[cfg(feature = "parquet")]
pub mod parquet;

pub use error::ArchiveError;
