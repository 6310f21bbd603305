//! Ten million series on disk take little memory: while they come in, while they are merged, and
//! after a start. A process of its own shows it, because memory is counted by process.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use weir_store::{Options, Store};
use weir_types::{AccountId, Column, ColumnValues, Columns, LatestQuery, SystemClock, Timestamp};

use crate::support::folder;

const SERIES: u64 = 10_000_000;
const SERIES_PER_GROUP: u64 = 50;
const BATCH: u64 = 50_000;
const TYPE: &str = "KafkaConsumerSample";
const DAY_MILLIS: u64 = 24 * 3_600_000;
const RESIDENT_MIB_MAX: u64 = 300;
const DIR_VARIABLE: &str = "WEIR_STORE_TEST_DIR";

#[test]
#[cfg(target_os = "linux")]
fn ten_million_series_on_disk_take_at_most_300_mib() {
    let dir = folder();
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "many_series::second_process", "--nocapture"])
        .env(DIR_VARIABLE, dir.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success(), "{said}\n{}", String::from_utf8_lossy(&child.stderr));
    let resident: Vec<u64> = said
        .lines()
        .filter_map(|line| line.split_once("resident ")?.1.split(' ').next()?.parse().ok())
        .collect();
    assert_eq!(resident.len(), 4, "{said}");
    assert!(resident.iter().all(|mib| *mib <= RESIDENT_MIB_MAX), "{said}");
}

/// Not a test of its own: what the second process runs.
#[test]
#[ignore = "run by the test beside it"]
fn second_process() {
    let Some(dir) = std::env::var_os(DIR_VARIABLE) else { return };
    let open = || {
        let limits =
            Options { memory_limit_bytes: 128 << 20, cache_bytes: 32 << 20, ..Options::new(&dir) };
        Store::open(Options { retention: Duration::MAX, ..limits }, Arc::new(SystemClock)).unwrap()
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let store = open();
    for first in (0..SERIES).step_by(BATCH as usize) {
        runtime.block_on(store.append_columns(AccountId(1), columns(first))).unwrap();
    }
    store.flush().unwrap();
    say("taken in");
    let mut segments = usize::MAX;
    while store.stats().segments < segments {
        segments = store.stats().segments;
        store.maintain(Timestamp::from_millis(i64::MAX / 2)).unwrap();
    }
    say("merged");
    drop(store);
    let store = open();
    say("opened");
    let group = format!("group-{}", SERIES / SERIES_PER_GROUP / 2);
    let identity = [("consumerGroup", group.as_str())];
    let since = Timestamp::from_millis(0);
    let query = LatestQuery { event_type: TYPE, since, identity: &identity };
    assert_eq!(store.snapshot(AccountId(1)).latest(query).len() as u64, SERIES_PER_GROUP);
    say("asked");
}

/// One event of each of the next series, all of them spread over one day.
fn columns(first: u64) -> Columns {
    let numbers = first..first + BATCH;
    let at = |number: u64| Timestamp::from_millis((number * (DAY_MILLIS - 1) / SERIES) as i64);
    let ints =
        |of: fn(u64) -> u64| ColumnValues::Ints(numbers.clone().map(|n| of(n) as i64).collect());
    let texts = |names: Vec<String>, of: fn(u64) -> u64| ColumnValues::Texts {
        strings: names.into_iter().map(Into::into).collect(),
        codes: numbers.clone().map(|n| of(n) as u32).collect(),
    };
    let groups = first / SERIES_PER_GROUP..(first + BATCH) / SERIES_PER_GROUP;
    let column = |name: &'static str, values| Column { name: name.into(), presence: None, values };
    Columns {
        event_type: TYPE.into(),
        timestamps: numbers.clone().map(at).collect(),
        columns: vec![
            column("clusterName", texts(vec!["orders".into()], |_| 0)),
            column(
                "consumerGroup",
                texts(groups.map(|group| format!("group-{group}")).collect(), |n| {
                    n % BATCH / SERIES_PER_GROUP
                }),
            ),
            column(
                "topic",
                texts((0..1_000).map(|topic| format!("topic-{topic}")).collect(), |n| n % 1_000),
            ),
            column("partition", ints(|n| n % SERIES_PER_GROUP)),
            column("consumerLag", ints(|n| n % 977)),
            column("consumerOffset", ints(|n| n)),
        ],
    }
}

#[allow(clippy::print_stdout, reason = "the first process reads it")]
fn say(step: &str) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    println!("{step}: at most resident {} MiB so far", kib / 1024);
}
