//! The newest rows of one series, not packed yet: a short string of bytes in which each row says
//! what changed since the row before. Small, because there is one for every series.
//!
//! A row is the difference of its timestamp (signed varint) and of its sequence (varint), then an
//! entry for each column that changed: a varint of `step << 1 | gone`, where `step` counts column
//! ids from the entry before (the first from -1), and unless gone the value. A zero ends the row.
//! The first row counts from nothing.

use crate::block::{Codec, Malformed};
use crate::codec::{Reader, put_signed, put_varint, unzigzag, zigzag};
use crate::rows::Rows;
use crate::rows::{Cell, ColumnId};

/// Rows after which a tail is packed. Reading a tail walks all its columns, so it stays short.
pub const TAIL_ROWS: usize = 16;

/// The bytes that readers copy, and what the writer needs to append to them.
pub struct Tail {
    bytes: Vec<u8>,
    rows: usize,
    timestamps: Option<(i64, i64)>,
    previous: Previous,
}

/// The row before, in the same shape for the writer and for whoever reads the bytes back.
#[derive(Default)]
struct Previous {
    timestamp: i64,
    sequence: u64,
    /// Ascending by column.
    columns: Vec<PreviousCell>,
}

/// The last value of a column, which the row before may lack.
#[derive(Clone, Copy)]
struct PreviousCell {
    lane: u64,
    column: ColumnId,
    present: bool,
}

impl PreviousCell {
    fn new(column: ColumnId) -> Self {
        PreviousCell { lane: 0, column, present: false }
    }
}

impl Tail {
    pub fn new() -> Self {
        Tail { bytes: Vec::new(), rows: 0, timestamps: None, previous: Previous::default() }
    }

    pub fn row_count(&self) -> usize {
        self.rows
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Least and greatest timestamp.
    pub fn time_bounds(&self) -> Option<(i64, i64)> {
        self.timestamps
    }

    pub fn heap_bytes(&self) -> usize {
        self.bytes.capacity() + self.previous.columns.capacity() * size_of::<PreviousCell>()
    }

    /// Appends a row; `cells` ascend by column, each column once.
    pub fn push(&mut self, timestamp: i64, sequence: u64, cells: &[Cell]) {
        self.make_room(cells.len());
        let out = &mut self.bytes;
        put_signed(out, timestamp.wrapping_sub(self.previous.timestamp));
        put_varint(out, sequence.wrapping_sub(self.previous.sequence));
        self.previous.timestamp = timestamp;
        self.previous.sequence = sequence;
        put_changes(&mut self.previous.columns, cells, out);
        self.rows += 1;
        let (min, max) = self.timestamps.unwrap_or((timestamp, timestamp));
        self.timestamps = Some((min.min(timestamp), max.max(timestamp)));
    }

    /// Grows in small steps: doubling would waste half of what all tails take together.
    fn make_room(&mut self, cells: usize) {
        const STEP_BYTES: usize = 128;
        if self.bytes.capacity() - self.bytes.len() < STEP_BYTES {
            self.bytes.reserve_exact(STEP_BYTES);
        }
        self.previous.columns.reserve_exact(cells.saturating_sub(self.previous.columns.len()));
    }

    /// Forgets the rows, keeps the room.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.rows = 0;
        self.timestamps = None;
        self.previous.timestamp = 0;
        self.previous.sequence = 0;
        self.previous.columns.clear();
    }

    /// Gives the room back too.
    pub fn release(&mut self) {
        *self = Tail::new();
    }
}

/// Appends the rows that a tail's bytes hold to `rows`, which must have room.
pub fn unpack_into(bytes: &[u8], rows: &mut Rows) {
    let mut reader = Reader::new(bytes);
    let mut previous = Previous::default();
    while !reader.is_empty() {
        read_row(&mut reader, &mut previous, rows).expect("a tail in memory is as it was written");
    }
}

/// Both lists ascend by column: one walk over both.
fn put_changes(columns: &mut Vec<PreviousCell>, cells: &[Cell], out: &mut Vec<u8>) {
    let mut at = 0;
    let mut entry = Entries::new(out);
    for cell in cells {
        while columns.get(at).is_some_and(|c| c.column < cell.column) {
            entry.put_gone(&mut columns[at]);
            at += 1;
        }
        if columns.get(at).is_none_or(|c| c.column != cell.column) {
            columns.insert(at, PreviousCell::new(cell.column));
        }
        entry.put_value(&mut columns[at], cell.lane);
        at += 1;
    }
    for column in &mut columns[at..] {
        entry.put_gone(column);
    }
    out.push(0);
}

/// Writes the entries of one row.
struct Entries<'a> {
    out: &'a mut Vec<u8>,
    /// One above the column of the entry before.
    base: u32,
}

impl<'a> Entries<'a> {
    fn new(out: &'a mut Vec<u8>) -> Self {
        Entries { out, base: 0 }
    }

    fn put_value(&mut self, previous: &mut PreviousCell, lane: u64) {
        if previous.present && previous.lane == lane {
            return;
        }
        self.put_head(previous.column, false);
        put_varint(self.out, change(previous, lane));
        *previous = PreviousCell { lane, present: true, ..*previous };
    }

    fn put_gone(&mut self, previous: &mut PreviousCell) {
        if previous.present {
            self.put_head(previous.column, true);
            previous.present = false;
        }
    }

    fn put_head(&mut self, column: ColumnId, gone: bool) {
        let step = u64::from(column.bits()) + 1 - u64::from(self.base);
        put_varint(self.out, step << 1 | u64::from(gone));
        self.base = column.bits() + 1;
    }
}

fn read_row(
    reader: &mut Reader<'_>,
    previous: &mut Previous,
    rows: &mut Rows,
) -> Result<(), Malformed> {
    previous.timestamp = previous.timestamp.wrapping_add(reader.signed()?);
    previous.sequence = previous.sequence.wrapping_add(reader.varint()?);
    let mut base = 0;
    loop {
        let head = reader.varint()?;
        if head == 0 {
            break;
        }
        base += head >> 1;
        let bits = u32::try_from(base - 1).map_err(|_| Malformed)?;
        let known = previous.cell_mut(ColumnId::from_bits(bits));
        known.present = head & 1 == 0;
        if known.present {
            known.lane = changed(known, reader.varint()?);
        }
    }
    previous.copy_to(rows);
    Ok(())
}

impl Previous {
    fn cell_mut(&mut self, column: ColumnId) -> &mut PreviousCell {
        let at = match self.columns.binary_search_by_key(&column, |c| c.column) {
            Ok(at) => at,
            Err(at) => {
                self.columns.insert(at, PreviousCell::new(column));
                at
            }
        };
        &mut self.columns[at]
    }

    fn copy_to(&self, rows: &mut Rows) {
        let row = rows.len;
        rows.timestamps[row] = self.timestamp.cast_unsigned();
        rows.sequences[row] = self.sequence;
        for known in self.columns.iter().filter(|known| known.present) {
            let at = rows.column_at(known.column);
            rows.columns[at].set(row, known.lane);
        }
        rows.len += 1;
    }
}

/// What to write for a value after `previous`: neighbours are close in number, or share the high
/// bits of a double.
fn change(previous: &PreviousCell, lane: u64) -> u64 {
    match previous.column.codec() {
        Codec::Float => (lane ^ previous.lane).swap_bytes(),
        Codec::Int | Codec::Id => zigzag(lane.wrapping_sub(previous.lane).cast_signed()),
    }
}

fn changed(previous: &PreviousCell, change: u64) -> u64 {
    match previous.column.codec() {
        Codec::Float => change.swap_bytes() ^ previous.lane,
        Codec::Int | Codec::Id => previous.lane.wrapping_add(unzigzag(change).cast_unsigned()),
    }
}

#[cfg(test)]
mod tests {
    use weir_types::value::ValueKind;

    use super::*;

    fn cell(name: usize, kind: ValueKind, lane: u64) -> Cell {
        Cell { column: ColumnId::new(name, kind), lane }
    }

    #[test]
    fn columns_come_go_and_come_back() {
        let ratio = |f: f64| cell(1, ValueKind::Float, f.to_bits());
        let written = [
            vec![cell(0, ValueKind::Int, 5), ratio(0.1)],
            vec![ratio(0.1)],
            vec![],
            vec![cell(0, ValueKind::Int, u64::MAX), cell(0, ValueKind::Str, 3), ratio(-0.0)],
            vec![cell(0, ValueKind::Bool, 1), cell(7, ValueKind::Int, 1)],
        ];
        let mut tail = Tail::new();
        for (row, cells) in (0..).zip(&written) {
            tail.push(i64::MIN + row, u64::MAX / 2 + row.unsigned_abs(), cells);
        }
        let mut rows = Rows::new();
        unpack_into(tail.bytes(), &mut rows);
        assert_eq!(rows.len, written.len());
        for (row, cells) in written.iter().enumerate() {
            let read = rows.columns.iter().filter_map(|column| {
                column.get(row).map(|lane| Cell { column: column.column, lane })
            });
            assert_eq!(read.collect::<Vec<_>>(), *cells, "row {row}");
            assert_eq!(rows.timestamp(row), i64::MIN + row as i64);
            assert_eq!(rows.sequences[row], u64::MAX / 2 + row as u64);
        }
    }

    #[test]
    fn a_row_like_the_one_before_takes_a_few_bytes() {
        let cells: Vec<Cell> = (0..20).map(|name| cell(name, ValueKind::Int, 1 << name)).collect();
        let mut tail = Tail::new();
        tail.push(1_700_000_000_000, 1_000, &cells);
        let first = tail.bytes().len();
        tail.push(1_700_000_060_000, 41_000, &cells);
        assert!(tail.bytes().len() - first <= 7, "{} bytes", tail.bytes().len() - first);
    }
}
