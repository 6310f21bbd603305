//! How often each broker was asked what.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// Keys of Kafka's requests are all below this.
const KEYS: usize = 128;

/// Counted when a request arrives, one row a broker.
#[derive(Debug)]
pub(super) struct Counters(Vec<[AtomicU64; KEYS]>);

/// Requests by broker id and by key of the request (3 for Metadata).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestCounts(pub BTreeMap<i32, BTreeMap<i16, u64>>);

impl Counters {
    pub(super) fn new(brokers: usize) -> Counters {
        Counters((0..brokers).map(|_| [const { AtomicU64::new(0) }; KEYS]).collect())
    }

    pub(super) fn count(&self, broker: usize, key: i16) {
        let counter = usize::try_from(key).ok().and_then(|key| self.0.get(broker)?.get(key));
        if let Some(counter) = counter {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn snapshot(&self, ids: &[i32]) -> RequestCounts {
        let of_broker = |counters: &[AtomicU64; KEYS]| {
            let counts =
                (0i16..).zip(counters).map(|(key, count)| (key, count.load(Ordering::Relaxed)));
            counts.filter(|(_, count)| *count > 0).collect()
        };
        RequestCounts(ids.iter().copied().zip(self.0.iter().map(of_broker)).collect())
    }
}

impl RequestCounts {
    pub fn total(&self) -> u64 {
        self.0.values().flat_map(BTreeMap::values).sum()
    }

    /// Of one kind, all brokers together.
    pub fn of(&self, key: i16) -> u64 {
        self.0.values().filter_map(|counts| counts.get(&key)).sum()
    }

    /// What has come since an earlier look.
    pub fn since(&self, earlier: &RequestCounts) -> RequestCounts {
        let before = |broker: &i32, key: &i16| {
            earlier.0.get(broker).and_then(|counts| counts.get(key)).copied().unwrap_or(0)
        };
        let broker = |(id, counts): (&i32, &BTreeMap<i16, u64>)| {
            let new =
                counts.iter().map(|(key, count)| (*key, count.saturating_sub(before(id, key))));
            (*id, new.filter(|(_, count)| *count > 0).collect())
        };
        RequestCounts(self.0.iter().map(broker).collect())
    }
}
