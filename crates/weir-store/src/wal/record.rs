//! The payload of a commit: a table of its strings, then the columns of each event type. Version 1
//! held rows; they become columns when they are read.

mod decode;
mod decode_rows;
mod encode;

use std::sync::Arc;

pub use decode::decode_columns;
pub use decode_rows::decode_rows;
pub use encode::{RecordBuilder, bytes_bound};

use weir_types::value::ValueKind;

use crate::codec::{Malformed, Reader};

/// Last byte of a payload of columns: where a zero stands instead, the end was never written.
pub const END_MARK: u8 = 0xa5;

/// Every event of the table has the attribute.
const COMPLETE: u8 = 0;
/// A bit an event says which have it.
const SPARSE: u8 = 1;

fn kind_code(kind: ValueKind) -> u64 {
    match kind {
        ValueKind::Int => 0,
        ValueKind::Float => 1,
        ValueKind::Str => 2,
        ValueKind::Bool => 3,
    }
}

fn kind_of(code: u64) -> ValueKind {
    match code & 3 {
        0 => ValueKind::Int,
        1 => ValueKind::Float,
        2 => ValueKind::Str,
        _ => ValueKind::Bool,
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

fn string_at(strings: &[Arc<str>], number: u64) -> Result<Arc<str>, Malformed> {
    let number = usize::try_from(number).map_err(|_| Malformed)?;
    strings.get(number).cloned().ok_or(Malformed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use weir_types::{AccountId, Batch, Event, Timestamp, Value};

    use super::*;
    use crate::transpose::{Table, transposed};

    fn tables() -> Vec<Table> {
        let sample = |at: i64, lag: i64| {
            Event::new("KafkaConsumerSample", Timestamp::from_millis(at))
                .with("topic", "a")
                .with("consumerLag", lag)
                .with("seconds", Value::Float(0.5))
                .with_known("stale", (lag != 0).then_some(lag < 0))
        };
        let other = Event::new("Custom", Timestamp::from_millis(-5));
        let batches = [
            Batch { account: AccountId(1), events: vec![sample(1_000, 7), sample(1_000, -7)] },
            Batch {
                account: AccountId(300),
                events: vec![other, sample(2_000, 0), sample(i64::MIN, i64::MAX)],
            },
        ];
        batches.into_iter().flat_map(transposed).collect()
    }

    fn encoded(tables: &[Table]) -> (Vec<u8>, u32) {
        let mut builder = RecordBuilder::default();
        tables.iter().for_each(|(account, columns)| builder.push(*account, columns));
        let events = builder.events();
        (builder.finish(), events)
    }

    #[test]
    fn tables_come_back_in_order() {
        let (payload, events) = encoded(&tables());
        assert_eq!(decode_columns(&payload, events), Ok(tables()));
        assert!(payload.len() <= tables().iter().map(|(_, columns)| bytes_bound(columns)).sum());
    }

    /// Version 2 of the format: these bytes are read for ever.
    #[test]
    fn the_payload_is_pinned() {
        let event = |n: Option<i64>| {
            Event::new("T", Timestamp::from_millis(3)).with("a", "b").with_known("n", n)
        };
        let events = vec![event(None), event(Some(2))];
        let (payload, _) = encoded(&transposed(Batch { account: AccountId(1), events }));
        let strings = b"\x04\x01T\x01a\x01b\x01n";
        let table = b"\x01\x01\x00\x02\x06\x00\x02";
        let columns = b"\x06\x00\x04\x00\x0c\x01\x02\x04\xa5";
        assert_eq!(payload, [strings.as_slice(), table, columns].concat());
    }

    /// Version 1 of the format: these bytes are read for ever.
    #[test]
    fn rows_of_version_1_are_read() {
        let event = Event::new("T", Timestamp::from_millis(3)).with("a", "b").with("n", 2);
        let strings = b"\x04\x01T\x01a\x01n\x01b";
        let shapes = b"\x01\x00\x02\x06\x08";
        let batches = b"\x01\x01\x01\x00\x06\x03\x04";
        let payload = [strings.as_slice(), shapes, batches].concat();
        let expected = transposed(Batch { account: AccountId(1), events: vec![event] });
        assert_eq!(decode_rows(&payload, 1), Ok(expected));
        assert_eq!(decode_rows(&payload, 2), Err(Malformed));
        let twice = b"\x02\x01T\x01a\x01\x00\x02\x04\x04\x00";
        assert_eq!(decode_rows(twice, 0), Err(Malformed));
    }

    #[test]
    fn a_wrong_count_is_malformed() {
        let (payload, events) = encoded(&tables());
        assert_eq!(decode_columns(&payload, events + 1), Err(Malformed));
        assert_eq!(decode_columns(&payload[..payload.len() - 1], events), Err(Malformed));
    }

    proptest! {
        #[test]
        fn changed_and_arbitrary_bytes_never_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..100),
            at in any::<prop::sample::Index>(),
            to: u8,
        ) {
            let _ = (decode_rows(&bytes, 1), decode_columns(&bytes, 1));
            let (mut payload, events) = encoded(&tables());
            let at = at.index(payload.len());
            payload[at] = to;
            if let Ok(tables) = decode_columns(&payload, events) {
                let found: usize = tables.iter().map(|(_, c)| c.timestamps.len()).sum();
                prop_assert_eq!(found, events as usize);
            }
        }
    }
}
