//! Every file operation of the store goes through here, and says which path it was about.
//!
//! A new file is made durable with [`AppendFile::sync`] and [`sync_dir`] before anything relies on
//! it; appended bytes are durable after the next [`AppendFile::sync`].

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A file that is only added to.
#[derive(Debug)]
pub struct AppendFile {
    file: File,
    len: u64,
}

/// A file that is only read.
#[derive(Debug)]
pub struct ReadFile {
    file: File,
    len: u64,
}

/// A file that says "in use" for as long as it is held; the system frees it when its process ends.
#[derive(Debug)]
pub struct LockFile {
    file: File,
}

/// Why a lock was not taken.
#[derive(Debug)]
pub enum LockError {
    /// Someone holds it; the text is what the holder wrote.
    Held(String),
    Io(io::Error),
}

impl AppendFile {
    /// Fails when the file is there already.
    pub fn create(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).create_new(true).open(path)?;
        Ok(AppendFile { file, len: 0 })
    }

    pub fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).open(path)?;
        let len = file.metadata()?.len();
        Ok(AppendFile { file, len })
    }

    /// Bytes in the file, were every append whole.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// After an error the end of the file is unknown: append nothing more.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// `fdatasync`: contents and length. After an error nothing is known of what was appended
    /// since the last one that succeeded.
    pub fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Shortens the file to `len` bytes.
    pub fn cut(&mut self, len: u64) -> io::Result<()> {
        self.file.set_len(len)?;
        self.len = len;
        Ok(())
    }
}

impl ReadFile {
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        Ok(ReadFile { file, len })
    }

    pub fn len(&self) -> u64 {
        self.len
    }

    /// Fills `buffer`, or fails where the file is shorter.
    pub fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.read_exact(buffer)
    }
}

impl LockFile {
    /// Locks `path`, made when missing, and writes `note` into it for others to read.
    pub fn acquire(path: &Path, note: &str) -> Result<Self, LockError> {
        let open =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = open.map_err(LockError::Io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut held_by = String::new();
                file.take(64).read_to_string(&mut held_by).map_err(LockError::Io)?;
                return Err(LockError::Held(held_by));
            }
            Err(TryLockError::Error(error)) => return Err(LockError::Io(error)),
        }
        let written = file.set_len(0).and_then(|()| file.write_all(note.as_bytes()));
        written.map_err(LockError::Io)?;
        Ok(LockFile { file })
    }
}

impl Drop for LockFile {
    fn drop(&mut self) {
        // Closing alone would leave the lock to a child process that is just being started.
        let _ = self.file.unlock();
    }
}

/// Makes the folder and those above it, each durable in the one above.
pub fn create_dir(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let parent = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    create_dir(parent)?;
    match fs::create_dir(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => sync_dir(parent),
    }
}

/// Makes what was created in, or removed from, the folder durable.
pub fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Files (not folders) directly in the folder.
pub fn list(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            files.push(entry.path());
        }
    }
    Ok(files)
}

pub fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}
