//! When the rows of a group's chunks happened, and in which order they arrived. Series of one poll
//! share their timestamps, and their sequences up to where they begin: each list stands once.

use crate::block::{self, Block, Codec, Lanes, ROWS_MAX, all_present};
use crate::codec::{Malformed, Reader, put_signed, put_varint};
use crate::rows::Rows;
use foldhash::HashMap;

#[derive(Default)]
pub struct TimesPageWriter {
    timestamps: Lists,
    sequences: Lists,
    entries: Vec<u8>,
    /// Where in `entries` the chunks of the current series begin, and how many they are.
    series: Vec<(usize, u64)>,
    previous: Previous,
}

/// Lists of a group, numbered as they came.
#[derive(Default)]
struct Lists {
    numbers: HashMap<Vec<u8>, i64>,
    bytes: Vec<u8>,
}

#[derive(Default)]
struct Previous {
    timestamps: i64,
    sequences: i64,
    first_sequence: u64,
}

impl TimesPageWriter {
    pub fn begin_series(&mut self) {
        self.series.push((self.entries.len(), 0));
    }

    /// Appends a chunk of the current series: at least one row, sorted.
    pub fn push(&mut self, rows: &Rows) {
        let first = rows.sequences[0];
        let timestamps = self.timestamps.number(rows.len, &rows.timestamps);
        let sequences = rows.sequences.map(|sequence| sequence.wrapping_sub(first));
        let sequences = self.sequences.number(rows.len, &sequences);
        let previous = &mut self.previous;
        put_signed(&mut self.entries, timestamps - previous.timestamps);
        put_signed(&mut self.entries, sequences - previous.sequences);
        let step = first.wrapping_sub(previous.first_sequence).cast_signed();
        put_signed(&mut self.entries, step);
        *previous = Previous { timestamps, sequences, first_sequence: first };
        if let Some((_, chunks)) = self.series.last_mut() {
            *chunks += 1;
        }
    }

    pub fn len_bytes(&self) -> usize {
        self.timestamps.bytes.len() + self.sequences.bytes.len() + self.entries.len()
    }

    pub fn finish(self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.len_bytes() + self.series.len() + 16);
        self.timestamps.encode(&mut out);
        self.sequences.encode(&mut out);
        let ends = self.series.iter().skip(1).map(|(begin, _)| *begin);
        let ends = ends.chain([self.entries.len()]);
        for ((begin, chunks), end) in self.series.iter().zip(ends) {
            put_varint(&mut out, *chunks);
            out.extend_from_slice(&self.entries[*begin..end]);
        }
        out
    }
}

impl Lists {
    fn number(&mut self, rows: usize, lanes: &Lanes) -> i64 {
        let mut list = vec![rows as u8];
        block::encode(Codec::Id, rows, all_present(rows), lanes, &mut list);
        if let Some(number) = self.numbers.get(&list) {
            return *number;
        }
        let number = self.numbers.len() as i64;
        put_varint(&mut self.bytes, list.len() as u64);
        self.bytes.extend_from_slice(&list);
        self.numbers.insert(list, number);
        number
    }

    fn encode(&self, out: &mut Vec<u8>) {
        put_varint(out, self.numbers.len() as u64);
        out.extend_from_slice(&self.bytes);
    }
}

/// The lists of a group, and which of them each chunk of each series has.
pub struct Times {
    timestamps: Vec<List>,
    sequences: Vec<List>,
    /// By series.
    pub chunks: Vec<Vec<ChunkTimes>>,
}

struct List {
    rows: usize,
    lanes: Lanes,
}

#[derive(Debug, Clone, Copy)]
pub struct ChunkTimes {
    timestamps: usize,
    sequences: usize,
    first_sequence: u64,
}

impl Times {
    pub fn decode(page: &[u8], series: usize) -> Result<Times, Malformed> {
        let mut reader = Reader::new(page);
        let timestamps = read_lists(&mut reader)?;
        let sequences = read_lists(&mut reader)?;
        let mut times = Times { timestamps, sequences, chunks: Vec::with_capacity(series) };
        let mut previous = Previous::default();
        for _ in 0..series {
            let mut chunks = Vec::new();
            for _ in 0..reader.count(3)? {
                chunks.push(times.read_chunk(&mut reader, &mut previous)?);
            }
            times.chunks.push(chunks);
        }
        if reader.is_empty() { Ok(times) } else { Err(Malformed) }
    }

    /// Earliest and latest timestamp: rows are sorted.
    pub fn bounds(&self, chunk: &ChunkTimes) -> (i64, i64) {
        let list = &self.timestamps[chunk.timestamps];
        (list.lanes[0].cast_signed(), list.lanes[list.rows - 1].cast_signed())
    }

    /// Sets number, timestamps and sequences of `rows`.
    pub fn unpack(&self, chunk: &ChunkTimes, rows: &mut Rows) {
        let list = &self.timestamps[chunk.timestamps];
        rows.len = list.rows;
        rows.timestamps = list.lanes;
        let first = chunk.first_sequence;
        rows.sequences =
            self.sequences[chunk.sequences].lanes.map(|sequence| sequence.wrapping_add(first));
    }

    fn read_chunk(
        &self,
        reader: &mut Reader<'_>,
        previous: &mut Previous,
    ) -> Result<ChunkTimes, Malformed> {
        previous.timestamps = previous.timestamps.wrapping_add(reader.signed()?);
        previous.sequences = previous.sequences.wrapping_add(reader.signed()?);
        let step = reader.signed()?.cast_unsigned();
        previous.first_sequence = previous.first_sequence.wrapping_add(step);
        let chunk = ChunkTimes {
            timestamps: usize::try_from(previous.timestamps).map_err(|_| Malformed)?,
            sequences: usize::try_from(previous.sequences).map_err(|_| Malformed)?,
            first_sequence: previous.first_sequence,
        };
        let timestamps = self.timestamps.get(chunk.timestamps).ok_or(Malformed)?;
        let sequences = self.sequences.get(chunk.sequences).ok_or(Malformed)?;
        if timestamps.rows == sequences.rows { Ok(chunk) } else { Err(Malformed) }
    }
}

fn read_lists(reader: &mut Reader<'_>) -> Result<Vec<List>, Malformed> {
    let count = reader.count(4)?;
    let mut lists = Vec::with_capacity(count);
    for _ in 0..count {
        let len = usize::try_from(reader.varint()?).map_err(|_| Malformed)?;
        let mut list = Reader::new(reader.take(len)?);
        let rows = usize::from(list.byte()?);
        if rows == 0 || rows > ROWS_MAX {
            return Err(Malformed);
        }
        let block = Block::parse(Codec::Id, rows, list.rest())?;
        if block.presence() != all_present(rows) {
            return Err(Malformed);
        }
        let mut lanes = [0; ROWS_MAX];
        block.unpack(&mut lanes)?;
        lists.push(List { rows, lanes });
    }
    Ok(lists)
}
