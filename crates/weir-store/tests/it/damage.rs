//! Files of the log that are cut short, or whose bytes changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use weir_store::{OpenError, Options, Store};
use weir_types::{AccountId, Clock, Event, Value};

use crate::support::{
    ALWAYS, Plain, TestClock, append, consumer_sample, folder, open, options, plain, scan,
};

/// A log of one file with a few batches in it.
struct Log {
    bytes: Vec<u8>,
    batches: Vec<Vec<Event>>,
    /// End of the header and of each batch's record in the file.
    ends: Vec<usize>,
}

const FIRST_FILE: &str = "00000000000000000001.wal";

impl Log {
    fn write(close: bool) -> Log {
        let dir = folder();
        let store = open(dir.path());
        let batches = vec![
            vec![consumer_sample(1_000, 0, 5), consumer_sample(1_000, 1, 7)],
            vec![consumer_sample(2_000, 0, 6).with("note", "wREC in a string is no record")],
            vec![consumer_sample(3_000, 0, 0), consumer_sample(500, 2, i64::MAX)],
            vec![consumer_sample(4_000, 1, 8).with("ratio", Value::Float(0.1))],
        ];
        let mut ends = vec![store.stats().wal_bytes as usize];
        for batch in &batches {
            append(&store, 1, batch.clone()).unwrap();
            ends.push(store.stats().wal_bytes as usize);
        }
        if close {
            store.close();
        }
        drop(store);
        Log { bytes: fs::read(wal(dir.path()).join(FIRST_FILE)).unwrap(), batches, ends }
    }

    /// What the batches chosen by `keep` hold.
    fn events(&self, keep: impl Fn(usize) -> bool) -> Vec<Plain> {
        let kept = self.batches.iter().enumerate().filter(|(i, _)| keep(*i));
        kept.flat_map(|(_, batch)| batch.iter().map(plain)).collect()
    }

    /// The batch whose record holds the byte; `None` for the header and what follows the batches.
    fn batch_at(&self, byte: usize) -> Option<usize> {
        let behind = self.ends.iter().position(|end| byte < *end)?;
        behind.checked_sub(1)
    }
}

fn wal(dir: &Path) -> PathBuf {
    dir.join("wal")
}

fn folder_with(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let dir = folder();
    fs::create_dir(wal(dir.path())).unwrap();
    let path = wal(dir.path()).join(FIRST_FILE);
    fs::write(&path, bytes).unwrap();
    (dir, path)
}

fn contents(store: &Store) -> Vec<Plain> {
    scan(&store.snapshot(AccountId(1)), "KafkaConsumerSample", ALWAYS)
}

#[test]
fn a_file_cut_at_any_byte_keeps_every_whole_batch() {
    for close in [false, true] {
        let log = Log::write(close);
        for len in 0..=log.bytes.len() {
            let (dir, _) = folder_with(&log.bytes[..len]);
            let store = open(dir.path());
            let whole = log.ends.iter().filter(|end| **end <= len).count().saturating_sub(1);
            assert_eq!(contents(&store), log.events(|batch| batch < whole), "cut to {len}");
            let report = store.open_report();
            assert_eq!(report.damage, vec![], "cut to {len}");
            let at_edge = len == log.bytes.len() || len == 0 || log.ends.contains(&len);
            let expected_torn = !at_edge && len > log.ends[0];
            assert_eq!(!report.torn.is_empty(), expected_torn, "cut to {len}: {report:?}");
            drop(store);
            let again = open(dir.path());
            assert_eq!(contents(&again), log.events(|batch| batch < whole));
            assert_eq!(again.open_report().torn, vec![], "cut once, whole from then on");
        }
    }
}

#[test]
fn zeros_behind_the_last_batch_are_a_torn_write() {
    let log = Log::write(false);
    let (dir, _) = folder_with(&[log.bytes.as_slice(), &[0; 5_000]].concat());
    let store = open(dir.path());
    assert_eq!(contents(&store), log.events(|_| true));
    assert_eq!(store.open_report().torn[0].bytes, 5_000);
    assert_eq!(store.open_report().damage, vec![]);
}

#[test]
fn a_last_batch_whose_end_was_never_written_is_torn() {
    let log = Log::write(false);
    let (last, before) = (log.ends[log.ends.len() - 1], log.ends[log.ends.len() - 2]);
    assert_eq!(last, log.bytes.len());
    for written in before..last {
        let (dir, _) = folder_with(&[&log.bytes[..written], &vec![0; last - written]].concat());
        let store = open(dir.path());
        let whole = log.ends.len() - 2;
        assert_eq!(contents(&store), log.events(|batch| batch < whole), "{written} bytes written");
        let report = store.open_report();
        assert_eq!(report.damage, vec![], "{written} bytes written");
        assert_eq!(report.torn[0].bytes, (last - before) as u64);
    }
}

#[test]
fn a_changed_byte_costs_its_own_batch_alone() {
    for close in [false, true] {
        let log = Log::write(close);
        for at in 0..log.bytes.len() {
            let mut bytes = log.bytes.clone();
            bytes[at] ^= 1 << (at % 8);
            let (dir, path) = folder_with(&bytes);
            for opening in ["first", "second"] {
                let store = open(dir.path());
                let lost = log.batch_at(at);
                assert_eq!(
                    contents(&store),
                    log.events(|batch| Some(batch) != lost),
                    "byte {at}, {opening} opening"
                );
                let damage = &store.open_report().damage;
                assert_eq!(damage.len(), 1, "byte {at}: {damage:?}");
                let hit = damage[0].offset..damage[0].offset + damage[0].bytes;
                assert!(hit.contains(&(at as u64)), "byte {at}: {damage:?}");
                assert_eq!(store.stats().damaged_stretches, 1);
            }
            assert_eq!(fs::read(&path).unwrap(), bytes, "a damaged file stays as it is");
        }
    }
}

#[test]
fn lost_events_are_counted_where_what_follows_tells() {
    let log = Log::write(true);
    let mut bytes = log.bytes.clone();
    bytes[log.ends[0]] ^= 1;
    let (dir, _) = folder_with(&bytes);
    let damage = open(dir.path()).open_report().damage.clone();
    assert_eq!(damage[0].events_lost, None, "nothing before it says where it began");
    let mut bytes = log.bytes.clone();
    bytes[log.ends[2]] ^= 1;
    let (dir, _) = folder_with(&bytes);
    let damage = open(dir.path()).open_report().damage.clone();
    assert_eq!(damage[0].events_lost, Some(2));
}

#[test]
fn appending_goes_on_behind_damage() {
    let log = Log::write(false);
    let mut bytes = log.bytes.clone();
    bytes[log.ends[1]] ^= 1;
    let (dir, _) = folder_with(&bytes);
    let late = consumer_sample(9_000, 0, 1);
    append(&open(dir.path()), 1, vec![late.clone()]).unwrap();
    let mut expected = log.events(|batch| batch != 1);
    expected.push(plain(&late));
    assert_eq!(contents(&open(dir.path())), expected);
}

#[test]
fn bytes_that_are_no_log_are_reported() {
    let (dir, path) = folder_with(&[0x5a; 10_000]);
    let store = open(dir.path());
    assert_eq!(contents(&store), vec![]);
    assert_eq!(store.open_report().damage.len(), 2, "the header, and what stands behind it");
    assert_eq!(fs::read(path).unwrap().len(), 10_000);
}

#[test]
fn another_format_version_is_refused_and_left_alone() {
    let log = Log::write(false);
    let mut bytes = log.bytes.clone();
    bytes[8] = 3;
    let checksum = crc32c::crc32c(&bytes[..28]);
    bytes[28..32].copy_from_slice(&checksum.to_le_bytes());
    let (dir, path) = folder_with(&bytes);
    let refused = Store::open(options(dir.path()), TestClock::at(0)).err().unwrap();
    assert!(matches!(refused, OpenError::FormatVersion { found: 3, supported: 2, .. }));
    assert!(refused.to_string().contains("format version 3"), "{refused}");
    assert_eq!(fs::read(path).unwrap(), bytes);
}

#[test]
fn a_damaged_file_goes_with_its_retention() {
    for header_is_damaged in [false, true] {
        let log = Log::write(true);
        let mut bytes = log.bytes.clone();
        bytes[log.ends[0] + 40] ^= 1;
        bytes[9] ^= u8::from(header_is_damaged);
        let (dir, path) = folder_with(&bytes);
        let options = Options { retention: Duration::from_hours(1), ..options(dir.path()) };
        let clock = TestClock::at(0);
        let aside = path.with_extension("wal.damaged");
        let told = |store: &Store| (store.stats().set_aside_files, store.stats().set_aside_bytes);
        let one_file = (1, bytes.len() as u64);
        let store = Store::open(options.clone(), clock.clone()).unwrap();
        store.maintain(clock.now()).unwrap();
        assert!(aside.exists() && !path.exists());
        assert_eq!(told(&store), one_file);
        drop(store);
        let store = Store::open(options, clock.clone()).unwrap();
        assert_eq!(told(&store), one_file, "told without maintenance too");
        clock.advance(Duration::from_hours(2));
        store.maintain(clock.now()).unwrap();
        assert_eq!(told(&store), one_file, "its last event may be as young as the retention");
        clock.advance(Duration::from_secs(1));
        store.maintain(clock.now()).unwrap();
        assert_eq!(aside.exists(), header_is_damaged);
        assert_eq!(told(&store).0, u64::from(header_is_damaged), "without a header it has no age");
    }
}
