//! Why a store can't be opened and why it takes nothing, by what the caller can do about it.

use std::io;
use std::path::PathBuf;

use weir_types::{Columns, ColumnsError, ErrorCode};

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Stop the other process, or choose another folder.
    #[error(
        "`{dir}` is in use by {}: stop that process, or choose another data folder",
        holder(*.pid)
    )]
    Locked { dir: PathBuf, pid: Option<u32> },
    /// Mend the rights or choose another folder.
    #[error(
        "`{path}` can't be written ({source}): give this user write access, or choose another data folder"
    )]
    NotWritable { path: PathBuf, source: io::Error },
    /// Run the version of Weir that wrote the folder, or a newer one.
    #[error(
        "`{path}` has format version {found}, this Weir reads versions up to {supported}: run the version that wrote it, or a newer one"
    )]
    FormatVersion { path: PathBuf, found: u32, supported: u32 },
    /// Take the backup again, or open another folder.
    #[error("`{dir}` holds a backup that was never finished: take it again")]
    UnfinishedBackup { dir: PathBuf },
    /// The disk did not answer; nothing was changed.
    #[error("`{path}` can't be read: {source}")]
    Io { path: PathBuf, source: io::Error },
}

impl OpenError {
    pub fn code(&self) -> ErrorCode {
        match self {
            OpenError::Locked { .. } | OpenError::UnfinishedBackup { .. } => ErrorCode::Conflict,
            OpenError::NotWritable { .. } => ErrorCode::InvalidRequest,
            OpenError::FormatVersion { .. } => ErrorCode::NotSupported,
            OpenError::Io { .. } => ErrorCode::Unavailable,
        }
    }
}

fn holder(pid: Option<u32>) -> String {
    match pid {
        Some(pid) => format!("process {pid}"),
        None => "another process".into(),
    }
}

/// Why columns were not taken; nothing of them is stored.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AppendError {
    #[error(transparent)]
    Invalid(#[from] ColumnsError),
    /// Too many events are waiting already; the columns come back and may be sent again.
    #[error("ingest is busy: {waiting} events wait already, try again")]
    Busy { waiting: usize, columns: Columns },
    /// The disk no longer takes writes; nothing is acknowledged until this is mended.
    #[error("events can't be written: {0}")]
    Unavailable(String),
}
