//! Columns to bytes.

use std::sync::Arc;

use foldhash::HashMap;
use weir_types::{AccountId, Column, ColumnValues, Columns, Timestamp};

use super::{COMPLETE, END_MARK, SPARSE, kind_code};
use crate::codec::{put_signed, put_varint};

/// Collects what shares a commit and encodes it as it comes.
#[derive(Default)]
pub struct RecordBuilder {
    strings: Strings,
    tables: u64,
    table_bytes: Vec<u8>,
    events: u32,
}

/// Numbers strings in the order they first came, and keeps their bytes.
#[derive(Default)]
struct Strings {
    numbers: HashMap<Arc<str>, u64>,
    bytes: Vec<u8>,
}

/// At least as many bytes as the columns can take in a record.
pub fn bytes_bound(columns: &Columns) -> usize {
    const PER_VALUE: usize = 10;
    const PER_STRING: usize = 10;
    const PER_COLUMN: usize = 32;
    let events = columns.timestamps.len();
    let column = |column: &Column| {
        let strings: usize = match &column.values {
            ColumnValues::Texts { strings, .. } => {
                strings.iter().map(|string| string.len() + PER_STRING).sum()
            }
            _ => 0,
        };
        let presence = column.presence.as_ref().map_or(0, |_| events.div_ceil(8));
        PER_COLUMN + column.name.len() + strings + presence + column.values.len() * PER_VALUE
    };
    let all: usize = columns.columns.iter().map(column).sum();
    2 * PER_COLUMN + columns.event_type.len() + events * PER_VALUE + all
}

impl RecordBuilder {
    /// Adds columns that are valid and have an event.
    pub fn push(&mut self, account: AccountId, columns: &Columns) {
        self.tables += 1;
        self.events += columns.timestamps.len() as u32;
        let event_type = self.strings.number(&columns.event_type);
        let out = &mut self.table_bytes;
        put_varint(out, account.0);
        put_varint(out, event_type);
        put_varint(out, columns.timestamps.len() as u64);
        put_differences(columns.timestamps.iter().copied().map(Timestamp::as_millis), out);
        put_varint(out, columns.columns.len() as u64);
        for column in &columns.columns {
            self.push_column(column, columns.timestamps.len());
        }
    }

    pub fn events(&self) -> u32 {
        self.events
    }

    /// Bytes so far.
    pub fn len(&self) -> usize {
        self.strings.bytes.len() + self.table_bytes.len()
    }

    pub fn finish(self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.len() + 20);
        put_varint(&mut out, self.strings.numbers.len() as u64);
        out.extend_from_slice(&self.strings.bytes);
        put_varint(&mut out, self.tables);
        out.extend_from_slice(&self.table_bytes);
        out.push(END_MARK);
        out
    }

    fn push_column(&mut self, column: &Column, events: usize) {
        let name = self.strings.number_of_name(&column.name);
        let out = &mut self.table_bytes;
        put_varint(out, name << 2 | kind_code(column.values.kind()));
        match &column.presence {
            None => out.push(COMPLETE),
            Some(presence) => {
                out.push(SPARSE);
                let end = out.len() + events.div_ceil(8);
                presence.words().iter().for_each(|w| out.extend_from_slice(&w.to_le_bytes()));
                out.resize(end, 0);
            }
        }
        match &column.values {
            ColumnValues::Ints(ints) => put_differences(ints.iter().copied(), out),
            ColumnValues::Floats(floats) => put_bits(floats, out),
            ColumnValues::Texts { strings, codes } => self.push_texts(strings, codes),
            ColumnValues::Bools(bools) => out.extend(bools.iter().map(|bool| u8::from(*bool))),
        }
    }

    fn push_texts(&mut self, strings: &[Arc<str>], codes: &[u32]) {
        let numbers: Vec<u64> = strings.iter().map(|string| self.strings.number(string)).collect();
        let numbers = codes.iter().map(|code| numbers[*code as usize].cast_signed());
        put_differences(numbers, &mut self.table_bytes);
    }
}

/// Each value less the one before, the first less 0.
fn put_differences(values: impl Iterator<Item = i64>, out: &mut Vec<u8>) {
    let mut before = 0_i64;
    for value in values {
        put_signed(out, value.wrapping_sub(before));
        before = value;
    }
}

/// The bits that differ from the value before, the first from 0.
fn put_bits(values: &[f64], out: &mut Vec<u8>) {
    let mut before = 0;
    for value in values {
        put_varint(out, (value.to_bits() ^ before).swap_bytes());
        before = value.to_bits();
    }
}

impl Strings {
    fn number(&mut self, string: &Arc<str>) -> u64 {
        match self.numbers.get(string) {
            Some(number) => *number,
            None => self.add(string.clone()),
        }
    }

    fn number_of_name(&mut self, name: &str) -> u64 {
        match self.numbers.get(name) {
            Some(number) => *number,
            None => self.add(name.into()),
        }
    }

    fn add(&mut self, string: Arc<str>) -> u64 {
        let number = self.numbers.len() as u64;
        put_varint(&mut self.bytes, string.len() as u64);
        self.bytes.extend_from_slice(string.as_bytes());
        self.numbers.insert(string, number);
        number
    }
}
