//! The values of one column for all chunks of a group: a dictionary if they are strings, then an
//! entry a chunk. An entry is nothing, the block before once more, the difference of two other
//! columns, the number of an earlier block, or a block of its own.

use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::Arc;

use foldhash::HashMap;
use foldhash::fast::FixedState;

use super::strings::{StringsWriter, read_strings};
use crate::block::{self, Codec, Lanes};
use crate::codec::{Malformed, Reader, put_varint, varint_len};
use crate::rows::ColumnId;

const ABSENT: u64 = 0;
const REPEATED: u64 = 1;
const DERIVED: u64 = 2;
/// A block of `n` bytes, at least one, is announced as `n + BLOCK - 1`.
const BLOCK: u64 = 3;
/// What a block begins with that is the number of an earlier one: no block has this tag.
const REFERENCE: u8 = 0x0f;
/// A shorter block is not worth a reference.
const REFERRED_BYTES_MIN: usize = 8;

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
    /// Where the last block that was said stands in `entries`.
    block: Range<usize>,
    /// How many blocks stand in `entries`.
    blocks: u64,
    /// The number of a block and where it stands, by its hash: the first that has it.
    known: HashMap<u64, (u64, Range<usize>)>,
    hasher: FixedState,
}

impl ColumnPageWriter {
    pub fn new(column: ColumnId) -> Self {
        ColumnPageWriter {
            codec: column.codec(),
            strings: StringsWriter::default(),
            entries: Vec::new(),
            chunks: 0,
            block: 0..0,
            blocks: 0,
            known: HashMap::default(),
            hasher: FixedState::default(),
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
        let referred = block.len() >= REFERRED_BYTES_MIN;
        let hash = if referred { self.hasher.hash_one(block) } else { 0 };
        if referred
            && let Some((number, at)) = self.known.get(&hash)
            && self.entries[at.clone()] == *block
        {
            self.block = at.clone();
            let number = *number;
            put_varint(&mut self.entries, varint_len(number) as u64 + BLOCK);
            self.entries.push(REFERENCE);
            put_varint(&mut self.entries, number);
            return;
        }
        put_varint(&mut self.entries, block.len() as u64 + BLOCK - 1);
        let begin = self.entries.len();
        self.entries.extend_from_slice(block);
        self.block = begin..self.entries.len();
        if referred {
            self.known.entry(hash).or_insert_with(|| (self.blocks, self.block.clone()));
        }
        self.blocks += 1;
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
    /// The last block that was said.
    block: Range<usize>,
    /// Those that stand here, in order.
    blocks: Vec<Range<usize>>,
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
        Ok((ColumnPage { column, bytes, at, block: 0..0, blocks: Vec::new() }, strings))
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
                self.block = match block.split_first() {
                    Some((&REFERENCE, number)) => self.block_of(number)?,
                    _ => {
                        self.blocks.push(begin..begin + len);
                        begin..begin + len
                    }
                };
                Entry::Block(&self.bytes[self.block.clone()])
            }
        };
        self.at = self.bytes.len() - reader.rest().len();
        Ok(entry)
    }
}

impl ColumnPage {
    /// The earlier block that has the number.
    fn block_of(&self, number: &[u8]) -> Result<Range<usize>, Malformed> {
        let mut reader = Reader::new(number);
        let number = usize::try_from(reader.varint()?).map_err(|_| Malformed)?;
        let block = self.blocks.get(number).filter(|_| reader.is_empty());
        block.cloned().ok_or(Malformed)
    }
}

fn read_column(reader: &mut Reader<'_>) -> Result<ColumnId, Malformed> {
    let bits = u32::try_from(reader.varint()?).map_err(|_| Malformed)?;
    Ok(ColumnId::from_bits(bits))
}

#[cfg(test)]
mod tests {
    use weir_types::value::ValueKind;

    use super::*;

    fn block(seed: u64) -> Vec<u8> {
        let mut block = Vec::new();
        let lanes = std::array::from_fn(|row| seed * 1_000 + row as u64 * row as u64 % 7);
        block::encode(Codec::Int, 60, block::all_present(60), &lanes, &mut block);
        block
    }

    #[test]
    fn a_block_that_comes_again_stands_once() {
        let column = ColumnId::new(0, ValueKind::Int);
        let mut writer = ColumnPageWriter::new(column);
        let said: Vec<_> = (0..200).map(|chunk| block(chunk % 9 / 2)).collect();
        said.iter().for_each(|block| writer.push_block(block));
        let page = writer.finish(column, said.len());
        let full: usize = (0..5).map(|seed| block(seed).len()).sum();
        assert!(page.len() < full + 3 * said.len(), "{} bytes", page.len());
        let (mut page, _) = ColumnPage::open(column, page.into()).unwrap();
        for block in &said {
            assert!(matches!(page.next_entry(), Ok(Entry::Block(read)) if *read == **block));
        }
    }

    #[test]
    fn a_reference_to_no_block_is_malformed() {
        let column = ColumnId::new(0, ValueKind::Int);
        for page in [vec![4, REFERENCE, 0], vec![3, REFERENCE], vec![5, REFERENCE, 0x80, 0x80]] {
            let (mut page, _) = ColumnPage::open(column, page.into()).unwrap();
            assert!(page.next_entry().is_err());
        }
    }
}
