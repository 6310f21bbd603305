//! A clock that stands where it is put, events to append, and what a store holds as plain data.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use weir_store::{Options, Snapshot, Store};
use weir_types::{AccountId, Batch, Clock, Event, Sink, SinkError, TimeRange, Timestamp, Value};

pub const ALWAYS: TimeRange =
    TimeRange { begin: Timestamp::from_millis(i64::MIN), end: Timestamp::from_millis(i64::MAX) };

pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn at(millis: i64) -> Arc<Self> {
        Arc::new(TestClock(AtomicI64::new(millis)))
    }

    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(by.as_millis() as i64, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

/// A folder that goes with the test; in memory where the system has that, because thousands of
/// openings would wait for a disk that proves nothing here.
pub fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.unwrap()
}

/// Nothing happens in the background: a test says when the store is maintained.
pub fn options(dir: &Path) -> Options {
    Options { commit_delay: Duration::ZERO, background: false, ..Options::new(dir) }
}

pub fn open(dir: &Path) -> Store {
    Store::open(options(dir), TestClock::at(0)).unwrap()
}

pub fn append(store: &Store, account: u64, events: Vec<Event>) -> Result<(), SinkError> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(store.append(Batch { account: AccountId(account), events }))
}

/// An event in a form that compares to the bit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Plain {
    pub timestamp: i64,
    pub attributes: BTreeMap<String, (&'static str, String)>,
}

pub fn plain(event: &Event) -> Plain {
    let attributes = event.attributes.iter();
    Plain {
        timestamp: event.timestamp.as_millis(),
        attributes: attributes.map(|(n, v)| (n.to_string(), plain_value(v))).collect(),
    }
}

pub fn plain_value(value: &Value) -> (&'static str, String) {
    let text = match value {
        Value::Int(int) => int.to_string(),
        Value::Float(float) => format!("{:x}", float.to_bits()),
        Value::Str(string) => string.to_string(),
        Value::Bool(bool) => bool.to_string(),
    };
    (value.kind().as_str(), text)
}

/// Events of one type in the order of their sequences, which must differ.
pub fn scan(snapshot: &Snapshot, event_type: &str, range: TimeRange) -> Vec<Plain> {
    let mut rows = BTreeMap::new();
    snapshot.scan(event_type, range, &mut |row| {
        let mut attributes = BTreeMap::new();
        row.for_each(&mut |name, value| {
            let got = row.get(name).map(|value| plain_value(&value));
            assert_eq!(got, Some(plain_value(&value)), "get and for_each differ on {name}");
            let twice = attributes.insert(name.to_string(), plain_value(&value));
            assert_eq!(twice, None, "{name} stands twice");
        });
        assert_eq!(row.get("no such attribute"), None);
        let plain = Plain { timestamp: row.timestamp().as_millis(), attributes };
        assert_eq!(rows.insert(row.sequence(), plain), None, "a sequence stands twice");
        ControlFlow::Continue(())
    });
    rows.into_values().collect()
}

pub fn consumer_sample(at: i64, partition: i64, lag: i64) -> Event {
    Event::new("KafkaConsumerSample", Timestamp::from_millis(at))
        .with("clusterName", "orders")
        .with("consumerGroup", "billing")
        .with("topic", "payments")
        .with("partition", partition)
        .with("consumerLag", lag)
        .with("groupState", "Stable")
        .with("consumerLagSeconds", Value::Float(lag as f64 / 8.0))
        .with("stale", false)
}
