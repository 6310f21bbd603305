//! Random streams against a plain list of events.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use weir_store::{Options, Snapshot, Store};
use weir_types::schema::is_identity;
use weir_types::{AccountId, AttributeName, Event, LatestQuery, TimeRange, Timestamp, Value};

use crate::support::{ALWAYS, Plain, TestClock, append, folder, options, plain, scan};

const TYPES: [&str; 3] = ["KafkaConsumerSample", "KafkaTopicSample", "Custom"];
const ACCOUNTS: [u64; 2] = [1, 7];
/// Identity, measures, states and names that no schema knows.
const NAMES: [&str; 9] = [
    "topic",
    "partition",
    "clusterName",
    "consumerLag",
    "consumerLagSeconds",
    "stale",
    "groupState",
    "note",
    "größe",
];

#[derive(Debug, Clone)]
enum Step {
    Append { account: u64, events: Vec<Event> },
    Look { range: (i64, i64) },
    Hold,
    Maintain,
    Flush,
    Close,
    Drop,
}

#[derive(Default)]
struct Model {
    events: Vec<(u64, Event)>,
}

impl Model {
    fn scan(&self, upto: usize, account: u64, event_type: &str, range: TimeRange) -> Vec<Plain> {
        let events = self.events[..upto].iter();
        let chosen = events.filter(|(a, e)| {
            *a == account && *e.event_type == *event_type && range.contains(e.timestamp)
        });
        chosen.map(|(_, event)| plain(event)).collect()
    }

    /// The newest event of each identity, in no order that counts.
    fn latest(&self, upto: usize, account: u64, event_type: &str, since: Timestamp) -> Vec<Plain> {
        let mut newest: BTreeMap<Plain, (Timestamp, Plain)> = BTreeMap::new();
        let events = self.events[..upto].iter().map(|(a, event)| (*a, event));
        for (_, event) in events
            .filter(|(a, e)| *a == account && *e.event_type == *event_type && e.timestamp >= since)
        {
            let mut identity = Event::new(event_type, Timestamp::from_millis(0));
            identity.attributes = event.attributes.clone();
            identity.attributes.retain(|(name, _)| is_identity(event_type, name));
            match newest.get(&plain(&identity)) {
                Some((at, _)) if *at > event.timestamp => {}
                _ => drop(newest.insert(plain(&identity), (event.timestamp, plain(event)))),
            }
        }
        sorted(newest.into_values().map(|(_, event)| event))
    }

    fn check(&self, upto: usize, account: u64, snapshot: &Snapshot, range: TimeRange) {
        let mut found = Vec::new();
        for event_type in TYPES {
            let expected = self.scan(upto, account, event_type, range);
            assert_eq!(scan(snapshot, event_type, range), expected, "{event_type} of {account}");
            if !expected.is_empty() {
                found.push(event_type);
            }
            let query = LatestQuery { event_type, since: range.begin, identity: &[] };
            let latest = sorted(snapshot.latest(query).iter().map(plain));
            assert_eq!(latest, self.latest(upto, account, event_type, range.begin));
        }
        found.sort_unstable();
        let types = snapshot.event_types(range);
        assert_eq!(types.iter().map(|t| &**t).collect::<Vec<_>>(), found);
    }
}

fn sorted(events: impl Iterator<Item = Plain>) -> Vec<Plain> {
    let mut events: Vec<_> = events.collect();
    events.sort();
    events
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => (0_i64..100).prop_map(Value::Int),
        1 => any::<i64>().prop_map(Value::Int),
        2 => (0_i64..2_000).prop_map(|i| Value::Float(i as f64 / 100.0)),
        1 => any::<f64>().prop_filter_map("finite", Value::float),
        3 => prop::sample::select(vec!["", "a", "b", "orders", "Stable", "ünï"]).prop_map(Value::from),
        1 => "[a-z]{0,12}".prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::Bool),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let timestamp = prop_oneof![
        8 => 0_i64..10_000,
        1 => any::<i64>().prop_filter("inside ALWAYS and retention", |at| at.abs() < i64::MAX),
    ];
    let names = prop::sample::subsequence(NAMES.to_vec(), 0..=NAMES.len());
    let values = prop::collection::vec(value(), NAMES.len());
    (prop::sample::select(TYPES.to_vec()), timestamp, names, values).prop_map(
        |(event_type, at, names, values)| {
            let mut event = Event::new(event_type, Timestamp::from_millis(at));
            let attributes = names.into_iter().map(AttributeName::from).zip(values);
            event.attributes = attributes.collect();
            event
        },
    )
}

/// Few series and many rows, so that chunks fill up.
fn poll() -> impl Strategy<Value = Vec<Event>> {
    (0_i64..10_000, 1_i64..30, any::<i32>()).prop_map(|(start, rows, seed)| {
        let sample = |row: i64| {
            Event::new("KafkaTopicSample", Timestamp::from_millis(start + row * 10))
                .with("topic", if row % 2 == 0 { "even" } else { "odd" })
                .with("sizeBytes", row * i64::from(seed))
                .with("bytesInPerSec", Value::Float(row as f64 * 0.1 + f64::from(seed)))
                .with_known("cleanupPolicy", (row % 5 != 0).then_some("delete"))
        };
        (0..rows).map(sample).collect()
    })
}

fn step() -> impl Strategy<Value = Step> {
    let events = prop_oneof![prop::collection::vec(event(), 1..12), poll()];
    prop_oneof![
        12 => (prop::sample::select(ACCOUNTS.to_vec()), events)
            .prop_map(|(account, events)| Step::Append { account, events }),
        3 => (-100_i64..10_100, 0_i64..5_000)
            .prop_map(|(begin, len)| Step::Look { range: (begin, begin + len) }),
        2 => Just(Step::Hold),
        2 => Just(Step::Maintain),
        1 => Just(Step::Flush),
        1 => Just(Step::Close),
        1 => Just(Step::Drop),
    ]
}

struct Run {
    dir: tempfile::TempDir,
    freeze_bytes: u64,
    store: Option<Store>,
    model: Model,
    held: Vec<(usize, u64, Snapshot)>,
}

impl Run {
    fn new(freeze_bytes: u64) -> Self {
        let dir = folder();
        let mut run =
            Run { dir, freeze_bytes, store: None, model: Model::default(), held: Vec::new() };
        run.open();
        run
    }

    fn open(&mut self) {
        self.store = None;
        let (freeze_bytes, retention) = (self.freeze_bytes, Duration::MAX);
        let options = Options { freeze_bytes, retention, ..options(self.dir.path()) };
        let store = Store::open(options, TestClock::at(0)).unwrap();
        assert_eq!(store.open_report().damage, vec![]);
        assert_eq!(store.open_report().torn, vec![]);
        assert_eq!(store.stats().rows as usize, self.model.events.len());
        self.store = Some(store);
    }

    fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Append { account, events } => {
                append(self.store(), account, events.clone()).unwrap();
                self.model.events.extend(events.into_iter().map(|event| (account, event)));
            }
            Step::Look { range: (begin, end) } => self.look(TimeRange {
                begin: Timestamp::from_millis(begin),
                end: Timestamp::from_millis(end),
            }),
            Step::Hold => {
                let upto = self.model.events.len();
                let take = |account| (upto, account, self.store().snapshot(AccountId(account)));
                let taken: Vec<_> = ACCOUNTS.into_iter().map(take).collect();
                self.held.extend(taken);
            }
            Step::Maintain => {
                let ten_days = Timestamp::from_millis(864_000_000);
                self.store().maintain(ten_days).unwrap();
            }
            Step::Flush => self.store().flush().unwrap(),
            Step::Close => {
                self.store().close();
                self.look(ALWAYS);
                self.open();
            }
            Step::Drop => self.open(),
        }
    }

    fn look(&self, range: TimeRange) {
        for account in ACCOUNTS {
            let snapshot = self.store().snapshot(AccountId(account));
            self.model.check(self.model.events.len(), account, &snapshot, range);
        }
    }

    fn finish(mut self) {
        self.look(ALWAYS);
        for (upto, account, snapshot) in &self.held {
            self.model.check(*upto, *account, snapshot, ALWAYS);
        }
        self.open();
        self.look(ALWAYS);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_store_holds_what_a_list_would(
        steps in prop::collection::vec(step(), 1..30),
        freeze_bytes in prop::sample::select(vec![1_u64, 6_000, 30_000, 1 << 26]),
    ) {
        let mut run = Run::new(freeze_bytes);
        steps.into_iter().for_each(|step| run.step(step));
        run.finish();
    }
}

#[test]
fn a_long_series_comes_back_from_full_chunks() {
    let dir = folder();
    let store = Arc::new(crate::support::open(dir.path()));
    let events: Vec<Event> =
        (0..1_000).map(|i| crate::support::consumer_sample(i * 60_000, i % 3, i * i)).collect();
    for batch in events.chunks(7) {
        append(&store, 1, batch.to_vec()).unwrap();
    }
    let found = scan(&store.snapshot(AccountId(1)), "KafkaConsumerSample", ALWAYS);
    assert_eq!(found, events.iter().map(plain).collect::<Vec<_>>());
    assert_eq!(store.stats().series, 3);
}

#[test]
fn the_latest_of_wanted_series_alone() {
    let dir = folder();
    let store = crate::support::open(dir.path());
    let sample = |at, partition, lag| crate::support::consumer_sample(at, partition, lag);
    append(&store, 1, vec![sample(1, 0, 10), sample(9, 0, 5), sample(4, 0, 7)]).unwrap();
    append(&store, 1, vec![sample(2, 1, 1).with("consumerGroup2", "x")]).unwrap();
    let latest = |identity, since| {
        let since = Timestamp::from_millis(since);
        let query = LatestQuery { event_type: "KafkaConsumerSample", since, identity };
        store.snapshot(AccountId(1)).latest(query)
    };
    let both = latest(&[("clusterName", "orders"), ("consumerGroup", "billing")], 0);
    let mut lags: Vec<_> = both.iter().map(|e| e.get("consumerLag").cloned()).collect();
    lags.sort_by_key(|lag| format!("{lag:?}"));
    assert_eq!(lags, [Some(Value::Int(1)), Some(Value::Int(5))]);
    assert_eq!(latest(&[("consumerGroup", "other")], 0), []);
    assert_eq!(latest(&[], 3).len(), 1, "partition 1 was last seen at 2");

    let since = Timestamp::from_millis(3);
    let query = LatestQuery { event_type: "KafkaConsumerSample", since, identity: &[] };
    let wanted = ["partition", "consumerLag", "absent"];
    let found = store.snapshot(AccountId(1)).latest_attributes(query, &wanted);
    let mut attributes = found[0].attributes.clone();
    attributes.sort_by(|a, b| a.0.cmp(&b.0));
    let expected = [("consumerLag", Value::Int(5)), ("partition", Value::Int(0))];
    assert_eq!(attributes, expected.map(|(name, value)| (name.into(), value)));
    assert_eq!((found.len(), found[0].timestamp), (1, Timestamp::from_millis(9)));
}
