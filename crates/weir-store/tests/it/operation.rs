//! Days in the life of a store: refusals, bounds, retention, a disk that goes away.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use weir_store::{COMMIT_DELAY_MAX, Erasure, OpenError, Options, Store, StoreState};
use weir_types::{
    AccountId, Batch, Clock, ErrorCode, Event, Sink, SinkError, TimeRange, Timestamp, Value,
};

use crate::support::{
    ALWAYS, TestClock, append, consumer_sample, folder, open, options, plain, scan,
};

const HOUR: Duration = Duration::from_hours(1);
const HOUR_MILLIS: i64 = 3_600_000;

fn rows(store: &Store) -> usize {
    scan(&store.snapshot(AccountId(1)), "KafkaConsumerSample", ALWAYS).len()
}

fn wal_files(dir: &Path) -> usize {
    fs::read_dir(dir.join("wal")).unwrap().count()
}

fn segment_files(dir: &Path) -> usize {
    fs::read_dir(dir.join("segments")).unwrap().count()
}

#[test]
fn an_invalid_event_refuses_its_whole_batch() {
    let dir = folder();
    let store = open(dir.path());
    let bad = consumer_sample(1, 0, 0).with("topic", "twice");
    let refused = append(&store, 1, vec![consumer_sample(1, 0, 0), bad]).unwrap_err();
    assert!(matches!(refused, SinkError::Invalid { index: 1, .. }), "{refused:?}");
    assert_eq!(rows(&store), 0);
    assert_eq!(store.accounts(), vec![]);
}

#[test]
fn an_empty_batch_is_no_work() {
    let dir = folder();
    let store = open(dir.path());
    append(&store, 1, vec![]).unwrap();
    assert_eq!(store.stats().last_commit, None);
}

#[test]
fn a_full_queue_says_busy_and_loses_nothing() {
    let dir = folder();
    let options = Options { queue_events_max: 4, ..Options::new(dir.path()) };
    let store = Store::open(options, TestClock::at(0)).unwrap();
    let send = |i| {
        store.append(Batch { account: AccountId(1), events: vec![consumer_sample(i, 0, i); 2] })
    };
    let waiting: Vec<_> = (0..2_000).map(send).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut taken = 0;
    let mut busy = 0;
    for answer in waiting {
        match runtime.block_on(answer) {
            Ok(()) => taken += 1,
            Err(SinkError::Busy { waiting, batch }) => {
                assert!(waiting <= 4 && batch.events.len() == 2);
                busy += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert!(busy > 0 && taken > 0, "{busy} busy, {taken} taken");
    assert_eq!(rows(&store), 2 * taken);
    assert_eq!(store.stats().queued_events, 0);
}

#[test]
fn batches_of_many_callers_share_a_commit() {
    let dir = folder();
    let options = Options { commit_delay: COMMIT_DELAY_MAX, ..options(dir.path()) };
    let store = Store::open(options, TestClock::at(0)).unwrap();
    let batch = |i| Batch { account: AccountId(1), events: vec![consumer_sample(i, i, i)] };
    let waiting: Vec<_> = (0..300).map(|i| store.append(batch(i))).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    waiting.into_iter().for_each(|answer| runtime.block_on(answer).unwrap());
    assert_eq!(rows(&store), 300);
    let log = fs::read(dir.path().join("wal/00000000000000000001.wal")).unwrap();
    let records = log.windows(4).filter(|bytes| bytes == b"wREC").count();
    assert!(records < 100, "{records} records for 300 batches");
}

#[test]
fn accounts_do_not_see_each_other() {
    let dir = folder();
    let store = open(dir.path());
    append(&store, 9, vec![consumer_sample(1, 0, 0)]).unwrap();
    append(&store, 2, vec![Event::new("Custom", Timestamp::from_millis(5))]).unwrap();
    assert_eq!(store.accounts(), vec![AccountId(2), AccountId(9)]);
    let second = store.snapshot(AccountId(2));
    assert_eq!(second.event_types(ALWAYS), vec![Arc::from("Custom")]);
    assert_eq!(scan(&second, "KafkaConsumerSample", ALWAYS), vec![]);
}

#[test]
fn segments_go_when_their_last_event_is_past_retention() {
    let dir = folder();
    let clock = TestClock::at(0);
    let options = Options { retention: 3 * HOUR, freeze_after: HOUR, ..options(dir.path()) };
    let store = Store::open(options, clock.clone()).unwrap();
    for hour in 0..6 {
        append(&store, 1, vec![consumer_sample(hour * HOUR_MILLIS, 0, hour)]).unwrap();
        clock.advance(HOUR);
    }
    store.flush().unwrap();
    let before = store.snapshot(AccountId(1));
    store.maintain(Timestamp::from_millis(6 * HOUR_MILLIS)).unwrap();
    let stats = store.stats();
    assert_eq!((rows(&store), stats.rows, stats.segments), (3, 3, 3));
    assert_eq!(stats.oldest, Some(Timestamp::from_millis(3 * HOUR_MILLIS)));
    assert_eq!(stats.rows_dropped_early, 0);
    assert_eq!((wal_files(dir.path()), segment_files(dir.path())), (1, 3));
    assert_eq!(scan(&before, "KafkaConsumerSample", ALWAYS).len(), 6, "a snapshot pins its files");
}

#[test]
fn an_event_from_the_future_does_not_stay_for_ever() {
    let dir = folder();
    let clock = TestClock::at(0);
    let options = Options { retention: HOUR, freeze_bytes: 1, ..options(dir.path()) };
    let store = Store::open(options, clock).unwrap();
    append(&store, 1, vec![consumer_sample(i64::MAX - 1, 0, 0)]).unwrap();
    append(&store, 1, vec![consumer_sample(2 * HOUR_MILLIS, 0, 0)]).unwrap();
    store.flush().unwrap();
    store.maintain(Timestamp::from_millis(2 * HOUR_MILLIS)).unwrap();
    assert_eq!(rows(&store), 0, "both were taken at 0");
}

#[test]
fn memory_is_bounded_and_nothing_is_lost_for_it() {
    let dir = folder();
    let limit = 200_000;
    let options = || Options { memory_limit_bytes: limit, ..options(dir.path()) };
    let store = Store::open(options(), TestClock::at(0)).unwrap();
    let mut sent = 0;
    for round in 0..200 {
        let row = |i| consumer_sample(round, i, round * i).with("note", format!("{round}-{i}"));
        append(&store, 1, (0..20).map(row).collect()).unwrap();
        sent += 20;
        let stats = store.stats();
        assert!(stats.memory_bytes <= limit + limit / 10, "{stats:?}");
    }
    let stats = store.stats();
    assert!(stats.segments > 0);
    assert_eq!((rows(&store) as u64, stats.rows), (sent, sent));
    assert_eq!(wal_files(dir.path()), stats.generations);
    drop(store);
    let again = Store::open(options(), TestClock::at(0)).unwrap();
    assert_eq!(rows(&again) as u64, sent);
}

#[test]
fn the_disk_limit_drops_the_oldest_and_says_so() {
    let dir = folder();
    let clock = TestClock::at(0);
    let options =
        || Options { freeze_after: HOUR, disk_limit_bytes: Some(3_000), ..options(dir.path()) };
    let store = Store::open(options(), clock.clone()).unwrap();
    for hour in 0..20 {
        append(&store, 1, vec![consumer_sample(hour * HOUR_MILLIS, 0, hour)]).unwrap();
        clock.advance(HOUR);
    }
    store.flush().unwrap();
    assert!(store.stats().segment_bytes > 3_000);
    store.maintain(clock.now()).unwrap();
    let stats = store.stats();
    assert!(stats.segment_bytes <= 3_000 && stats.segments > 0, "{stats:?}");
    assert_eq!(stats.rows + stats.rows_dropped_early, 20);
    let kept = 20 - stats.rows_dropped_early as i64;
    assert_eq!(stats.oldest, Some(Timestamp::from_millis((20 - kept) * HOUR_MILLIS)));
}

#[test]
fn a_past_day_becomes_one_segment_and_late_rows_join_it() {
    let dir = folder();
    let clock = TestClock::at(0);
    let store = Store::open(options(dir.path()), clock.clone()).unwrap();
    let mut sent = Vec::new();
    for step in 0..30 * 4 {
        let row = |i: i64| consumer_sample(step * HOUR_MILLIS / 4 + i, i % 5, step * i);
        let batch: Vec<Event> = (0..10).map(row).collect();
        sent.extend(batch.iter().map(plain));
        append(&store, 1, batch).unwrap();
        clock.advance(HOUR / 4);
        if step % 4 == 3 {
            store.flush().unwrap();
        }
    }
    assert_eq!(store.stats().segments, 30);
    let before = store.snapshot(AccountId(1));
    store.maintain(clock.now()).unwrap();
    assert_eq!(store.stats().segments, 7, "a day, and six hours of the next");
    assert_eq!(scan(&store.snapshot(AccountId(1)), "KafkaConsumerSample", ALWAYS), sent);
    assert_eq!(scan(&before, "KafkaConsumerSample", ALWAYS), sent);
    drop(store);
    let store = Store::open(options(dir.path()), clock).unwrap();
    assert_eq!(store.open_report().damage, vec![]);
    assert_eq!(scan(&store.snapshot(AccountId(1)), "KafkaConsumerSample", ALWAYS), sent);
    assert_eq!(segment_files(dir.path()), 7);
}

#[test]
fn erased_events_are_gone_and_the_others_stay() {
    let dir = folder();
    let store = open(dir.path());
    for round in 0..50 {
        let batch = (0..4).map(|p| consumer_sample(round * 1_000, p, round)).collect();
        append(&store, 1, batch).unwrap();
        append(&store, 2, vec![consumer_sample(round * 1_000, 0, round)]).unwrap();
    }
    let before = store.snapshot(AccountId(1));
    let mut erasure = Erasure {
        account: AccountId(1),
        event_type: "KafkaConsumerSample".into(),
        identity: vec![("topic".into(), "payments".into())],
        range: TimeRange {
            begin: Timestamp::from_millis(10_000),
            end: Timestamp::from_millis(20_000),
        },
    };
    store.erase(&erasure).unwrap();
    assert_eq!(rows(&store), 160);
    assert_eq!(scan(&before, "KafkaConsumerSample", ALWAYS).len(), 200);
    assert!(scan(&store.snapshot(AccountId(1)), "KafkaConsumerSample", erasure.range).is_empty());
    assert_eq!(scan(&store.snapshot(AccountId(2)), "KafkaConsumerSample", ALWAYS).len(), 50);
    erasure.range = ALWAYS;
    erasure.identity = vec![("topic".into(), "other".into())];
    store.erase(&erasure).unwrap();
    assert_eq!(rows(&store), 160);
    erasure.identity = vec![("partition".into(), Value::Int(3))];
    store.erase(&erasure).unwrap();
    assert_eq!(rows(&store), 120);
    erasure.identity.clear();
    store.erase(&erasure).unwrap();
    drop(store);
    let store = open(dir.path());
    assert_eq!(rows(&store), 0);
    assert_eq!(scan(&store.snapshot(AccountId(2)), "KafkaConsumerSample", ALWAYS).len(), 50);
    assert_eq!(segment_files(dir.path()), 1);
}

#[test]
fn a_disk_that_fails_stops_acknowledgements_and_not_reads() {
    let dir = folder();
    let options = Options { freeze_bytes: 1, ..options(dir.path()) };
    let store = Store::open(options, TestClock::at(0)).unwrap();
    fs::rename(dir.path().join("wal"), dir.path().join("gone")).unwrap();
    append(&store, 1, vec![consumer_sample(1, 0, 0)]).unwrap();
    let refused = append(&store, 1, vec![consumer_sample(2, 0, 0)]).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Unavailable);
    let StoreState::ReadOnly { reason } = store.stats().state else { panic!("still ready") };
    assert!(reason.contains("wal") && reason.contains("restart"), "{reason}");
    assert_eq!(rows(&store), 1);
    store.close();
    assert!(matches!(store.stats().state, StoreState::ReadOnly { .. }));
}

#[test]
fn a_closed_store_reads_and_refuses() {
    let dir = folder();
    let store = open(dir.path());
    append(&store, 1, vec![consumer_sample(1, 0, 0)]).unwrap();
    store.close();
    store.close();
    assert_eq!(store.stats().state, StoreState::Closed);
    assert_eq!(rows(&store), 1);
    let refused = append(&store, 1, vec![consumer_sample(2, 0, 0)]).unwrap_err();
    assert_eq!(refused, SinkError::Unavailable("the store is closed".into()));
}

#[test]
fn a_folder_that_can_not_be_written_is_named() {
    let dir = folder();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let refused = Store::open(options(&file.join("data")), TestClock::at(0)).err().unwrap();
    assert!(matches!(refused, OpenError::NotWritable { .. }), "{refused:?}");
    let said = refused.to_string();
    assert!(said.contains("file/data") && said.contains("choose another data folder"), "{said}");
}

#[test]
fn opening_tells_how_far_it_is() {
    let dir = folder();
    let store = open(dir.path());
    for i in 0..10 {
        append(&store, 1, vec![consumer_sample(i, 0, i)]).unwrap();
    }
    drop(store);
    let mut heard = Vec::new();
    let store = Store::open_with_progress(options(dir.path()), TestClock::at(0), &mut |progress| {
        heard.push(progress);
    })
    .unwrap();
    assert!(heard.is_sorted_by_key(|p| (p.bytes_done, p.events)));
    let last = heard.last().unwrap();
    assert_eq!((last.bytes_done, last.events), (last.bytes_total, 10));
    assert_eq!(store.open_report().events, 10);
    assert_eq!(store.stats().generations, 2);
}

#[test]
fn restarts_without_events_leave_no_files_behind() {
    let dir = folder();
    for _ in 0..5 {
        open(dir.path());
    }
    assert_eq!(wal_files(dir.path()), 1);
}
