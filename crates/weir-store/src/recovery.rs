//! Opening, second part: the write-ahead log becomes memory again.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tracing::{debug, info, warn};

use crate::disk::Disk;
use crate::memtable::{Generation, GenerationWriter};
use crate::shared::Shared;
use crate::transpose::Table;
use crate::wal::{self, Entry, FORMAT_VERSION, FileHeader, WalReader, WalWriter};
use crate::{Damage, OpenError, OpenProgress, OpenReport, StoreState, TornTail};

/// Where writing goes on after a replay.
pub struct Recovered {
    pub next_generation: u64,
    pub next_sequence: u64,
}

/// The files of the log, held open as they were: what is sealed, added or removed after that
/// changes nothing here.
pub struct PinnedLog {
    dir: PathBuf,
    /// Ascending by generation.
    files: Vec<LogFile>,
}

impl PinnedLog {
    /// Opens every file there is; fails before anything is changed when one is of another format
    /// version. The manifest is read after this, never before: whatever it does not have in
    /// segments was in a file that was there.
    pub fn open(disk: &dyn Disk, dir: &Path) -> Result<Self, OpenError> {
        let mut files = Vec::new();
        for path in disk.list(dir).map_err(|e| unreadable(dir, e))? {
            let Some(generation) = wal::generation_of(&path) else { continue };
            let (reader, header) = match WalReader::open(disk, &path, generation) {
                Ok(opened) => opened,
                // Sealed since it was listed.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(unreadable(&path, error)),
            };
            let version = header.map(|header| header.version);
            if let Some(found) = version.filter(|v| !(1..=FORMAT_VERSION).contains(v)) {
                return Err(OpenError::FormatVersion { path, found, supported: FORMAT_VERSION });
            }
            files.push(LogFile { generation, path, header, reader });
        }
        files.sort_by_key(|file| file.generation);
        Ok(PinnedLog { dir: dir.to_path_buf(), files })
    }
}

/// Replays every file of the log that is not in segments, oldest first, and leaves each finished
/// or, where damaged, untouched. A store that is read only changes no file.
pub fn recover(
    shared: &Shared,
    log: PinnedLog,
    first: Recovered,
    report: &mut OpenReport,
    progress: &mut dyn FnMut(OpenProgress),
) -> Result<Recovered, OpenError> {
    let PinnedLog { dir, mut files } = log;
    files.retain(|file| file.generation >= first.next_generation);
    let bytes_total = files.iter().map(|file| file.reader.len()).sum();
    let after_last = files.last().map_or(0, |file| file.generation + 1);
    let mut replay = Replay {
        shared,
        disk: &*shared.options.disk,
        dir: &dir,
        writable: shared.state() == StoreState::Ready,
        report,
        next_sequence: first.next_sequence,
        progress: OpenProgress { bytes_done: 0, bytes_total, events: 0 },
        heard: progress,
    };
    replay.report.files = files.len();
    for file in files {
        replay.file(file)?;
    }
    replay.report.events = replay.progress.events;
    shared.visible.publish(replay.next_sequence);
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
    reader: WalReader,
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
    fn file(&mut self, mut file: LogFile) -> Result<(), OpenError> {
        let created = file.header.map_or_else(|| self.shared.clock.now(), |header| header.created);
        let generation = Generation::new(file.generation, created, file.path.clone());
        let mut writer = GenerationWriter::new(Arc::new(generation));
        let ending = self.entries(&mut file, &mut writer);
        let ending = ending.map_err(|e| unreadable(&file.path, e))?;
        let generation = writer.freeze();
        generation.pack();
        if generation.rows() == 0 && !ending.damaged {
            return self.remove_empty(&file);
        }
        if ending.damaged {
            generation.set_damaged();
        }
        let len = self.settle(&file, ending).map_err(|e| not_writable(&file.path, e))?;
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

    fn entries(&mut self, file: &mut LogFile, writer: &mut GenerationWriter) -> io::Result<Ending> {
        let mut ending = Ending { len: file.reader.offset(), finished: false, damaged: false };
        if file.header.is_none() && file.reader.offset() < file.reader.len() {
            ending.damaged = true;
            self.note_damage(file, 0, file.reader.offset(), None);
        }
        while let Some(entry) = self.next_entry(file)? {
            match entry {
                Entry::Commit { first_sequence, tables } => {
                    self.apply(writer, first_sequence, &tables);
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
            ending.len = file.reader.offset();
            self.tell(file.reader.offset());
        }
        self.progress.bytes_done += file.reader.len();
        self.tell(0);
        Ok(ending)
    }

    /// Whoever reads beside the owner may find a file shorter than it was: the owner just started,
    /// and cut off what had never been acknowledged.
    fn next_entry(&self, file: &mut LogFile) -> io::Result<Option<Entry>> {
        match file.reader.next_entry() {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof && !self.writable => {
                Ok(None)
            }
            other => other,
        }
    }

    fn apply(&mut self, writer: &mut GenerationWriter, first_sequence: u64, tables: &[Table]) {
        let mut sequence = first_sequence;
        for (account, columns) in tables {
            writer.push(*account, columns, sequence);
            sequence += columns.timestamps.len() as u64;
        }
        self.progress.events += sequence - first_sequence;
        self.next_sequence = self.next_sequence.max(sequence);
    }

    /// Cuts a torn tail and finishes the file; a damaged one stays as it is.
    fn settle(&self, file: &LogFile, ending: Ending) -> io::Result<u64> {
        if ending.damaged || ending.finished || !self.writable {
            return Ok(file.reader.len());
        }
        let writer = WalWriter::reopen(self.disk, self.dir, file.generation, ending.len)?;
        writer.finish(self.next_sequence)
    }

    fn note_torn(&mut self, file: &LogFile, offset: u64, bytes: u64) {
        if !self.writable {
            // Of a store at work this may be a write that goes on.
            debug!(path = %file.path.display(), offset, bytes, "unfinished write left out");
            return;
        }
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
