//! Backups: whole, of one moment, and the earlier one or the new one whatever happens.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use weir_store::disk::Disk;
use weir_store::{BackupError, BackupReport, OpenError, Options, Store, Transfer, backup};
use weir_types::Timestamp;

use crate::faulty_disk::{Fault, FaultyDisk};
use crate::hooked_disk::HookedDisk;
use crate::live::{LATER, batch, forever, memory, whole_batches, work};
use crate::support::{TestClock, append, folder};

fn in_memory(disk: &FaultyDisk) -> Options {
    memory(Arc::new(disk.clone()))
}

fn copy_of(disk: &FaultyDisk) -> Options {
    Options { dir: "copy".into(), ..in_memory(disk) }
}

fn take(source: &Options, transfer: Transfer) -> Result<BackupReport, BackupError> {
    backup(source, Path::new("copy"), transfer, TestClock::at(LATER), &mut |_| {})
}

fn owner(disk: &FaultyDisk) -> Store {
    Store::open(in_memory(disk), TestClock::at(LATER)).unwrap()
}

/// Batches in the backup, which nothing is wrong with.
fn held(disk: &FaultyDisk) -> i64 {
    whole_batches(&Store::open_read_only(copy_of(disk), TestClock::at(0)).unwrap())
}

fn segments(disk: &FaultyDisk, dir: &str) -> Vec<PathBuf> {
    let of_dir = |path: &PathBuf| path.starts_with(Path::new(dir).join("segments"));
    disk.paths().into_iter().filter(of_dir).collect()
}

#[test]
fn a_backup_has_everything_and_the_next_one_brings_what_is_new() {
    for transfer in [Transfer::LinkOrCopy, Transfer::Copy] {
        let disk = FaultyDisk::new(1);
        let store = owner(&disk);
        (0..20).for_each(|number| work(&store, number));
        append(&store, 1, batch(20)).unwrap();
        let first = take(&in_memory(&disk), transfer).unwrap();
        assert_eq!((held(&disk), first.kept, first.damage), (21, 0, vec![]));
        assert!(first.sealed > 0, "the log has rows");
        let brought = if transfer == Transfer::Copy { first.copied } else { first.linked };
        assert_eq!(brought + first.sealed, first.segments);

        (21..40).for_each(|number| work(&store, number));
        let second = take(&in_memory(&disk), transfer).unwrap();
        assert_eq!(held(&disk), 40);
        assert!(second.kept > 0 && second.kept + second.linked + second.copied > 2, "{second:?}");
        assert_eq!(segments(&disk, "copy").len(), second.segments, "nothing else is left");
        let again = take(&in_memory(&disk), transfer).unwrap();
        assert_eq!((again.linked, again.copied, again.events), (0, 0, second.events));
        assert_eq!(whole_batches(&store), 40);
    }
}

#[test]
fn a_backup_started_is_a_store_of_its_own() {
    let disk = FaultyDisk::new(1);
    let store = owner(&disk);
    (0..7).for_each(|number| work(&store, number));
    take(&in_memory(&disk), Transfer::LinkOrCopy).unwrap();
    let restored = Store::open(copy_of(&disk), TestClock::at(LATER)).unwrap();
    (7..15).for_each(|number| work(&restored, number));
    assert_eq!((whole_batches(&restored), whole_batches(&store)), (15, 7));
    assert!(matches!(
        take(&in_memory(&disk), Transfer::LinkOrCopy),
        Err(BackupError::NotABackup { .. })
    ));
    drop(restored);
    assert_eq!(held(&disk), 15);

    // And it can be backed up in its turn: its numbers go on far above those of the first store.
    let to = Path::new("second");
    backup(&copy_of(&disk), to, Transfer::LinkOrCopy, TestClock::at(LATER), &mut |_| {}).unwrap();
    let second = Options { dir: to.into(), ..in_memory(&disk) };
    assert_eq!(whole_batches(&Store::open(second, TestClock::at(0)).unwrap()), 15);
}

/// A disk with a store that is closed, and a backup of it with 12 batches if `earlier`.
fn stage(seed: u64, earlier: bool) -> FaultyDisk {
    let disk = FaultyDisk::new(seed);
    let store = owner(&disk);
    (0..12).for_each(|number| work(&store, number));
    if earlier {
        append(&store, 1, batch(12)).unwrap();
        take(&in_memory(&disk), Transfer::LinkOrCopy).unwrap();
        (13..20).for_each(|number| work(&store, number));
    }
    append(&store, 1, batch(if earlier { 20 } else { 12 })).unwrap();
    store.close();
    disk
}

/// Interrupts the backup at each of its operations; what is there afterwards goes to `check` with
/// the number of batches, or with `None` where it says itself that it was never finished.
fn interrupt(earlier: bool, transfer: Transfer, fault: Fault, check: impl Fn(Option<i64>)) {
    let undisturbed = stage(0, earlier);
    let before = undisturbed.operations();
    take(&in_memory(&undisturbed), transfer).unwrap();
    let operations = undisturbed.operations() - before;
    assert!(operations > 10, "{operations}");
    let all = if earlier { 21 } else { 13 };
    assert_eq!(held(&undisturbed), all);
    for operation in 1..=operations {
        let disk = stage(operation, earlier);
        disk.fail_at(disk.operations() + operation, fault);
        let taken = take(&in_memory(&disk), transfer);
        if fault == Fault::PowerLoss {
            disk.restart();
        }
        if taken.is_ok() {
            assert_eq!(held(&disk), all, "operation {operation}");
        } else {
            let opened = Store::open_read_only(copy_of(&disk), TestClock::at(0));
            check(match opened {
                Ok(store) => Some(whole_batches(&store)).filter(|_| !is_empty(&disk)),
                Err(OpenError::UnfinishedBackup { .. }) => None,
                Err(error) => panic!("operation {operation}: {error}"),
            });
        }
        take(&in_memory(&disk), transfer).unwrap();
        disk.restart();
        assert_eq!(held(&disk), all, "operation {operation}, taken again");
        assert_eq!(whole_batches(&owner(&disk)), all);
    }
}

/// Whether the backup has no file yet that says what it is.
fn is_empty(disk: &FaultyDisk) -> bool {
    !disk.paths().iter().any(|path| path.starts_with("copy"))
}

#[test]
fn a_first_backup_that_is_interrupted_is_complete_or_says_that_it_is_not() {
    for fault in [Fault::PowerLoss, Fault::Refusal] {
        for transfer in [Transfer::LinkOrCopy, Transfer::Copy] {
            interrupt(false, transfer, fault, |found| {
                assert!(matches!(found, None | Some(13)), "{found:?}");
            });
        }
    }
}

#[test]
fn an_interrupted_backup_leaves_the_earlier_one_or_the_new_one() {
    for fault in [Fault::PowerLoss, Fault::Refusal] {
        for transfer in [Transfer::LinkOrCopy, Transfer::Copy] {
            interrupt(true, transfer, fault, |found| {
                assert!(matches!(found, Some(13 | 21)), "{found:?}");
            });
        }
    }
}

#[test]
fn a_backup_meets_the_owner_at_every_step() {
    let run = |meeting: Option<u64>| {
        let disk = FaultyDisk::new(1);
        let owner = Arc::new(owner(&disk));
        (0..20).for_each(|number| work(&owner, number));
        let next = AtomicI64::new(20);
        let working = owner.clone();
        let hooked = HookedDisk::new(disk.clone(), move |operation| {
            if meeting == Some(operation) {
                let first = next.fetch_add(3, Ordering::Relaxed);
                (first..first + 3).for_each(|number| work(&working, number));
            }
        });
        take(&memory(Arc::new(hooked.clone())), Transfer::LinkOrCopy).unwrap();
        let held = held(&disk);
        assert!((20..=23).contains(&held), "{held}");
        hooked.operations()
    };
    for meeting in 0..run(None) {
        run(Some(meeting));
    }
}

#[test]
fn what_is_no_backup_of_this_store_is_left_alone() {
    let disk = FaultyDisk::new(1);
    let store = owner(&disk);
    (0..7).for_each(|number| work(&store, number));
    let source = in_memory(&disk);
    let into = |dir: &str| {
        backup(&source, Path::new(dir), Transfer::LinkOrCopy, TestClock::at(LATER), &mut |_| {})
    };
    let onto_itself = into("store");
    assert!(matches!(onto_itself, Err(BackupError::NotABackup { .. })), "{onto_itself:?}");

    let other = Options { dir: "other".into(), ..in_memory(&disk) };
    let other = Store::open(other, TestClock::at(LATER + 1)).unwrap();
    (0..9).for_each(|number| work(&other, number));
    let of_other = Options { dir: "other".into(), ..in_memory(&disk) };
    take(&of_other, Transfer::LinkOrCopy).unwrap();
    assert!(matches!(into("copy"), Err(BackupError::OtherStore { .. })));
    assert_eq!(held(&disk), 9);
}

/// The disk of the store loses bits: the earlier backup's segment stays, and what it does not have
/// is told.
#[test]
fn damage_of_the_store_does_not_reach_an_earlier_copy() {
    let disk = FaultyDisk::new(1);
    let store = owner(&disk);
    append(&store, 1, batch(0)).unwrap();
    store.flush().unwrap();
    take(&in_memory(&disk), Transfer::Copy).unwrap();
    append(&store, 1, batch(1)).unwrap();
    store.flush().unwrap();
    drop(store);
    let damaged = segments(&disk, "store");
    assert_eq!(damaged.len(), 2);
    for path in &damaged {
        let mut bytes = disk.contents(path);
        bytes[40] ^= 1;
        disk.set_contents(path, bytes);
    }
    let taken = take(&in_memory(&disk), Transfer::Copy).unwrap();
    let told: Vec<&Path> = taken.damage.iter().map(|damage| &*damage.path).collect();
    assert_eq!(told, [&*damaged[1]]);
    let copy = Store::open_read_only(copy_of(&disk), TestClock::at(0)).unwrap();
    assert_eq!(copy.check(&mut |_, _| {}).damage.len(), 1, "the first segment is as it was");
}

/// A file of the backup is gone, another is cut: the next backup brings both again.
#[test]
fn what_a_backup_lost_is_brought_again() {
    let disk = FaultyDisk::new(1);
    let store = owner(&disk);
    for number in 0..3 {
        append(&store, 1, batch(number)).unwrap();
        store.flush().unwrap();
    }
    take(&in_memory(&disk), Transfer::Copy).unwrap();
    let there = segments(&disk, "copy");
    disk.remove(&there[0]).unwrap();
    let cut = disk.contents(&there[1]).len() - 1;
    disk.set_contents(&there[1], disk.contents(&there[1])[..cut].to_vec());
    let taken = take(&in_memory(&disk), Transfer::Copy).unwrap();
    assert_eq!((taken.copied, taken.kept, held(&disk)), (2, 1, 3));
}

/// On the machine's file system: links where there are links, progress to the last byte.
#[test]
fn sealed_files_are_linked_on_a_real_disk_and_progress_is_told() {
    let dir = folder();
    let (from, to) = (forever(&dir.path().join("from")), dir.path().join("to"));
    let store = Store::open(from.clone(), TestClock::at(LATER)).unwrap();
    (0..20).for_each(|number| work(&store, number));
    let mut told = Vec::new();
    let clock = TestClock::at(LATER);
    let taken = backup(&from, &to, Transfer::LinkOrCopy, clock, &mut |step| told.push(step));
    let taken = taken.unwrap();
    assert!(taken.linked > 0 && taken.copied == 0, "{taken:?}");
    assert!(told.is_sorted_by_key(|step| step.bytes_done));
    let last = told.last().unwrap();
    assert_eq!((last.bytes_done, told[0].bytes_total), (last.bytes_total, last.bytes_total));
    store.maintain(Timestamp::from_millis(LATER)).unwrap();
    let restored = Store::open(forever(&to), TestClock::at(LATER)).unwrap();
    assert_eq!(whole_batches(&restored), 20);
}
