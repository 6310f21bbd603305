//! Up to 64 rows of one series, unpacked: what chunks and tails are made of and read into, in
//! memory and in segments alike.

mod column;
mod event_row;

use std::ops::Range;

use weir_types::TimeRange;

pub use column::{Cell, ColumnId};
pub use event_row::{Dictionary, EventRow};

use crate::block::{Lanes, ROWS_MAX, all_present};

/// Rows side by side, columns ascending by id. Reused from chunk to chunk.
#[derive(Clone)]
pub struct Rows {
    pub len: usize,
    pub timestamps: Lanes,
    pub sequences: Lanes,
    pub columns: Vec<ColumnRows>,
}

#[derive(Clone)]
pub struct ColumnRows {
    pub column: ColumnId,
    /// Bit `i` is set when row `i` has a value; other lanes mean nothing.
    pub presence: u64,
    pub lanes: Lanes,
}

impl ColumnRows {
    pub fn new(column: ColumnId) -> Self {
        ColumnRows { column, presence: 0, lanes: [0; ROWS_MAX] }
    }

    pub fn get(&self, row: usize) -> Option<u64> {
        (self.presence >> row & 1 == 1).then(|| self.lanes[row])
    }

    pub fn set(&mut self, row: usize, lane: u64) {
        self.presence |= 1 << row;
        self.lanes[row] = lane;
    }
}

impl Rows {
    pub fn new() -> Self {
        Rows { len: 0, timestamps: [0; ROWS_MAX], sequences: [0; ROWS_MAX], columns: Vec::new() }
    }

    pub fn clear(&mut self) {
        self.len = 0;
        self.columns.clear();
    }

    /// Place of the column, made when it is not there.
    pub fn column_at(&mut self, column: ColumnId) -> usize {
        match self.columns.binary_search_by_key(&column, |c| c.column) {
            Ok(at) => at,
            Err(at) => {
                self.columns.insert(at, ColumnRows::new(column));
                at
            }
        }
    }

    /// Appends `range` of `from`; there is room.
    pub fn append(&mut self, from: &Rows, range: Range<usize>) {
        let to = self.len..self.len + range.len();
        self.timestamps[to.clone()].copy_from_slice(&from.timestamps[range.clone()]);
        self.sequences[to.clone()].copy_from_slice(&from.sequences[range.clone()]);
        for column in &from.columns {
            let presence = (column.presence >> range.start) & all_present(range.len());
            if presence != 0 {
                let at = self.column_at(column.column);
                let own = &mut self.columns[at];
                own.presence |= presence << to.start;
                own.lanes[to.clone()].copy_from_slice(&column.lanes[range.clone()]);
            }
        }
        self.len = to.end;
    }

    pub fn timestamp(&self, row: usize) -> i64 {
        self.timestamps[row].cast_signed()
    }

    /// Whether a reader at `watermark` who asked for `range` sees the row.
    pub fn is_visible(&self, row: usize, range: TimeRange, watermark: u64) -> bool {
        let at = self.timestamp(row);
        self.sequences[row] < watermark
            && range.begin.as_millis() <= at
            && at < range.end.as_millis()
    }

    /// Brings rows into the order of (timestamp, sequence); mostly they are.
    pub fn sort(&mut self) {
        let mut order: [u8; ROWS_MAX] = std::array::from_fn(|row| row as u8);
        let order = &mut order[..self.len];
        let key = |row: &u8| {
            let row = usize::from(*row);
            (self.timestamps[row].cast_signed(), self.sequences[row])
        };
        if order.is_sorted_by_key(key) {
            return;
        }
        order.sort_unstable_by_key(key);
        self.timestamps = reordered(&self.timestamps, order);
        self.sequences = reordered(&self.sequences, order);
        for column in &mut self.columns {
            column.lanes = reordered(&column.lanes, order);
            let moved = order.iter().enumerate();
            column.presence =
                moved.fold(0, |bits, (to, from)| bits | (column.presence >> from & 1) << to);
        }
    }
}

fn reordered(lanes: &Lanes, order: &[u8]) -> Lanes {
    let mut moved = [0; ROWS_MAX];
    for (to, from) in order.iter().enumerate() {
        moved[to] = lanes[usize::from(*from)];
    }
    moved
}
