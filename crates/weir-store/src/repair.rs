//! Looking at every byte of a store, and mending what keeps it from being written.

use std::path::PathBuf;
use std::sync::Arc;

use tracing::info;

use crate::disk::Disk;
use crate::inventory::{self, Folders};
use crate::manifest::{self, Manifest};
use crate::recovery::{not_writable, unreadable};
use crate::segment::{self, PageCache, Segment};
use crate::store::acquire_lock;
use crate::{Damage, OpenError, Options, Store};

/// What reading everything found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckReport {
    pub segments: usize,
    pub rows: u64,
    /// Stretches that can't be read, of the log and of segments.
    pub damage: Vec<Damage>,
}

/// What was mended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepairReport {
    /// The manifest was put together anew from the segments.
    pub manifest_rebuilt: bool,
    /// Segments that are no longer listed because they can't be opened, with the rows they held.
    pub dropped: Vec<(PathBuf, u64)>,
}

impl Store {
    /// Reads every page of every segment; the log was read when the store was opened. `progress`
    /// hears how many bytes of how many are done.
    pub fn check(&self, progress: &mut dyn FnMut(u64, u64)) -> CheckReport {
        let segments = self.segments();
        let (mut done, all) = (0, segments.iter().map(|segment| segment.bytes).sum());
        for segment in segments.iter() {
            progress(done, all);
            check_segment(segment);
            done += segment.bytes;
        }
        progress(done, all);
        let rows = self.stats().rows;
        CheckReport { segments: segments.len(), rows, damage: self.damage() }
    }
}

/// Reads every page; what can't be read is noted in the segment.
pub fn check_segment(segment: &Segment) {
    for table in segment.tables() {
        for index in &table.groups {
            let read = segment.group(table, index).and_then(|mut group| {
                while group.peek().is_some() {
                    group.skip()?;
                }
                Ok(())
            });
            if let Err(error) = read {
                segment.note_damage(index, &error);
            }
        }
    }
}

/// Makes a store writable again that lost its manifest, and takes segments off the list that can't
/// be opened. Nothing is deleted: what is set aside ends in `.damaged`. The store must not be open.
pub fn repair(options: &Options) -> Result<RepairReport, OpenError> {
    let folders = Folders::of(&options.dir);
    let _lock = acquire_lock(options)?;
    let disk = &*options.disk;
    let cache = Arc::new(PageCache::new(options.cache_bytes));
    let inventory = inventory::take(disk, &folders, &cache)?;
    let mut report = RepairReport {
        manifest_rebuilt: inventory.rebuilt.is_some(),
        dropped: inventory
            .damage
            .iter()
            .map(|damage| (damage.path.clone(), damage.events_lost.unwrap_or(0)))
            .collect(),
    };
    report.dropped.sort();
    if !report.manifest_rebuilt && report.dropped.is_empty() {
        return Ok(report);
    }
    let readable = |id: u64| inventory.segments.iter().any(|segment| segment.meta.id == id);
    let mut next: Manifest = inventory.manifest.clone();
    next.edition += 1;
    next.segments.retain(|listed| readable(listed.meta.id));
    set_aside(disk, &folders, &report)?;
    let path = folders.store.join(manifest::FILE);
    next.write(disk, &folders.store)
        .map_err(|error| not_writable(&path, std::io::Error::other(error)))?;
    info!(
        manifest_rebuilt = report.manifest_rebuilt,
        dropped = report.dropped.len(),
        "store repaired"
    );
    Ok(report)
}

/// Renames what can't be read, so that the next start neither finds nor removes it.
fn set_aside(disk: &dyn Disk, folders: &Folders, report: &RepairReport) -> Result<(), OpenError> {
    let segments = disk.list(&folders.segments).map_err(|e| unreadable(&folders.segments, e))?;
    let dropped = report.dropped.iter().map(|(path, _)| path.clone());
    let unreadable_segments = segments.iter().filter(|path| {
        report.manifest_rebuilt && segment::id_of(path).is_some() && !opens(disk, folders, path)
    });
    let manifest = folders.store.join(manifest::FILE);
    let manifest = Some(manifest).filter(|_| report.manifest_rebuilt);
    for path in dropped.chain(unreadable_segments.cloned()).chain(manifest) {
        let mut aside = path.clone().into_os_string();
        aside.push(".damaged");
        match disk.rename(&path, &PathBuf::from(aside)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(not_writable(&path, error));
            }
            _ => {}
        }
    }
    disk.sync_dir(&folders.segments).map_err(|e| not_writable(&folders.segments, e))
}

fn opens(disk: &dyn Disk, folders: &Folders, path: &std::path::Path) -> bool {
    let cache = Arc::new(PageCache::new(0));
    segment::id_of(path).is_some_and(|id| Segment::open(disk, &folders.segments, id, cache).is_ok())
}
