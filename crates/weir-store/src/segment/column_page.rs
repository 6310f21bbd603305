//! The values of one column for all chunks of a group: a dictionary if they are strings, then an
//! entry a chunk. An entry is nothing, the block before once more, the difference of two other
//! columns, or a block of its own.

use std::ops::Range;
use std::sync::Arc;

use super::strings::{StringsWriter, read_strings};
use crate::block::{self, Codec, Lanes};
use crate::codec::{Malformed, Reader, put_varint};
use crate::rows::ColumnId;

const ABSENT: u64 = 0;
const REPEATED: u64 = 1;
const DERIVED: u64 = 2;
/// A block of `n` bytes, at least one, is announced as `n + BLOCK - 1`.
const BLOCK: u64 = 3;

/// `minuend - subtrahend`, row by row; both are plain blocks of the same chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    pub minuend: ColumnId,
    pub subtrahend: ColumnId,
    /// How far the least value lies below the first, and the greatest above the last.
    pub below_first: u64,
    pub above_last: u64,
}

pub struct ColumnPageWriter {
    codec: Codec,
    pub strings: StringsWriter,
    entries: Vec<u8>,
    chunks: usize,
    /// Where the last plain block stands in `entries`.
    block: Range<usize>,
}

impl ColumnPageWriter {
    pub fn new(column: ColumnId) -> Self {
        ColumnPageWriter {
            codec: column.codec(),
            strings: StringsWriter::default(),
            entries: Vec::new(),
            chunks: 0,
            block: 0..0,
        }
    }

    /// Says that the chunks up to (not including) `chunk` have no value.
    pub fn skip_to(&mut self, chunk: usize) {
        self.entries.resize(self.entries.len() + chunk - self.chunks, ABSENT as u8);
        self.chunks = chunk;
    }

    /// Appends the lanes of the chunk's rows marked in `presence`, at least one.
    pub fn push(&mut self, rows: usize, presence: u64, lanes: &Lanes) {
        let mut block = Vec::with_capacity(64);
        block::encode(self.codec, rows, presence, lanes, &mut block);
        self.push_block(&block);
    }

    /// As [`ColumnPageWriter::push`], encoded already.
    pub fn push_block(&mut self, block: &[u8]) {
        self.chunks += 1;
        if self.entries[self.block.clone()] == *block {
            put_varint(&mut self.entries, REPEATED);
            return;
        }
        put_varint(&mut self.entries, block.len() as u64 + BLOCK - 1);
        let begin = self.entries.len();
        self.entries.extend_from_slice(block);
        self.block = begin..self.entries.len();
    }

    pub fn push_difference(&mut self, difference: &Difference) {
        self.chunks += 1;
        put_varint(&mut self.entries, DERIVED);
        put_varint(&mut self.entries, difference.minuend.bits().into());
        put_varint(&mut self.entries, difference.subtrahend.bits().into());
        put_varint(&mut self.entries, difference.below_first);
        put_varint(&mut self.entries, difference.above_last);
    }

    pub fn len_bytes(&self) -> usize {
        self.entries.len() + self.strings.len_bytes()
    }

    /// The whole page; chunks that were not pushed have no value.
    pub fn finish(mut self, column: ColumnId, chunks: usize) -> Vec<u8> {
        self.skip_to(chunks);
        if !column.is_text() {
            return self.entries;
        }
        let mut page = Vec::with_capacity(self.len_bytes());
        self.strings.encode(&mut page);
        page.extend_from_slice(&self.entries);
        page
    }
}

/// A page and how far it is read.
pub struct ColumnPage {
    pub column: ColumnId,
    bytes: Arc<[u8]>,
    at: usize,
    block: Range<usize>,
}

/// What a page says of a chunk.
pub enum Entry<'a> {
    Absent,
    Block(&'a [u8]),
    Difference(Difference),
}

impl ColumnPage {
    /// Opens the page at its first chunk; gives the dictionary too, empty unless text.
    pub fn open(column: ColumnId, bytes: Arc<[u8]>) -> Result<(Self, Vec<Arc<str>>), Malformed> {
        let mut reader = Reader::new(&bytes);
        let strings = if column.is_text() { read_strings(&mut reader)? } else { Vec::new() };
        let at = bytes.len() - reader.rest().len();
        Ok((ColumnPage { column, bytes, at, block: 0..0 }, strings))
    }

    /// The entry of the next chunk.
    pub fn next_entry(&mut self) -> Result<Entry<'_>, Malformed> {
        let mut reader = Reader::new(&self.bytes[self.at..]);
        let entry = match reader.varint()? {
            ABSENT => Entry::Absent,
            REPEATED if self.block.is_empty() => return Err(Malformed),
            REPEATED => Entry::Block(&self.bytes[self.block.clone()]),
            DERIVED => Entry::Difference(Difference {
                minuend: read_column(&mut reader)?,
                subtrahend: read_column(&mut reader)?,
                below_first: reader.varint()?,
                above_last: reader.varint()?,
            }),
            announced => {
                let len = usize::try_from(announced - (BLOCK - 1)).map_err(|_| Malformed)?;
                let begin = self.bytes.len() - reader.rest().len();
                let block = reader.take(len)?;
                self.block = begin..begin + len;
                Entry::Block(block)
            }
        };
        self.at = self.bytes.len() - reader.rest().len();
        Ok(entry)
    }
}

fn read_column(reader: &mut Reader<'_>) -> Result<ColumnId, Malformed> {
    let bits = u32::try_from(reader.varint()?).map_err(|_| Malformed)?;
    Ok(ColumnId::from_bits(bits))
}
