//! Batches to bytes.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use weir_types::value::ValueKind;
use weir_types::{AttributeName, Batch, Event, Value};

use super::kind_code;
use crate::codec::{put_signed, put_varint};

/// Collects the batches of one commit and encodes them as they come.
#[derive(Default)]
pub struct RecordBuilder {
    strings: Table<Arc<str>>,
    shapes: Table<Vec<u64>>,
    batches: u64,
    batch_bytes: Vec<u8>,
    events: u32,
    previous_timestamp: i64,
    previous: Option<PreviousShape>,
}

/// Numbers things in the order they first came, and keeps their bytes.
struct Table<K> {
    numbers: HashMap<K, u64>,
    bytes: Vec<u8>,
}

/// The shape of the event before, and its strings: the next event mostly repeats both.
struct PreviousShape {
    event_type: Arc<str>,
    attributes: Vec<(AttributeName, ValueKind)>,
    number: u64,
    strings: Vec<Option<(Arc<str>, u64)>>,
}

/// At least as many bytes as the batch can take in a record.
pub fn batch_bytes_bound(batch: &Batch) -> usize {
    const PER_VALUE: usize = 24;
    const PER_EVENT: usize = 32;
    let value = |value: &Value| value.as_str().map_or(0, str::len);
    let event = |event: &Event| {
        let attributes = event.attributes.iter();
        let bytes: usize = attributes.map(|(n, v)| n.len() + value(v) + PER_VALUE).sum();
        event.event_type.len() + PER_EVENT + bytes
    };
    batch.events.iter().map(event).sum()
}

impl RecordBuilder {
    /// Adds a batch whose events are valid.
    pub fn push(&mut self, batch: &Batch) {
        self.batches += 1;
        put_varint(&mut self.batch_bytes, batch.account.0);
        put_varint(&mut self.batch_bytes, batch.events.len() as u64);
        for event in &batch.events {
            self.push_event(event);
        }
    }

    pub fn events(&self) -> u32 {
        self.events
    }

    /// Bytes so far.
    pub fn len(&self) -> usize {
        self.strings.bytes.len() + self.shapes.bytes.len() + self.batch_bytes.len()
    }

    pub fn finish(self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.len() + 16);
        put_varint(&mut out, self.strings.numbers.len() as u64);
        out.extend_from_slice(&self.strings.bytes);
        put_varint(&mut out, self.shapes.numbers.len() as u64);
        out.extend_from_slice(&self.shapes.bytes);
        put_varint(&mut out, self.batches);
        out.extend_from_slice(&self.batch_bytes);
        out
    }

    fn push_event(&mut self, event: &Event) {
        let mut previous = match self.previous.take().filter(|previous| previous.fits(event)) {
            Some(previous) => previous,
            None => self.shape_of(event),
        };
        let at = event.timestamp.as_millis();
        put_varint(&mut self.batch_bytes, previous.number);
        put_signed(&mut self.batch_bytes, at.wrapping_sub(self.previous_timestamp));
        for ((_, value), string) in event.attributes.iter().zip(&mut previous.strings) {
            self.push_value(value, string);
        }
        self.events += 1;
        self.previous_timestamp = at;
        self.previous = Some(previous);
    }

    fn push_value(&mut self, value: &Value, before: &mut Option<(Arc<str>, u64)>) {
        match value {
            Value::Int(int) => put_signed(&mut self.batch_bytes, *int),
            Value::Float(float) => {
                put_varint(&mut self.batch_bytes, float.to_bits().swap_bytes());
            }
            Value::Bool(bool) => self.batch_bytes.push((*bool).into()),
            Value::Str(string) => {
                let number = match before {
                    Some((same, number)) if Arc::ptr_eq(same, string) || same == string => *number,
                    _ => self.strings.number_of_string(string),
                };
                put_varint(&mut self.batch_bytes, number);
                *before = Some((string.clone(), number));
            }
        }
    }

    fn shape_of(&mut self, event: &Event) -> PreviousShape {
        let mut shape = vec![self.strings.number_of_string(&event.event_type)];
        for (name, value) in &event.attributes {
            let name = self.strings.number_of_name(name);
            shape.push(name << 2 | kind_code(value.kind()));
        }
        let attributes = event.attributes.iter();
        PreviousShape {
            event_type: event.event_type.clone(),
            attributes: attributes.map(|(name, value)| (name.clone(), value.kind())).collect(),
            number: self.shapes.number_of_shape(shape),
            strings: vec![None; event.attributes.len()],
        }
    }
}

impl PreviousShape {
    fn fits(&self, event: &Event) -> bool {
        self.event_type == event.event_type
            && self.attributes.len() == event.attributes.len()
            && self.attributes.iter().zip(&event.attributes).all(
                |((name, kind), (other_name, value))| {
                    *kind == value.kind() && is_same_name(name, other_name)
                },
            )
    }
}

/// Names of the schema are static: mostly the place alone tells.
fn is_same_name(a: &str, b: &str) -> bool {
    std::ptr::eq(a, b) || a == b
}

impl<K> Default for Table<K> {
    fn default() -> Self {
        Table { numbers: HashMap::new(), bytes: Vec::new() }
    }
}

impl Table<Arc<str>> {
    fn number_of_string(&mut self, string: &Arc<str>) -> u64 {
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

impl Table<Vec<u64>> {
    /// The event type first, then the attributes.
    fn number_of_shape(&mut self, shape: Vec<u64>) -> u64 {
        if let Some(number) = self.numbers.get(&shape) {
            return *number;
        }
        let number = self.numbers.len() as u64;
        put_varint(&mut self.bytes, shape[0]);
        put_varint(&mut self.bytes, shape.len() as u64 - 1);
        for attribute in &shape[1..] {
            put_varint(&mut self.bytes, *attribute);
        }
        self.numbers.insert(shape, number);
        number
    }
}
