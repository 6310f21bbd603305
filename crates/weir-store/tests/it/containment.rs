//! Bits that flip, files that go missing, disks that are full: the rest is readable, nothing wrong
//! is told, and the store says what is the matter.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use weir_store::{Options, Store, StoreState, repair};
use weir_types::{AccountId, ErrorCode, Event, LatestQuery, TimeRange, Timestamp, Value};

use crate::faulty_disk::{Fault, FaultyDisk};
use crate::support::{ALWAYS, Plain, TestClock, append, consumer_sample, plain, scan};

const HOUR_MILLIS: i64 = 3_600_000;

fn options(disk: &FaultyDisk) -> Options {
    Options {
        commit_delay: Duration::ZERO,
        background: false,
        disk: Arc::new(disk.clone()),
        ..Options::new("store")
    }
}

fn open(disk: &FaultyDisk) -> Store {
    Store::open(options(disk), TestClock::at(0)).unwrap()
}

fn event(step: i64, i: i64) -> Event {
    consumer_sample(step * 60_000 * 15 + i, i % 7, step * i)
        .with("note", format!("{step}-{i}"))
        .with("ratio", Value::Float(step as f64 / 7.0))
        .with("consumerOffset", 1_000_000 * i + step)
        .with("logEndOffset", 1_000_000 * i + step + step * i)
}

/// Four hours in segments, some rows in the log.
fn sealed() -> (FaultyDisk, Vec<Plain>) {
    let disk = FaultyDisk::new(7);
    let store = open(&disk);
    let mut sent = Vec::new();
    for step in 0..17 {
        let batch: Vec<Event> = (0..9).map(|i| event(step, i)).collect();
        sent.extend(batch.iter().map(plain));
        append(&store, 1, batch).unwrap();
        if step == 15 {
            store.flush().unwrap();
        }
    }
    assert_eq!(store.stats().segments, 4);
    drop(store);
    (disk, sent)
}

fn rows(store: &Store) -> Vec<Plain> {
    scan(&store.snapshot(AccountId(1)), "KafkaConsumerSample", ALWAYS)
}

/// Rows that scans of the range had to leave out.
fn unread(store: &Store, range: TimeRange) -> u64 {
    let unread = store.snapshot(AccountId(1)).unread("KafkaConsumerSample", range);
    unread.iter().map(|unread| unread.rows).sum()
}

fn named(disk: &FaultyDisk, suffix: &str) -> Vec<PathBuf> {
    let fits = |path: &PathBuf| path.to_string_lossy().ends_with(suffix);
    disk.paths().into_iter().filter(fits).collect()
}

fn flipped(disk: &FaultyDisk, path: &Path, bit: usize) -> FaultyDisk {
    let copy = disk.copy();
    let mut bytes = disk.contents(path);
    bytes[bit / 8] ^= 1 << (bit % 8);
    copy.set_contents(path, bytes);
    copy
}

#[test]
fn a_flipped_bit_of_a_segment_costs_part_of_it_and_is_told() {
    let (disk, sent) = sealed();
    let all: BTreeSet<Plain> = sent.into_iter().collect();
    for (first, path) in named(&disk, ".segment").into_iter().enumerate() {
        // Files are alike: together they cover every eighth byte, the ends of each entirely.
        let len = disk.contents(&path).len();
        let bytes = (0..32).chain((32 + first..len - 32).step_by(32)).chain(len - 32..len);
        for byte in bytes {
            let disk = flipped(&disk, &path, byte * 8 + byte % 8);
            let store = open(&disk);
            let found: BTreeSet<Plain> = rows(&store).into_iter().collect();
            assert!(found.is_subset(&all), "{path:?} byte {byte}: wrong rows");
            let lost = all.len() - found.len();
            assert!(lost > 0 && lost <= 36, "{path:?} byte {byte}: {lost} rows lost");
            assert_eq!(unread(&store, ALWAYS), lost as u64, "{path:?} byte {byte}");
            let damage = store.damage();
            assert_eq!(damage.len(), 1, "{path:?} byte {byte}");
            assert_eq!((&damage[0].path, damage[0].events_lost), (&path, Some(lost as u64)));
            assert_eq!(store.stats().damaged_stretches, 1);
            assert_eq!(store.check(&mut |_, _| {}).damage, damage);
            append(&store, 1, vec![event(99, 0)]).unwrap();
            let query = LatestQuery {
                event_type: "KafkaConsumerSample",
                since: Timestamp::from_millis(0),
                identity: &[],
            };
            assert_eq!(store.snapshot(AccountId(1)).latest(query).len(), 7);
            store.flush().unwrap();
            store.maintain(Timestamp::from_millis(240 * HOUR_MILLIS)).unwrap();
            drop(store);
            let store = open(&disk);
            assert_eq!(rows(&store).len(), found.len() + 1, "damage stays where it is");
        }
    }
}

#[test]
fn a_flipped_bit_of_the_manifest_makes_the_store_read_only_until_repaired() {
    let (disk, sent) = sealed();
    let path = PathBuf::from("store/manifest");
    for byte in 0..disk.contents(&path).len() {
        let disk = flipped(&disk, &path, byte * 8 + byte % 8);
        let store = open(&disk);
        assert_eq!(rows(&store), sent, "byte {byte}");
        let StoreState::ReadOnly { reason } = store.stats().state else { panic!("byte {byte}") };
        assert!(reason.contains("manifest") && reason.contains("weir store repair"), "{reason}");
        let refused = append(&store, 1, vec![event(99, 0)]).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Unavailable);
        assert!(store.maintain(Timestamp::from_millis(0)).is_err());
        drop(store);
        let report = repair(&options(&disk)).unwrap();
        assert!(report.manifest_rebuilt && report.dropped.is_empty());
        let store = open(&disk);
        assert_eq!(store.stats().state, StoreState::Ready);
        assert_eq!(rows(&store), sent);
        append(&store, 1, vec![event(99, 0)]).unwrap();
        store.flush().unwrap();
        assert_eq!(rows(&open(&disk.copy())).len(), sent.len() + 1);
    }
}

#[test]
fn a_missing_segment_is_told_and_repair_takes_it_off_the_list() {
    let (disk, sent) = sealed();
    let path = named(&disk, ".segment").remove(1);
    let gone = disk.copy();
    weir_store::disk::Disk::remove(&gone, &path).unwrap();
    let store = open(&gone);
    assert_eq!(rows(&store).len(), sent.len() - 36);
    assert_eq!(store.damage()[0].events_lost, Some(36));
    assert_eq!(unread(&store, ALWAYS), 36);
    let before = TimeRange { end: Timestamp::from_millis(0), ..ALWAYS };
    assert_eq!(unread(&store, before), 0);
    append(&store, 1, vec![event(99, 0)]).unwrap();
    store.flush().unwrap();
    drop(store);
    assert_eq!(open(&gone).damage().len(), 1, "it stays listed");
    let report = repair(&options(&gone)).unwrap();
    assert_eq!((report.manifest_rebuilt, report.dropped), (false, vec![(path, 36)]));
    let store = open(&gone);
    assert_eq!(store.damage(), vec![]);
    assert_eq!(rows(&store).len(), sent.len() - 36 + 1);
}

#[test]
fn a_missing_manifest_is_put_together_for_reading() {
    let (disk, sent) = sealed();
    weir_store::disk::Disk::remove(&disk, Path::new("store/manifest")).unwrap();
    let store = open(&disk);
    assert!(matches!(store.stats().state, StoreState::ReadOnly { .. }));
    assert_eq!(rows(&store), sent);
    drop(store);
    repair(&options(&disk)).unwrap();
    assert_eq!(rows(&open(&disk)), sent);
}

#[test]
fn a_full_disk_keeps_events_in_memory_until_there_is_room() {
    let (disk, mut sent) = sealed();
    let store = open(&disk);
    let files = disk.paths().len();
    for distance in 1..12_u8 {
        disk.fail_at(disk.operations() + u64::from(distance), Fault::Refusal);
        let result = store.maintain(Timestamp::from_millis(0));
        if store.stats().state != StoreState::Ready || result.is_ok() {
            break;
        }
        let problem = store.stats().maintenance_problem.unwrap();
        assert!(problem.contains("refused") || problem.contains("sync failed"), "{problem}");
        assert_eq!(rows(&store), sent);
        let event = event(100 + i64::from(distance), 0);
        sent.push(plain(&event));
        append(&store, 1, vec![event]).unwrap();
        assert!(disk.paths().len() <= files + 2, "failed attempts leave no files behind");
    }
    assert_eq!(rows(&store), sent);
    drop(store);
    disk.restart();
    let store = open(&disk);
    assert_eq!(rows(&store), sent);
    store.flush().unwrap();
    assert_eq!(store.stats().maintenance_problem, None);
}

#[test]
fn merging_asks_for_room_first() {
    let (disk, sent) = sealed();
    let store = open(&disk);
    store.flush().unwrap();
    disk.set_free_bytes(1_000_000);
    let files = disk.paths();
    let refused = store.maintain(Timestamp::from_millis(240 * HOUR_MILLIS)).unwrap_err();
    assert!(refused.to_string().contains("1000000 are there: free some"), "{refused}");
    assert_eq!(store.stats().maintenance_problem, Some(refused.to_string()));
    assert_eq!((disk.paths(), rows(&store)), (files, sent.clone()));
    disk.set_free_bytes(1 << 30);
    store.maintain(Timestamp::from_millis(240 * HOUR_MILLIS)).unwrap();
    assert_eq!((store.stats().segments, store.stats().maintenance_problem), (1, None));
    assert_eq!(rows(&store), sent);
}

#[test]
fn a_failed_sync_ends_acknowledgements_until_a_restart() {
    let disk = FaultyDisk::new(3);
    let store = open(&disk);
    append(&store, 1, vec![event(1, 0)]).unwrap();
    // A commit appends, then syncs.
    disk.fail_at(disk.operations() + 2, Fault::Refusal);
    assert!(append(&store, 1, vec![event(2, 0)]).is_err());
    assert!(append(&store, 1, vec![event(3, 0)]).is_err(), "the disk works, trust is gone");
    assert_eq!(rows(&store), vec![plain(&event(1, 0))]);
    drop(store);
    disk.restart();
    let store = open(&disk);
    assert_eq!(rows(&store), vec![plain(&event(1, 0))]);
    append(&store, 1, vec![event(4, 0)]).unwrap();
}

#[test]
fn a_clock_that_goes_back_loses_nothing() {
    let disk = FaultyDisk::new(3);
    let options = || Options { freeze_after: Duration::from_hours(1), ..options(&disk) };
    let late = TestClock::at(100 * HOUR_MILLIS);
    let store = Store::open(options(), late).unwrap();
    append(&store, 1, vec![event(1, 0)]).unwrap();
    store.flush().unwrap();
    drop(store);
    let early = TestClock::at(HOUR_MILLIS);
    let store = Store::open(options(), early.clone()).unwrap();
    for step in 2..8 {
        append(&store, 1, vec![event(step, 0)]).unwrap();
        store.maintain(Timestamp::from_millis(HOUR_MILLIS * (8 - step))).unwrap();
        early.advance(Duration::from_hours(1));
    }
    let expected: Vec<Plain> = (1..8).map(|step| plain(&event(step, 0))).collect();
    assert_eq!(rows(&store), expected);
    drop(store);
    assert_eq!(rows(&Store::open(options(), TestClock::at(0)).unwrap()), expected);
}

#[test]
fn a_store_opened_for_reading_changes_nothing() {
    let (disk, sent) = sealed();
    let before: Vec<_> = disk.paths().iter().map(|path| disk.contents(path)).collect();
    let operations = disk.operations();
    let store = Store::open_read_only(options(&disk), TestClock::at(0)).unwrap();
    assert_eq!(rows(&store), sent);
    assert!(append(&store, 1, vec![event(1, 0)]).is_err());
    assert!(store.maintain(Timestamp::from_millis(i64::MAX)).is_err());
    store.close();
    drop(store);
    assert_eq!(disk.operations(), operations);
    assert_eq!(disk.paths().iter().map(|path| disk.contents(path)).collect::<Vec<_>>(), before);
}
