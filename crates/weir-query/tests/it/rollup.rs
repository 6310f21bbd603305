//! The same events twice: as they are in memory, and rolled up in a store. What the language
//! promises to be exact over roll-ups is equal to the last digit; everything else says that it is
//! approximate.

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use weir_query::EventSource;
use weir_store::{Options, Snapshot, Store};
use weir_types::{AccountId, Batch, Clock, Event, Sink, Timestamp, Value};

use super::support::{NOW, ask, event_at};

const DAY_MILLIS: i64 = 86_400_000;
const HOUR_MILLIS: i64 = 3_600_000;
const MINUTE_MILLIS: i64 = 60_000;
/// The begin of the day that is rolled up, five days before [`NOW`].
const BEGIN: i64 = NOW - NOW % DAY_MILLIS - 5 * DAY_MILLIS;
const TYPE: &str = "KafkaConsumerSample";

struct Standing;

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(NOW)
    }
}

/// A store that rolls up days after a day: to `hours` of them after four, if so.
struct Rolled {
    store: Store,
    _dir: TempDir,
}

impl Rolled {
    fn new(to_hours: bool) -> Rolled {
        let dir = tempfile::tempdir().unwrap();
        let day = Duration::from_hours(24);
        let options = Options {
            commit_delay: Duration::ZERO,
            background: false,
            retention: day,
            rollup_5m: Some(if to_hours { 2 * day } else { 30 * day }),
            rollup_1h: Some(60 * day),
            ..Options::new(dir.path())
        };
        let store = Store::open(options, Arc::new(Standing)).unwrap();
        Rolled { store, _dir: dir }
    }

    fn append(&self, events: &[Event]) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let batch = Batch { account: AccountId::DEFAULT, events: events.to_vec() };
        runtime.block_on(self.store.append(batch)).unwrap();
    }

    fn roll_up(&self) {
        self.store.flush().unwrap();
        for _ in 0..4 {
            self.store.maintain(Timestamp::from_millis(NOW)).unwrap();
        }
    }

    fn source(&self) -> Snapshot {
        self.store.snapshot(AccountId::DEFAULT)
    }

    fn events_rolled_up(&self) -> u64 {
        let mut events = 0;
        for event_type in [TYPE, "Metric"] {
            self.source().scan_rollups(event_type, window(0, DAY_MILLIS).0, &mut |rollup| {
                events += rollup.events;
                std::ops::ControlFlow::Continue(())
            });
        }
        events
    }
}

/// From and to so many milliseconds behind [`BEGIN`], and as a query says it.
fn window(begin: i64, end: i64) -> (weir_types::TimeRange, String) {
    let (begin, end) = (BEGIN + begin, BEGIN + end);
    let at = Timestamp::from_millis;
    let text = format!("SINCE {begin} UNTIL {end}");
    (weir_types::TimeRange { begin: at(begin), end: at(end) }, text)
}

fn answer(source: &dyn EventSource, nrql: &str) -> (Json, Vec<String>) {
    let result = ask(source, nrql);
    let rows: Json = result.results.into_iter().map(Json::Object).collect();
    let totals = json!([rows, result.total_result, result.other_result]);
    let approximate = result.metadata.messages.into_iter();
    (totals, approximate.filter(|message| message.starts_with("approximate here")).collect())
}

fn rolled_up(events: &[Event], to_hours: bool) -> Rolled {
    let rolled = Rolled::new(to_hours);
    rolled.append(events);
    rolled.roll_up();
    rolled
}

/// Numbers of two partitions a minute over the first hours of the day, and a state that changes.
fn samples(minutes: i64) -> Vec<Event> {
    let sample = |step: i64, partition: i64| {
        let state = if step % 90 < 45 { "OK" } else { "WARN" };
        let lag = (step * 7 + partition * 13) % 50;
        event_at(
            TYPE,
            BEGIN + step * MINUTE_MILLIS + partition,
            json!({
                "consumerGroup": "billing", "topic": "payments", "partition": partition,
                "consumerLag": lag, "consumerLagSeconds": lag as f64 / 8.0, "lagStatus": state,
                "logEndOffset": step * 1_000,
            }),
        )
    };
    (0..minutes).flat_map(|step| [sample(step, 0), sample(step, 1)]).collect()
}

const EXACT: [&str; 12] = [
    "SELECT count(*), count(consumerLag), sum(consumerLag), average(consumerLag) FROM T",
    "SELECT min(consumerLag), max(consumerLag), latest(consumerLag), earliest(consumerLag) FROM T",
    "SELECT sum(note), average(note), min(note), max(note), count(note) FROM T",
    "SELECT latest(note), earliest(note), latest(lagStatus), earliest(lagStatus) FROM T",
    "SELECT sum(consumerLagSeconds), latest(stale), max(timestamp) FROM T FACET partition",
    "SELECT count(*), latest(consumerLag) FROM T FACET lagStatus, topic LIMIT 3",
    "SELECT sum(consumerLag), latest(note) FROM T WHERE topic = 'a' OR stale IS TRUE",
    "SELECT filter(sum(consumerLag), WHERE lagStatus = 'WARN'), percentage(count(*), WHERE stale) FROM T",
    "SELECT uniqueCount(topic), uniques(lagStatus), uniqueCount(partition), keyset() FROM T",
    "SELECT max(consumerLag) - min(consumerLag), average(note) * 2 FROM T FACET topic",
    "SELECT rate(sum(consumerLag), 1 minute), average(consumerLag) FROM T TIMESERIES 1 hour",
    "SELECT latest(note), sum(note) FROM T FACET partition TIMESERIES 2 hours",
];

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        5 => (0_i64..30).prop_map(Value::Int),
        1 => any::<i64>().prop_map(Value::Int),
        // Never whole: which of 5 and 5.0 is the least of both is not said.
        4 => (0_i64..2_000).prop_map(|i| Value::Float(i as f64 / 7.0 + 0.01)),
        1 => (-1e18..1e18).prop_map(Value::Float),
        2 => prop::sample::select(vec!["a", "b"]).prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::Bool),
    ]
}

fn random_event() -> impl Strategy<Value = Event> {
    let at = (0_i64..50, 0_i64..3).prop_map(|(step, millis)| BEGIN + step * 177_777 + millis);
    let identity = (prop::option::of(prop::sample::select(vec!["a", "b", "c"])), 0_i64..3);
    let state = (
        prop::option::of(prop::sample::select(vec!["OK", "WARN"])),
        prop::option::of(any::<bool>()),
    );
    let numbers =
        (prop::option::of(-50_i64..50), prop::option::of(0_i64..5_000), prop::option::of(value()));
    (at, identity, state, numbers).prop_map(|(at, (topic, partition), (status, stale), numbers)| {
        let (lag, eighths, note) = numbers;
        Event::new(TYPE, Timestamp::from_millis(at))
            .with("partition", partition)
            .with_known("topic", topic)
            .with_known("lagStatus", status)
            .with_known("stale", stale)
            .with_known("consumerLag", lag)
            .with_known("consumerLagSeconds", eighths.map(|e| Value::Float(e as f64 / 9.0)))
            .with_known("note", note)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whole_roll_ups_answer_exactly(
        early in prop::collection::vec(random_event(), 1..200),
        late in prop::collection::vec(random_event(), 0..40),
        unsealed in prop::collection::vec(random_event(), 0..10),
        to_hours in any::<bool>(),
    ) {
        let rolled = Rolled::new(to_hours);
        // Late events: rolled up beside the others, then not sealed yet.
        for batch in [&early, &late] {
            rolled.append(batch);
            rolled.roll_up();
        }
        rolled.append(&unsealed);
        prop_assert_eq!(rolled.events_rolled_up(), (early.len() + late.len()) as u64);
        let events = [early, late, unsealed].concat();
        for nrql in EXACT {
            for (begin, end) in [(0, DAY_MILLIS), (HOUR_MILLIS, 3 * HOUR_MILLIS)] {
                let nrql = nrql.replace("FROM T", &format!("FROM {TYPE}"));
                let nrql = format!("{nrql} {}", window(begin, end).1);
                let (expected, _) = answer(&events, &nrql);
                let (found, approximate) = answer(&rolled.source(), &nrql);
                prop_assert_eq!(found, expected, "{}", nrql);
                prop_assert_eq!(approximate, Vec::<String>::new(), "{}", nrql);
            }
        }
    }

    /// Each percentile is as far from the exact one as the message says, at most.
    #[test]
    fn percentiles_keep_to_the_stated_bound(
        events in prop::collection::vec(random_event(), 1..200), percent in 0_i64..=100,
    ) {
        let rolled = rolled_up(&events, true);
        let nrql = format!(
            "SELECT percentile(consumerLag, {percent}) AS p FROM {TYPE} {}", window(0, DAY_MILLIS).1
        );
        let number = |answer: &Json| answer[0][0]["p"][percent.to_string()].as_f64();
        let (expected, _) = answer(&events, &nrql);
        let (found, approximate) = answer(&rolled.source(), &nrql);
        let bound: f64 = match approximate.as_slice() {
            [] => 0.0,
            [one] => one.rsplit(' ').next().unwrap().parse().unwrap(),
            more => panic!("{more:?}"),
        };
        let (expected, found) = (number(&expected).unwrap(), number(&found).unwrap());
        prop_assert!((expected - found).abs() <= bound + 1e-9, "{expected}, {found}, {bound}");
    }
}

fn messages(source: &dyn EventSource, select: &str) -> Vec<String> {
    answer(source, &over_the_day(select)).1
}

fn over_the_day(select: &str) -> String {
    let select = select.replace("FROM T", &format!("FROM {TYPE}"));
    format!("{select} {}", window(0, DAY_MILLIS).1)
}

#[test]
fn what_is_not_exact_names_function_resolution_and_time() {
    let rolled = rolled_up(&samples(240), false);
    let source = rolled.source();
    let only = |select: &str| match messages(&source, select).as_slice() {
        [one] => one.clone(),
        other => panic!("{select}: {other:?}"),
    };
    let day = BEGIN / DAY_MILLIS;
    assert_eq!(day, 19_670, "2023-11-09");
    assert_eq!(
        only("SELECT percentile(consumerLag, 95) FROM T"),
        "approximate here: percentile(consumerLag) over 5-minute roll-ups from \
         2023-11-09T00:00:00Z to 2023-11-09T03:59:00.001Z, off by at most 43"
    );
    for (select, label) in [
        ("SELECT stddev(consumerLag) FROM T", "stddev(consumerLag)"),
        ("SELECT uniqueCount(consumerLag) FROM T", "uniqueCount(consumerLag)"),
        ("SELECT histogram(consumerLag, 50, 5) FROM T", "histogram(consumerLag)"),
        ("SELECT derivative(consumerLag, 1 minute) FROM T", "derivative(consumerLag)"),
        ("SELECT sum(consumerLag + 1) FROM T", "sum of an expression on consumerLag"),
        ("SELECT count(*) FROM T WHERE consumerLag > 10", "WHERE"),
        ("SELECT count(*) FROM T FACET consumerLag", "FACET"),
        ("SELECT count(*) FROM T FACET hourOf(timestamp)", "FACET"),
        ("SELECT filter(count(*), WHERE consumerLag > 9) FROM T", "count(*) where a condition on"),
        ("SELECT * FROM T", "rows"),
        ("SELECT consumerLag FROM T", "rows"),
    ] {
        let message = only(select);
        assert!(message.starts_with(&format!("approximate here: {label}")), "{message}");
        assert!(message.contains("over 5-minute roll-ups from 2023-11-09T"), "{message}");
    }
    // One message a function, also over an inner query.
    let two = messages(&source, "SELECT stddev(consumerLag), median(consumerLagSeconds) FROM T");
    assert_eq!(two.len(), 2, "{two:?}");
    let inner = "SELECT max(s) FROM (SELECT stddev(consumerLag) AS s FROM T FACET partition)";
    assert!(only(inner).contains("stddev(consumerLag)"));
}

#[test]
fn what_a_window_or_a_bucket_cuts_is_told_and_counts_once() {
    let events = samples(240);
    let rolled = rolled_up(&events, false);
    let source = rolled.source();
    let ask = |clause: &str| {
        let nrql = format!("SELECT count(*) AS n FROM {TYPE} {clause}");
        let (found, approximate) = answer(&source, &nrql);
        let (expected, _) = answer(&events, &nrql);
        (found[0].clone(), expected[0].clone(), approximate)
    };
    let minutes = |begin: i64, end: i64| window(begin * MINUTE_MILLIS, end * MINUTE_MILLIS).1;
    let (found, expected, approximate) = ask(&minutes(5, 100));
    assert_eq!((found, approximate.len()), (expected, 0), "roll-ups begin and end here");
    let edges = "approximate here: edges of the window or of a bucket";
    for cut in [minutes(7, 100), minutes(5, 98), minutes(6, 9)] {
        let (_, _, approximate) = ask(&cut);
        assert_eq!(approximate.len(), 1, "{cut}");
        assert!(approximate[0].starts_with(edges), "{approximate:?}");
    }
    let series = format!("{} TIMESERIES 2 minutes", minutes(0, 60));
    let (found, expected, approximate) = ask(&series);
    let sum = |rows: &Json| -> i64 {
        rows.as_array().unwrap().iter().map(|row| row["n"].as_i64().unwrap()).sum()
    };
    assert_eq!((sum(&found), sum(&expected)), (120, 120), "each event is in one bucket");
    assert!(approximate[0].starts_with(edges), "{approximate:?}");
    let (found, expected, approximate) = ask(&format!("{} TIMESERIES 10 minutes", minutes(0, 60)));
    assert_eq!((found, approximate.len()), (expected, 0));
}

#[test]
fn numbers_that_do_not_change_are_as_good_as_events() {
    let still = |step: i64| event_at(TYPE, BEGIN + step * 30_000, json!({"a": 4, "b": step / 20}));
    let events: Vec<Event> = (0..200).map(still).collect();
    let rolled = rolled_up(&events, false);
    for select in [
        "SELECT percentile(a, 50), stddev(a), histogram(a, 10, 5), uniqueCount(a) FROM T",
        "SELECT count(*), sum(a * 2) FROM T WHERE a = 4 FACET a",
        "SELECT apdex(a, t: 2) FROM T",
    ] {
        let nrql = over_the_day(select);
        let (expected, _) = answer(&events, &nrql);
        assert_eq!(answer(&rolled.source(), &nrql), (expected, vec![]), "{select}");
    }
}

#[test]
fn points_of_metrics_become_points_of_longer_intervals() {
    let point = |step: i64, dimension: i64| {
        let at = BEGIN + step * MINUTE_MILLIS;
        [
            event_at(
                "Metric",
                at,
                json!({
                    "metricName": "lag", "metric.type": "gauge", "metric.latest": step % 17,
                    "shard": dimension,
                }),
            ),
            event_at(
                "Metric",
                at,
                json!({
                    "metricName": "sent", "metric.type": "count", "metric.count": step % 5,
                    "shard": dimension,
                }),
            ),
            event_at(
                "Metric",
                at,
                json!({
                    "metricName": "took", "metric.type": "summary", "metric.count": 1 + step % 3,
                    "metric.total": step * 4, "metric.min": step, "metric.max": step * 2,
                    "shard": dimension,
                }),
            ),
        ]
    };
    let events: Vec<Event> = (0..120).flat_map(|step| point(step, step % 2)).collect();
    let rolled = rolled_up(&events, false);
    assert_eq!(rolled.events_rolled_up(), 360);
    for select in [
        "SELECT count(*) FROM Metric",
        "SELECT sum(lag), average(lag), min(lag), max(lag), latest(lag), count(lag) FROM Metric",
        "SELECT sum(sent), average(sent), max(sent), count(sent) FROM Metric FACET shard",
        "SELECT sum(took), average(took), min(took), max(took), count(took) FROM Metric FACET shard",
        "SELECT sum(sent) FROM Metric WHERE shard = 1 TIMESERIES 1 hour",
    ] {
        let nrql = format!("{select} {}", window(0, 2 * HOUR_MILLIS).1);
        let (expected, _) = answer(&events, &nrql);
        assert_eq!(answer(&rolled.source(), &nrql), (expected, vec![]), "{select}");
    }
    let nrql = format!("SELECT percentile(lag, 50) FROM Metric {}", window(0, DAY_MILLIS).1);
    assert_eq!(answer(&rolled.source(), &nrql).1.len(), 1);
}
