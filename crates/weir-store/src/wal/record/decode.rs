//! Bytes to batches, all or nothing.

use std::collections::HashSet;
use std::sync::Arc;

use weir_types::event::ATTRIBUTES_MAX;
use weir_types::value::ValueKind;
use weir_types::{AccountId, Timestamp, Value};

use super::kind_of;
use crate::codec::{Malformed, Reader};

/// A decoded commit.
pub struct Record {
    shapes: Vec<Shape>,
    events: Vec<EventHead>,
    /// Of all events, one after the other.
    values: Vec<Value>,
}

struct Shape {
    event_type: Arc<str>,
    attributes: Vec<(Arc<str>, ValueKind)>,
}

struct EventHead {
    account: AccountId,
    shape: usize,
    timestamp: Timestamp,
}

/// One event of a record, lent.
pub struct EventRef<'a> {
    pub account: AccountId,
    pub event_type: &'a Arc<str>,
    pub timestamp: Timestamp,
    names: &'a [(Arc<str>, ValueKind)],
    values: &'a [Value],
}

impl Record {
    /// Fails unless the payload is whole and holds `events` events.
    pub fn decode(payload: &[u8], events: u32) -> Result<Record, Malformed> {
        let mut reader = Reader::new(payload);
        let strings = read_strings(&mut reader)?;
        let shapes = read_shapes(&mut reader, &strings)?;
        let mut record = Record { shapes, events: Vec::new(), values: Vec::new() };
        let mut previous_timestamp = 0_i64;
        for _ in 0..reader.count(2)? {
            let account = AccountId(reader.varint()?);
            for _ in 0..reader.count(2)? {
                let shape = usize::try_from(reader.varint()?).map_err(|_| Malformed)?;
                previous_timestamp = previous_timestamp.wrapping_add(reader.signed()?);
                let timestamp = Timestamp::from_millis(previous_timestamp);
                let kinds = &record.shapes.get(shape).ok_or(Malformed)?.attributes;
                for (_, kind) in kinds {
                    record.values.push(read_value(&mut reader, *kind, &strings)?);
                }
                record.events.push(EventHead { account, shape, timestamp });
            }
        }
        let whole = reader.is_empty() && record.events.len() == events as usize;
        if whole { Ok(record) } else { Err(Malformed) }
    }

    /// Events in the order of their sequences.
    pub fn events(&self) -> impl Iterator<Item = EventRef<'_>> {
        let mut values = self.values.as_slice();
        self.events.iter().map(move |head| {
            let shape = &self.shapes[head.shape];
            let (own, rest) = values.split_at(shape.attributes.len());
            values = rest;
            EventRef {
                account: head.account,
                event_type: &shape.event_type,
                timestamp: head.timestamp,
                names: &shape.attributes,
                values: own,
            }
        })
    }
}

impl<'a> EventRef<'a> {
    pub fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        self.names.iter().map(|(name, _)| &**name).zip(self.values)
    }
}

fn read_strings(reader: &mut Reader<'_>) -> Result<Vec<Arc<str>>, Malformed> {
    let count = reader.count(1)?;
    let mut strings = Vec::with_capacity(count);
    for _ in 0..count {
        let len = usize::try_from(reader.varint()?).map_err(|_| Malformed)?;
        let text = str::from_utf8(reader.take(len)?).map_err(|_| Malformed)?;
        strings.push(text.into());
    }
    Ok(strings)
}

fn read_shapes(reader: &mut Reader<'_>, strings: &[Arc<str>]) -> Result<Vec<Shape>, Malformed> {
    let count = reader.count(2)?;
    let mut shapes = Vec::with_capacity(count);
    for _ in 0..count {
        let event_type = string_at(strings, reader.varint()?)?;
        let attribute_count = reader.count(1)?;
        if attribute_count > ATTRIBUTES_MAX {
            return Err(Malformed);
        }
        let mut attributes = Vec::with_capacity(attribute_count);
        for _ in 0..attribute_count {
            let code = reader.varint()?;
            attributes.push((string_at(strings, code >> 2)?, kind_of(code)));
        }
        let names: HashSet<&str> = attributes.iter().map(|(name, _)| &**name).collect();
        if names.len() != attributes.len() {
            return Err(Malformed);
        }
        shapes.push(Shape { event_type, attributes });
    }
    Ok(shapes)
}

fn read_value(
    reader: &mut Reader<'_>,
    kind: ValueKind,
    strings: &[Arc<str>],
) -> Result<Value, Malformed> {
    match kind {
        ValueKind::Int => reader.signed().map(Value::Int),
        ValueKind::Float => {
            let float = f64::from_bits(reader.varint()?.swap_bytes());
            Value::float(float).ok_or(Malformed)
        }
        ValueKind::Bool => match reader.byte()? {
            0 => Ok(Value::Bool(false)),
            1 => Ok(Value::Bool(true)),
            _ => Err(Malformed),
        },
        ValueKind::Str => string_at(strings, reader.varint()?).map(Value::Str),
    }
}

fn string_at(strings: &[Arc<str>], number: u64) -> Result<Arc<str>, Malformed> {
    let number = usize::try_from(number).map_err(|_| Malformed)?;
    strings.get(number).cloned().ok_or(Malformed)
}
