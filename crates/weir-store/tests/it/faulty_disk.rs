//! A disk in memory that keeps apart what was written and what is durable. It loses power at a
//! chosen operation, or refuses that one operation, and everything that happens follows from its
//! seed.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use weir_store::disk::{AppendFile, Disk, Lock, LockError, ReadFile};

/// What happens at the chosen operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is done in part, and nothing after it until [`FaultyDisk::restart`].
    PowerLoss,
    /// It alone fails; a failed sync loses what it should have made durable for ever.
    Refusal,
}

#[derive(Debug, Clone)]
pub struct FaultyDisk(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    random: u64,
    /// Names as programs see them, and as they would be after a loss of power.
    names: BTreeMap<PathBuf, usize>,
    durable_names: BTreeMap<PathBuf, usize>,
    /// Changes of names that are not durable yet, by folder, oldest first.
    pending: HashMap<PathBuf, Vec<NameChange>>,
    files: Vec<Contents>,
    folders: HashSet<PathBuf>,
    locked: HashSet<PathBuf>,
    operations: u64,
    fault: Option<(u64, Fault)>,
    off: bool,
    /// Handles of an earlier life do nothing.
    life: u64,
    free_bytes: Option<u64>,
}

#[derive(Debug, Clone)]
enum NameChange {
    Put(PathBuf, usize),
    Remove(PathBuf),
    Rename(PathBuf, PathBuf),
}

#[derive(Debug, Default)]
struct Contents {
    bytes: Vec<u8>,
    durable: Vec<u8>,
    /// A sync failed: what was not durable then never will be.
    poisoned: bool,
}

impl FaultyDisk {
    pub fn new(seed: u64) -> Self {
        FaultyDisk(Arc::new(Mutex::new(State {
            random: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
            names: BTreeMap::new(),
            durable_names: BTreeMap::new(),
            pending: HashMap::new(),
            files: Vec::new(),
            folders: HashSet::new(),
            locked: HashSet::new(),
            operations: 0,
            fault: None,
            off: false,
            life: 0,
            free_bytes: None,
        })))
    }

    /// Operations that change something, so far.
    pub fn operations(&self) -> u64 {
        self.state().operations
    }

    /// Lets `fault` happen at the operation with this number.
    pub fn fail_at(&self, operation: u64, fault: Fault) {
        self.state().fault = Some((operation, fault));
    }

    pub fn set_free_bytes(&self, free: u64) {
        self.state().free_bytes = Some(free);
    }

    /// Power is lost now: what was not durable is lost, but for a part of it, the last write torn.
    pub fn restart(&self) {
        let mut state = self.state();
        state.lose_power();
        state.off = false;
        state.fault = None;
        state.life += 1;
        state.locked.clear();
    }

    /// Every file there is.
    pub fn paths(&self) -> Vec<PathBuf> {
        self.state().names.keys().cloned().collect()
    }

    pub fn contents(&self, path: &Path) -> Vec<u8> {
        let state = self.state();
        state.files[state.names[path]].bytes.clone()
    }

    /// Changes a file behind everyone's back.
    pub fn set_contents(&self, path: &Path, bytes: Vec<u8>) {
        let mut state = self.state();
        let file = state.names[path];
        state.files[file].durable.clone_from(&bytes);
        state.files[file].bytes = bytes;
    }

    /// Another disk with the same durable files.
    pub fn copy(&self) -> FaultyDisk {
        let copy = FaultyDisk::new(1);
        {
            let (state, mut other) = (self.state(), copy.state());
            other.folders.clone_from(&state.folders);
            for (path, file) in &state.names {
                let bytes = state.files[*file].bytes.clone();
                let number = other.files.len();
                other.files.push(Contents { durable: bytes.clone(), bytes, poisoned: false });
                other.names.insert(path.clone(), number);
                other.durable_names.insert(path.clone(), number);
            }
        }
        copy
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl State {
    fn random(&mut self, below: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random % below.max(1) as u64) as usize
    }

    /// Counts an operation; gives the fault that strikes it.
    fn operate(&mut self) -> io::Result<Option<Fault>> {
        if self.off {
            return Err(io::Error::other("power is off"));
        }
        self.operations += 1;
        let struck = self.fault.filter(|(at, _)| *at == self.operations).map(|(_, fault)| fault);
        self.off = struck == Some(Fault::PowerLoss);
        Ok(struck)
    }

    /// Counts an operation that is done whole or not at all.
    fn operate_whole(&mut self) -> io::Result<()> {
        match self.operate()? {
            None => Ok(()),
            // With the power, it may be gone or have happened.
            Some(Fault::PowerLoss) if self.random(2) == 0 => Ok(()),
            Some(_) => Err(io::Error::new(io::ErrorKind::StorageFull, "refused")),
        }
    }

    fn change_name(&mut self, change: NameChange) {
        let path = match &change {
            NameChange::Put(path, _) | NameChange::Remove(path) | NameChange::Rename(_, path) => {
                path
            }
        };
        let folder = path.parent().unwrap().to_path_buf();
        apply(&mut self.names, &change);
        self.pending.entry(folder).or_default().push(change);
    }

    fn lose_power(&mut self) {
        let mut folders: Vec<_> = std::mem::take(&mut self.pending).into_iter().collect();
        folders.sort_by(|a, b| a.0.cmp(&b.0));
        for (_, changes) in folders {
            let kept = self.random(changes.len() + 1);
            changes[..kept].iter().for_each(|change| apply(&mut self.durable_names, change));
        }
        for file in 0..self.files.len() {
            let contents = &self.files[file];
            let unsynced = contents.bytes.len().saturating_sub(contents.durable.len());
            let kept = if contents.poisoned { 0 } else { self.random(unsynced + 1) };
            let zeros = if self.random(4) == 0 { self.random(64) } else { 0 };
            let contents = &mut self.files[file];
            let end = (contents.durable.len() + kept).min(contents.bytes.len());
            contents.bytes.truncate(end);
            if end < contents.durable.len() {
                // Cut, and the cut not synced: the old end is there again.
                contents.bytes.clone_from(&contents.durable);
            } else if kept > 0 && kept < unsynced {
                contents.bytes.resize(end + zeros, 0);
            }
            contents.durable.clone_from(&contents.bytes);
            contents.poisoned = false;
        }
        self.names.clone_from(&self.durable_names);
    }
}

fn apply(names: &mut BTreeMap<PathBuf, usize>, change: &NameChange) {
    match change {
        NameChange::Put(path, file) => drop(names.insert(path.clone(), *file)),
        NameChange::Remove(path) => drop(names.remove(path)),
        NameChange::Rename(from, to) => {
            if let Some(file) = names.remove(from) {
                names.insert(to.clone(), file);
            }
        }
    }
}

impl Disk for FaultyDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn AppendFile>> {
        let mut state = self.state();
        state.operate_whole()?;
        if state.names.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        if !state.folders.contains(path.parent().unwrap()) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let file = state.files.len();
        state.files.push(Contents::default());
        state.change_name(NameChange::Put(path.to_path_buf(), file));
        Ok(Box::new(Handle { disk: self.clone(), file, life: state.life, len: 0 }))
    }

    fn append_to(&self, path: &Path) -> io::Result<Box<dyn AppendFile>> {
        let state = self.state();
        let file = *state.names.get(path).ok_or(io::ErrorKind::NotFound)?;
        let len = state.files[file].bytes.len() as u64;
        Ok(Box::new(Handle { disk: self.clone(), file, life: state.life, len }))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn ReadFile>> {
        let state = self.state();
        let file = *state.names.get(path).ok_or(io::ErrorKind::NotFound)?;
        let len = state.files[file].bytes.len() as u64;
        Ok(Box::new(Handle { disk: self.clone(), file, life: state.life, len }))
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        let state = self.state();
        Ok(state.names.keys().filter(|path| path.parent() == Some(dir)).cloned().collect())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        if !state.names.contains_key(path) {
            return Err(io::ErrorKind::NotFound.into());
        }
        state.operate_whole()?;
        state.change_name(NameChange::Remove(path.to_path_buf()));
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.operate_whole()?;
        state.change_name(NameChange::Rename(from.to_path_buf(), to.to_path_buf()));
        Ok(())
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        let file = *state.names.get(from).ok_or(io::ErrorKind::NotFound)?;
        if state.names.contains_key(to) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        state.operate_whole()?;
        state.change_name(NameChange::Put(to.to_path_buf(), file));
        Ok(())
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.state().folders.extend(path.ancestors().map(Path::to_path_buf));
        Ok(())
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.operate_whole()?;
        let changes = state.pending.remove(path).unwrap_or_default();
        changes.iter().for_each(|change| apply(&mut state.durable_names, change));
        Ok(())
    }

    fn free_bytes(&self, _: &Path) -> io::Result<Option<u64>> {
        Ok(self.state().free_bytes)
    }

    fn lock(&self, path: &Path, _: &str) -> Result<Lock, LockError> {
        let mut state = self.state();
        if !state.locked.insert(path.to_path_buf()) {
            return Err(LockError::Held(String::new()));
        }
        let life = state.life;
        Ok(Box::new(Held { disk: self.clone(), path: path.to_path_buf(), life }))
    }
}

struct Held {
    disk: FaultyDisk,
    path: PathBuf,
    life: u64,
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut state = self.disk.state();
        if state.life == self.life {
            state.locked.remove(&self.path);
        }
    }
}

#[derive(Debug)]
struct Handle {
    disk: FaultyDisk,
    file: usize,
    life: u64,
    len: u64,
}

impl Handle {
    fn state(&self) -> io::Result<MutexGuard<'_, State>> {
        let state = self.disk.state();
        if state.life == self.life { Ok(state) } else { Err(io::Error::other("an earlier life")) }
    }
}

impl AppendFile for Handle {
    fn len(&self) -> u64 {
        self.len
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.state()?;
        let struck = state.operate()?;
        let written = if struck.is_some() { state.random(bytes.len() + 1) } else { bytes.len() };
        state.files[self.file].bytes.extend_from_slice(&bytes[..written]);
        drop(state);
        self.len += written as u64;
        match struck {
            None => Ok(()),
            Some(_) => Err(io::Error::new(io::ErrorKind::StorageFull, "refused")),
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut state = self.state()?;
        let struck = state.operate()?;
        let file = &mut state.files[self.file];
        file.poisoned |= struck == Some(Fault::Refusal);
        match struck {
            None if !file.poisoned => {
                file.durable.clone_from(&file.bytes);
                Ok(())
            }
            None => Ok(()),
            Some(_) => Err(io::Error::other("sync failed")),
        }
    }

    fn cut(&mut self, len: u64) -> io::Result<()> {
        let mut state = self.state()?;
        state.operate_whole()?;
        state.files[self.file].bytes.truncate(len as usize);
        drop(state);
        self.len = len;
        Ok(())
    }
}

impl ReadFile for Handle {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let state = self.state()?;
        let bytes = &state.files[self.file].bytes;
        let begin = usize::try_from(offset).map_err(io::Error::other)?;
        let end = begin + buffer.len();
        let found = bytes.get(begin..end).ok_or(io::ErrorKind::UnexpectedEof)?;
        buffer.copy_from_slice(found);
        Ok(())
    }
}
