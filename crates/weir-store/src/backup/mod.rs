//! Copies of a store that open as stores: taken beside its owner, brought up to date by what is
//! new, exchanged by one manifest.
//!
//! A backup has the sealed files of the store, which never change, and what was in the log as
//! segments of its own. It has no log, so that its manifest alone says what it holds: whoever opens
//! it finds the earlier backup or the new one.

mod marker;
mod target;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use weir_types::{Clock, ErrorCode};

pub use marker::{adopt, is_marked};

use crate::maintenance::MaintenanceError;
use crate::segment::Segment;
use crate::sync::lock;
use crate::{Damage, OpenError, Options, Resolution, Store};
use target::Target;

/// How a backup is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transfer {
    /// A second name for a sealed file where the file system has that, else a copy.
    LinkOrCopy,
    Copy,
}

/// What a backup holds and how it came there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BackupReport {
    /// Those that are kept one by one; roll-ups are in it too.
    pub events: u64,
    pub segments: usize,
    /// Sizes of its segments.
    pub bytes: u64,
    /// Segments that an earlier backup had already.
    pub kept: usize,
    pub linked: usize,
    pub copied: usize,
    /// Segments that the log became.
    pub sealed: usize,
    /// Stretches of the store that can't be read and that no earlier backup has.
    pub damage: Vec<Damage>,
}

/// How far a backup is: each new byte counts when it is there and when it is read back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BackupProgress {
    pub bytes_done: u64,
    pub bytes_total: u64,
}

/// Why no backup was taken; what was there is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Choose another folder: this one holds something else, or was started as a store.
    #[error("`{dir}` is not empty and no backup: choose another folder")]
    NotABackup { dir: PathBuf },
    /// Choose another folder: two stores don't share one.
    #[error("`{dir}` holds a backup of another store: choose another folder")]
    OtherStore { dir: PathBuf },
    /// Remove the backup and take a new one.
    #[error("`{path}` is damaged: remove the folder and take the backup anew")]
    ManifestDamaged { path: PathBuf },
    /// Repair the store first.
    #[error("{reason}")]
    ManifestLost { reason: String },
    /// The target's disk gives back something else than it took.
    #[error("`{path}` can't be read back as it was written: check the disk")]
    Unverified { path: PathBuf },
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Write(#[from] MaintenanceError),
}

impl BackupError {
    pub fn code(&self) -> ErrorCode {
        match self {
            BackupError::NotABackup { .. } | BackupError::OtherStore { .. } => ErrorCode::Conflict,
            BackupError::ManifestDamaged { .. } | BackupError::ManifestLost { .. } => {
                ErrorCode::Unavailable
            }
            BackupError::Unverified { .. } | BackupError::Write(_) => ErrorCode::Internal,
            BackupError::Open(error) => error.code(),
        }
    }
}

/// Takes a backup of the store of `source`, which another process may be writing, into the folder
/// `to`, on the same disk trait. Everything acknowledged before the call is in it. What `to` holds
/// counts until the new backup is complete, durable and read back.
pub fn backup(
    source: &Options,
    to: &Path,
    transfer: Transfer,
    clock: Arc<dyn Clock>,
    progress: &mut dyn FnMut(BackupProgress),
) -> Result<BackupReport, BackupError> {
    let mut target = Target::open(source, to)?;
    let store = Store::open_read_only(source.clone(), clock.clone())?;
    if let Some(reason) = store.open_report().manifest_problem.clone() {
        return Err(BackupError::ManifestLost { reason });
    }
    let taken = take(&store, &mut target, transfer, &*clock, progress);
    match &taken {
        // Which manifest counts is not known: the new one may list what was begun.
        Ok(_) | Err(BackupError::Write(MaintenanceError::Manifest(_))) => {}
        Err(_) => target.abandon(),
    }
    taken
}

fn take(
    store: &Store,
    target: &mut Target,
    transfer: Transfer,
    clock: &dyn Clock,
    progress: &mut dyn FnMut(BackupProgress),
) -> Result<BackupReport, BackupError> {
    let mut report = BackupReport::default();
    let view = store.shared.visible.view();
    let manifest = lock(&store.shared.catalog).manifest().clone();
    target.check_store(&manifest)?;
    let new: Vec<&Arc<Segment>> =
        view.segments.iter().filter(|segment| !target.has(&segment.meta)).collect();
    report.damage = target.damage_left(store.open_report());
    let mut told = Told::new(new.iter().map(|segment| segment.bytes).sum(), progress);
    for segment in &new {
        match target.bring(segment, transfer, &mut |bytes| told.add(bytes))? {
            target::Brought::Linked => report.linked += 1,
            target::Brought::Copied => report.copied += 1,
            target::Brought::WasThere => report.kept += 1,
        }
    }
    for segment in &new {
        report.damage.extend(target.verify(segment)?);
        told.add(segment.bytes);
    }
    let sealed = target.seal(&manifest, &view.generations, clock.now())?;
    report.sealed = sealed.len();
    let listed = target.commit(&manifest, &view, &sealed)?;
    report.segments = listed.len();
    report.kept = listed.len() - report.linked - report.copied - report.sealed;
    let raw = listed.iter().filter(|listed| listed.meta.resolution == Resolution::Raw);
    report.events = raw.map(|listed| listed.meta.rows).sum();
    report.bytes = listed.iter().map(|listed| listed.bytes).sum();
    Ok(report)
}

/// Counts bytes for whoever listens.
struct Told<'a> {
    progress: BackupProgress,
    heard: &'a mut dyn FnMut(BackupProgress),
}

impl<'a> Told<'a> {
    fn new(bytes_new: u64, heard: &'a mut dyn FnMut(BackupProgress)) -> Self {
        let progress = BackupProgress { bytes_done: 0, bytes_total: 2 * bytes_new };
        heard(progress);
        Told { progress, heard }
    }

    fn add(&mut self, bytes: u64) {
        self.progress.bytes_done += bytes;
        (self.heard)(self.progress);
    }
}
