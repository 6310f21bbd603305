//! Fleets that change: new series every hour, late rows, attributes that change type, attributes
//! without end. Always against the plain list of what was sent.

use weir_store::{Options, Store};
use weir_types::{AccountId, Event, LatestQuery, TimeRange, Timestamp, Value};

use crate::support::{ALWAYS, Plain, TestClock, append, folder, open, options, plain, scan};

const HOUR_MILLIS: i64 = 3_600_000;
const TYPE: &str = "KafkaConsumerSample";

/// A repeatable stream of numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: i64) -> i64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as i64 % limit
    }
}

fn sample(at: i64, series: i64, random: &mut Random) -> Event {
    let lag = if series % 3 == 0 { 0 } else { random.below(1_000) };
    let event = Event::new(TYPE, Timestamp::from_millis(at))
        .with("clusterName", "orders")
        .with("consumerGroup", format!("group-{}", series / 10))
        .with("topic", format!("topic-{}", series % 7))
        .with("partition", series)
        .with("logEndOffset", at / 1_000 + lag)
        .with("consumerOffset", at / 1_000)
        .with("consumerLag", lag);
    // An integer today, text tomorrow, sometimes a number, sometimes not there.
    match random.below(12) {
        0 => event.with("drifting", "n/a"),
        1 => event.with("drifting", Value::Float(lag as f64 / 7.0)),
        2 => event.with("drifting", lag % 2 == 0),
        3 => event,
        _ => event.with("drifting", lag),
    }
}

fn found(store: &Store, range: TimeRange) -> Vec<Plain> {
    scan(&store.snapshot(AccountId(1)), TYPE, range)
}

#[test]
fn a_fleet_that_changes_every_hour_is_as_it_was_sent() {
    let dir = folder();
    let clock = TestClock::at(0);
    let store = Store::open(options(dir.path()), clock.clone()).unwrap();
    let mut random = Random(7);
    let mut sent: Vec<(i64, Plain)> = Vec::new();
    for hour in 0..30_i64 {
        // Of a hundred series, the oldest five go and five new ones come.
        let series = hour * 5..hour * 5 + 100;
        for poll in 0..4 {
            let at = hour * HOUR_MILLIS + poll * 900_000;
            let late = |random: &mut Random| match random.below(50) {
                0 => random.below(20) * HOUR_MILLIS,
                _ => random.below(300),
            };
            let events: Vec<Event> = series
                .clone()
                .map(|series| sample(at - late(&mut random), series, &mut random))
                .collect();
            sent.extend(events.iter().map(|e| (e.timestamp.as_millis(), plain(e))));
            append(&store, 1, events).unwrap();
            clock.advance(std::time::Duration::from_mins(15));
        }
        store.flush().unwrap();
        if hour % 6 == 5 {
            let now = Timestamp::from_millis((hour + 1) * HOUR_MILLIS);
            store.maintain(now).unwrap();
        }
    }
    let later = Timestamp::from_millis(60 * HOUR_MILLIS);
    let mut segments = store.stats().segments;
    loop {
        store.maintain(later).unwrap();
        if store.stats().segments == segments {
            break;
        }
        segments = store.stats().segments;
    }
    assert!(segments <= 4, "{segments} segments for two days and what came before");
    let all: Vec<Plain> = sent.iter().map(|(_, plain)| plain.clone()).collect();
    assert_eq!(found(&store, ALWAYS), all);
    for _ in 0..20 {
        let begin = random.below(31 * HOUR_MILLIS);
        let end = begin + random.below(5 * HOUR_MILLIS);
        let range =
            TimeRange { begin: Timestamp::from_millis(begin), end: Timestamp::from_millis(end) };
        let expected = sent.iter().filter(|(at, _)| (begin..end).contains(at));
        let expected: Vec<Plain> = expected.map(|(_, plain)| plain.clone()).collect();
        assert_eq!(found(&store, range), expected);
    }
    let query =
        LatestQuery { event_type: TYPE, since: Timestamp::from_millis(i64::MIN), identity: &[] };
    assert_eq!(store.snapshot(AccountId(1)).latest(query).len(), 245);
    drop(store);
    assert_eq!(found(&open(dir.path()), ALWAYS), all);
}

#[test]
fn attributes_without_end_are_sealed_and_merged() {
    let dir = folder();
    let options = Options { freeze_bytes: 2 << 20, ..options(dir.path()) };
    let store = Store::open(options, TestClock::at(0)).unwrap();
    let mut sent = Vec::new();
    for step in 0..60_i64 {
        let mut event = Event::new("Custom", Timestamp::from_millis(step * 1_000));
        for i in 0..100 {
            let value =
                if i % 2 == 0 { Value::Int(step * i) } else { format!("{step}-{i}").into() };
            event.push(format!("name-{}", step * 50 + i), value);
        }
        sent.push(plain(&event));
        append(&store, 1, vec![event]).unwrap();
        if step % 20 == 19 {
            store.flush().unwrap();
        }
    }
    let custom = |store: &Store| scan(&store.snapshot(AccountId(1)), "Custom", ALWAYS);
    assert_eq!(custom(&store), sent);
    store.maintain(Timestamp::from_millis(240 * HOUR_MILLIS)).unwrap();
    assert_eq!(store.stats().segments, 1);
    assert_eq!(custom(&store), sent);
}

#[test]
fn one_series_of_many_rows_goes_over_groups() {
    let dir = folder();
    let store = open(dir.path());
    let mut count = 0;
    for step in 0..70_i64 {
        let row = |i: i64| {
            let at = Timestamp::from_millis(step * 1_000 + i % 700);
            Event::new("Custom", at).with("n", step * 1_000 + i).with("text", format!("{}", i % 9))
        };
        append(&store, 1, (0..1_000).map(row).collect()).unwrap();
        count += 1_000;
    }
    store.flush().unwrap();
    let snapshot = store.snapshot(AccountId(1));
    let mut seen = vec![false; count];
    snapshot.scan("Custom", ALWAYS, &mut |row| {
        let Some(Value::Int(n)) = row.get("n") else { panic!("a row without a number") };
        assert!(!std::mem::replace(&mut seen[n as usize], true), "{n} came twice");
        assert_eq!(row.get("text"), Some(format!("{}", n % 1_000 % 9).into()));
        assert_eq!(row.timestamp().as_millis(), n / 1_000 * 1_000 + n % 1_000 % 700);
        std::ops::ControlFlow::Continue(())
    });
    assert!(seen.iter().all(|seen| *seen));
    let query =
        LatestQuery { event_type: "Custom", since: Timestamp::from_millis(0), identity: &[] };
    let latest = snapshot.latest(query);
    assert_eq!((latest.len(), latest[0].timestamp.as_millis()), (1, 69_699));
}
