//! Events from files, one after the other.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use weir_archive::{ArchiveError, jsonl::LineReader};
use weir_types::{AccountId, ErrorCode, Event};

use super::ImportArgs;
use crate::failure::Failure;
use crate::output::progress::Amount;

type Events = Box<dyn Iterator<Item = Result<(AccountId, Event), Failure>>>;

pub struct Source {
    events: Events,
    size: Size,
}

/// How much there is to read.
enum Size {
    /// Bytes read so far, of so many in the file.
    Bytes(Rc<Cell<u64>>, u64),
    #[cfg(feature = "parquet")]
    Events(u64),
    /// Of stdin nobody knows.
    Stdin,
}

impl Source {
    pub fn open(args: &ImportArgs) -> Result<Self, Failure> {
        match (&args.from.jsonl, &args.from.parquet) {
            (Some(path), _) if path.to_str() == Some("-") => {
                let input = BufReader::new(io::stdin());
                Ok(Source { events: named(path, LineReader::new(input)), size: Size::Stdin })
            }
            (Some(path), _) => lines(path),
            (None, Some(path)) => parquet(path, args.event_type.as_deref()),
            (None, None) => Err(Failure::new(ErrorCode::InvalidRequest, "no file is named")),
        }
    }

    pub fn is_stdin(&self) -> bool {
        matches!(self.size, Size::Stdin)
    }

    /// How far it is after so many events.
    pub fn amount(&self, events: u64) -> Amount {
        let share = match &self.size {
            Size::Bytes(read, all) => Some((read.get(), *all)),
            #[cfg(feature = "parquet")]
            Size::Events(all) => Some((events, *all)),
            Size::Stdin => None,
        };
        Amount { events: Some(events), bytes: None, share }
    }
}

impl Iterator for Source {
    type Item = Result<(AccountId, Event), Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        self.events.next()
    }
}

/// The events of one file; what is wrong in it is said with its name.
fn named(
    path: &Path,
    events: impl Iterator<Item = Result<(AccountId, Event), ArchiveError>> + 'static,
) -> Events {
    let path = path.to_path_buf();
    Box::new(events.map(move |event| event.map_err(|error| unreadable(&path, &error))))
}

fn lines(path: &Path) -> Result<Source, Failure> {
    let file = File::open(path).map_err(|error| unreadable(path, &error.into()))?;
    let all = file.metadata().map_err(|error| unreadable(path, &error.into()))?.len();
    let read = Rc::new(Cell::new(0));
    let input = BufReader::new(Counted { input: file, read: Rc::clone(&read) });
    Ok(Source { events: named(path, LineReader::new(input)), size: Size::Bytes(read, all) })
}

struct Counted {
    input: File,
    read: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.read.set(self.read.get() + read as u64);
        Ok(read)
    }
}

/// Opens every file before the first event is stored: what can't be read is told early.
#[cfg(feature = "parquet")]
fn parquet(path: &Path, event_type: Option<&str>) -> Result<Source, Failure> {
    use weir_archive::parquet::EventReader;
    let mut files = Vec::new();
    let mut all = 0;
    for path in parquet_files(path)? {
        let opened = File::open(&path).map_err(ArchiveError::from);
        let reader = opened.and_then(|file| EventReader::open(file, event_type));
        let reader = reader.map_err(|error| unreadable(&path, &error))?;
        all += reader.rows();
        files.push(named(&path, reader));
    }
    Ok(Source { events: Box::new(files.into_iter().flatten()), size: Size::Events(all) })
}

#[cfg(not(feature = "parquet"))]
fn parquet(_: &Path, _: Option<&str>) -> Result<Source, Failure> {
    Err(crate::command::without_parquet())
}

#[cfg(feature = "parquet")]
fn parquet_files(path: &Path) -> Result<Vec<std::path::PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let failed = |error: io::Error| unreadable(path, &error.into());
    let entries = std::fs::read_dir(path).map_err(failed)?;
    let paths: Result<Vec<_>, _> = entries.map(|entry| entry.map(|e| e.path())).collect();
    let mut files = paths.map_err(failed)?;
    files.retain(|file| file.extension().is_some_and(|e| e == weir_archive::parquet::EXTENSION));
    files.sort();
    if files.is_empty() {
        let message = format!("{} has no files that end in .parquet", path.display());
        return Err(Failure::new(ErrorCode::InvalidRequest, message));
    }
    Ok(files)
}

fn unreadable(path: &Path, error: &ArchiveError) -> Failure {
    let path = path.display();
    let message = match error {
        ArchiveError::Line { line, reason } => format!("{path} line {line}: {reason}"),
        ArchiveError::Row { .. } | ArchiveError::Column { .. } => format!("{path}: {error}"),
        ArchiveError::Io(_) | ArchiveError::Format(_) => format!("can't read {path}: {error}"),
    };
    Failure::new(ErrorCode::InvalidRequest, message)
}
