//! The segments that count, and the only one who changes which. Whoever holds it is the only one
//! at work on segments.

use std::path::PathBuf;
use std::sync::Arc;

use tracing::warn;
use weir_types::Timestamp;

use super::MaintenanceError;
use crate::Resolution;
use crate::disk::Disk;
use crate::manifest::{CommitError, Listed, Manifest};
use crate::segment::{self, Origin, PageCache, Segment, SegmentWriter};

pub struct Catalog {
    pub disk: Arc<dyn Disk>,
    /// Of the store.
    dir: PathBuf,
    segments_dir: PathBuf,
    manifest: Manifest,
    cache: Arc<PageCache>,
    /// Begun since the last manifest; no manifest lists them.
    unlisted: Vec<u64>,
}

impl Catalog {
    pub fn new(
        disk: Arc<dyn Disk>,
        dir: PathBuf,
        segments_dir: PathBuf,
        manifest: Manifest,
        cache: Arc<PageCache>,
    ) -> Self {
        Catalog { disk, dir, segments_dir, manifest, cache, unlisted: Vec::new() }
    }

    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Numbers the segments that follow up from `id`, unless they are there already.
    pub fn skip_to(&mut self, id: u64) {
        self.manifest.next_segment = self.manifest.next_segment.max(id);
    }

    /// Begins a segment under a number that was never used.
    pub fn create(&mut self, resolution: Resolution) -> std::io::Result<SegmentWriter> {
        let id = self.manifest.next_segment;
        self.manifest.next_segment += 1;
        self.unlisted.push(id);
        SegmentWriter::create(&*self.disk, &self.segments_dir, id, resolution)
    }

    /// Finishes segments, makes them durable with their names, and opens them. Nothing lists them
    /// yet.
    pub fn finish(
        &self,
        writers: Vec<SegmentWriter>,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<Vec<Arc<Segment>>, MaintenanceError> {
        let mut segments = Vec::new();
        for writer in writers {
            let path = writer.path().to_path_buf();
            let written = writer.finish(&*self.disk, origin.clone(), now);
            if let Some(meta) = written.map_err(|e| MaintenanceError::write(&path, e))? {
                segments.push(meta.id);
            }
        }
        let synced = self.disk.sync_dir(&self.segments_dir);
        synced.map_err(|e| MaintenanceError::write(&self.segments_dir, e))?;
        segments.into_iter().map(|id| self.open(id)).collect()
    }

    /// Replaces the manifest by a changed one. Rule: what it lists is durable already, and what it
    /// no longer lists is removed only after this succeeded.
    pub fn commit(&mut self, change: impl FnOnce(&mut Manifest)) -> Result<(), MaintenanceError> {
        let mut next = self.manifest.clone();
        next.edition += 1;
        change(&mut next);
        next.segments.sort_by_key(|listed| listed.meta.id);
        next.write(&*self.disk, &self.dir).map_err(|error| match error {
            CommitError::NotWritten(error) => MaintenanceError::write(&self.dir, error),
            CommitError::Unknown(error) => MaintenanceError::Manifest(error),
        })?;
        self.manifest = next;
        self.unlisted.clear();
        Ok(())
    }

    /// Removes what was begun and never listed, so that trying again does not fill the disk.
    pub fn abandon(&mut self) {
        for id in std::mem::take(&mut self.unlisted) {
            // Best effort: what stays is swept at the next start.
            let _ = self.disk.remove(&self.path_of(id));
        }
    }

    /// Removes the files of segments that are no longer listed. What stays is swept at the next
    /// start.
    pub fn remove(&self, ids: &[u64]) {
        for id in ids {
            let path = self.path_of(*id);
            if let Err(error) = self.disk.remove(&path) {
                warn!(path = %path.display(), %error, "file of a dropped segment stays until the next start");
            }
        }
    }

    /// Fails unless `bytes` more would leave a little room on the disk.
    pub fn check_room(&self, bytes: u64) -> Result<(), MaintenanceError> {
        const SPARE_BYTES: u64 = 64 << 20;
        let needed = bytes.saturating_add(SPARE_BYTES);
        let free = self.disk.free_bytes(&self.segments_dir);
        match free.map_err(|e| MaintenanceError::write(&self.segments_dir, e))? {
            Some(free) if free < needed => Err(MaintenanceError::NoRoom { needed, free }),
            _ => Ok(()),
        }
    }

    pub fn path_of(&self, id: u64) -> PathBuf {
        segment::path_of(&self.segments_dir, id)
    }

    fn open(&self, id: u64) -> Result<Arc<Segment>, MaintenanceError> {
        let opened = Segment::open(&*self.disk, &self.segments_dir, id, self.cache.clone());
        let path = self.path_of(id);
        opened.map(Arc::new).map_err(|error| MaintenanceError::Read { path, error })
    }
}

impl From<&Segment> for Listed {
    fn from(segment: &Segment) -> Self {
        Listed { meta: segment.meta.clone(), bytes: segment.bytes }
    }
}
