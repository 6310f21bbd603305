//! A disk that lets something happen just before a chosen operation of a reader: that is how two
//! processes on one folder meet at every point, without luck.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use weir_store::disk::{AppendFile, Disk, Lock, LockError, ReadFile};

use crate::faulty_disk::FaultyDisk;

type Hook = Arc<dyn Fn(u64) + Send + Sync>;

#[derive(Clone)]
pub struct HookedDisk {
    disk: FaultyDisk,
    /// Hears the number of each listing and opening before it happens.
    hook: Hook,
    operations: Arc<AtomicU64>,
}

impl HookedDisk {
    pub fn new(disk: FaultyDisk, hook: impl Fn(u64) + Send + Sync + 'static) -> Self {
        HookedDisk { disk, hook: Arc::new(hook), operations: Arc::default() }
    }

    /// Listings and openings so far.
    pub fn operations(&self) -> u64 {
        self.operations.load(Ordering::Relaxed)
    }

    fn operate(&self) {
        (self.hook)(self.operations.fetch_add(1, Ordering::Relaxed));
    }
}

impl std::fmt::Debug for HookedDisk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HookedDisk")
    }
}

impl Disk for HookedDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn AppendFile>> {
        self.disk.create(path)
    }

    fn append_to(&self, path: &Path) -> io::Result<Box<dyn AppendFile>> {
        self.disk.append_to(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn ReadFile>> {
        self.operate();
        self.disk.open(path)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        self.operate();
        self.disk.list(dir)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.disk.remove(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.disk.rename(from, to)
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.disk.link(from, to)
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.disk.create_dir(path)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.disk.sync_dir(path)
    }

    fn free_bytes(&self, dir: &Path) -> io::Result<Option<u64>> {
        self.disk.free_bytes(dir)
    }

    fn lock(&self, path: &Path, note: &str) -> Result<Lock, LockError> {
        self.disk.lock(path, note)
    }
}
