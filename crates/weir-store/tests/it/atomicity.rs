//! Readers beside writers: a batch is seen whole or not at all.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use weir_store::{Options, Store};
use weir_types::{AccountId, Event, Timestamp};

use crate::support::{ALWAYS, TestClock, append, folder, options};

const WRITERS: i64 = 3;
const BATCHES: i64 = 120;

/// Rows of two event types and several series; each says how many belong to its batch.
fn batch(writer: i64, number: i64) -> Vec<Event> {
    let size = 1 + (number * 7 + writer) % 40;
    let id = writer * 1_000_000 + number;
    let row = |i: i64| {
        let event_type = if i % 3 == 0 { "KafkaTopicSample" } else { "KafkaConsumerSample" };
        Event::new(event_type, Timestamp::from_millis(number * 1_000 + i))
            .with("topic", format!("topic-{}", i % 5))
            .with("batchId", id)
            .with("batchSize", size)
    };
    (0..size).map(row).collect()
}

/// Rows seen; fails when any batch is seen in part.
fn check(store: &Store) -> u64 {
    let snapshot = store.snapshot(AccountId(1));
    let mut batches: HashMap<i64, (i64, i64)> = HashMap::new();
    let mut rows = 0;
    for event_type in ["KafkaConsumerSample", "KafkaTopicSample"] {
        snapshot.scan(event_type, ALWAYS, &mut |row| {
            let int = |name| row.get(name).and_then(|v| v.as_f64()).unwrap() as i64;
            let seen = batches.entry(int("batchId")).or_insert((0, int("batchSize")));
            seen.0 += 1;
            rows += 1;
            ControlFlow::Continue(())
        });
    }
    for (batch, (seen, size)) in batches {
        assert_eq!(seen, size, "batch {batch} is seen in part");
    }
    rows
}

#[test]
fn no_reader_sees_half_a_batch() {
    let dir = folder();
    // Sealing goes on beside readers and writers, and so does merging: the clock is days ahead.
    let options = Options { freeze_bytes: 20_000, background: true, ..options(dir.path()) };
    let store = Store::open(options, TestClock::at(10 * 24 * 3_600_000)).unwrap();
    let (done, looks) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        let write = |writer| {
            for number in 0..BATCHES {
                append(&store, 1, batch(writer, number)).unwrap();
            }
        };
        let writers: Vec<_> =
            (0..WRITERS).map(|writer| scope.spawn(move || write(writer))).collect();
        for _ in 0..2 {
            scope.spawn(|| {
                let mut before = 0;
                while !done.load(Ordering::Relaxed) {
                    let rows = check(&store);
                    assert!(rows >= before, "what was seen once stays");
                    before = rows;
                    looks.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let joined: Vec<_> = writers.into_iter().map(|writer| writer.join()).collect();
        done.store(true, Ordering::Relaxed);
        assert!(joined.iter().all(Result::is_ok));
    });
    let all = (0..WRITERS).flat_map(|w| (0..BATCHES).map(move |n| batch(w, n).len() as u64));
    assert_eq!(check(&store), all.sum::<u64>());
    store.flush().unwrap();
    let stats = store.stats();
    assert_eq!((stats.generations, stats.maintenance_problem), (1, None));
    assert!(stats.segments > 0, "generations were sealed on the way");
    assert_eq!(check(&store), stats.rows);
    assert!(looks.load(Ordering::Relaxed) > 0);
}

#[test]
fn an_acknowledged_batch_is_in_the_next_snapshot() {
    let dir = folder();
    let store = crate::support::open(dir.path());
    let mut rows = 0;
    for number in 0..50 {
        let batch = batch(1, number);
        rows += batch.len() as u64;
        append(&store, 1, batch).unwrap();
        assert_eq!(check(&store), rows);
    }
}
