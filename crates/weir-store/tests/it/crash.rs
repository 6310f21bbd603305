//! A thousand crashes at every operation that changes the disk: what was acknowledged is there
//! afterwards, whole batches alone, and the store opens every time.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use weir_store::{Damage, Erasure, Options, Store, StoreState};
use weir_types::{AccountId, Event, TimeRange, Timestamp};

use crate::faulty_disk::{Fault, FaultyDisk};
use crate::support::{ALWAYS, Plain, TestClock, append, consumer_sample, plain, scan};

const CRASHES: u64 = 1_000;
const THREADS: usize = 4;
const ROUNDS: i64 = 14;
const HOUR: Duration = Duration::from_hours(1);
const HOUR_MILLIS: i64 = 3_600_000;

/// What a script did, batch by batch.
#[derive(Default)]
struct Told {
    acknowledged: Vec<Vec<Event>>,
    /// Sent and refused: may be there whole, or not at all.
    refused: Vec<Vec<Event>>,
    /// The partition that was erased for good, or may have been.
    erased: bool,
    erasing: bool,
}

fn options(disk: &FaultyDisk) -> Options {
    Options {
        commit_delay: Duration::ZERO,
        background: false,
        freeze_after: 2 * HOUR,
        retention: Duration::from_hours(1_000_000),
        disk: Arc::new(disk.clone()),
        ..Options::new("store")
    }
}

fn batch(life: i64, round: i64) -> Vec<Event> {
    let late = if round % 4 == 0 { 5 * HOUR_MILLIS } else { 0 };
    let row = |i: i64| {
        consumer_sample(round * HOUR_MILLIS + i * 60_000 - late, i % 3, round * i)
            .with("note", format!("{life}-{round}-{i}"))
    };
    (0..1 + round % 5 * 3).map(row).collect()
}

fn erasure() -> Erasure {
    let range = TimeRange {
        begin: Timestamp::from_millis(2 * HOUR_MILLIS),
        end: Timestamp::from_millis(4 * HOUR_MILLIS),
    };
    Erasure {
        account: AccountId(1),
        event_type: "KafkaConsumerSample".into(),
        identity: vec![("topic".into(), "payments".into())],
        range,
    }
}

/// Appends, seals, merges and once erases, until the disk gives up.
fn run(store: &Store, clock: &TestClock, life: i64, told: &mut Told) {
    for round in 0..ROUNDS {
        let events = batch(life, round);
        match append(store, 1, events.clone()) {
            Ok(()) => told.acknowledged.push(events),
            Err(_) => told.refused.push(events),
        }
        clock.advance(HOUR);
        if round % 3 == 2 {
            // Ten days later: every day is past.
            let _ = store.maintain(Timestamp::from_millis(240 * HOUR_MILLIS));
        }
        if round == 8 && life == 0 {
            told.erasing = true;
            told.erased = store.erase(&erasure()).is_ok();
            if told.erased {
                let kept = |event: &Event| !erasure().range.contains(event.timestamp);
                told.acknowledged.iter_mut().for_each(|batch| batch.retain(kept));
            }
        }
    }
}

fn check(store: &Store, told: &Told, what: &str) {
    // A record of the right length whose end is zeros may be a torn write or a damaged one: it is
    // told as damage, and was never acknowledged.
    let lost = |damage: &Damage| damage.path.extension().is_some_and(|e| e == "wal");
    assert!(store.open_report().damage.iter().all(lost), "{what}: {:?}", store.open_report());
    assert_eq!(store.stats().state, StoreState::Ready, "{what}");
    let rows = scan(&store.snapshot(AccountId(1)), "KafkaConsumerSample", ALWAYS);
    let found: BTreeSet<Plain> = rows.iter().cloned().collect();
    assert_eq!(found.len(), rows.len(), "{what}: a row came back twice");
    let erased_half_way =
        |event: &Event| told.erasing && !told.erased && erasure().range.contains(event.timestamp);
    let mut explained = 0;
    for batch in &told.acknowledged {
        for event in batch {
            let there = found.contains(&plain(event));
            assert!(there || erased_half_way(event), "{what}: acknowledged and lost: {event:?}");
            explained += usize::from(there);
        }
    }
    for batch in &told.refused {
        let batch = batch.iter().filter(|event| !erased_half_way(event));
        let there: Vec<bool> = batch.map(|event| found.contains(&plain(event))).collect();
        assert!(there.iter().all(|t| *t == there[0]), "{what}: half a refused batch");
        explained += there.iter().filter(|t| **t).count();
    }
    if !told.erasing || told.erased {
        assert_eq!(explained, found.len(), "{what}: rows that nobody sent");
    }
}

/// One life until the fault, a loss of power, a second life, another loss, a third look.
fn crash(seed: u64, operation: u64, fault: Fault) {
    let what = format!("seed {seed}, {fault:?} at operation {operation}");
    let disk = FaultyDisk::new(seed);
    disk.fail_at(operation, fault);
    let mut told = Told::default();
    let clock = TestClock::at(0);
    if let Ok(store) = Store::open(options(&disk), clock.clone()) {
        run(&store, &clock, 0, &mut told);
        if seed.is_multiple_of(2) {
            store.close();
        }
    }
    disk.restart();
    // The second life is struck as well, often while it recovers.
    disk.fail_at(disk.operations() + 1 + seed % 40, fault);
    let opened = Store::open(options(&disk), clock.clone());
    if let Ok(store) = opened {
        check(&store, &told, &what);
        run(&store, &clock, 1, &mut told);
    }
    disk.restart();
    let store =
        Store::open(options(&disk), clock.clone()).unwrap_or_else(|e| panic!("{what}: {e}"));
    check(&store, &told, &what);
    let _ = store.maintain(Timestamp::from_millis(240 * HOUR_MILLIS));
    check(&store, &told, &what);
    drop(store);
    let left: Vec<_> =
        disk.paths().into_iter().filter(|path| path.ends_with("manifest.new")).collect();
    assert_eq!(left, Vec::<std::path::PathBuf>::new(), "{what}");
}

fn operations_of_a_life() -> u64 {
    let disk = FaultyDisk::new(0);
    let clock = TestClock::at(0);
    let store = Store::open(options(&disk), clock.clone()).unwrap();
    let mut told = Told::default();
    run(&store, &clock, 0, &mut told);
    check(&store, &told, "nothing fails");
    assert_eq!((told.refused.len(), told.erased), (0, true), "{:?}", store.stats());
    assert!(
        store.stats().segments > 0
            && disk.paths().iter().any(|p| p.starts_with(Path::new("store")))
    );
    store.close();
    disk.operations()
}

#[test]
fn a_thousand_crashes_lose_nothing_that_was_acknowledged() {
    let operations = operations_of_a_life();
    assert!(operations > 100, "{operations}");
    let run = |first: u64| {
        for seed in (first..CRASHES).step_by(THREADS) {
            let operation = 1 + seed % operations;
            let fault = if (seed / operations).is_multiple_of(2) {
                Fault::PowerLoss
            } else {
                Fault::Refusal
            };
            crash(seed, operation, fault);
        }
    };
    std::thread::scope(|scope| {
        (0..THREADS as u64).for_each(|first| drop(scope.spawn(move || run(first))));
    });
}
