//! Opening, second part: the write-ahead log becomes memory again.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tracing::{info, warn};

use crate::disk::Disk;
use crate::memtable::{Generation, GenerationWriter};
use crate::shared::Shared;
use crate::wal::{self, Entry, FORMAT_VERSION, FileHeader, Record, WalReader, WalWriter};
use crate::{Damage, OpenError, OpenProgress, OpenReport, StoreState, TornTail};

/// Where writing goes on after a replay.
pub struct Recovered {
    pub next_generation: u64,
    pub next_sequence: u64,
}

/// Replays every file of the log that is not in segments, oldest first, and leaves each finished
/// or, where damaged, untouched. A store that is read only changes no file.
pub fn recover(
    shared: &Shared,
    dir: &Path,
    first: Recovered,
    report: &mut OpenReport,
    progress: &mut dyn FnMut(OpenProgress),
) -> Result<Recovered, OpenError> {
    let disk = &*shared.options.disk;
    let mut files = log_files(disk, dir)?;
    files.retain(|file| file.generation >= first.next_generation);
    let bytes_total = files.iter().map(|file| file.bytes).sum();
    let mut replay = Replay {
        shared,
        disk,
        dir,
        writable: shared.state() == StoreState::Ready,
        report,
        next_sequence: first.next_sequence,
        progress: OpenProgress { bytes_done: 0, bytes_total, events: 0 },
        heard: progress,
    };
    for file in &files {
        replay.file(file)?;
    }
    replay.report.files = files.len();
    replay.report.events = replay.progress.events;
    shared.visible.publish(replay.next_sequence);
    let after_last = files.last().map_or(0, |file| file.generation + 1);
    Ok(Recovered {
        next_generation: first.next_generation.max(after_last),
        next_sequence: replay.next_sequence,
    })
}

/// One file of the log, by its name.
struct LogFile {
    generation: u64,
    path: PathBuf,
    header: Option<FileHeader>,
    bytes: u64,
}

/// Every file of the log, by generation; fails before anything is changed when one is of another
/// format version.
fn log_files(disk: &dyn Disk, dir: &Path) -> Result<Vec<LogFile>, OpenError> {
    let mut files = Vec::new();
    for path in disk.list(dir).map_err(|e| unreadable(dir, e))? {
        let Some(generation) = wal::generation_of(&path) else { continue };
        let opened = WalReader::open(disk, &path, generation);
        let (reader, header) = opened.map_err(|e| unreadable(&path, e))?;
        if let Some(found) = header.map(|h| h.version).filter(|v| *v != FORMAT_VERSION) {
            return Err(OpenError::FormatVersion { path, found, supported: FORMAT_VERSION });
        }
        files.push(LogFile { generation, path, header, bytes: reader.len() });
    }
    files.sort_by_key(|file| file.generation);
    Ok(files)
}

struct Replay<'a> {
    shared: &'a Shared,
    disk: &'a dyn Disk,
    dir: &'a Path,
    writable: bool,
    report: &'a mut OpenReport,
    next_sequence: u64,
    progress: OpenProgress,
    heard: &'a mut dyn FnMut(OpenProgress),
}

/// How a file ended.
struct Ending {
    /// End of the last whole record.
    len: u64,
    finished: bool,
    damaged: bool,
}

impl Replay<'_> {
    fn file(&mut self, file: &LogFile) -> Result<(), OpenError> {
        let created = file.header.map_or_else(|| self.shared.clock.now(), |header| header.created);
        let generation = Generation::new(file.generation, created, file.path.clone());
        let mut writer = GenerationWriter::new(Arc::new(generation));
        let ending = self.entries(file, &mut writer).map_err(|e| unreadable(&file.path, e))?;
        let generation = writer.freeze();
        if generation.rows() == 0 && !ending.damaged {
            return self.remove_empty(file);
        }
        if ending.damaged {
            generation.set_damaged();
        }
        let len = self.settle(file, ending).map_err(|e| not_writable(&file.path, e))?;
        generation.set_wal_bytes(len);
        self.shared.visible.push(generation);
        self.bound_memory();
        Ok(())
    }

    fn remove_empty(&self, file: &LogFile) -> Result<(), OpenError> {
        match self.writable {
            true => self.disk.remove(&file.path).map_err(|e| not_writable(&file.path, e)),
            false => Ok(()),
        }
    }

    /// A long log becomes segments on the way; a problem with that is in the statistics.
    fn bound_memory(&self) {
        let limit = self.shared.options.frozen_limit_bytes();
        if self.writable && self.shared.visible.frozen_bytes() > limit {
            let _ = self.shared.maintain(self.shared.clock.now());
        }
    }

    fn entries(&mut self, file: &LogFile, writer: &mut GenerationWriter) -> io::Result<Ending> {
        let (mut reader, header) = WalReader::open(self.disk, &file.path, file.generation)?;
        let mut ending = Ending { len: reader.offset(), finished: false, damaged: false };
        if header.is_none() && reader.offset() < reader.len() {
            ending.damaged = true;
            self.note_damage(file, 0, reader.offset(), None);
        }
        while let Some(entry) = reader.next_entry()? {
            match entry {
                Entry::Commit { first_sequence, record } => {
                    self.apply(writer, first_sequence, &record);
                }
                Entry::End => ending.finished = true,
                Entry::Torn { offset, bytes } => {
                    self.note_torn(file, offset, bytes);
                    break;
                }
                Entry::Damaged { offset, bytes, events_lost } => {
                    ending.damaged = true;
                    self.note_damage(file, offset, bytes, events_lost);
                }
            }
            ending.len = reader.offset();
            self.tell(reader.offset());
        }
        self.progress.bytes_done += file.bytes;
        self.tell(0);
        Ok(ending)
    }

    fn apply(&mut self, writer: &mut GenerationWriter, first_sequence: u64, record: &Record) {
        let mut sequence = first_sequence;
        for event in record.events() {
            let (account, at) = (event.account, event.timestamp);
            writer.push(account, event.event_type, at, sequence, event.attributes());
            sequence += 1;
            self.progress.events += 1;
        }
        self.next_sequence = self.next_sequence.max(sequence);
    }

    /// Cuts a torn tail and finishes the file; a damaged one stays as it is.
    fn settle(&self, file: &LogFile, ending: Ending) -> io::Result<u64> {
        if ending.damaged || ending.finished || !self.writable {
            return Ok(file.bytes);
        }
        let writer = WalWriter::reopen(self.disk, self.dir, file.generation, ending.len)?;
        writer.finish(self.next_sequence)
    }

    fn note_torn(&mut self, file: &LogFile, offset: u64, bytes: u64) {
        let path = file.path.clone();
        info!(path = %path.display(), offset, bytes, "write cut short by a crash, never acknowledged: cut off");
        self.report.torn.push(TornTail { path, offset, bytes });
    }

    fn note_damage(&mut self, file: &LogFile, offset: u64, bytes: u64, events_lost: Option<u64>) {
        let path = file.path.clone();
        warn!(path = %path.display(), offset, bytes, ?events_lost, "log can't be read here: the file stays, the rest is used");
        self.report.damage.push(Damage { path, offset, bytes, events_lost });
    }

    fn tell(&mut self, into_file: u64) {
        let bytes_done = self.progress.bytes_done + into_file;
        (self.heard)(OpenProgress { bytes_done, ..self.progress });
    }
}

pub fn not_writable(path: &Path, source: io::Error) -> OpenError {
    OpenError::NotWritable { path: path.to_path_buf(), source }
}

pub fn unreadable(path: &Path, source: io::Error) -> OpenError {
    OpenError::Io { path: path.to_path_buf(), source }
}
