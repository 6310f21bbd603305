//! Events on their way from columns into series: lanes by row, whatever the values are.

use weir_types::{Presence, Timestamp};

use crate::block::ROWS_MAX;
use crate::rows::{Cell, ColumnId, ColumnRows, Rows};

/// A column of what comes in, its names and strings as the table's numbers.
pub struct Source<'a> {
    pub column: ColumnId,
    values: Values<'a>,
    /// By row, where not every row has a value: its place in `values`, or [`ABSENT`].
    places: Option<Vec<u32>>,
}

pub enum Values<'a> {
    Ints(&'a [i64]),
    Floats(&'a [f64]),
    Bools(&'a [bool]),
    /// `numbers` are the table's, by code.
    Texts {
        numbers: Vec<u64>,
        codes: &'a [u32],
    },
}

const ABSENT: u32 = u32::MAX;

impl<'a> Source<'a> {
    pub fn new(column: ColumnId, values: Values<'a>, presence: Option<&Presence>) -> Self {
        let places = presence.map(|presence| {
            let mut next = 0;
            let rows = 0..presence.words().len() * 64;
            let place = |row| {
                let here = presence.get(row);
                next += u32::from(here);
                if here { next - 1 } else { ABSENT }
            };
            rows.map(place).collect()
        });
        Source { column, values, places }
    }

    pub fn cell(&self, row: usize) -> Option<Cell> {
        let at = self.place(row)?;
        let lane = match &self.values {
            Values::Ints(ints) => ints[at].cast_unsigned(),
            Values::Floats(floats) => floats[at].to_bits(),
            Values::Bools(bools) => u64::from(bools[at]),
            Values::Texts { numbers, codes } => numbers[codes[at] as usize],
        };
        Some(Cell { column: self.column, lane })
    }

    fn place(&self, row: usize) -> Option<usize> {
        match &self.places {
            None => Some(row),
            Some(places) => {
                places.get(row).filter(|place| **place != ABSENT).map(|place| *place as usize)
            }
        }
    }

    /// Puts the values of `rows` behind the first `at` of `into`.
    fn put(&self, rows: &[u32], at: usize, into: &mut ColumnRows) {
        match &self.values {
            Values::Ints(ints) => self.put_lanes(rows, at, into, |i| ints[i].cast_unsigned()),
            Values::Floats(floats) => self.put_lanes(rows, at, into, |i| floats[i].to_bits()),
            Values::Bools(bools) => self.put_lanes(rows, at, into, |i| u64::from(bools[i])),
            Values::Texts { numbers, codes } => {
                self.put_lanes(rows, at, into, |i| numbers[codes[i] as usize]);
            }
        }
    }

    fn put_lanes(
        &self,
        rows: &[u32],
        at: usize,
        into: &mut ColumnRows,
        lane: impl Fn(usize) -> u64,
    ) {
        if self.places.is_none() {
            into.presence |= crate::block::all_present(rows.len()) << at;
            let lanes = &mut into.lanes[at..at + rows.len()];
            lanes.iter_mut().zip(rows).for_each(|(to, row)| *to = lane(*row as usize));
            return;
        }
        for (to, row) in (at..).zip(rows) {
            if let Some(place) = self.place(*row as usize) {
                into.set(to, lane(place));
            }
        }
    }
}

/// What comes in, and room to work in that is reused from series to series.
pub struct Incoming<'a> {
    timestamps: &'a [Timestamp],
    first_sequence: u64,
    /// Ascending by column.
    measured: &'a [Source<'a>],
    pub rows: Rows,
    pub cells: Vec<Cell>,
}

impl<'a> Incoming<'a> {
    pub fn new(
        timestamps: &'a [Timestamp],
        first_sequence: u64,
        measured: &'a [Source<'a>],
    ) -> Self {
        Incoming { timestamps, first_sequence, measured, rows: Rows::new(), cells: Vec::new() }
    }

    pub fn timestamp(&self, row: u32) -> i64 {
        self.timestamps[row as usize].as_millis()
    }

    pub fn sequence(&self, row: u32) -> u64 {
        self.first_sequence + u64::from(row)
    }

    /// Puts the cells of a row into `self.cells`.
    pub fn load_cells(&mut self, row: u32) {
        self.cells.clear();
        self.cells.extend(self.measured.iter().filter_map(|source| source.cell(row as usize)));
    }

    /// Appends as many of `rows` to `self.rows` as have room; gives how many.
    pub fn load_rows(&mut self, rows: &[u32]) -> usize {
        let at = self.rows.len;
        let taken = &rows[..rows.len().min(ROWS_MAX - at)];
        for (to, row) in (at..).zip(taken) {
            self.rows.timestamps[to] = self.timestamp(*row).cast_unsigned();
            self.rows.sequences[to] = self.sequence(*row);
        }
        for source in self.measured {
            let column = self.rows.column_at(source.column);
            source.put(taken, at, &mut self.rows.columns[column]);
        }
        self.rows.len += taken.len();
        taken.len()
    }
}
