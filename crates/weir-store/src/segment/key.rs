//! What identifies a series across generations and segments, in an order that never changes.

use std::cmp::Ordering;
use std::sync::Arc;

use weir_types::Value;

/// Identity attributes, ascending by name. Keys compare name by name, then kind, then value; a
/// key that is the start of another comes first.
#[derive(Debug, Clone)]
pub struct SeriesKey {
    attributes: Vec<(Arc<str>, Value)>,
    /// Compares as the key does; two keys are one exactly when these bytes are.
    sort_bytes: Vec<u8>,
}

impl SeriesKey {
    /// Each name stands once.
    pub fn new(mut attributes: Vec<(Arc<str>, Value)>) -> Self {
        attributes.sort_by(|a, b| a.0.cmp(&b.0));
        let mut sort_bytes = Vec::with_capacity(attributes.len() * 32);
        for (name, value) in &attributes {
            put_text(name, &mut sort_bytes);
            put_value(value, &mut sort_bytes);
        }
        SeriesKey { attributes, sort_bytes }
    }

    pub fn attributes(&self) -> &[(Arc<str>, Value)] {
        &self.attributes
    }
}

impl PartialEq for SeriesKey {
    fn eq(&self, other: &Self) -> bool {
        self.sort_bytes == other.sort_bytes
    }
}

impl Eq for SeriesKey {}

impl PartialOrd for SeriesKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SeriesKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.sort_bytes.cmp(&other.sort_bytes)
    }
}

fn put_value(value: &Value, out: &mut Vec<u8>) {
    const SIGN: u64 = 1 << 63;
    match value {
        Value::Int(int) => {
            out.push(0);
            out.extend_from_slice(&(int.cast_unsigned() ^ SIGN).to_be_bytes());
        }
        Value::Float(float) => {
            out.push(1);
            let bits = float.to_bits();
            let ordered = if bits & SIGN == 0 { bits | SIGN } else { !bits };
            out.extend_from_slice(&ordered.to_be_bytes());
        }
        Value::Str(text) => {
            out.push(2);
            put_text(text, out);
        }
        Value::Bool(bool) => out.extend_from_slice(&[3, u8::from(*bool)]),
    }
}

/// Ends in two zeros, which no text holds: a zero inside is followed by 255.
fn put_text(text: &str, out: &mut Vec<u8>) {
    for byte in text.bytes() {
        out.push(byte);
        if byte == 0 {
            out.push(255);
        }
    }
    out.extend_from_slice(&[0, 0]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(attributes: &[(&str, Value)]) -> SeriesKey {
        let owned = attributes.iter().map(|(name, value)| (Arc::from(*name), value.clone()));
        SeriesKey::new(owned.collect())
    }

    #[test]
    fn keys_order_by_name_then_kind_then_value() {
        let ascending = [
            key(&[]),
            key(&[("partition", Value::Int(i64::MIN))]),
            key(&[("partition", Value::Int(-1))]),
            key(&[("partition", Value::Int(3))]),
            key(&[("partition", Value::Int(3)), ("topic", "a".into())]),
            key(&[("partition", Value::Float(-2.5))]),
            key(&[("partition", Value::Float(-0.0))]),
            key(&[("partition", Value::Float(0.0))]),
            key(&[("partition", "".into())]),
            key(&[("partition", "\0".into())]),
            key(&[("partition", "\u{1}".into())]),
            key(&[("partition", Value::Bool(false))]),
            key(&[("topic", "a".into())]),
            key(&[("topic", "ab".into())]),
        ];
        assert!(ascending.is_sorted_by(|a, b| a < b));
        let (one, two) = (("topic", Value::from("a")), ("partition", Value::Int(1)));
        assert_eq!(key(&[one.clone(), two.clone()]), key(&[two, one]));
    }
}
