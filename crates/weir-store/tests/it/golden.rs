//! Files of every released format version: they open, and hold what was put in. `WEIR_BLESS=1`
//! writes those of the present version and the beginnings of the fuzz corpora.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use weir_store::{Options, Store, fuzzing};
use weir_types::{AccountId, Event, Timestamp, Value};

use crate::support::{ALWAYS, Plain, TestClock, append, consumer_sample, folder, plain, scan};

/// The log has rows in `v1`, columns from `v2` on; segments refer to earlier blocks from `v3` on.
const VERSIONS: [&str; 3] = ["v1", "v2", "v3"];

fn golden(version: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(version)
}

fn present() -> PathBuf {
    golden(VERSIONS[VERSIONS.len() - 1])
}

pub fn corpora() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus")
}

/// Every kind of value and of packing, over two hours; the last batch is only in the log.
pub fn batches() -> Vec<Vec<Event>> {
    let row = |step: i64, i: i64| {
        consumer_sample(step * 400_000, i, if i == 3 { 0 } else { step * i % 5 })
            .with("consumerOffset", 500 * step)
            .with("logEndOffset", 500 * step + if i == 3 { 0 } else { step * i % 5 })
            .with("ratio", Value::Float((step * i) as f64 / 3.0))
            .with("note", if step % 2 == 0 { Value::from("even") } else { Value::Int(step) })
            .with_known("sometimes", (step % 3 == 0).then_some(i == 1))
    };
    let poll = |step: i64| (0..5).map(|i| row(step, i)).collect();
    let mut batches: Vec<Vec<Event>> = (0..15).map(poll).collect();
    let custom = |i: i64| {
        Event::new("Custom", Timestamp::from_millis(7_000 - i))
            .with(format!("name{i}"), i64::MAX - i)
            .with("größe", "ünï")
    };
    batches.push((0..4).map(custom).collect());
    batches.push(vec![row(16, 1)]);
    batches
}

fn options(dir: &Path) -> Options {
    Options {
        commit_delay: Duration::ZERO,
        background: false,
        retention: Duration::MAX,
        ..Options::new(dir)
    }
}

fn write(dir: &Path) {
    let store = Store::open(options(dir), TestClock::at(1_000)).unwrap();
    let batches = batches();
    let (last, sealed) = batches.split_last().unwrap();
    for batch in sealed {
        append(&store, 1, batch.clone()).unwrap();
    }
    store.flush().unwrap();
    append(&store, 1, last.clone()).unwrap();
}

fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for folder in ["", "segments", "wal"] {
        for entry in fs::read_dir(dir.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() && !path.ends_with("lock") {
                let name = path.strip_prefix(dir).unwrap().to_string_lossy().into_owned();
                files.push((name, fs::read(path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

fn expected(event_type: &str) -> Vec<Plain> {
    let all = batches().into_iter().flatten();
    all.filter(|event| *event.event_type == *event_type).map(|event| plain(&event)).collect()
}

#[test]
fn golden_files_open_and_hold_what_was_put_in() {
    if std::env::var_os("WEIR_BLESS").is_some() {
        bless();
    }
    VERSIONS.into_iter().for_each(check_version);
}

fn check_version(version: &str) {
    let dir = folder();
    for (name, bytes) in files(&golden(version)) {
        fs::create_dir_all(dir.path().join(&name).parent().unwrap()).unwrap();
        fs::write(dir.path().join(&name), bytes).unwrap();
    }
    for opening in 0..2 {
        let store = Store::open(options(dir.path()), TestClock::at(2_000)).unwrap();
        assert_eq!(store.open_report().damage, vec![], "{version}, opening {opening}");
        assert_eq!(store.stats().segments, 2 + opening);
        for event_type in ["KafkaConsumerSample", "Custom"] {
            let found = scan(&store.snapshot(AccountId(1)), event_type, ALWAYS);
            assert_eq!(found, expected(event_type), "{version}, opening {opening}");
        }
        store.flush().unwrap();
    }
}

#[test]
fn the_present_version_writes_the_golden_files() {
    let dir = folder();
    write(dir.path());
    let names = |files: &[(String, Vec<u8>)]| -> Vec<String> {
        files.iter().map(|(name, _)| name.clone()).collect()
    };
    let (written, kept) = (files(dir.path()), files(&present()));
    assert_eq!(names(&written), names(&kept));
    for ((name, written), (_, kept)) in written.iter().zip(&kept) {
        assert!(written == kept, "{name} is written otherwise: a new format version?");
    }
}

#[test]
fn the_corpora_of_the_fuzz_targets_are_read_without_a_panic() {
    type Target = fn(&[u8]) -> bool;
    let targets: [(&str, Target); 3] = [
        ("read_wal", |bytes| fuzzing::read_wal(bytes).is_ok()),
        ("read_manifest", |bytes| fuzzing::read_manifest(bytes).is_ok()),
        ("read_segment", |bytes| fuzzing::read_segment(bytes).is_ok()),
    ];
    for (name, target) in targets {
        let mut understood = 0;
        for entry in fs::read_dir(corpora().join(name)).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            understood += usize::from(target(&bytes));
            // What a fuzzer would do first.
            for at in 0..bytes.len().min(2_000) {
                let mut changed = bytes.clone();
                changed[at] = changed[at].wrapping_add(1 + at as u8 % 200);
                target(&changed);
                target(&bytes[..at]);
            }
        }
        assert!(understood > 0, "{name}");
    }
}

fn bless() {
    let dir = folder();
    write(dir.path());
    let _ = fs::remove_dir_all(present());
    let put = |path: PathBuf, bytes: &[u8]| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    for (name, bytes) in files(dir.path()) {
        put(present().join(&name), &bytes);
        let file = name.replace('/', "-");
        if name.starts_with("segments") {
            let input = fuzzing::segment_input(&bytes).unwrap();
            put(corpora().join("read_segment").join(file), &input);
        } else if name.starts_with("wal") {
            // Behind the file's header: a record's header, with its kind at 4 and the events at 12,
            // and its payload.
            let record = &bytes[32..];
            let len = u32::from_le_bytes(record[8..12].try_into().unwrap()) as usize;
            let input = [&record[4..5], &record[12..16], &record[32..32 + len]].concat();
            put(corpora().join("read_wal").join(format!("columns-{file}")), &input);
        } else {
            put(corpora().join("read_manifest").join(file), &bytes[..bytes.len() - 4]);
        }
    }
}
