//! The folder that a backup is taken into.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tracing::warn;
use weir_types::Timestamp;

use super::{BackupError, Transfer, is_marked, marker};
use crate::disk::{Disk, Lock};
use crate::inventory::{self, Folders};
use crate::maintenance::{Catalog, MaintenanceError, seal};
use crate::manifest::{self, Found, Listed, Manifest};
use crate::memtable::Generation;
use crate::recovery::{not_writable, unreadable};
use crate::repair::check_segment;
use crate::segment::{self, Origin, PageCache, Segment, SegmentMeta};
use crate::store::{LOCK_FILE, acquire_lock};
use crate::view::View;
use crate::{Damage, OpenError, OpenReport, Options, Resolution};

/// What the log becomes is numbered this far above the store's own segments, which never get
/// there: a number means one segment in the store and in all its backups.
const OWN_IDS_ABOVE: u64 = 1_000_000_000;
const COPY_BYTES: usize = 1 << 20;

pub struct Target {
    disk: Arc<dyn Disk>,
    folders: Folders,
    /// What the earlier backup lists, by id.
    earlier: HashMap<u64, Listed>,
    catalog: Catalog,
    /// Keeps nothing: what is verified is read from the disk.
    cache: Arc<PageCache>,
    _lock: Lock,
}

/// How a segment came into the backup.
pub enum Brought {
    Linked,
    Copied,
    /// A backup that was interrupted brought it.
    WasThere,
}

impl Target {
    /// Takes a folder that is empty or a backup.
    pub fn open(source: &Options, dir: &Path) -> Result<Self, BackupError> {
        let disk = source.disk.clone();
        let folders = Folders::of(dir);
        let is_new = is_new(&*disk, &folders)?;
        for dir in [&folders.wal, &folders.segments] {
            disk.create_dir(dir).map_err(|e| not_writable(dir, e))?;
        }
        let lock = acquire_lock(&Options { dir: dir.to_path_buf(), ..source.clone() })?;
        if is_new {
            marker::mark(&*disk, dir).map_err(|e| not_writable(dir, e))?;
        }
        let manifest = earlier_manifest(&*disk, dir)?;
        let earlier = manifest.segments.iter().map(|l| (l.meta.id, l.clone())).collect();
        let cache = Arc::new(PageCache::new(0));
        let (store, segments) = (folders.store.clone(), folders.segments.clone());
        let catalog = Catalog::new(disk.clone(), store, segments, manifest, cache.clone());
        Ok(Target { disk, folders, earlier, catalog, cache, _lock: lock })
    }

    /// Whether the earlier backup has the segment, and its file can be opened still.
    pub fn has(&self, meta: &SegmentMeta) -> bool {
        self.has_id(meta.id) && self.earlier.get(&meta.id).is_some_and(|l| l.meta == *meta)
    }

    fn has_id(&self, id: u64) -> bool {
        let Some(listed) = self.earlier.get(&id) else { return false };
        self.open_segment(id).is_some_and(|there| there.meta == listed.meta)
    }

    /// Fails where the earlier backup has another segment under a number of this store's.
    pub fn check_store(&self, manifest: &Manifest) -> Result<(), BackupError> {
        let differs = |listed: &Listed| {
            self.earlier.get(&listed.meta.id).is_some_and(|earlier| earlier != listed)
        };
        match manifest.segments.iter().any(differs) {
            true => Err(BackupError::OtherStore { dir: self.folders.store.clone() }),
            false => Ok(()),
        }
    }

    /// What of the store can't be read and is not in the earlier backup either.
    pub fn damage_left(&self, report: &OpenReport) -> Vec<Damage> {
        let is_here = |path: &Path| segment::id_of(path).is_some_and(|id| self.has_id(id));
        report.damage.iter().filter(|damage| !is_here(&damage.path)).cloned().collect()
    }

    /// Puts the segment into the folder, where nothing lists it yet.
    pub fn bring(
        &self,
        segment: &Segment,
        transfer: Transfer,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Brought, BackupError> {
        let to = self.path_of(segment.meta.id);
        if self.open_segment(segment.meta.id).is_some_and(|there| there.meta == segment.meta) {
            progress(segment.bytes);
            return Ok(Brought::WasThere);
        }
        self.remove_if_there(&to).map_err(|e| MaintenanceError::write(&to, e))?;
        if transfer == Transfer::LinkOrCopy && self.disk.link(segment.path(), &to).is_ok() {
            progress(segment.bytes);
            return Ok(Brought::Linked);
        }
        self.catalog.check_room(segment.bytes)?;
        self.copy(segment, &to, progress).map_err(|e| MaintenanceError::write(&to, e))?;
        Ok(Brought::Copied)
    }

    /// Reads every page of what was brought. Damage that the store has too is given; a difference
    /// to the store is an error.
    pub fn verify(&self, segment: &Segment) -> Result<Vec<Damage>, BackupError> {
        let path = self.path_of(segment.meta.id);
        let unverified = || BackupError::Unverified { path: path.clone() };
        let there = self.open_segment(segment.meta.id).ok_or_else(unverified)?;
        if there.meta != segment.meta || there.bytes != segment.bytes {
            return Err(unverified());
        }
        check_segment(&there);
        if there.damage().is_empty() {
            return Ok(Vec::new());
        }
        check_segment(segment);
        let damage = segment.damage();
        if damage.len() < there.damage().len() { Err(unverified()) } else { Ok(damage) }
    }

    /// Makes segments of what is in the log alone.
    pub fn seal(
        &mut self,
        manifest: &Manifest,
        generations: &[Arc<Generation>],
        now: Timestamp,
    ) -> Result<Vec<Listed>, BackupError> {
        let ids = inventory::segment_ids(&*self.disk, &self.folders)?;
        let above_all = ids.into_iter().max().map_or(0, |id| id + 1);
        self.catalog.skip_to(above_all.max(manifest.next_segment.saturating_add(OWN_IDS_ABOVE)));
        let mut sealed = Vec::new();
        for generation in generations {
            let written = seal(generation, &mut || self.catalog.create(Resolution::Raw));
            let writers =
                written.map_err(|e| MaintenanceError::write(&self.folders.segments, e))?;
            let origin = Origin::Generation(generation.id);
            for segment in self.catalog.finish(writers, &origin, now)? {
                check_segment(&segment);
                if !segment.damage().is_empty() {
                    return Err(BackupError::Unverified { path: segment.path().to_path_buf() });
                }
                sealed.push(Listed::from(&*segment));
            }
        }
        Ok(sealed)
    }

    /// Makes everything brought and sealed the backup; gives what it lists. Files of the one before
    /// go after that.
    pub fn commit(
        &mut self,
        manifest: &Manifest,
        view: &View,
        sealed: &[Listed],
    ) -> Result<Vec<Listed>, BackupError> {
        let dir = &self.folders.segments;
        self.disk.sync_dir(dir).map_err(|e| MaintenanceError::write(dir, e))?;
        let readable = |id: u64| view.segments.iter().any(|segment| segment.meta.id == id);
        let is_here = |listed: &&Listed| readable(listed.meta.id) || self.has_id(listed.meta.id);
        let store = manifest.segments.iter().filter(is_here);
        let segments: Vec<Listed> = store.chain(sealed).cloned().collect();
        let last = view.generations.last().map_or(0, |generation| generation.id + 1);
        self.catalog.commit(|next| {
            next.segments.clone_from(&segments);
            next.first_unsealed = manifest.first_unsealed.max(last);
            next.next_sequence = manifest.next_sequence.max(view.watermark);
        })?;
        self.sweep();
        Ok(segments)
    }

    /// Removes what was begun of the log's segments; what was brought is of use to the next backup.
    pub fn abandon(&mut self) {
        self.catalog.abandon();
    }

    fn sweep(&self) {
        let swept = inventory::sweep(&*self.disk, &self.folders, self.catalog.manifest());
        if let Err(error) = swept {
            warn!(%error, "files of an earlier backup stay until the next one");
        }
    }

    /// Under its own name when it is durable, so that a file with that name always is.
    fn copy(&self, segment: &Segment, to: &Path, progress: &mut dyn FnMut(u64)) -> io::Result<()> {
        let temporary = to.with_extension(segment::COPY_EXTENSION);
        self.remove_if_there(&temporary)?;
        let mut file = self.disk.create(&temporary)?;
        let mut buffer = vec![0; COPY_BYTES];
        let mut offset = 0;
        while offset < segment.bytes {
            let left = usize::try_from(segment.bytes - offset).unwrap_or(COPY_BYTES);
            let part = &mut buffer[..left.min(COPY_BYTES)];
            segment.read_at(offset, part)?;
            file.append(part)?;
            offset += part.len() as u64;
            progress(part.len() as u64);
        }
        file.sync()?;
        self.disk.rename(&temporary, to)
    }

    fn remove_if_there(&self, path: &Path) -> io::Result<()> {
        match self.disk.remove(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn open_segment(&self, id: u64) -> Option<Segment> {
        Segment::open(&*self.disk, &self.folders.segments, id, self.cache.clone()).ok()
    }

    fn path_of(&self, id: u64) -> PathBuf {
        segment::path_of(&self.folders.segments, id)
    }
}

/// Whether nothing is in the folder; fails where something is that is no backup.
fn is_new(disk: &dyn Disk, folders: &Folders) -> Result<bool, BackupError> {
    let mut files = Vec::new();
    for dir in [&folders.store, &folders.wal, &folders.segments] {
        match disk.list(dir) {
            Ok(found) => files.extend(found),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(unreadable(dir, error).into()),
        }
    }
    files.retain(|path| path.file_name().is_none_or(|name| name != LOCK_FILE));
    if files.is_empty() {
        return Ok(true);
    }
    match is_marked(disk, &folders.store)? {
        true => Ok(false),
        false => Err(BackupError::NotABackup { dir: folders.store.clone() }),
    }
}

/// The manifest of the earlier backup, or an empty one where none was finished.
fn earlier_manifest(disk: &dyn Disk, dir: &Path) -> Result<Manifest, BackupError> {
    let path = dir.join(manifest::FILE);
    match Manifest::read(disk, dir).map_err(|e| unreadable(&path, e))? {
        Found::Manifest(manifest) => Ok(manifest),
        Found::Missing => Ok(Manifest::default()),
        Found::Damaged => Err(BackupError::ManifestDamaged { path }),
        Found::OtherVersion(found) => {
            let supported = manifest::FORMAT_VERSION;
            Err(OpenError::FormatVersion { path, found, supported }.into())
        }
    }
}
