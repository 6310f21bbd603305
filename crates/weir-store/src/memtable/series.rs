//! One series: its key and its rows, packed chunks first, the tail last.

use std::collections::VecDeque;
use std::io;
use std::ops::Range;
use std::sync::{Arc, RwLock};

use weir_types::TimeRange;

use super::chunk::Chunk;
use super::incoming::Incoming;
use super::tail::{TAIL_ROWS, Tail, unpack_into};
use crate::block::ROWS_MAX;
use crate::rows::Cell;
use crate::rows::Rows;
use crate::sync::{read, write};

/// What every series costs beside its rows and its key: itself, its place in the list and in the
/// index.
const FIXED_BYTES: usize = 256;
/// What a chunk costs beside its bytes: its counts and its place in the list.
const CHUNK_BYTES: usize = 48;

/// A chunk with fewer rows takes more, even if it can't take all.
const SHORT_ROWS: usize = ROWS_MAX / 2;

/// Rows that have the same identity.
pub struct Series {
    /// Identity values, ascending by column; empty for undeclared event types.
    pub key: Arc<[Cell]>,
    rows: RwLock<SeriesRows>,
}

struct SeriesRows {
    chunks: Vec<Chunk>,
    chunk_bytes: usize,
    tail: Tail,
    /// Rows with which the tail is packed.
    tail_rows: usize,
}

impl Series {
    /// `number` counts the series of a table. Series of one poll grow together: the first tails are
    /// of different lengths, or all would be packed at once while callers wait.
    pub fn new(key: Arc<[Cell]>, number: usize) -> Self {
        let tail_rows = TAIL_ROWS - number % TAIL_ROWS;
        let rows = SeriesRows { chunks: Vec::new(), chunk_bytes: 0, tail: Tail::new(), tail_rows };
        Series { key, rows: RwLock::new(rows) }
    }

    /// Memory of a series without rows.
    pub fn fixed_bytes(&self) -> usize {
        // The writer has the key once more.
        FIXED_BYTES + 2 * size_of_val(&*self.key)
    }

    /// Appends rows and gives the change of memory in bytes. Only the writer calls it.
    pub fn append(&self, incoming: &mut Incoming<'_>, taken: &[u32]) -> isize {
        let mut rows = write(&self.rows);
        let before = rows.heap_bytes();
        if rows.tail.row_count() + taken.len() < rows.tail_rows {
            for row in taken {
                incoming.load_cells(*row);
                rows.tail.push(incoming.timestamp(*row), incoming.sequence(*row), &incoming.cells);
            }
        } else {
            rows.pack(incoming, taken);
        }
        rows.heap_bytes().wrapping_sub(before).cast_signed()
    }

    /// Packs what is left and gives back the room of the tail; nothing is appended afterwards.
    pub fn freeze(&self) -> isize {
        let mut rows = write(&self.rows);
        let before = rows.heap_bytes();
        if rows.tail.row_count() > 0 {
            rows.pack_tail();
        }
        rows.tail.release();
        rows.chunks.shrink_to_fit();
        rows.heap_bytes().wrapping_sub(before).cast_signed()
    }

    /// Hands every packed row to `visit` in the order of timestamp, then sequence, as ranges of
    /// unpacked chunks. For frozen series, whose rows are all packed.
    pub fn for_each_sorted(
        &self,
        visit: &mut dyn FnMut(&Rows, Range<usize>) -> io::Result<()>,
    ) -> io::Result<()> {
        let chunks = read(&self.rows).chunks.clone();
        let mut rows = Rows::new();
        // Later chunks hold later arrivals: equal timestamps are in order.
        if chunks.is_sorted_by(|a, b| a.newest() <= b.oldest()) {
            for chunk in &chunks {
                rows.clear();
                chunk.unpack_into(&mut rows);
                visit(&rows, 0..rows.len)?;
            }
            return Ok(());
        }
        for_each_interleaved(&chunks, visit)
    }

    /// Takes what may hold rows of `range`: chunks are shared, the tail is copied. This is all a
    /// reader does under the lock.
    pub fn collect(&self, range: TimeRange, into: &mut Collected) {
        into.chunks.clear();
        into.tail.clear();
        let rows = read(&self.rows);
        into.chunks.extend(rows.chunks.iter().filter(|c| c.overlaps(range)).cloned());
        if let Some((min, max)) = rows.tail.time_bounds()
            && min < range.end.as_millis()
            && max >= range.begin.as_millis()
        {
            into.tail.extend_from_slice(rows.tail.bytes());
        }
    }
}

/// A reader's share of one series; reused from series to series.
#[derive(Default)]
pub struct Collected {
    chunks: Vec<Chunk>,
    tail: Vec<u8>,
}

impl Collected {
    /// Unpacks chunk after chunk, then the tail, into `rows` and calls `visit` for each.
    pub fn for_each<B>(
        &self,
        rows: &mut Rows,
        mut visit: impl FnMut(&Rows) -> std::ops::ControlFlow<B>,
    ) -> std::ops::ControlFlow<B> {
        for chunk in &self.chunks {
            rows.clear();
            chunk.unpack_into(rows);
            visit(rows)?;
        }
        rows.clear();
        unpack_into(&self.tail, rows);
        visit(rows)
    }

    /// Unpacks the part that holds the newest row which `is_visible`, and hands that row's place to
    /// `visit`. Parts that end before it are not unpacked.
    pub fn with_newest(
        &mut self,
        rows: &mut Rows,
        is_visible: impl Fn(&Rows, usize) -> bool,
        visit: impl FnOnce(&Rows, usize),
    ) {
        self.chunks.sort_by_key(|chunk| std::cmp::Reverse(chunk.newest()));
        let mut best: Option<(Moment, Part)> = None;
        let mut unpacked = Part::Tail;
        for part in std::iter::once(Part::Tail).chain((0..self.chunks.len()).map(Part::Chunk)) {
            let ends_before =
                |at: i64| matches!(part, Part::Chunk(i) if self.chunks[i].newest() < at);
            if best.as_ref().is_some_and(|((at, _), _)| ends_before(*at)) {
                break;
            }
            self.unpack(part, rows);
            unpacked = part;
            if let Some(moment) = newest_in(rows, &is_visible)
                && best.as_ref().is_none_or(|(known, _)| moment > *known)
            {
                best = Some((moment, part));
            }
        }
        let Some((moment, part)) = best else { return };
        if unpacked != part {
            self.unpack(part, rows);
        }
        let row =
            (0..rows.len).find(|row| is_visible(rows, *row) && moment_of(rows, *row) == moment);
        visit(rows, row.expect("the row was seen in this part"));
    }

    fn unpack(&self, part: Part, rows: &mut Rows) {
        rows.clear();
        match part {
            Part::Chunk(index) => self.chunks[index].unpack_into(rows),
            Part::Tail => unpack_into(&self.tail, rows),
        }
    }
}

/// As many chunks as stay unpacked while rows of several are interleaved.
const UNPACKED_MAX: usize = 8;

fn for_each_interleaved(
    chunks: &[Chunk],
    visit: &mut dyn FnMut(&Rows, Range<usize>) -> io::Result<()>,
) -> io::Result<()> {
    let mut order = Vec::new();
    let mut rows = Rows::new();
    for (number, chunk) in chunks.iter().enumerate() {
        rows.clear();
        chunk.unpack_into(&mut rows);
        order.extend((0..rows.len).map(|row| (moment_of(&rows, row), number, row)));
    }
    order.sort_unstable();
    let mut unpacked: VecDeque<(usize, Rows)> = VecDeque::new();
    for (_, number, row) in order {
        if !unpacked.iter().any(|(known, _)| *known == number) {
            let mut rows = match unpacked.len() == UNPACKED_MAX {
                true => unpacked.pop_front().map_or_else(Rows::new, |(_, rows)| rows),
                false => Rows::new(),
            };
            rows.clear();
            chunks[number].unpack_into(&mut rows);
            unpacked.push_back((number, rows));
        }
        let found = unpacked.iter().find(|(known, _)| *known == number);
        found.map_or(Ok(()), |(_, rows)| visit(rows, row..row + 1))?;
    }
    Ok(())
}

/// Timestamp, then sequence: equal timestamps are told apart by arrival.
type Moment = (i64, u64);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Tail,
    Chunk(usize),
}

fn moment_of(rows: &Rows, row: usize) -> Moment {
    (rows.timestamp(row), rows.sequences[row])
}

fn newest_in(rows: &Rows, is_visible: impl Fn(&Rows, usize) -> bool) -> Option<Moment> {
    (0..rows.len).filter(|row| is_visible(rows, *row)).map(|row| moment_of(rows, row)).max()
}

impl SeriesRows {
    /// Packs the tail and the rows behind it.
    fn pack(&mut self, incoming: &mut Incoming<'_>, taken: &[u32]) {
        self.unpack_loose(taken.len(), &mut incoming.rows);
        let mut rest = taken;
        while !rest.is_empty() {
            let loaded = incoming.load_rows(rest);
            rest = &rest[loaded..];
            self.push_chunk(&mut incoming.rows);
            incoming.rows.clear();
        }
    }

    fn pack_tail(&mut self) {
        let mut rows = Rows::new();
        self.unpack_loose(0, &mut rows);
        self.push_chunk(&mut rows);
    }

    /// Empties the tail into `rows`; before it the last chunk, if that has room for all that comes
    /// or is short, so that chunks are full ones.
    fn unpack_loose(&mut self, coming: usize, rows: &mut Rows) {
        rows.clear();
        let coming = self.tail.row_count() + coming;
        let has_room = |chunk: &Chunk| {
            chunk.row_count() < SHORT_ROWS || chunk.row_count() + coming <= ROWS_MAX
        };
        if self.chunks.last().is_some_and(has_room)
            && let Some(last) = self.chunks.pop()
        {
            last.unpack_into(rows);
            self.chunk_bytes -= last.len_bytes() + CHUNK_BYTES;
        }
        unpack_into(self.tail.bytes(), rows);
        self.tail.clear();
        self.tail_rows = TAIL_ROWS;
    }

    fn push_chunk(&mut self, rows: &mut Rows) {
        rows.sort();
        let chunk = Chunk::pack(rows);
        self.chunk_bytes += chunk.len_bytes() + CHUNK_BYTES;
        self.chunks.push(chunk);
    }

    fn heap_bytes(&self) -> usize {
        self.chunk_bytes + self.tail.heap_bytes()
    }
}

#[cfg(test)]
mod tests {
    use weir_types::Timestamp;

    use super::*;

    #[test]
    fn series_that_grow_together_are_not_packed_together() {
        let key: Arc<[Cell]> = [].into();
        let series: Vec<_> = (0..TAIL_ROWS).map(|i| Series::new(key.clone(), i)).collect();
        for round in 0..3 * TAIL_ROWS {
            let timestamps = [Timestamp::from_millis(round as i64)];
            let mut incoming = Incoming::new(&timestamps, round as u64, &[]);
            let tail_is_empty = |series: &Series| read(&series.rows).tail.row_count() == 0;
            for series in &series {
                series.append(&mut incoming, &[0]);
            }
            let packed = series.iter().filter(|series| tail_is_empty(series)).count();
            assert_eq!(packed, 1, "round {round}");
        }
        for series in series {
            series.freeze();
            let chunks = read(&series.rows).chunks.iter().map(Chunk::row_count).sum::<usize>();
            assert_eq!(chunks, 3 * TAIL_ROWS);
        }
    }
}
