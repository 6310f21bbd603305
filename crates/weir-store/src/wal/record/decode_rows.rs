//! Payloads that hold rows, as version 1 wrote them: bytes to tables, all or nothing.

use std::collections::HashSet;
use std::sync::Arc;

use weir_types::event::ATTRIBUTES_MAX;
use weir_types::value::ValueKind;
use weir_types::{AccountId, AttributeName, Timestamp, Value};

use super::{kind_of, read_strings, string_at};
use crate::codec::{Malformed, Reader};
use crate::transpose::{Table, Transposer};

struct Shape {
    event_type: Arc<str>,
    attributes: Vec<(AttributeName, ValueKind)>,
}

/// Fails unless the payload is whole and holds `events` events.
pub fn decode_rows(payload: &[u8], events: u32) -> Result<Vec<Table>, Malformed> {
    let mut reader = Reader::new(payload);
    let strings = read_strings(&mut reader)?;
    let shapes = read_shapes(&mut reader, &strings)?;
    let mut tables = Transposer::default();
    let mut values = Vec::new();
    let (mut found, mut at) = (0, 0_i64);
    for _ in 0..reader.count(2)? {
        let account = AccountId(reader.varint()?);
        for _ in 0..reader.count(2)? {
            let shape = usize::try_from(reader.varint()?).map_err(|_| Malformed)?;
            at = at.wrapping_add(reader.signed()?);
            let Shape { event_type, attributes } = shapes.get(shape).ok_or(Malformed)?;
            for (name, kind) in attributes {
                values.push((name.clone(), read_value(&mut reader, *kind, &strings)?));
            }
            tables.push(account, event_type, Timestamp::from_millis(at), values.drain(..));
            found += 1;
        }
    }
    if reader.is_empty() && found == events { Ok(tables.finish()) } else { Err(Malformed) }
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
            let name = AttributeName::Owned(string_at(strings, code >> 2)?.to_string());
            attributes.push((name, kind_of(code)));
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
