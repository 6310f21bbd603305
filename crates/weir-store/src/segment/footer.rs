//! The frame of a segment: a header in front, the footer behind the pages, a trailer that finds
//! the footer. All three are checksummed.

use std::ops::Range;
use std::sync::Arc;

use weir_types::event::NAME_BYTES_MAX;
use weir_types::{AccountId, TimeRange, Timestamp};

use super::meta::SegmentMeta;
use crate::codec::{Malformed, Reader, put_signed, put_varint};
use crate::rollup::{CODE_BYTES, Resolution};
use crate::rows::ColumnId;

/// What is written, and the newest that is read. Before references to earlier blocks, segments of
/// events had version 1 and those of roll-ups version 2.
pub const FORMAT_VERSION: u32 = 3;
pub const HEADER_BYTES: usize = 32;
pub const TRAILER_BYTES: usize = 32;

const HEADER_MAGIC: [u8; 8] = *b"WEIR-SEG";
const TRAILER_MAGIC: [u8; 8] = *b"GES-RIEW";

/// Where the rows of a segment come from; tells, without a manifest, which files count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Sealed from a memtable; while the generation's log file is there, that one counts.
    Generation(u64),
    /// Written in place of other segments.
    Segments(Vec<u64>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub version: u32,
    pub id: u64,
}

/// Everything a reader must know before it reads pages.
#[derive(Debug, PartialEq, Eq)]
pub struct Footer {
    pub meta: SegmentMeta,
    /// Ascending by account, then event type.
    pub tables: Vec<TableIndex>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct TableIndex {
    pub account: AccountId,
    pub event_type: Arc<str>,
    /// By the number that [`ColumnId::name`] gives.
    pub names: Vec<Arc<str>>,
    /// Ascending by key; the last series of one may go on in the next.
    pub groups: Vec<GroupIndex>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct GroupIndex {
    pub series: usize,
    pub chunks: usize,
    pub rows: u64,
    pub oldest: Timestamp,
    pub newest: Timestamp,
    pub keys: PageRef,
    pub times: PageRef,
    /// Ascending by column.
    pub columns: Vec<(ColumnId, PageRef)>,
}

/// Where a page stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRef {
    pub offset: u64,
    pub len: u32,
    pub checksum: u32,
}

/// Whether a segment of that version may hold rows so fine.
pub fn version_fits(version: u32, resolution: Resolution) -> bool {
    match version {
        1 => resolution == Resolution::Raw,
        2 => resolution != Resolution::Raw,
        _ => version == FORMAT_VERSION,
    }
}

impl Header {
    pub fn encode(&self) -> [u8; HEADER_BYTES] {
        let mut out = [0; HEADER_BYTES];
        out[0..8].copy_from_slice(&HEADER_MAGIC);
        out[8..12].copy_from_slice(&self.version.to_le_bytes());
        out[12..20].copy_from_slice(&self.id.to_le_bytes());
        seal(&mut out);
        out
    }

    pub fn decode(bytes: &[u8; HEADER_BYTES]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(check(bytes)?);
        if reader.array()? != HEADER_MAGIC {
            return Err(Malformed);
        }
        Ok(Header { version: reader.u32()?, id: reader.u64()? })
    }
}

/// The trailer for a footer of a segment.
pub fn trailer(id: u64, footer: &[u8]) -> [u8; TRAILER_BYTES] {
    let mut out = [0; TRAILER_BYTES];
    out[0..8].copy_from_slice(&(footer.len() as u64).to_le_bytes());
    out[8..12].copy_from_slice(&crc32c::crc32c(footer).to_le_bytes());
    out[12..20].copy_from_slice(&id.to_le_bytes());
    out[20..28].copy_from_slice(&TRAILER_MAGIC);
    seal(&mut out);
    out
}

/// Where the footer stands in a file of `file_bytes`, and its checksum.
pub fn read_trailer(
    bytes: &[u8; TRAILER_BYTES],
    id: u64,
    file_bytes: u64,
) -> Result<(Range<u64>, u32), Malformed> {
    let mut reader = Reader::new(check(bytes)?);
    let (len, checksum) = (reader.u64()?, reader.u32()?);
    if reader.u64()? != id || reader.array()? != TRAILER_MAGIC {
        return Err(Malformed);
    }
    let end = file_bytes.checked_sub(TRAILER_BYTES as u64).ok_or(Malformed)?;
    let begin = end.checked_sub(len).filter(|b| *b >= HEADER_BYTES as u64).ok_or(Malformed)?;
    Ok((begin..end, checksum))
}

impl Footer {
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.meta.encode(&mut out);
        put_varint(&mut out, self.tables.len() as u64);
        self.tables.iter().for_each(|table| table.encode(&mut out));
        out
    }

    /// `pages_end` is where the pages end and the footer begins.
    pub fn decode(bytes: &[u8], pages_end: u64) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let meta = SegmentMeta::decode(&mut reader)?;
        let mut offset = HEADER_BYTES as u64;
        let count = reader.count(4)?;
        let tables = (0..count).map(|_| TableIndex::decode(&mut reader, &mut offset));
        let tables = tables.collect::<Result<_, _>>()?;
        let whole = reader.is_empty() && offset == pages_end;
        if whole { Ok(Footer { meta, tables }) } else { Err(Malformed) }
    }
}

impl TableIndex {
    fn encode(&self, out: &mut Vec<u8>) {
        put_varint(out, self.account.0);
        put_name(&self.event_type, out);
        put_varint(out, self.names.len() as u64);
        self.names.iter().for_each(|name| put_name(name, out));
        put_varint(out, self.groups.len() as u64);
        self.groups.iter().for_each(|group| group.encode(out));
    }

    fn decode(reader: &mut Reader<'_>, offset: &mut u64) -> Result<Self, Malformed> {
        let account = AccountId(reader.varint()?);
        let event_type = read_name(reader)?;
        let count = reader.count(2)?;
        let names = (0..count).map(|_| read_name(reader)).collect::<Result<Vec<_>, _>>()?;
        let count = reader.count(16)?;
        let group = |_| GroupIndex::decode(reader, offset, names.len());
        let groups = (0..count).map(group).collect::<Result<_, _>>()?;
        Ok(TableIndex { account, event_type, names, groups })
    }
}

impl GroupIndex {
    pub fn overlaps(&self, range: TimeRange) -> bool {
        self.oldest < range.end && self.newest >= range.begin
    }

    fn encode(&self, out: &mut Vec<u8>) {
        put_varint(out, self.series as u64);
        put_varint(out, self.chunks as u64);
        put_varint(out, self.rows);
        put_signed(out, self.oldest.as_millis());
        put_signed(out, self.newest.as_millis());
        self.keys.encode(out);
        self.times.encode(out);
        put_varint(out, self.columns.len() as u64);
        for (column, page) in &self.columns {
            put_varint(out, column.bits().into());
            page.encode(out);
        }
    }

    fn decode(reader: &mut Reader<'_>, offset: &mut u64, names: usize) -> Result<Self, Malformed> {
        let size = |number: u64| usize::try_from(number).map_err(|_| Malformed);
        let (series, chunks) = (size(reader.varint()?)?, size(reader.varint()?)?);
        let rows = reader.varint()?;
        let mut time = || reader.signed().map(Timestamp::from_millis);
        let (oldest, newest) = (time()?, time()?);
        let keys = PageRef::decode(reader, offset)?;
        let times = PageRef::decode(reader, offset)?;
        let mut columns = Vec::new();
        for _ in 0..reader.count(6)? {
            let bits = u32::try_from(reader.varint()?).map_err(|_| Malformed)?;
            let column = ColumnId::from_bits(bits);
            let ascends = columns.last().is_none_or(|(before, _)| *before < column);
            if column.name() >= names || !ascends {
                return Err(Malformed);
            }
            columns.push((column, PageRef::decode(reader, offset)?));
        }
        // A page has at least a byte for each thing it counts.
        if chunks > times.len as usize || series > times.len as usize {
            return Err(Malformed);
        }
        Ok(GroupIndex { series, chunks, rows, oldest, newest, keys, times, columns })
    }
}

impl PageRef {
    fn encode(&self, out: &mut Vec<u8>) {
        put_varint(out, self.len.into());
        out.extend_from_slice(&self.checksum.to_le_bytes());
    }

    /// Pages stand without gaps: each begins where the one before ends.
    fn decode(reader: &mut Reader<'_>, offset: &mut u64) -> Result<Self, Malformed> {
        let len = u32::try_from(reader.varint()?).map_err(|_| Malformed)?;
        let page = PageRef { offset: *offset, len, checksum: reader.u32()? };
        *offset = offset.checked_add(len.into()).ok_or(Malformed)?;
        Ok(page)
    }
}

fn put_name(name: &str, out: &mut Vec<u8>) {
    put_varint(out, name.len() as u64);
    out.extend_from_slice(name.as_bytes());
}

fn read_name(reader: &mut Reader<'_>) -> Result<Arc<str>, Malformed> {
    let len = reader.count(1)?;
    if len > NAME_BYTES_MAX + CODE_BYTES {
        return Err(Malformed);
    }
    Ok(str::from_utf8(reader.take(len)?).map_err(|_| Malformed)?.into())
}

/// Puts the checksum of everything before it into the last four bytes.
fn seal<const N: usize>(bytes: &mut [u8; N]) {
    let (content, checksum) = bytes.split_at_mut(N - 4);
    checksum.copy_from_slice(&crc32c::crc32c(content).to_le_bytes());
}

/// What a checksum in the last four bytes covers.
fn check<const N: usize>(bytes: &[u8; N]) -> Result<&[u8], Malformed> {
    let (content, checksum) = bytes.split_at(N - 4);
    if crc32c::crc32c(content).to_le_bytes() == checksum { Ok(content) } else { Err(Malformed) }
}
