//! Measures memory with many series on disk: `many_series STORE SERIES`. Each series has one event
//! of its own; the store must be empty.

use std::error::Error;
use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use weir_store::{Options, Store};
use weir_types::{AccountId, Batch, Event, LatestQuery, Sink, SystemClock, Timestamp};

type Failure = Box<dyn Error>;

const BATCH: u64 = 2_000;
const TYPE: &str = "KafkaConsumerSample";
const HOUR_MILLIS: u64 = 3_600_000;

fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [dir, series] = args.as_slice() else {
        return Err("usage: many_series STORE SERIES".into());
    };
    let series: u64 = series.parse()?;
    let options = || Options {
        retention: Duration::MAX,
        memory_limit_bytes: 128 << 20,
        cache_bytes: 32 << 20,
        ..Options::new(dir)
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let store = Store::open(options(), Arc::new(SystemClock))?;
    let started = Instant::now();
    for first in (0..series).step_by(BATCH as usize) {
        let events = (first..series.min(first + BATCH)).map(|i| event(i, series)).collect();
        runtime.block_on(store.append(Batch { account: AccountId(1), events }))?;
    }
    store.flush()?;
    say(&format!("{series} series in {:.1?}, resident {} MiB", started.elapsed(), resident_mib()?));
    let far = Timestamp::from_millis(i64::MAX / 2);
    let mut segments = usize::MAX;
    while store.stats().segments < segments {
        segments = store.stats().segments;
        store.maintain(far)?;
    }
    let stats = store.stats();
    let bytes = stats.segment_bytes as f64 / series as f64;
    say(&format!("merged: {bytes:.1} bytes/series, resident {} MiB", resident_mib()?));
    drop(store);
    let started = Instant::now();
    let store = Store::open(options(), Arc::new(SystemClock))?;
    say(&format!("opened in {:.1?}, resident {} MiB", started.elapsed(), resident_mib()?));
    let started = Instant::now();
    let group = format!("group-{}", series / 2 / 50);
    let identity = [("consumerGroup", group.as_str())];
    let query =
        LatestQuery { event_type: TYPE, since: Timestamp::from_millis(0), identity: &identity };
    let found = store.snapshot(AccountId(1)).latest(query).len();
    say(&format!(
        "{found} series of one group in {:.1?}, resident {} MiB",
        started.elapsed(),
        resident_mib()?
    ));
    Ok(())
}

/// Spread over one day.
fn event(i: u64, series: u64) -> Event {
    let at = i * 23 * HOUR_MILLIS / series;
    Event::new(TYPE, Timestamp::from_millis(at as i64))
        .with("clusterName", "orders")
        .with("consumerGroup", format!("group-{}", i / 50))
        .with("topic", format!("topic-{}", i % 1_000))
        .with("partition", (i % 50) as i64)
        .with("consumerLag", (i % 977) as i64)
        .with("consumerOffset", i as i64)
        .with("groupState", "Stable")
}

fn resident_mib() -> Result<u64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib / 1024)
}

#[allow(clippy::print_stdout, reason = "a tool that says what it measured")]
fn say(line: &str) {
    println!("{line}");
}
