//! Segments: sealed rows in immutable files, sorted by series key, timestamp and sequence.
//!
//! A segment holds tables (one event type of one account each); a table is cut into groups of
//! series; a group has one page for its keys, one for its timestamps and sequences, and one for
//! each column. Pages stand alone: they have their own dictionaries and a checksum each. The
//! footer says where everything is. The layout byte by byte is in
//! `docs/internals/segment-format.md`.

mod cache;
mod column_page;
mod cursor;
mod footer;
mod group;
mod group_writer;
mod key;
mod key_page;
mod meta;
mod reader;
mod strings;
mod times_page;
mod writer;

use std::path::{Path, PathBuf};

pub use cache::PageCache;
pub use cursor::TableCursor;
pub use footer::{FORMAT_VERSION, Footer, HEADER_BYTES, Origin, PageRef, TableIndex};
pub use group::{GroupReader, Pages};
pub use key::SeriesKey;
pub use meta::SegmentMeta;
pub use reader::{Segment, SegmentError};
pub use writer::SegmentWriter;

/// Ends the name of a copy that is not durable yet.
pub const COPY_EXTENSION: &str = "segment.new";

/// The file of a segment in the folder of segments.
pub fn path_of(dir: &Path, id: u64) -> PathBuf {
    dir.join(format!("{id:020}.segment"))
}

/// The segment a file is named after; `None` for other files.
pub fn id_of(path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?.strip_suffix(".segment")?;
    (name.len() == 20 && name.bytes().all(|b| b.is_ascii_digit())).then(|| name.parse().ok())?
}
