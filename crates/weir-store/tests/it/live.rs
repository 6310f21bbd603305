//! Opening for reading beside the process that owns the store, wherever that is in its work.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use weir_store::{Options, Store};
use weir_types::{AccountId, Event, Timestamp};

use crate::faulty_disk::FaultyDisk;
use crate::hooked_disk::HookedDisk;
use crate::support::{ALWAYS, TestClock, append, consumer_sample, folder, options, scan};

const EVENTS_A_BATCH: i64 = 7;
const HOUR_MILLIS: i64 = 3_600_000;
/// Every day with events is past: all that is sealed is merged.
pub const LATER: i64 = 1_000 * 24 * HOUR_MILLIS;

pub fn batch(number: i64) -> Vec<Event> {
    let row = |i| {
        consumer_sample(number * 6 * HOUR_MILLIS + i, i, number)
            .with("note", format!("{number}-{i}"))
    };
    (0..EVENTS_A_BATCH).map(row).collect()
}

/// How many batches are there; each is whole and there once, and none is missing before another.
pub fn whole_batches(store: &Store) -> i64 {
    assert_eq!(store.open_report().damage, vec![]);
    let mut events: BTreeMap<i64, i64> = BTreeMap::new();
    for row in scan(&store.snapshot(AccountId(1)), "KafkaConsumerSample", ALWAYS) {
        *events.entry(row.attributes["consumerLag"].1.parse().unwrap()).or_default() += 1;
    }
    assert_eq!(store.damage(), vec![]);
    assert!(events.values().all(|count| *count == EVENTS_A_BATCH), "{events:?}");
    assert!(events.keys().copied().eq(0..events.len() as i64), "{events:?}");
    events.len() as i64
}

/// One step of the owner's work; together they seal, merge and remove files all the time.
pub fn work(store: &Store, number: i64) {
    append(store, 1, batch(number)).unwrap();
    if number % 3 != 0 {
        store.flush().unwrap();
    }
    if number % 2 == 0 {
        store.maintain(Timestamp::from_millis(LATER)).unwrap();
    }
}

pub fn forever(dir: &Path) -> Options {
    Options { retention: Duration::from_hours(1_000_000), ..options(dir) }
}

pub fn memory(disk: Arc<dyn weir_store::disk::Disk>) -> Options {
    Options { disk, ..forever(Path::new("store")) }
}

/// Opens with the owner working just before the reading operations that `meets` names; gives how
/// many operations there were.
fn read_beside(meets: impl Fn(u64) -> bool + Send + Sync + 'static) -> u64 {
    let disk = FaultyDisk::new(1);
    let owner = Store::open(memory(Arc::new(disk.clone())), TestClock::at(LATER)).unwrap();
    (0..20).for_each(|number| work(&owner, number));
    let (owner, next) = (Arc::new(owner), Arc::new(AtomicI64::new(20)));
    let (working, numbers) = (owner.clone(), next.clone());
    let hooked = HookedDisk::new(disk, move |operation| {
        if meets(operation) {
            let first = numbers.fetch_add(3, Ordering::Relaxed);
            (first..first + 3).for_each(|number| work(&working, number));
        }
    });
    let reader = Store::open_read_only(memory(Arc::new(hooked.clone())), TestClock::at(0)).unwrap();
    let operations = hooked.operations();
    // The reader's files stay readable, whatever becomes of their names.
    (100..106).for_each(|number| work(&owner, number));
    let (seen, written) = (whole_batches(&reader), next.load(Ordering::Relaxed));
    assert!((20..=written).contains(&seen), "{seen} of {written}");
    operations
}

#[test]
fn a_reader_meets_the_owner_at_every_step_and_sees_whole_batches() {
    let operations = read_beside(|_| false);
    assert!(operations >= 10, "{operations}");
    for meeting in 0..operations {
        read_beside(move |operation| operation == meeting);
        read_beside(move |operation| operation == meeting || operation == meeting + 1);
    }
    // The owner is faster than the reader for a while.
    read_beside(|operation| operation < 40);
}

#[test]
fn readers_beside_a_busy_owner_see_all_that_was_acknowledged() {
    let dir = folder();
    let live = Options { freeze_bytes: 30_000, background: true, ..forever(dir.path()) };
    let owner = Store::open(live, TestClock::at(LATER)).unwrap();
    let acknowledged = AtomicI64::new(0);
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            for number in 0..1_500 {
                append(&owner, 1, batch(number)).unwrap();
                acknowledged.store(number + 1, Ordering::Release);
            }
        });
        let mut looks = 0;
        while !writing.is_finished() || looks < 5 {
            let before = acknowledged.load(Ordering::Acquire);
            let reader = Store::open_read_only(options(dir.path()), TestClock::at(0)).unwrap();
            let seen = whole_batches(&reader);
            assert!(seen >= before, "{before} were acknowledged before, {seen} are seen");
            looks += 1;
        }
    });
    assert_eq!(whole_batches(&owner), 1_500);
}

/// The owner is in the middle of a write, or died there: what is there of it is no damage.
#[test]
fn a_write_that_goes_on_is_left_out() {
    let disk = FaultyDisk::new(1);
    let owner = Store::open(memory(Arc::new(disk.clone())), TestClock::at(0)).unwrap();
    append(&owner, 1, batch(0)).unwrap();
    let log = disk.paths().into_iter().find(|path| path.extension().is_some_and(|e| e == "wal"));
    let (log, whole) = (log.clone().unwrap(), disk.contents(&log.unwrap()));
    append(&owner, 1, batch(1)).unwrap();
    let both = disk.contents(&log);
    for len in whole.len()..both.len() {
        let at_work = disk.copy();
        at_work.set_contents(&log, both[..len].to_vec());
        let operations = at_work.operations();
        let reader = Store::open_read_only(memory(Arc::new(at_work.clone())), TestClock::at(0));
        assert_eq!(whole_batches(&reader.unwrap()), 1, "cut at {len}");
        assert_eq!((at_work.operations(), at_work.contents(&log).len()), (operations, len));
    }
}
