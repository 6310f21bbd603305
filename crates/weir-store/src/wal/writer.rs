//! Appends records to the file of the open generation.

use std::io;
use std::path::{Path, PathBuf};

use weir_types::Timestamp;

use super::frame::{FORMAT_VERSION, FileHeader, RecordHeader, RecordKind};
use super::path_of;
use crate::disk::{AppendFile, Disk};

pub struct WalWriter {
    file: Box<dyn AppendFile>,
    path: PathBuf,
    generation: u64,
}

impl WalWriter {
    /// Makes the file of a new generation, durable with its name before it is used.
    pub fn create(
        disk: &dyn Disk,
        dir: &Path,
        generation: u64,
        created: Timestamp,
    ) -> io::Result<Self> {
        let path = path_of(dir, generation);
        let mut file = disk.create(&path)?;
        file.append(&FileHeader { version: FORMAT_VERSION, generation, created }.encode())?;
        file.sync()?;
        disk.sync_dir(dir)?;
        Ok(WalWriter { file, path, generation })
    }

    /// Takes up a file that a crash left: cuts it to `len`, the end of its last whole record.
    pub fn reopen(disk: &dyn Disk, dir: &Path, generation: u64, len: u64) -> io::Result<Self> {
        let path = path_of(dir, generation);
        let mut file = disk.append_to(&path)?;
        if file.len() > len {
            file.cut(len)?;
            file.sync()?;
        }
        Ok(WalWriter { file, path, generation })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn len(&self) -> u64 {
        self.file.len()
    }

    /// Appends one commit and makes it durable. After an error the file takes nothing more.
    pub fn commit(&mut self, first_sequence: u64, events: u32, payload: &[u8]) -> io::Result<()> {
        self.append(RecordKind::Columns, first_sequence, events, payload)
    }

    /// Says that nothing follows; a reader then knows damage from a torn write.
    pub fn finish(mut self, next_sequence: u64) -> io::Result<u64> {
        self.append(RecordKind::End, next_sequence, 0, &[])?;
        Ok(self.file.len())
    }

    fn append(
        &mut self,
        kind: RecordKind,
        first_sequence: u64,
        events: u32,
        payload: &[u8],
    ) -> io::Result<()> {
        let too_large = |_| io::Error::other("a record can't hold more than 4 GiB");
        let header = RecordHeader {
            kind,
            payload_bytes: u32::try_from(payload.len()).map_err(too_large)?,
            events,
            first_sequence,
            payload_checksum: crc32c::crc32c(payload),
        };
        let mut record = Vec::with_capacity(header.record_bytes() as usize);
        record.extend_from_slice(&header.encode(self.generation, self.file.len()));
        record.extend_from_slice(payload);
        self.file.append(&record)?;
        self.file.sync()
    }
}
