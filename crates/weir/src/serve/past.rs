//! What each source knew before the last stop, out of the store: its newest cycles, however long ago
//! they were within a day.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::time::Duration;

use weir_collect::Past;
use weir_store::{EventRow, Snapshot};
use weir_types::{TimeRange, Timestamp, Value};

/// A source's cycles that are read: they fill its verdict windows.
const CYCLES_MAX: usize = 12;
/// A stop for longer leaves little that is still true.
const LOOK_BACK: Duration = Duration::from_secs(24 * 3_600);
/// Every answered cycle leaves one of it, and what was not answered is marked stale.
const CYCLE: &str = "KafkaClusterSample";

/// A source by its name and that of its cluster.
pub type SourceName = (String, String);

/// The newest cycles of one source, at most [`CYCLES_MAX`].
#[derive(Default)]
struct Cycles {
    at: BTreeSet<Timestamp>,
    /// That of the newest: another cluster of the same name is another cluster.
    cluster_id: Option<Value>,
}

/// The past of each source, in their order. Holds a packed sample a series and cycle, and reads a
/// stretch of time once for all sources that were running in it.
pub fn read(snapshot: &Snapshot, now: Timestamp, sources: &[SourceName]) -> Vec<Past> {
    let mut cycles: Vec<Cycles> = sources.iter().map(|_| Cycles::default()).collect();
    let last_day = TimeRange { begin: now.saturating_sub(LOOK_BACK), end: now };
    each_row(snapshot, CYCLE, last_day, sources, &mut |source, row| {
        if row.get("stale") != Some(Value::Bool(true)) {
            cycles[source].add(row.timestamp(), row.get("clusterId"));
        }
    });
    let mut pasts: Vec<Past> = sources.iter().map(|_| Past::default()).collect();
    for range in merged(cycles.iter().filter_map(Cycles::range)) {
        for event_type in Past::EVENT_TYPES {
            each_row(snapshot, event_type, range, sources, &mut |source, row| {
                if cycles[source].has(row) {
                    pasts[source].add(&row.to_event_of(event_type, Past::ATTRIBUTES));
                }
            });
        }
    }
    pasts
}

impl Cycles {
    fn add(&mut self, at: Timestamp, cluster_id: Option<Value>) {
        if self.at.last().is_none_or(|newest| at > *newest) {
            self.cluster_id = cluster_id;
        }
        self.at.insert(at);
        if self.at.len() > CYCLES_MAX {
            self.at.pop_first();
        }
    }

    fn range(&self) -> Option<TimeRange> {
        let (&oldest, &newest) = (self.at.first()?, self.at.last()?);
        Some(TimeRange { begin: oldest, end: newest.saturating_add(Duration::from_millis(1)) })
    }

    fn has(&self, row: &EventRow<'_>) -> bool {
        self.at.contains(&row.timestamp()) && row.get("clusterId") == self.cluster_id
    }
}

/// Every row that one of the sources stored, with the index of that source.
fn each_row(
    snapshot: &Snapshot,
    event_type: &str,
    range: TimeRange,
    sources: &[SourceName],
    visit: &mut dyn FnMut(usize, &EventRow<'_>),
) {
    snapshot.scan(event_type, range, &mut |row| {
        let (source, cluster) = (row.get("source"), row.get("clusterName"));
        let is_text = |value: &Option<Value>, text: &str| {
            value.as_ref().and_then(Value::as_str) == Some(text)
        };
        let is_it = |(name, of): &SourceName| is_text(&source, name) && is_text(&cluster, of);
        if let Some(source) = sources.iter().position(is_it) {
            visit(source, row);
        }
        ControlFlow::Continue(())
    });
}

/// The same moments in as few ranges as there are.
fn merged(ranges: impl Iterator<Item = TimeRange>) -> Vec<TimeRange> {
    let mut ranges: Vec<TimeRange> = ranges.collect();
    ranges.sort_unstable_by_key(|range| range.begin);
    ranges.dedup_by(|next, before| {
        let touches = next.begin <= before.end;
        if touches {
            before.end = before.end.max(next.end);
        }
        touches
    });
    ranges
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use weir_store::{Options, Store};
    use weir_types::{AccountId, Batch, Clock, Event, Sink};

    use super::*;

    const HOUR: i64 = 3_600;
    const NOW: i64 = 100 * HOUR;

    struct Noon;

    impl Clock for Noon {
        fn now(&self) -> Timestamp {
            at(NOW)
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_millis(second * 1_000)
    }

    /// What a source stores in a cycle.
    fn cycle(second: i64, source: &str, cluster_id: &str, stale: bool) -> [Event; 2] {
        let event = |name: &str| {
            Event::new(name, at(second))
                .with("source", source)
                .with("clusterName", "orders")
                .with("clusterId", cluster_id)
                .with("stale", stale)
        };
        let position = event("KafkaConsumerSample")
            .with("consumerGroup", "reader")
            .with("topic", "orders")
            .with("partition", 0)
            .with("consumerOffset", second);
        [event(CYCLE), position]
    }

    /// How many samples each of the sources gets back.
    fn sample_counts(events: Vec<Event>, sources: &[&str]) -> Vec<usize> {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Options::new(folder.path()), Arc::new(Noon)).unwrap();
        let account = AccountId::DEFAULT;
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(store.append(Batch { account, events })).unwrap();
        let names: Vec<SourceName> =
            sources.iter().map(|&source| (source.to_owned(), "orders".to_owned())).collect();
        let pasts = read(&store.snapshot(account), at(NOW), &names);
        pasts.iter().map(Past::sample_count).collect()
    }

    #[test]
    fn each_source_gets_its_newest_cycles_however_long_it_stood() {
        let cycles = |first: i64, count: i64, source: &'static str| {
            let seconds = (0..count).map(move |cycle| first + cycle * 10);
            seconds.flat_map(move |second| cycle(second, source, "c", false))
        };
        let events = cycles(NOW - 20 * HOUR, 14, "stood-long")
            .chain(cycles(NOW - 60, 3, "just-now"))
            .chain(cycles(NOW - 30 * HOUR, 3, "too-long-ago"));
        let sources = ["stood-long", "just-now", "too-long-ago", "new"];
        assert_eq!(sample_counts(events.collect(), &sources), [CYCLES_MAX, 3, 0, 0]);
    }

    #[test]
    fn silent_cycles_and_another_cluster_of_the_same_name_tell_nothing() {
        let mut events = Vec::new();
        for second in 0..20 {
            events.extend(cycle(NOW - 2 * HOUR + second, "fleet", "before", false));
            events.extend(cycle(NOW - HOUR + second, "fleet", "now", second > 4));
        }
        assert_eq!(sample_counts(events, &["fleet"]), [5]);
    }

    #[test]
    fn ranges_that_touch_are_read_once() {
        let range = |begin, end| TimeRange { begin: at(begin), end: at(end) };
        let ranges = [range(50, 60), range(0, 10), range(5, 20), range(55, 58)];
        assert_eq!(merged(ranges.into_iter()), [range(0, 20), range(50, 60)]);
    }
}
