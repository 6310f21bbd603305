//! Reads a file of the log from front to back, over whatever is damaged in it.
//!
//! A stretch that can't be read is *torn* when a write cut short explains it: nothing whole
//! follows, and it is shorter than its header says, shorter than a header, zeros, or ends in a zero
//! where a record's last byte is none. Everything else is *damage*: the reader goes on at the next
//! record whose header stands where it says.

use std::io;
use std::path::Path;

use super::frame::{
    FILE_HEADER_BYTES, FileHeader, RECORD_HEADER_BYTES, RECORD_MARK, RecordHeader, RecordKind,
};
use super::record::{END_MARK, decode_columns, decode_rows};
use crate::disk::{Disk, ReadFile};
use crate::transpose::Table;

const WINDOW_BYTES: usize = 64 << 10;

/// What stands next in a file.
pub enum Entry {
    Commit {
        first_sequence: u64,
        tables: Vec<Table>,
    },
    End,
    /// Cut off by a crash before it was acknowledged; nothing follows.
    Torn {
        offset: u64,
        bytes: u64,
    },
    Damaged {
        offset: u64,
        bytes: u64,
        events_lost: Option<u64>,
    },
}

pub struct WalReader {
    file: Box<dyn ReadFile>,
    generation: u64,
    offset: u64,
    /// Whether no commit ends in a zero, as is so since version 2.
    marks_ends: bool,
    /// Sequence after the last event read; `None` before the first.
    next_sequence: Option<u64>,
}

impl WalReader {
    /// Opens the file; gives the header too, unless it is damaged or missing.
    pub fn open(
        disk: &dyn Disk,
        path: &Path,
        generation: u64,
    ) -> io::Result<(Self, Option<FileHeader>)> {
        let file = disk.open(path)?;
        let mut header = None;
        if file.len() >= FILE_HEADER_BYTES as u64 {
            let mut bytes = [0; FILE_HEADER_BYTES];
            file.read_at(0, &mut bytes)?;
            header = FileHeader::decode(&bytes).ok().filter(|h| h.generation == generation);
        }
        let offset = file.len().min(FILE_HEADER_BYTES as u64);
        let marks_ends = header.is_some_and(|header| header.version >= 2);
        Ok((WalReader { file, generation, offset, marks_ends, next_sequence: None }, header))
    }

    pub fn offset(&self) -> u64 {
        self.offset
    }

    pub fn len(&self) -> u64 {
        self.file.len()
    }

    /// The next entry; `None` at the end of the file.
    pub fn next_entry(&mut self) -> io::Result<Option<Entry>> {
        if self.offset == self.len() {
            return Ok(None);
        }
        match self.header_at(self.offset)? {
            Some(header) => self.read_record(header).map(Some),
            None => self.skip_damage().map(Some),
        }
    }

    fn header_at(&self, offset: u64) -> io::Result<Option<RecordHeader>> {
        if self.len() - offset < RECORD_HEADER_BYTES as u64 {
            return Ok(None);
        }
        let mut bytes = [0; RECORD_HEADER_BYTES];
        self.file.read_at(offset, &mut bytes)?;
        Ok(RecordHeader::decode(&bytes, self.generation, offset).ok())
    }

    fn read_record(&mut self, header: RecordHeader) -> io::Result<Entry> {
        let offset = self.offset;
        if header.record_bytes() > self.len() - offset {
            self.offset = self.len();
            return Ok(Entry::Torn { offset, bytes: self.len() - offset });
        }
        let mut payload = vec![0; header.payload_bytes as usize];
        self.file.read_at(offset + RECORD_HEADER_BYTES as u64, &mut payload)?;
        self.offset += header.record_bytes();
        self.next_sequence = Some(header.first_sequence.saturating_add(header.events.into()));
        if crc32c::crc32c(&payload) == header.payload_checksum {
            let decoded = match header.kind {
                RecordKind::End => return Ok(Entry::End),
                RecordKind::Rows => decode_rows(&payload, header.events),
                RecordKind::Columns => decode_columns(&payload, header.events),
            };
            if let Ok(tables) = decoded {
                return Ok(Entry::Commit { first_sequence: header.first_sequence, tables });
            }
        }
        let bytes = header.record_bytes();
        if self.offset == self.len() && self.ends_unwritten()? {
            return Ok(Entry::Torn { offset, bytes });
        }
        Ok(Entry::Damaged { offset, bytes, events_lost: Some(header.events.into()) })
    }

    fn skip_damage(&mut self) -> io::Result<Entry> {
        let offset = self.offset;
        if let Some((found, header)) = self.find_header(offset + 1)? {
            self.offset = found;
            let missing = |next: u64| header.first_sequence.checked_sub(next);
            let events_lost = self.next_sequence.and_then(missing);
            return Ok(Entry::Damaged { offset, bytes: found - offset, events_lost });
        }
        let bytes = self.len() - offset;
        let torn = bytes < RECORD_HEADER_BYTES as u64
            || self.ends_unwritten()?
            || self.is_zero_from(offset)?;
        self.offset = self.len();
        Ok(match torn {
            true => Entry::Torn { offset, bytes },
            false => Entry::Damaged { offset, bytes, events_lost: None },
        })
    }

    /// The first place at or behind `from` where a record's header stands as it should.
    fn find_header(&self, from: u64) -> io::Result<Option<(u64, RecordHeader)>> {
        let mut window = Vec::new();
        let mut at = from;
        while self.len().saturating_sub(at) >= RECORD_HEADER_BYTES as u64 {
            window.resize(window_len(self.len() - at), 0);
            self.file.read_at(at, &mut window)?;
            let starts = 0..=window.len() - RECORD_HEADER_BYTES;
            for start in starts.filter(|start| window[*start..].starts_with(&RECORD_MARK)) {
                let offset = at + start as u64;
                if let Some(header) = self.header_at(offset)? {
                    return Ok(Some((offset, header)));
                }
            }
            at += (window.len() - RECORD_HEADER_BYTES + 1) as u64;
        }
        Ok(None)
    }

    /// Whether the file grew for a commit whose last bytes never came.
    fn ends_unwritten(&self) -> io::Result<bool> {
        let mut last = [END_MARK];
        if self.marks_ends {
            self.file.read_at(self.len() - 1, &mut last)?;
        }
        Ok(last == [0])
    }

    fn is_zero_from(&self, from: u64) -> io::Result<bool> {
        let mut window = Vec::new();
        let mut at = from;
        while at < self.len() {
            window.resize(window_len(self.len() - at), 0);
            self.file.read_at(at, &mut window)?;
            if window.iter().any(|byte| *byte != 0) {
                return Ok(false);
            }
            at += window.len() as u64;
        }
        Ok(true)
    }
}

fn window_len(left: u64) -> usize {
    usize::try_from(left).unwrap_or(WINDOW_BYTES).min(WINDOW_BYTES)
}
