//! Events to Parquet and back.

use std::fs::File;
use std::io::{Seek, Write};

use proptest::prelude::*;
use weir_archive::ArchiveError;
use weir_archive::parquet::{Columns, EventReader, EventWriter, file_name};
use weir_types::{AccountId, Event, Timestamp, Value};

type Events = Vec<(AccountId, Event)>;

fn written(events: &Events) -> File {
    let mut columns = Columns::default();
    let attributes = || events.iter().flat_map(|(_, event)| &event.attributes);
    attributes().for_each(|(name, value)| columns.note(name, value.kind()));
    let file = tempfile::tempfile().unwrap();
    let mut writer = EventWriter::new(file, "Probe", &columns).unwrap();
    for (account, event) in events {
        let push = writer.push(*account, event.timestamp, |put| {
            event.attributes.iter().for_each(|(name, value)| put(name, value.clone()));
        });
        push.unwrap();
    }
    writer.finish().unwrap()
}

fn read(file: File) -> Result<Events, ArchiveError> {
    EventReader::open(file, None)?.collect()
}

/// Attributes in the order of the columns, to compare.
fn sorted(mut events: Events) -> Events {
    for (_, event) in &mut events {
        event.attributes.sort_by(|a, b| a.0.cmp(&b.0));
    }
    events
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::Int),
        any::<f64>().prop_filter_map("finite", Value::float),
        any::<bool>().prop_map(Value::Bool),
        "\\PC{0,12}".prop_map(|text| Value::from(text.as_str())),
        Just(Value::Int(i64::MAX)),
        Just(Value::Float(-0.0)),
        Just(Value::Float(1.0)),
        Just(Value::from("")),
    ]
}

/// Few names, so that one has values of several types; some are those of other columns.
fn event() -> impl Strategy<Value = (AccountId, Event)> {
    let name =
        prop::sample::select(vec!["a", "A", "a:integer", "ü", "account", "b.c", "x y", "n:n"]);
    let attributes = prop::collection::btree_map(name, value(), 0..6);
    (any::<u64>(), any::<i64>(), attributes).prop_map(|(account, at, attributes)| {
        let mut event = Event::new("Probe", Timestamp::from_millis(at));
        attributes.into_iter().for_each(|(name, value)| event.push(name, value));
        (AccountId(account), event)
    })
}

proptest! {
    #[test]
    fn what_was_written_is_read(events in prop::collection::vec(event(), 0..40)) {
        // Debug tells -0.0 from 0.0.
        let back = sorted(read(written(&events)).unwrap());
        prop_assert_eq!(format!("{back:?}"), format!("{:?}", sorted(events)));
    }
}

#[test]
fn a_file_of_several_groups_comes_back_in_its_order() {
    let event = |n: i64| {
        let event = Event::new("Probe", Timestamp::from_millis(n)).with("n", n * n);
        if n % 1_000 == 0 { event.with("rare", format!("{n}")) } else { event }
    };
    let events: Events = (0..70_000).map(|n| (AccountId(1), event(n))).collect();
    assert_eq!(read(written(&events)).unwrap(), events);
}

/// Long texts fill a group before rows do.
#[test]
fn groups_are_bounded_in_bytes() {
    let text = "x".repeat(4_000);
    let event = |n: i64| {
        let event = Event::new("Probe", Timestamp::from_millis(n));
        event.with("text", format!("{n}{text}"))
    };
    let events: Events = (0..9_000).map(|n| (AccountId(1), event(n))).collect();
    let mut file = written(&events);
    assert!(file.stream_position().unwrap() < 9_000 * 4_000 / 10, "it is compressed");
    file.rewind().unwrap();
    assert_eq!(read(file).unwrap().len(), 9_000);
}

#[test]
fn an_attribute_that_was_not_announced_is_refused() {
    let mut columns = Columns::default();
    columns.note("a", weir_types::value::ValueKind::Int);
    let mut writer = EventWriter::new(Vec::new(), "Probe", &columns).unwrap();
    let pushed =
        writer.push(AccountId(1), Timestamp::from_millis(1), |put| put("a", "text".into()));
    assert_eq!(pushed.unwrap_err().to_string(), "column `a` was not announced");
}

/// Whatever a damaged file gives, reading it ends; a cut is always told.
#[test]
fn damage_is_an_error_or_nothing() {
    let events: Events = (0..300)
        .map(|n| {
            let event = Event::new("Probe", Timestamp::from_millis(n)).with("n", n);
            (AccountId(1), event.with("text", format!("{}", n % 7)).with("flag", n % 2 == 0))
        })
        .collect();
    let mut file = written(&events);
    let mut bytes = Vec::new();
    file.rewind().unwrap();
    std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
    let reread = |bytes: &[u8]| {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        read(file)
    };
    for len in (0..bytes.len()).step_by(7) {
        assert!(reread(&bytes[..len]).is_err(), "cut at {len}");
    }
    for at in (0..bytes.len()).step_by(3) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        let _ = reread(&flipped);
    }
}

#[test]
fn files_have_names_that_every_system_takes() {
    assert_eq!(file_name("KafkaTopicSample"), "KafkaTopicSample.parquet");
    assert_eq!(file_name("a:b"), "a%3Ab.parquet");
}
