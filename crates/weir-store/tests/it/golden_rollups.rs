//! Segments of roll-ups, and a manifest that lists them, of every released format version: they
//! open, and hold what was put in. `WEIR_BLESS=1` writes those of the present version.

use std::fs;
use std::path::{Path, PathBuf};

use weir_store::{Rollup, Store, fuzzing};
use weir_types::{AccountId, Event, Timestamp};

use crate::golden::{batches, corpora};
use crate::rollup::{maintain, rolling, rollups};
use crate::support::{ALWAYS, TestClock, append, folder, options};

const DAY_MILLIS: i64 = 86_400_000;
const TYPES: [&str; 2] = ["KafkaConsumerSample", "Custom"];

/// Segments refer to earlier blocks from version 3 on.
const VERSIONS: [&str; 2] = ["rollups-v2", "rollups-v3"];

fn golden(version: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(version)
}

fn present() -> PathBuf {
    golden(VERSIONS[VERSIONS.len() - 1])
}

fn open(dir: &Path) -> Store {
    Store::open(rolling(options(dir)), TestClock::at(30 * DAY_MILLIS)).unwrap()
}

/// Roll-ups of an hour, and, of the same events five days later, of five minutes.
fn write(dir: &Path) {
    let store = open(dir);
    for later in [0, 5 * DAY_MILLIS] {
        let mut events: Vec<Event> = batches().concat();
        for event in &mut events {
            event.timestamp = Timestamp::from_millis(event.timestamp.as_millis() + later);
        }
        append(&store, 1, events).unwrap();
        store.flush().unwrap();
    }
    maintain(&store, 7 * DAY_MILLIS);
}

/// The manifest and the segments: all of the events is in them.
fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let segments = fs::read_dir(dir.join("segments")).unwrap();
    let segments = segments.map(|entry| entry.unwrap().path());
    let mut files: Vec<(String, Vec<u8>)> = segments
        .chain([dir.join("manifest")])
        .map(|path| {
            let name = path.strip_prefix(dir).unwrap().to_string_lossy().into_owned();
            (name, fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn held(store: &Store) -> Vec<Vec<Rollup>> {
    let snapshot = store.snapshot(AccountId(1));
    TYPES.iter().map(|event_type| rollups(&snapshot, event_type, ALWAYS)).collect()
}

#[test]
fn golden_roll_ups_open_and_hold_what_was_put_in() {
    let fresh = folder();
    write(fresh.path());
    if std::env::var_os("WEIR_BLESS").is_some() {
        bless(fresh.path());
    }
    let fresh = open(fresh.path());
    VERSIONS.into_iter().for_each(|version| check_version(version, &fresh));
}

fn check_version(version: &str, fresh: &Store) {
    let kept = folder();
    for (name, bytes) in files(&golden(version)) {
        put(&kept.path().join(name), &bytes);
    }
    let kept = open(kept.path());
    assert_eq!(kept.open_report().damage, vec![]);
    let rows: Vec<u64> = kept.stats().by_resolution.iter().map(|of| of.rows).collect();
    assert!(rows[0] == 0 && rows[1] > rows[2] && rows[2] > 0, "{rows:?}");
    assert!(held(&kept) == held(fresh), "{version} holds something else");
    let sent = batches().concat();
    for (event_type, rollups) in TYPES.iter().zip(held(&kept)) {
        let events: u64 = rollups.iter().map(|rollup| rollup.events).sum();
        let sent = sent.iter().filter(|event| *event.event_type == **event_type);
        assert_eq!(events, 2 * sent.count() as u64);
    }
}

#[test]
fn the_present_version_writes_the_golden_roll_ups() {
    let dir = folder();
    write(dir.path());
    let (written, kept) = (files(dir.path()), files(&present()));
    let names = |files: &[(String, Vec<u8>)]| -> Vec<String> {
        files.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&written), names(&kept));
    for ((name, written), (_, kept)) in written.iter().zip(&kept) {
        assert!(written == kept, "{name} is written otherwise: a new format version?");
    }
}

fn bless(dir: &Path) {
    let _ = fs::remove_dir_all(present());
    for (name, bytes) in files(dir) {
        put(&present().join(&name), &bytes);
        let file = format!("rollups-{}", name.replace('/', "-"));
        if name.starts_with("segments") {
            let input = fuzzing::segment_input(&bytes).unwrap();
            put(&corpora().join("read_segment").join(file), &input);
        } else {
            put(&corpora().join("read_manifest").join(file), &bytes[..bytes.len() - 4]);
        }
    }
}
