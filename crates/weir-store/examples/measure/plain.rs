//! The files that `columns.py` writes, which says what stands in them.

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use weir_types::{
    AccountId, Batch, Column, ColumnValues, Columns, Event, Presence, Timestamp, Value,
};

use crate::Failure;

const SPARSE: u8 = 128;

/// The events of a file, `size` at once.
pub fn read(path: &Path, event_type: &str, size: usize) -> Result<Vec<Columns>, Failure> {
    let bytes = fs::read(path)?;
    let mut rest = bytes.as_slice();
    let rows = u32::from_le_bytes(take(&mut rest)?) as usize;
    let count = u32::from_le_bytes(take(&mut rest)?);
    let (mut timestamps, mut columns) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let column = read_column(&mut rest, rows)?;
        match column.values {
            ColumnValues::Ints(values) if column.name == "timestamp" => {
                timestamps = values.into_iter().map(Timestamp::from_millis).collect();
            }
            _ => columns.push(column),
        }
    }
    let event_type: Arc<str> = event_type.into();
    let batch = |begin: usize| {
        let range = begin..rows.min(begin + size);
        let timestamps = timestamps[range.clone()].into();
        let columns = columns.iter().map(|column| part(column, range.clone())).collect();
        Columns { event_type: event_type.clone(), timestamps, columns }
    };
    Ok((0..rows).step_by(size).map(batch).collect())
}

/// The same events one by one.
pub fn to_rows(columns: &Columns) -> Batch {
    let event = |at: &Timestamp| Event::new(columns.event_type.clone(), *at);
    let mut events: Vec<Event> = columns.timestamps.iter().map(event).collect();
    for column in &columns.columns {
        let having = (0..events.len()).filter(|row| has(column, *row));
        for (place, row) in having.enumerate() {
            let value = match &column.values {
                ColumnValues::Ints(values) => Value::Int(values[place]),
                ColumnValues::Floats(values) => Value::Float(values[place]),
                ColumnValues::Bools(values) => Value::Bool(values[place]),
                ColumnValues::Texts { strings, codes } => {
                    Value::Str(strings[codes[place] as usize].clone())
                }
            };
            events[row].push(column.name.clone(), value);
        }
    }
    Batch { account: AccountId(1), events }
}

fn has(column: &Column, row: usize) -> bool {
    column.presence.as_ref().is_none_or(|presence| presence.get(row))
}

fn part(column: &Column, rows: Range<usize>) -> Column {
    let before = (0..rows.start).filter(|row| has(column, *row)).count();
    let having: Vec<usize> = rows.clone().filter(|row| has(column, *row)).collect();
    let places = before..before + having.len();
    let presence = column.presence.as_ref().map(|_| {
        let mut presence = Presence::default();
        having.iter().for_each(|row| presence.set(row - rows.start));
        presence
    });
    let values = match &column.values {
        ColumnValues::Ints(values) => ColumnValues::Ints(values[places].into()),
        ColumnValues::Floats(values) => ColumnValues::Floats(values[places].into()),
        ColumnValues::Bools(values) => ColumnValues::Bools(values[places].into()),
        ColumnValues::Texts { strings, codes } => {
            ColumnValues::Texts { strings: strings.clone(), codes: codes[places].into() }
        }
    };
    Column { name: column.name.clone(), presence, values }
}

fn read_column(rest: &mut &[u8], rows: usize) -> Result<Column, Failure> {
    let [kind] = take(rest)?;
    // Names are static, as those of Weir's own sources.
    let name: &'static str = read_text(rest)?.leak();
    let presence = match kind & SPARSE {
        0 => None,
        _ => Some(read_presence(rest, rows)?),
    };
    let count = presence.as_ref().map_or(rows, Presence::count);
    let values = match kind & !SPARSE {
        0 => ColumnValues::Ints(read_values(rest, count, i64::from_le_bytes)?),
        1 => ColumnValues::Floats(read_values(rest, count, f64::from_le_bytes)?),
        2 => {
            let strings = u32::from_le_bytes(take(rest)?);
            let strings = (0..strings).map(|_| read_text(rest).map(Arc::from));
            ColumnValues::Texts {
                strings: strings.collect::<Result<_, _>>()?,
                codes: read_values(rest, count, u32::from_le_bytes)?,
            }
        }
        _ => ColumnValues::Bools(read_values(rest, count, |[byte]| byte != 0)?),
    };
    Ok(Column { name: name.into(), presence, values })
}

fn read_presence(rest: &mut &[u8], rows: usize) -> Result<Presence, Failure> {
    let bytes: Vec<u8> = read_values(rest, rows.div_ceil(8), |[byte]| byte)?;
    let mut presence = Presence::default();
    let set = (0..rows).filter(|row| bytes[row / 8] >> (row % 8) & 1 == 1);
    set.for_each(|row| presence.set(row));
    Ok(presence)
}

fn read_values<T, const N: usize>(
    rest: &mut &[u8],
    count: usize,
    value: impl Fn([u8; N]) -> T,
) -> Result<Vec<T>, Failure> {
    (0..count).map(|_| take(rest).map(&value)).collect()
}

fn read_text(rest: &mut &[u8]) -> Result<String, Failure> {
    let len = u16::from_le_bytes(take(rest)?) as usize;
    let (text, after) = rest.split_at_checked(len).ok_or("the file ends early")?;
    *rest = after;
    Ok(std::str::from_utf8(text)?.to_owned())
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], Failure> {
    let (head, after) = rest.split_first_chunk::<N>().ok_or("the file ends early")?;
    *rest = after;
    Ok(*head)
}
