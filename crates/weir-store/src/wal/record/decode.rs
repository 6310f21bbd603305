//! Bytes to columns, all or nothing.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use weir_types::value::ValueKind;
use weir_types::{AccountId, AttributeName, Column, ColumnValues, Columns, Presence, Timestamp};

use super::{COMPLETE, END_MARK, SPARSE, kind_of, read_strings, string_at};
use crate::codec::{Malformed, Reader};
use crate::transpose::Table;

/// Fails unless the payload is whole and holds `events` events.
pub fn decode_columns(payload: &[u8], events: u32) -> Result<Vec<Table>, Malformed> {
    let mut reader = Reader::new(payload);
    let strings = read_strings(&mut reader)?;
    let mut tables = Vec::new();
    let mut found = 0;
    for _ in 0..reader.count(4)? {
        let table = read_table(&mut reader, &strings)?;
        found += table.1.timestamps.len();
        tables.push(table);
    }
    let whole = reader.byte()? == END_MARK && reader.is_empty() && found == events as usize;
    if whole { Ok(tables) } else { Err(Malformed) }
}

fn read_table(reader: &mut Reader<'_>, strings: &[Arc<str>]) -> Result<Table, Malformed> {
    let account = AccountId(reader.varint()?);
    let event_type = string_at(strings, reader.varint()?)?;
    let events = reader.count(1)?;
    let timestamps = read_differences(reader, events)?;
    let timestamps = timestamps.into_iter().map(Timestamp::from_millis).collect();
    let count = reader.count(2)?;
    let mut columns = Vec::with_capacity(count);
    for _ in 0..count {
        columns.push(read_column(reader, strings, events)?);
    }
    let columns = Columns { event_type, timestamps, columns };
    match columns.validate() {
        Ok(()) if events > 0 => Ok((account, columns)),
        _ => Err(Malformed),
    }
}

fn read_column(
    reader: &mut Reader<'_>,
    strings: &[Arc<str>],
    events: usize,
) -> Result<Column, Malformed> {
    let code = reader.varint()?;
    let name = AttributeName::Owned(string_at(strings, code >> 2)?.to_string());
    let presence = match reader.byte()? {
        COMPLETE => None,
        SPARSE => Some(read_presence(reader.take(events.div_ceil(8))?)),
        _ => return Err(Malformed),
    };
    let having = presence.as_ref().map_or(events, Presence::count);
    let values = match kind_of(code) {
        ValueKind::Int => ColumnValues::Ints(read_differences(reader, having)?),
        ValueKind::Float => ColumnValues::Floats(read_bits(reader, having)?),
        ValueKind::Str => read_texts(reader, having, strings)?,
        ValueKind::Bool => ColumnValues::Bools(read_bools(reader.take(having)?)?),
    };
    Ok(Column { name, presence, values })
}

fn read_presence(bytes: &[u8]) -> Presence {
    let word = |bytes: &[u8]| {
        let mut word = [0; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        u64::from_le_bytes(word)
    };
    Presence::from_words(bytes.chunks(8).map(word).collect())
}

/// Every value takes a byte at least, so no count asks for more memory than there are bytes for.
fn read_differences(reader: &mut Reader<'_>, count: usize) -> Result<Vec<i64>, Malformed> {
    let mut values = Vec::with_capacity(count.min(reader.rest().len()));
    let mut at = 0_i64;
    for _ in 0..count {
        at = at.wrapping_add(reader.signed()?);
        values.push(at);
    }
    Ok(values)
}

fn read_bits(reader: &mut Reader<'_>, count: usize) -> Result<Vec<f64>, Malformed> {
    let mut values = Vec::with_capacity(count.min(reader.rest().len()));
    let mut bits = 0;
    for _ in 0..count {
        bits ^= reader.varint()?.swap_bytes();
        values.push(f64::from_bits(bits));
    }
    Ok(values)
}

/// Strings of the record become strings of the column, in the order in which they come.
fn read_texts(
    reader: &mut Reader<'_>,
    count: usize,
    strings: &[Arc<str>],
) -> Result<ColumnValues, Malformed> {
    let numbers = read_differences(reader, count)?;
    let mut own = Vec::new();
    let mut known: HashMap<i64, u32> = HashMap::new();
    let mut codes = Vec::with_capacity(count);
    for number in numbers {
        let code = match known.get(&number) {
            Some(code) => *code,
            None => {
                own.push(string_at(strings, number.cast_unsigned())?);
                known.insert(number, own.len() as u32 - 1);
                own.len() as u32 - 1
            }
        };
        codes.push(code);
    }
    Ok(ColumnValues::Texts { strings: own, codes })
}

fn read_bools(bytes: &[u8]) -> Result<Vec<bool>, Malformed> {
    let bool = |byte: &u8| match byte {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Malformed),
    };
    bytes.iter().map(bool).collect()
}
