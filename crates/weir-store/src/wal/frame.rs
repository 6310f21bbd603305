//! Headers of files and of records: fixed sizes, little-endian, checksummed.

use weir_types::Timestamp;

use crate::codec::{Malformed, Reader};

/// Files of earlier versions are read too: their records say what they hold.
pub const FORMAT_VERSION: u32 = 2;
pub const FILE_HEADER_BYTES: usize = 32;
pub const RECORD_HEADER_BYTES: usize = 32;
/// First bytes of every record, to find the next one behind damage.
pub const RECORD_MARK: [u8; 4] = *b"wREC";

const FILE_MAGIC: [u8; 8] = *b"WEIR-WAL";
const CHECKSUM_BYTES: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileHeader {
    pub version: u32,
    pub generation: u64,
    pub created: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// What one commit made durable, row by row; version 1 wrote it.
    Rows,
    /// Nothing follows: the file was finished in good order.
    End,
    /// What one commit made durable, as columns.
    Columns,
}

/// Stands before the payload. Its checksum also covers generation and offset, so that bytes which
/// look like a record but stand elsewhere are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordHeader {
    pub kind: RecordKind,
    pub payload_bytes: u32,
    pub events: u32,
    /// Sequence of the first event; the others count up from it.
    pub first_sequence: u64,
    pub payload_checksum: u32,
}

impl FileHeader {
    pub fn encode(&self) -> [u8; FILE_HEADER_BYTES] {
        let mut out = [0; FILE_HEADER_BYTES];
        out[0..8].copy_from_slice(&FILE_MAGIC);
        out[8..12].copy_from_slice(&self.version.to_le_bytes());
        out[12..20].copy_from_slice(&self.generation.to_le_bytes());
        out[20..28].copy_from_slice(&self.created.as_millis().to_le_bytes());
        let checksum = crc32c::crc32c(&out[..FILE_HEADER_BYTES - CHECKSUM_BYTES]);
        out[28..32].copy_from_slice(&checksum.to_le_bytes());
        out
    }

    pub fn decode(bytes: &[u8; FILE_HEADER_BYTES]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let magic = reader.array::<8>()?;
        let version = reader.u32()?;
        let generation = reader.u64()?;
        let created = Timestamp::from_millis(reader.u64()?.cast_signed());
        let checksum = crc32c::crc32c(&bytes[..FILE_HEADER_BYTES - CHECKSUM_BYTES]);
        if magic != FILE_MAGIC || reader.u32()? != checksum {
            return Err(Malformed);
        }
        Ok(FileHeader { version, generation, created })
    }
}

impl RecordKind {
    fn code(self) -> u8 {
        match self {
            RecordKind::Rows => 1,
            RecordKind::End => 2,
            RecordKind::Columns => 3,
        }
    }

    fn of(code: u8) -> Result<Self, Malformed> {
        match code {
            1 => Ok(RecordKind::Rows),
            2 => Ok(RecordKind::End),
            3 => Ok(RecordKind::Columns),
            _ => Err(Malformed),
        }
    }
}

impl RecordHeader {
    pub fn encode(&self, generation: u64, offset: u64) -> [u8; RECORD_HEADER_BYTES] {
        let mut out = [0; RECORD_HEADER_BYTES];
        out[0..4].copy_from_slice(&RECORD_MARK);
        out[4] = self.kind.code();
        out[8..12].copy_from_slice(&self.payload_bytes.to_le_bytes());
        out[12..16].copy_from_slice(&self.events.to_le_bytes());
        out[16..24].copy_from_slice(&self.first_sequence.to_le_bytes());
        out[24..28].copy_from_slice(&self.payload_checksum.to_le_bytes());
        let checksum = checksum_at(&out, generation, offset);
        out[28..32].copy_from_slice(&checksum.to_le_bytes());
        out
    }

    pub fn decode(
        bytes: &[u8; RECORD_HEADER_BYTES],
        generation: u64,
        offset: u64,
    ) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        if reader.array()? != RECORD_MARK {
            return Err(Malformed);
        }
        let [kind, _, _, _] = reader.array()?;
        let header = RecordHeader {
            payload_bytes: reader.u32()?,
            events: reader.u32()?,
            first_sequence: reader.u64()?,
            payload_checksum: reader.u32()?,
            kind: RecordKind::of(kind)?,
        };
        if reader.u32()? != checksum_at(bytes, generation, offset) {
            return Err(Malformed);
        }
        Ok(header)
    }

    /// Header and payload together.
    pub fn record_bytes(&self) -> u64 {
        RECORD_HEADER_BYTES as u64 + u64::from(self.payload_bytes)
    }
}

fn checksum_at(header: &[u8; RECORD_HEADER_BYTES], generation: u64, offset: u64) -> u32 {
    let place = crc32c::crc32c(&generation.to_le_bytes());
    let place = crc32c::crc32c_append(place, &offset.to_le_bytes());
    crc32c::crc32c_append(place, &header[..RECORD_HEADER_BYTES - CHECKSUM_BYTES])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_header_is_pinned() {
        let header =
            FileHeader { version: 1, generation: 7, created: Timestamp::from_millis(1_000) };
        let bytes = header.encode();
        assert_eq!(&bytes[..12], b"WEIR-WAL\x01\0\0\0");
        assert_eq!(&bytes[12..28], b"\x07\0\0\0\0\0\0\0\xe8\x03\0\0\0\0\0\0");
        assert_eq!(FileHeader::decode(&bytes), Ok(header));
    }

    #[test]
    fn a_record_is_valid_in_its_place_alone() {
        let header = RecordHeader {
            kind: RecordKind::Columns,
            payload_bytes: 10,
            events: 2,
            first_sequence: 5,
            payload_checksum: 99,
        };
        let bytes = header.encode(3, 64);
        assert_eq!(RecordHeader::decode(&bytes, 3, 64), Ok(header));
        assert_eq!(RecordHeader::decode(&bytes, 3, 65), Err(Malformed));
        assert_eq!(RecordHeader::decode(&bytes, 4, 64), Err(Malformed));
    }
}
