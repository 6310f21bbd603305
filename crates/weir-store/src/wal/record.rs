//! The payload of a commit: tables of its strings and shapes, then its batches.
//!
//! A shape is an event type with its attribute names and kinds; events that look alike, which is
//! nearly all of a poll, name it by number and carry values alone.

mod decode;
mod encode;

pub use decode::Record;
pub use encode::{RecordBuilder, batch_bytes_bound};

use weir_types::value::ValueKind;

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use weir_types::{AccountId, Batch, Event, Timestamp, Value};

    use super::*;
    use crate::codec::Malformed;

    fn batches() -> Vec<Batch> {
        let sample = |at: i64, lag: i64| {
            Event::new("KafkaConsumerSample", Timestamp::from_millis(at))
                .with("topic", "a")
                .with("consumerLag", lag)
                .with("seconds", Value::Float(0.5))
                .with("stale", lag < 0)
        };
        let other = Event::new("Custom", Timestamp::from_millis(-5));
        vec![
            Batch { account: AccountId(1), events: vec![sample(1_000, 7), sample(1_000, -7)] },
            Batch { account: AccountId(300), events: vec![other, sample(2_000, 0)] },
        ]
    }

    fn encoded(batches: &[Batch]) -> (Vec<u8>, u32) {
        let mut builder = RecordBuilder::default();
        batches.iter().for_each(|batch| builder.push(batch));
        let events = builder.events();
        (builder.finish(), events)
    }

    fn decoded(record: &Record) -> Vec<(AccountId, Event)> {
        let event = |event: decode::EventRef<'_>| {
            let mut copy = Event::new(event.event_type.clone(), event.timestamp);
            event.attributes().for_each(|(name, value)| copy.push(name.to_owned(), value.clone()));
            (event.account, copy)
        };
        record.events().map(event).collect()
    }

    #[test]
    fn batches_come_back_in_order() {
        let (payload, events) = encoded(&batches());
        let record = Record::decode(&payload, events).unwrap();
        let flat =
            batches().into_iter().flat_map(|b| b.events.into_iter().map(move |e| (b.account, e)));
        assert_eq!(decoded(&record), flat.collect::<Vec<_>>());
        assert!(payload.len() <= batches().iter().map(batch_bytes_bound).sum());
    }

    /// Version 1 of the format: these bytes are read for ever.
    #[test]
    fn the_payload_is_pinned() {
        let event = Event::new("T", Timestamp::from_millis(3)).with("a", "b").with("n", 2);
        let (payload, _) = encoded(&[Batch { account: AccountId(1), events: vec![event] }]);
        let strings = b"\x04\x01T\x01a\x01n\x01b";
        let shapes = b"\x01\x00\x02\x06\x08";
        let batches = b"\x01\x01\x01\x00\x06\x03\x04";
        assert_eq!(payload, [strings.as_slice(), shapes, batches].concat());
    }

    #[test]
    fn a_repeated_name_and_a_wrong_count_are_malformed() {
        let twice = b"\x02\x01T\x01a\x01\x00\x02\x04\x04\x00";
        assert_eq!(Record::decode(twice, 0).err(), Some(Malformed));
        let (payload, events) = encoded(&batches());
        assert_eq!(Record::decode(&payload, events + 1).err(), Some(Malformed));
    }

    proptest! {
        #[test]
        fn changed_and_arbitrary_bytes_never_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..100),
            at in any::<prop::sample::Index>(),
            to: u8,
        ) {
            let _ = Record::decode(&bytes, 1);
            let (mut payload, events) = encoded(&batches());
            let at = at.index(payload.len());
            payload[at] = to;
            if let Ok(record) = Record::decode(&payload, events) {
                prop_assert_eq!(decoded(&record).len(), events as usize);
            }
        }
    }
}
