//! What happens to rows after they were acknowledged: sealing, merging, rolling up, dropping,
//! erasing. One at a time, each ending in a new manifest and an exchange in what readers see, in
//! this order; files go last.

mod catalog;
mod chunk_builder;
mod dictionary;
mod merge;
mod plan;
mod roll_up;
mod seal;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use tracing::{info, warn};
use weir_types::Timestamp;

pub use catalog::Catalog;
pub use merge::Erasure;
pub use seal::seal;

use crate::inventory::Folders;
use crate::manifest::Listed;
use crate::memtable::Generation;
use crate::segment::{Origin, Segment, SegmentError};
use crate::shared::Shared;
use crate::sync::lock;
use crate::wal::{self, SetAside};
use crate::{Resolution, StoreState};
use merge::{MergeError, Rewrite, merge};

/// Why a step of maintenance ended early. What was acknowledged is safe in every case.
#[derive(Debug, thiserror::Error)]
pub enum MaintenanceError {
    /// Nothing changed; it is tried again.
    #[error("writing `{path}` failed: {source}")]
    Write { path: PathBuf, source: io::Error },
    /// Nothing changed; free the disk.
    #[error("{needed} bytes of free disk are needed, {free} are there: free some")]
    NoRoom { needed: u64, free: u64 },
    /// Nothing changed; the file is damaged or missing.
    #[error("`{path}` can't be read: {error}")]
    Read { path: PathBuf, error: SegmentError },
    /// Which manifest counts is known after a restart.
    #[error("writing the manifest failed: {0}")]
    Manifest(io::Error),
    #[error("{0}")]
    Refused(String),
    #[error("the store is closing")]
    Cancelled,
}

impl MaintenanceError {
    pub fn write(path: &Path, source: io::Error) -> Self {
        MaintenanceError::Write { path: path.to_path_buf(), source }
    }
}

impl Shared {
    /// Gives a new store its manifest, so that a later one without is known to have lost it.
    pub fn begin_manifest(&self) -> io::Result<()> {
        let mut catalog = lock(&self.catalog);
        match catalog.manifest().edition {
            0 => catalog.commit(|_| {}).map_err(io::Error::other),
            _ => Ok(()),
        }
    }

    /// Seals what is frozen, drops what is past its retention, rolls up a day and merges once if
    /// that is due. A step
    /// that fails does not keep the others from their work; the first problem is given, and stays
    /// in the statistics until a round without one.
    pub fn maintain(&self, now: Timestamp) -> Result<(), MaintenanceError> {
        let sealed = self.seal_frozen(now);
        if self.check_writable().is_ok() {
            self.retain_set_aside(now);
        }
        let dropped = self.retain(now);
        let rolled_up = self.roll_up(now);
        let merged = self.compact(now);
        self.noted(sealed.and(dropped).and(rolled_up).and(merged))
    }

    /// Seals every frozen generation, oldest first.
    pub fn seal_frozen(&self, now: Timestamp) -> Result<(), MaintenanceError> {
        let mut catalog = lock(&self.catalog);
        self.check_writable()?;
        while let Some(generation) = self.visible.next_to_seal() {
            let result = self.seal(&mut catalog, &generation, now);
            self.settle(&mut catalog, result)?;
        }
        Ok(())
    }

    fn seal(
        &self,
        catalog: &mut Catalog,
        generation: &Generation,
        now: Timestamp,
    ) -> Result<(), MaintenanceError> {
        let started = Instant::now();
        let path = &self.options.dir;
        let sealed = seal(generation, &mut || catalog.create(Resolution::Raw));
        let writers = sealed.map_err(|e| MaintenanceError::write(path, e))?;
        let segments = catalog.finish(writers, &Origin::Generation(generation.id), now)?;
        catalog.commit(|manifest| {
            manifest.first_unsealed = generation.id + 1;
            manifest.segments.extend(segments.iter().map(|segment| Listed::from(&**segment)));
            let ends = segments.iter().map(|segment| segment.meta.end_sequence);
            manifest.next_sequence = manifest.next_sequence.max(ends.max().unwrap_or(0));
        })?;
        self.visible.seal(generation.id, &segments);
        self.remove_log(generation);
        let (generation, rows) = (generation.id, generation.rows());
        let bytes: u64 = segments.iter().map(|segment| segment.bytes).sum();
        let elapsed_ms = started.elapsed().as_millis() as u64;
        info!(generation, rows, segments = segments.len(), bytes, elapsed_ms, "generation sealed");
        Ok(())
    }

    /// Removes the log file of a sealed generation; a damaged one is set aside for whoever wants
    /// to look at it.
    fn remove_log(&self, generation: &Generation) {
        let (disk, path) = (&self.options.disk, &generation.wal_path);
        let gone = match generation.is_damaged() {
            true => disk.rename(path, &wal::damaged_path_of(path)),
            false => disk.remove(path),
        };
        let gone = gone.and_then(|()| path.parent().map_or(Ok(()), |dir| disk.sync_dir(dir)));
        if let Err(error) = gone {
            warn!(path = %path.display(), %error, "log file of a sealed generation stays until the next start");
        }
    }

    /// Removes log files that were set aside when the last events in them are past their age. One
    /// whose header can't be read has no age: it stays until someone removes it.
    fn retain_set_aside(&self, now: Timestamp) {
        let (disk, dir) = (&*self.options.disk, Folders::of(&self.options.dir).wal);
        let age = self.options.retention.saturating_add(self.options.freeze_after);
        let horizon = now.saturating_sub(age);
        let Ok(mut files) = wal::set_aside(disk, &dir) else { return };
        let is_past = |file: &mut SetAside| file.created.is_some_and(|created| created < horizon);
        let past: Vec<SetAside> = files.extract_if(.., is_past).collect();
        for file in past {
            match disk.remove(&file.path) {
                Ok(()) => {
                    info!(path = %file.path.display(), "damaged log file past its retention removed")
                }
                Err(_) => files.push(file),
            }
        }
        self.note_set_aside(&files);
    }

    /// Drops segments past their age, then the oldest ones while all take more than the limit.
    fn retain(&self, now: Timestamp) -> Result<(), MaintenanceError> {
        let mut catalog = lock(&self.catalog);
        self.check_writable()?;
        let horizon = now.saturating_sub(self.options.last_retention());
        let mut kept: Vec<Listed> = catalog.manifest().segments.clone();
        let expired: Vec<Listed> =
            kept.extract_if(.., |listed| listed.meta.last_moment() < horizon).collect();
        kept.sort_by_key(|listed| listed.meta.last_moment());
        let mut total: u64 = kept.iter().map(|listed| listed.bytes).sum();
        let limit_bytes = self.options.disk_limit_bytes.unwrap_or(u64::MAX);
        let over = |listed: &mut Listed| {
            let over = total > limit_bytes;
            total -= if over { listed.bytes } else { 0 };
            over
        };
        let early: Vec<Listed> = kept.extract_if(.., over).collect();
        if expired.is_empty() && early.is_empty() {
            return Ok(());
        }
        let gone: Vec<u64> = expired.iter().chain(&early).map(|listed| listed.meta.id).collect();
        let result = self.exchange(&mut catalog, &gone, &[]);
        self.settle(&mut catalog, result)?;
        let rows = |gone: &[Listed]| gone.iter().map(|listed| listed.meta.rows).sum::<u64>();
        info!(
            segments = gone.len(),
            rows = rows(&expired),
            "segments past their retention dropped"
        );
        if !early.is_empty() {
            let rows = rows(&early);
            self.count_dropped_early(rows);
            warn!(rows, limit_bytes, "disk limit reached: events dropped before their retention");
        }
        Ok(())
    }

    /// Rolls up the oldest day that is due, if any.
    fn roll_up(&self, now: Timestamp) -> Result<(), MaintenanceError> {
        let mut catalog = lock(&self.catalog);
        self.check_writable()?;
        let whole = self.whole_segments();
        let segments: Vec<Listed> = whole.iter().map(|segment| Listed::from(&**segment)).collect();
        let Some((resolution, chosen)) = plan::choose_to_roll_up(&segments, now, &self.options)
        else {
            return Ok(());
        };
        let inputs = of_ids(&whole, &chosen);
        let rewrite = Rewrite::RollUp(resolution);
        let result = self.rewrite(&mut catalog, std::slice::from_ref(&inputs), rewrite);
        self.settle(&mut catalog, result)?;
        info!(segments = inputs.len(), %resolution, "segments rolled up");
        Ok(())
    }

    /// Merges the segments that are due, if any.
    fn compact(&self, now: Timestamp) -> Result<(), MaintenanceError> {
        let mut catalog = lock(&self.catalog);
        self.check_writable()?;
        let whole = self.whole_segments();
        let segments: Vec<Listed> = whole.iter().map(|segment| Listed::from(&**segment)).collect();
        let chosen = Resolution::ALL.into_iter().find_map(|resolution| {
            let alike = segments.iter().filter(|listed| listed.meta.resolution == resolution);
            let alike: Vec<&Listed> = alike.collect();
            Some((resolution, plan::choose(&alike, now, self.options.compact_after)?))
        });
        let Some((resolution, chosen)) = chosen else { return Ok(()) };
        let inputs = of_ids(&whole, &chosen);
        let rewrite = match resolution {
            Resolution::Raw => Rewrite::Copy(None),
            rolled => Rewrite::RollUp(rolled),
        };
        let result = self.rewrite(&mut catalog, std::slice::from_ref(&inputs), rewrite);
        self.settle(&mut catalog, result)?;
        info!(segments = inputs.len(), "segments merged");
        Ok(())
    }

    /// Segments without damage: others are left as they are, so that nothing more is lost.
    fn whole_segments(&self) -> Vec<Arc<Segment>> {
        let segments = self.visible.view().segments;
        segments.iter().filter(|segment| segment.damage().is_empty()).cloned().collect()
    }

    /// Erases rows; sealing what is in memory is the caller's part. Every segment that may hold such
    /// rows is written anew, and one manifest exchanges them all. A roll-up whose interval the
    /// range cuts goes whole.
    pub fn erase(&self, erasure: &Erasure) -> Result<(), MaintenanceError> {
        let mut catalog = lock(&self.catalog);
        self.check_writable()?;
        let affected: Vec<Arc<Segment>> = self
            .visible
            .view()
            .segments
            .iter()
            .filter(|segment| {
                let erasure = erasure.widened(segment.meta.resolution);
                segment.tables().iter().any(|table| erasure.applies_to(table))
            })
            .cloned()
            .collect();
        let alone: Vec<Vec<Arc<Segment>>> = affected.into_iter().map(|s| vec![s]).collect();
        let result = self.rewrite(&mut catalog, &alone, Rewrite::Copy(Some(erasure)));
        self.settle(&mut catalog, result)
    }

    /// Writes each group of segments as one in their place; one manifest exchanges them all.
    fn rewrite(
        &self,
        catalog: &mut Catalog,
        groups: &[Vec<Arc<Segment>>],
        rewrite: Rewrite<'_>,
    ) -> Result<(), MaintenanceError> {
        let mut written = Vec::new();
        for inputs in groups {
            written.extend(self.write_merged(catalog, inputs, rewrite)?);
        }
        let gone: Vec<u64> = groups.iter().flatten().map(|segment| segment.meta.id).collect();
        self.exchange(catalog, &gone, &written)
    }

    fn write_merged(
        &self,
        catalog: &mut Catalog,
        inputs: &[Arc<Segment>],
        rewrite: Rewrite<'_>,
    ) -> Result<Vec<Arc<Segment>>, MaintenanceError> {
        let kept = inputs.first().map_or(Resolution::Raw, |segment| segment.meta.resolution);
        let widened = match rewrite {
            Rewrite::Copy(Some(erasure)) => Some(erasure.widened(kept)),
            _ => None,
        };
        let (resolution, rewrite) = match rewrite {
            Rewrite::RollUp(resolution) => (resolution, rewrite),
            Rewrite::Copy(_) => (kept, Rewrite::Copy(widened.as_ref())),
        };
        catalog.check_room(inputs.iter().map(|segment| segment.bytes).sum())?;
        let dir = &self.options.dir;
        let created = catalog.create(resolution);
        let mut writer = created.map_err(|e| MaintenanceError::write(dir, e))?;
        let path = writer.path().to_path_buf();
        let merged = merge(inputs, rewrite, &|| self.is_closing(), &mut writer);
        merged.map_err(|error| match error {
            MergeError::Write(source) => MaintenanceError::write(&path, source),
            MergeError::Read(id, error) => {
                MaintenanceError::Read { path: catalog.path_of(id), error }
            }
            MergeError::Cancelled => MaintenanceError::Cancelled,
        })?;
        // As old as what it replaces, so that retention does not begin anew.
        let created = inputs.iter().map(|segment| segment.meta.created).max();
        let replaced = inputs.iter().map(|segment| segment.meta.id).collect();
        let created = created.unwrap_or_else(|| self.clock.now());
        catalog.finish(vec![writer], &Origin::Segments(replaced), created)
    }

    /// One manifest, then one exchange in view, then the files.
    fn exchange(
        &self,
        catalog: &mut Catalog,
        gone: &[u64],
        new: &[Arc<Segment>],
    ) -> Result<(), MaintenanceError> {
        catalog.commit(|manifest| {
            manifest.segments.retain(|listed| !gone.contains(&listed.meta.id));
            manifest.segments.extend(new.iter().map(|segment| Listed::from(&**segment)));
        })?;
        self.visible.replace(gone, new);
        catalog.remove(gone);
        Ok(())
    }

    fn check_writable(&self) -> Result<(), MaintenanceError> {
        match self.state() {
            StoreState::ReadOnly { reason } => Err(MaintenanceError::Refused(reason)),
            StoreState::Ready | StoreState::Closed => Ok(()),
        }
    }

    /// After a failed step: removes what it began, or stops where the disk's state is unknown.
    fn settle(
        &self,
        catalog: &mut Catalog,
        result: Result<(), MaintenanceError>,
    ) -> Result<(), MaintenanceError> {
        match &result {
            Ok(()) => {}
            Err(error @ MaintenanceError::Manifest(_)) => {
                let reason = format!("{error}: mend the disk, then restart");
                self.leave_ready(StoreState::ReadOnly { reason });
            }
            Err(_) => catalog.abandon(),
        }
        result
    }

    /// Keeps the problem for the statistics, and tells it once.
    fn noted(&self, result: Result<(), MaintenanceError>) -> Result<(), MaintenanceError> {
        let problem = match &result {
            Ok(()) | Err(MaintenanceError::Cancelled) => None,
            Err(error) => Some(error.to_string()),
        };
        if self.set_problem(problem.clone()) {
            match problem {
                Some(problem) => warn!(%problem, "maintenance of the store has a problem"),
                None => info!("maintenance of the store works again"),
            }
        }
        result
    }
}

fn of_ids(segments: &[Arc<Segment>], ids: &[u64]) -> Vec<Arc<Segment>> {
    segments.iter().filter(|segment| ids.contains(&segment.meta.id)).cloned().collect()
}
