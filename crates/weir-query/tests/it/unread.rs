//! What a damaged store can't give is missing in an answer, which says so.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use weir_store::{Options, Store};
use weir_types::{AccountId, Batch, Event, Sink, SystemClock};

use super::support::{NOW, ask, event_at};

fn open(dir: &Path) -> Store {
    let commit_delay = Duration::ZERO;
    let options = Options { commit_delay, background: false, ..Options::new(dir) };
    Store::open(options, Arc::new(SystemClock)).unwrap()
}

fn append(store: &Store, event_type: &str) {
    let row = |i: i64| event_at(event_type, NOW - 60_000 + i * 1_000, json!({"n": i}));
    let events: Vec<Event> = (0..10).map(row).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(store.append(Batch { account: AccountId::DEFAULT, events })).unwrap();
    store.flush().unwrap();
}

#[test]
fn rows_that_can_not_be_read_are_told_with_their_time_and_segment() {
    const HEADER_BYTES: usize = 32;
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    append(&store, "Broken");
    append(&store, "Whole");
    drop(store);
    let segment = dir.path().join("segments/00000000000000000001.segment");
    let mut bytes = fs::read(&segment).unwrap();
    bytes[HEADER_BYTES] ^= 1;
    fs::write(&segment, &bytes).unwrap();

    let of = |event_type: &str, since: &str| {
        let snapshot = open(dir.path()).snapshot(AccountId::DEFAULT);
        let nrql = format!("SELECT count(*) AS n FROM {event_type} SINCE {since}");
        let result = ask(&snapshot, &nrql);
        (result.results[0]["n"].clone(), result.metadata.messages)
    };
    let message = "up to 10 rows of Broken from 2023-11-14T22:12:20Z to 2023-11-14T22:12:29Z could \
                   not be read: segment 1 is damaged, run `weir store check`";
    assert_eq!(of("Broken", "1 hour ago"), (json!(0), vec![message.to_owned()]));
    assert_eq!(of("Broken", "10 seconds ago"), (json!(0), vec![]), "nothing of that is asked for");
    assert_eq!(of("Whole", "1 hour ago"), (json!(10), vec![]));
    // What else is in a segment that can't be opened is not known.
    bytes[0] ^= 1;
    fs::write(&segment, bytes).unwrap();
    assert_eq!(of("Whole", "1 hour ago").1.len(), 1);
}
