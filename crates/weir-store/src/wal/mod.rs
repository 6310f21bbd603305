//! The write-ahead log: one file a memtable generation, each a header and records.
//!
//! A record holds one commit: the batches that were made durable by one `fdatasync`. It stands
//! alone (its own names and strings), carries checksums that also cover its place in the file,
//! and is replayed whole or not at all. The layout byte by byte is in
//! `docs/internals/wal-format.md`.

mod frame;
mod reader;
mod record;
mod set_aside;
mod writer;

use std::path::{Path, PathBuf};

pub use frame::{FORMAT_VERSION, FileHeader};
pub use reader::{Entry, WalReader};
pub use record::{RecordBuilder, bytes_bound, decode_columns, decode_rows};
pub use set_aside::{SetAside, set_aside};
pub use writer::WalWriter;

/// The file of a generation in the folder of the log.
pub fn path_of(dir: &Path, generation: u64) -> PathBuf {
    dir.join(format!("{generation:020}.wal"))
}

/// Where a file with stretches that can't be read is set aside.
pub fn damaged_path_of(path: &Path) -> PathBuf {
    path.with_extension("wal.damaged")
}

/// The generation a file is named after; `None` for other files.
pub fn generation_of(path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?.strip_suffix(".wal")?;
    (name.len() == 20 && name.bytes().all(|b| b.is_ascii_digit())).then(|| name.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_generations_correspond() {
        let path = path_of(Path::new("wal"), 42);
        assert_eq!(path, Path::new("wal/00000000000000000042.wal"));
        assert_eq!(generation_of(&path), Some(42));
        assert_eq!(generation_of(Path::new("wal/42.wal")), None);
        assert_eq!(generation_of(Path::new("wal/notes.txt")), None);
    }
}
