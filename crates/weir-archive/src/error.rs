//! What is wrong with a file of events.

use std::io;

#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error("{0}")]
    Io(#[from] io::Error),
    /// Correct the line; those before it are events.
    #[error("line {line}: {reason}")]
    Line { line: u64, reason: String },
    /// Correct the row, counted from 1 over the whole file; those before it are events.
    #[error("row {row}: {reason}")]
    Row { row: u64, reason: String },
    /// Leave the column out, or cast it; no row was read.
    #[error("column `{column}` {reason}")]
    Column { column: String, reason: String },
    /// The file is damaged, or no such file.
    #[error("{0}")]
    Format(String),
}
