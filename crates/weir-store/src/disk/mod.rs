//! Every file operation of the store, as a trait: the machine's file system in earnest, one that
//! forgets and fails in tests.
//!
//! Durability is explicit. Appended bytes are durable after the next [`AppendFile::sync`]; a new,
//! renamed or removed name after [`Disk::sync_dir`] of its folder.

mod system;

use std::any::Any;
use std::fmt::Debug;
use std::io;
use std::path::{Path, PathBuf};

pub use system::SystemDisk;

/// A place with files. Errors are those of [`std::fs`]; callers say which path they were about.
pub trait Disk: Debug + Send + Sync {
    /// Fails when the file is there already.
    fn create(&self, path: &Path) -> io::Result<Box<dyn AppendFile>>;

    /// Opens a file that is there, to add to its end.
    fn append_to(&self, path: &Path) -> io::Result<Box<dyn AppendFile>>;

    /// What is opened stays readable after its name is removed.
    fn open(&self, path: &Path) -> io::Result<Box<dyn ReadFile>>;

    /// Files (not folders) directly in the folder, in no order.
    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>>;

    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Replaces `to` if it is there: a reader finds the old file or the new one.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Gives a file a second name, durable after [`Disk::sync_dir`]. Fails where the disk has no such
    /// names, or not between these two places.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Makes the folder and those above it, each durable in the one above.
    fn create_dir(&self, path: &Path) -> io::Result<()>;

    /// Makes what was created in, renamed in or removed from the folder durable.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;

    /// Bytes that this user can still write; `None` where the system does not say.
    fn free_bytes(&self, dir: &Path) -> io::Result<Option<u64>>;

    /// Locks `path`, made when missing, for as long as the answer is held, and writes `note` into
    /// it for others to read. The lock of a process that ended is free.
    fn lock(&self, path: &Path, note: &str) -> Result<Lock, LockError>;
}

/// What holds a lock; dropping it frees the lock.
pub type Lock = Box<dyn Any + Send + Sync>;

/// A file that is only added to.
pub trait AppendFile: Debug + Send {
    /// Bytes in the file, were every append whole.
    fn len(&self) -> u64;

    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// After an error the end of the file is unknown: append nothing more.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// `fdatasync`: contents and length. After an error nothing is known of what was appended
    /// since the last one that succeeded.
    fn sync(&mut self) -> io::Result<()>;

    /// Shortens the file to `len` bytes.
    fn cut(&mut self, len: u64) -> io::Result<()>;
}

/// A file that is only read.
pub trait ReadFile: Debug + Send + Sync {
    fn len(&self) -> u64;

    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `buffer`, or fails where the file is shorter.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;
}

/// Why a lock was not taken.
#[derive(Debug)]
pub enum LockError {
    /// Someone holds it; the text is what the holder wrote.
    Held(String),
    Io(io::Error),
}

/// Reads a file that is known to be small.
pub fn read_whole(disk: &dyn Disk, path: &Path) -> io::Result<Vec<u8>> {
    let file = disk.open(path)?;
    let mut bytes = vec![0; usize::try_from(file.len()).map_err(io::Error::other)?];
    file.read_at(0, &mut bytes)?;
    Ok(bytes)
}
