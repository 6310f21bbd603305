//! Opening, first part: which segments count, and which files are left over from a crash.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tracing::{info, warn};

use crate::backup;
use crate::disk::Disk;
use crate::manifest::{self, Found, Listed, Manifest};
use crate::recovery::{not_writable, unreadable};
use crate::segment::{self, Origin, PageCache, Segment, SegmentError};
use crate::wal;
use crate::{Damage, OpenError};

/// The folders of a store.
#[derive(Debug, Clone)]
pub struct Folders {
    pub store: PathBuf,
    pub wal: PathBuf,
    pub segments: PathBuf,
}

/// What the files say.
pub struct Inventory {
    pub manifest: Manifest,
    /// The manifest was put together from the segments themselves, for this reason: it is good
    /// enough to read, and becomes the manifest when someone says so.
    pub rebuilt: Option<String>,
    pub segments: Vec<Arc<Segment>>,
    /// Segments that count and can't be opened.
    pub damage: Vec<Damage>,
}

impl Folders {
    pub fn of(store: &Path) -> Self {
        let (wal, segments) = (store.join("wal"), store.join("segments"));
        Folders { store: store.to_path_buf(), wal, segments }
    }
}

/// How often the manifest may change while its segments are opened. What is open stays open, so
/// each time there is less to do.
const LOOKS_MAX: usize = 100;

/// Reads the manifest, or what replaces it, and opens what it lists. Changes nothing, and lets the
/// store's owner go on: a segment that is gone was merged away if there is a newer manifest.
pub fn take(
    disk: &dyn Disk,
    folders: &Folders,
    cache: &Arc<PageCache>,
) -> Result<Inventory, OpenError> {
    let mut opened = HashMap::new();
    let mut edition = None;
    for _ in 0..LOOKS_MAX {
        let (manifest, rebuilt) = read_manifest(disk, folders, cache)?;
        let (listed, is_any_gone) = open_listed(disk, folders, &manifest, cache, &mut opened)?;
        if !is_any_gone || edition == Some(manifest.edition) {
            let (segments, damage) = listed;
            return Ok(Inventory { manifest, rebuilt, segments, damage });
        }
        edition = Some(manifest.edition);
    }
    let busy = format!("it changed {LOOKS_MAX} times while its segments were opened: try again");
    Err(unreadable(&folders.store.join(manifest::FILE), io::Error::other(busy)))
}

/// The manifest, and why it had to be put together if it was.
fn read_manifest(
    disk: &dyn Disk,
    folders: &Folders,
    cache: &Arc<PageCache>,
) -> Result<(Manifest, Option<String>), OpenError> {
    let path = folders.store.join(manifest::FILE);
    let ids = segment_ids(disk, folders)?;
    let found = Manifest::read(disk, &folders.store).map_err(|e| unreadable(&path, e))?;
    let (mut manifest, mut rebuilt) = match found {
        Found::Manifest(manifest) => (manifest, None),
        Found::OtherVersion(found) => {
            let supported = manifest::FORMAT_VERSION;
            return Err(OpenError::FormatVersion { path, found, supported });
        }
        Found::Missing if backup::is_marked(disk, &folders.store)? => {
            return Err(OpenError::UnfinishedBackup { dir: folders.store.clone() });
        }
        Found::Missing => (rebuild(disk, folders, &ids, cache)?, Some("is missing")),
        Found::Damaged => (rebuild(disk, folders, &ids, cache)?, Some("is damaged")),
    };
    if ids.is_empty() {
        // A new store: it gets its manifest before its first segment.
        rebuilt = rebuilt.filter(|what| *what != "is missing");
    }
    let after_last = ids.iter().max().map_or(1, |id| id + 1);
    manifest.next_segment = manifest.next_segment.max(after_last);
    let reason = |what: &str| {
        format!(
            "`{}` {what}: it was put together from the segments for reading; \
             look at `weir store check`, then run `weir store repair`",
            path.display()
        )
    };
    Ok((manifest, rebuilt.map(reason)))
}

/// Removes what a crash left: segments that no manifest lists, log files that are sealed, a
/// manifest and copies that were not finished.
pub fn sweep(disk: &dyn Disk, folders: &Folders, manifest: &Manifest) -> Result<(), OpenError> {
    let listed: HashSet<u64> = manifest.segments.iter().map(|listed| listed.meta.id).collect();
    let is_orphan = |path: &Path| {
        let segment = segment::id_of(path).is_some_and(|id| !listed.contains(&id));
        let log = wal::generation_of(path).is_some_and(|id| id < manifest.first_unsealed);
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let unfinished =
            name == manifest::TEMPORARY_FILE || name.ends_with(segment::COPY_EXTENSION);
        segment || log || unfinished
    };
    for dir in [&folders.store, &folders.wal, &folders.segments] {
        let files = disk.list(dir).map_err(|e| unreadable(dir, e))?;
        for path in files.into_iter().filter(|path| is_orphan(path)) {
            info!(path = %path.display(), "file left over from a crash removed");
            disk.remove(&path).map_err(|e| not_writable(&path, e))?;
        }
    }
    Ok(())
}

/// The manifest that the segments themselves tell. Those of a generation whose log file is there
/// don't count, nor do those that another one replaces.
pub fn rebuild(
    disk: &dyn Disk,
    folders: &Folders,
    ids: &[u64],
    cache: &Arc<PageCache>,
) -> Result<Manifest, OpenError> {
    let logs = disk.list(&folders.wal).map_err(|e| unreadable(&folders.wal, e))?;
    let logs: HashSet<u64> = logs.iter().filter_map(|path| wal::generation_of(path)).collect();
    let mut found = Vec::new();
    for id in ids {
        match Segment::open(disk, &folders.segments, *id, cache.clone()) {
            Ok(segment) => found.push(Listed::from(&segment)),
            Err(error) => {
                check_version(&error, &folders.segments, *id)?;
                warn!(segment = id, %error, "segment can't be read: left out of the manifest");
            }
        }
    }
    let replaced: HashSet<u64> = found
        .iter()
        .flat_map(|listed| match &listed.meta.origin {
            Origin::Segments(replaced) => replaced.clone(),
            Origin::Generation(_) => Vec::new(),
        })
        .collect();
    let counts = |listed: &Listed| match &listed.meta.origin {
        Origin::Generation(generation) => !logs.contains(generation),
        Origin::Segments(_) => true,
    };
    found.retain(|listed| counts(listed) && !replaced.contains(&listed.meta.id));
    let next_sequence = found.iter().map(|listed| listed.meta.end_sequence).max();
    found.sort_by_key(|listed| listed.meta.id);
    Ok(Manifest {
        next_sequence: next_sequence.unwrap_or(0),
        segments: found,
        ..Manifest::default()
    })
}

/// Ids of the segment files that are there, listed or not.
pub fn segment_ids(disk: &dyn Disk, folders: &Folders) -> Result<Vec<u64>, OpenError> {
    let files = disk.list(&folders.segments).map_err(|e| unreadable(&folders.segments, e))?;
    Ok(files.iter().filter_map(|path| segment::id_of(path)).collect())
}

/// Segments that could be opened, and what could not.
type Readable = (Vec<Arc<Segment>>, Vec<Damage>);

/// Opens what is not in `opened` yet; the flag says that a file was not there.
fn open_listed(
    disk: &dyn Disk,
    folders: &Folders,
    manifest: &Manifest,
    cache: &Arc<PageCache>,
    opened: &mut HashMap<u64, Arc<Segment>>,
) -> Result<(Readable, bool), OpenError> {
    let (mut segments, mut damage, mut is_any_gone) = (Vec::new(), Vec::new(), false);
    for listed in &manifest.segments {
        let id = listed.meta.id;
        let open = || Segment::open(disk, &folders.segments, id, cache.clone()).map(Arc::new);
        match opened.get(&id).cloned().map_or_else(open, Ok) {
            Ok(segment) if segment.meta == listed.meta && segment.bytes == listed.bytes => {
                opened.insert(id, segment.clone());
                segments.push(segment);
            }
            other => {
                let error = other.err().unwrap_or_else(|| {
                    io::Error::other("it is another one than the manifest lists").into()
                });
                check_version(&error, &folders.segments, id)?;
                is_any_gone |= error.is_not_found();
                damage.push(note_unreadable(folders, listed, &error));
            }
        }
    }
    Ok(((segments, damage), is_any_gone))
}

fn note_unreadable(folders: &Folders, listed: &Listed, error: &SegmentError) -> Damage {
    let path = segment::path_of(&folders.segments, listed.meta.id);
    let rows = listed.meta.rows;
    warn!(path = %path.display(), rows, %error, "segment can't be read: the rest is used");
    Damage { path, offset: 0, bytes: listed.bytes, events_lost: Some(rows) }
}

fn check_version(error: &SegmentError, dir: &Path, id: u64) -> Result<(), OpenError> {
    match error {
        SegmentError::Version(found) => Err(OpenError::FormatVersion {
            path: segment::path_of(dir, id),
            found: *found,
            supported: segment::FORMAT_VERSION,
        }),
        _ => Ok(()),
    }
}
