//! Roll-ups against a plain list of the events behind them.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use weir_store::{Erasure, Options, RolledValue, Rollup, Snapshot, Store};
use weir_types::{AccountId, Event, TimeRange, Timestamp, Value};

use crate::faulty_disk::{Fault, FaultyDisk};
use crate::support::{ALWAYS, TestClock, append, consumer_sample, folder, options, scan};
use crate::totals::{totals_of_events, totals_of_store};

const DAY: Duration = Duration::from_hours(24);
const DAY_MILLIS: i64 = 86_400_000;
const HOUR_MILLIS: i64 = 3_600_000;
const SAMPLE: &str = "KafkaConsumerSample";
pub const TYPES: [&str; 3] = [SAMPLE, "Custom", "Metric"];

/// A day raw, three of five minutes, nine of an hour.
pub fn rolling(options: Options) -> Options {
    Options {
        retention: DAY,
        rollup_5m: Some(3 * DAY),
        rollup_1h: Some(9 * DAY),
        compact_after: Duration::ZERO,
        ..options
    }
}

/// Attributes by name: their order means nothing.
pub fn rollups(snapshot: &Snapshot, event_type: &str, range: TimeRange) -> Vec<Rollup> {
    let mut found = Vec::new();
    snapshot.scan_rollups(event_type, range, &mut |rollup| {
        let mut rollup = rollup.clone();
        rollup.attributes.sort_by(|a, b| a.0.cmp(&b.0));
        found.push(rollup);
        ControlFlow::Continue(())
    });
    found
}

/// Goes on until there is nothing left to do: a round rolls up one day.
pub fn maintain(store: &Store, now: i64) {
    for _ in 0..30 {
        store.maintain(Timestamp::from_millis(now)).unwrap();
    }
}

fn rows_at(store: &Store) -> [u64; 3] {
    let stats = store.stats();
    [0, 1, 2].map(|at| stats.by_resolution[at].rows)
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => (0_i64..20).prop_map(Value::Int),
        1 => any::<i64>().prop_map(Value::Int),
        3 => (0_i64..2_000).prop_map(|i| Value::Float(i as f64 / 100.0)),
        1 => (-1e300..1e300).prop_map(Value::Float),
        2 => prop::sample::select(vec!["", "a", "ünï"]).prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::Bool),
    ]
}

/// A batch of one event type: arrival is counted type by type within a batch.
fn batch() -> impl Strategy<Value = Vec<Event>> {
    let events = prop::collection::vec(event(), 1..40);
    (prop::sample::select(TYPES.to_vec()), events).prop_map(|(event_type, mut events)| {
        events.iter_mut().for_each(|event| event.event_type = event_type.into());
        events
    })
}

fn event() -> impl Strategy<Value = Event> {
    const NAMES: [&str; 7] = [
        "topic",
        "partition",
        "consumerLag",
        "consumerLagSeconds",
        "groupState",
        "metric.total",
        "größe",
    ];
    let names = prop::sample::subsequence(NAMES.to_vec(), 0..=NAMES.len());
    let at = (0_i64..5, 0_i64..40).prop_map(|(day, step)| day * DAY_MILLIS / 2 + step * 70_000);
    (at, names, prop::collection::vec(value(), NAMES.len())).prop_map(|(at, names, values)| {
        let event = Event::new(SAMPLE, Timestamp::from_millis(at));
        names.into_iter().zip(values).fold(event, |event, (name, value)| event.with(name, value))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn roll_ups_add_up_to_their_events(
        batches in prop::collection::vec((batch(), 0_i64..8), 1..8),
    ) {
        let dir = folder();
        let store = Store::open(rolling(options(dir.path())), TestClock::at(2 * DAY_MILLIS)).unwrap();
        let (mut events, mut now) = (Vec::new(), 0);
        for (batch, days) in batches {
            // Ever later: what comes then is late, and old enough to be rolled up at once.
            append(&store, 1, batch.clone()).unwrap();
            events.extend(batch);
            store.flush().unwrap();
            now = (now + days * DAY_MILLIS / 2).min(9 * DAY_MILLIS);
            maintain(&store, now);
            let expected = totals_of_events(&events, HOUR_MILLIS);
            prop_assert_eq!(totals_of_store(&store, HOUR_MILLIS), expected);
            prop_assert_eq!(store.stats().damaged_stretches, 0);
        }
        drop(store);
        let store = Store::open(rolling(options(dir.path())), TestClock::at(2 * DAY_MILLIS)).unwrap();
        let expected = totals_of_events(&events, HOUR_MILLIS);
        prop_assert_eq!(totals_of_store(&store, HOUR_MILLIS), expected);
    }
}

/// A poll a minute over a day, of three partitions whose state changes once.
fn day_of_samples(day: i64) -> Vec<Event> {
    let sample = |step: i64, partition: i64| {
        let state = if step < 700 { "Stable" } else { "Empty" };
        consumer_sample(day * DAY_MILLIS + step * 60_000, partition, step * partition)
            .with("lagStatus", state)
    };
    (0..1_440).flat_map(|step| (0..3).map(move |partition| sample(step, partition))).collect()
}

#[test]
fn each_level_has_its_retention() {
    let dir = folder();
    let store = Store::open(rolling(options(dir.path())), TestClock::at(2 * DAY_MILLIS)).unwrap();
    let events = day_of_samples(0);
    append(&store, 1, events.clone()).unwrap();
    store.flush().unwrap();
    let expected = totals_of_events(&events, HOUR_MILLIS);
    // The day ends at 1; a level begins when all of it is that old.
    let levels = [
        (DAY_MILLIS, [4_320, 0, 0]),
        (2 * DAY_MILLIS - 1, [4_320, 0, 0]),
        (2 * DAY_MILLIS, [0, 864, 0]),
        (4 * DAY_MILLIS - 1, [0, 864, 0]),
        // In the hour in which the state changes there are two roll-ups a partition.
        (4 * DAY_MILLIS, [0, 0, 75]),
        // The last event, a minute before the end of its day, is nine days old.
        (10 * DAY_MILLIS - 60_000, [0, 0, 75]),
    ];
    let mut bytes = u64::MAX;
    for (now, rows) in levels {
        maintain(&store, now);
        assert_eq!(rows_at(&store), rows, "at {now}");
        assert_eq!(totals_of_store(&store, HOUR_MILLIS), expected, "at {now}");
        assert!(store.stats().segment_bytes <= bytes, "at {now}");
        bytes = store.stats().segment_bytes;
    }
    maintain(&store, 10 * DAY_MILLIS);
    assert_eq!(store.stats().segments, 0);
}

#[test]
fn a_level_that_is_not_configured_is_left_out() {
    let of = |rollup_5m, rollup_1h, days: i64| {
        let dir = folder();
        let options = Options { rollup_5m, rollup_1h, ..rolling(options(dir.path())) };
        let store = Store::open(options, TestClock::at(2 * DAY_MILLIS)).unwrap();
        append(&store, 1, day_of_samples(0)).unwrap();
        store.flush().unwrap();
        maintain(&store, days * DAY_MILLIS);
        rows_at(&store)
    };
    assert_eq!(of(None, None, 2), [0, 0, 0]);
    assert_eq!(of(None, Some(3 * DAY), 2), [0, 0, 75]);
    assert_eq!(of(Some(3 * DAY), None, 2), [0, 864, 0]);
    assert_eq!(of(Some(3 * DAY), None, 4), [0, 0, 0]);
}

#[test]
fn late_events_get_roll_ups_of_their_own_and_join_the_day() {
    let dir = folder();
    let store = Store::open(rolling(options(dir.path())), TestClock::at(2 * DAY_MILLIS)).unwrap();
    let mut events = day_of_samples(0);
    append(&store, 1, events.clone()).unwrap();
    store.flush().unwrap();
    maintain(&store, 2 * DAY_MILLIS);
    let before = store.snapshot(AccountId(1));
    let late: Vec<Event> = day_of_samples(0).into_iter().step_by(3).collect();
    append(&store, 1, late.clone()).unwrap();
    events.extend(late);
    assert_eq!(totals_of_store(&store, HOUR_MILLIS), totals_of_events(&events, HOUR_MILLIS));
    store.flush().unwrap();
    maintain(&store, 2 * DAY_MILLIS);
    assert_eq!(rows_at(&store), [0, 864, 0]);
    assert_eq!(store.stats().segments, 1);
    assert_eq!(totals_of_store(&store, HOUR_MILLIS), totals_of_events(&events, HOUR_MILLIS));
    let behind: u64 = rollups(&before, SAMPLE, ALWAYS).iter().map(|rollup| rollup.events).sum();
    assert_eq!(behind, 4_320, "a snapshot keeps what it saw");
}

#[test]
fn a_scan_finds_what_its_range_cuts_and_events_are_in_one_place() {
    let dir = folder();
    let store = Store::open(rolling(options(dir.path())), TestClock::at(2 * DAY_MILLIS)).unwrap();
    append(&store, 1, day_of_samples(0)).unwrap();
    store.flush().unwrap();
    maintain(&store, 2 * DAY_MILLIS);
    let snapshot = store.snapshot(AccountId(1));
    assert_eq!(scan(&snapshot, SAMPLE, ALWAYS), []);
    let range = |begin: i64, end: i64| TimeRange {
        begin: Timestamp::from_millis(begin * 60_000),
        end: Timestamp::from_millis(end * 60_000),
    };
    let found = |begin, end| {
        let found = rollups(&snapshot, SAMPLE, range(begin, end));
        let mut minutes: Vec<i64> =
            found.iter().map(|rollup| rollup.first.timestamp.as_millis() / 60_000).collect();
        minutes.sort_unstable();
        minutes.dedup();
        minutes
    };
    assert_eq!(found(5, 10), [5]);
    assert_eq!(found(7, 12), [5, 10]);
    assert_eq!(snapshot.event_types(range(7, 8)), [Arc::from(SAMPLE)]);
    assert_eq!(snapshot.event_types(range(1_440, 2_000)), Vec::<Arc<str>>::new());
}

#[test]
fn events_with_texts_of_their_own_stay_apart_and_numbers_that_overflow_are_told() {
    let dir = folder();
    let store = Store::open(rolling(options(dir.path())), TestClock::at(2 * DAY_MILLIS)).unwrap();
    let own = |i: i64| {
        Event::new("Custom", Timestamp::from_millis(i))
            .with("text", format!("{i}"))
            .with("number", i)
    };
    let mut events: Vec<Event> = (0..3_000).map(own).collect();
    let huge = |i: i64| {
        Event::new("Custom", Timestamp::from_millis(HOUR_MILLIS + i))
            .with("int", if i % 2 == 0 { i64::MAX } else { i64::MAX - 1 })
            .with("float", Value::Float(f64::MAX / (1.0 + i as f64 / 100.0)))
    };
    events.extend((0..100).map(huge));
    append(&store, 1, events.clone()).unwrap();
    store.flush().unwrap();
    maintain(&store, 2 * DAY_MILLIS);
    assert_eq!(rows_at(&store), [0, 3_001, 0]);
    assert_eq!(totals_of_store(&store, HOUR_MILLIS), totals_of_events(&events, HOUR_MILLIS));
    let found = rollups(&store.snapshot(AccountId(1)), "Custom", ALWAYS);
    let summary = |name: &str| match found.iter().find_map(|rollup| rollup.get(name)) {
        Some(RolledValue::Numbers(summary)) => summary.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(summary("int").integers.as_ref().unwrap().sum, 100 * i128::from(i64::MAX) - 50);
    assert_eq!(summary("float").floats.as_ref().unwrap().sum.value(), f64::INFINITY);
}

#[test]
fn erasing_takes_every_roll_up_that_may_hold_such_an_event() {
    let dir = folder();
    let store = Store::open(rolling(options(dir.path())), TestClock::at(2 * DAY_MILLIS)).unwrap();
    append(&store, 1, day_of_samples(0)).unwrap();
    store.flush().unwrap();
    maintain(&store, 2 * DAY_MILLIS);
    let range = TimeRange {
        begin: Timestamp::from_millis(7 * 60_000),
        end: Timestamp::from_millis(10 * 60_000),
    };
    let (account, event_type) = (AccountId(1), SAMPLE.to_owned());
    let identity = vec![("topic".into(), "payments".into())];
    store.erase(&Erasure { account, event_type, identity, range }).unwrap();
    assert_eq!(rows_at(&store), [0, 864 - 3, 0]);
    let left = rollups(&store.snapshot(AccountId(1)), SAMPLE, ALWAYS);
    assert!(left.iter().all(|rollup| !rollup.overlaps(range)));
}

fn crashing(disk: &FaultyDisk) -> Options {
    rolling(Options { disk: Arc::new(disk.clone()), ..options(Path::new("store")) })
}

/// Rolls up two days, then late events of them, then all to an hour; the disk fails on the way.
fn roll(store: &Store) {
    for now in [3, 3, 3, 5, 5, 5] {
        let _ = store.maintain(Timestamp::from_millis(now * DAY_MILLIS));
    }
}

fn sealed(disk: &FaultyDisk) -> (Store, Vec<Event>) {
    let store = Store::open(crashing(disk), TestClock::at(2 * DAY_MILLIS)).unwrap();
    let thinned = |day| day_of_samples(day).into_iter().step_by(149);
    let mut events = Vec::new();
    for batch in [thinned(0), thinned(1)] {
        let batch: Vec<Event> = batch.collect();
        append(&store, 1, batch.clone()).unwrap();
        events.extend(batch);
        store.flush().unwrap();
    }
    store.maintain(Timestamp::from_millis(2 * DAY_MILLIS)).unwrap();
    let late: Vec<Event> = day_of_samples(0).into_iter().step_by(101).collect();
    append(&store, 1, late.clone()).unwrap();
    events.extend(late);
    store.flush().unwrap();
    (store, events)
}

#[test]
fn a_crash_at_any_operation_of_rolling_up_counts_every_event_once() {
    let disk = FaultyDisk::new(0);
    let (store, events) = sealed(&disk);
    let begun = disk.operations();
    roll(&store);
    let operations = disk.operations() - begun;
    assert_eq!(rows_at(&store)[..2], [0, 0], "all of it is of an hour");
    let expected = totals_of_events(&events, HOUR_MILLIS);
    assert_eq!(totals_of_store(&store, HOUR_MILLIS), expected);
    assert!(operations > 30, "{operations}");
    drop(store);
    for (operation, fault) in (1..=operations)
        .flat_map(|operation| [(operation, Fault::PowerLoss), (operation, Fault::Refusal)])
    {
        let what = format!("{fault:?} at operation {operation}");
        let disk = FaultyDisk::new(operation);
        let (store, events) = sealed(&disk);
        let expected = totals_of_events(&events, HOUR_MILLIS);
        disk.fail_at(disk.operations() + operation, fault);
        roll(&store);
        assert_eq!(totals_of_store(&store, HOUR_MILLIS), expected, "{what}, before the restart");
        drop(store);
        disk.restart();
        let store = Store::open(crashing(&disk), TestClock::at(2 * DAY_MILLIS)).unwrap();
        assert_eq!(store.open_report().damage, vec![], "{what}");
        assert_eq!(totals_of_store(&store, HOUR_MILLIS), expected, "{what}, after the restart");
        roll(&store);
        assert_eq!(rows_at(&store)[..2], [0, 0], "{what}");
        assert_eq!(totals_of_store(&store, HOUR_MILLIS), expected, "{what}, in the end");
    }
}
