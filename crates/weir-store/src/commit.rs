//! The commit thread: batches of many callers become one record, one `fdatasync`, rows in memory,
//! and then acknowledgements, in this order.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender};
use std::time::Instant;

use tokio::sync::oneshot;
use tracing::{debug, error};
use weir_types::Timestamp;

use crate::StoreState;
use crate::memtable::{Generation, GenerationWriter};
use crate::sealer::Sealer;
use crate::shared::Shared;
use crate::transpose::Table;
use crate::wal::{RecordBuilder, WalWriter};

/// What callers send to the thread.
pub enum Message {
    Append(Pending),
    /// Freeze the open generation if it has rows.
    Freeze(SyncSender<()>),
    /// Commit what came before and end.
    Close,
}

/// What one caller brought (valid, not empty) and who waits for it.
pub struct Pending {
    pub tables: Vec<Table>,
    /// Hears why not, if so.
    pub done: oneshot::Sender<Result<(), String>>,
}

/// The only one who writes: to the log and to the open generation.
pub struct Committer {
    shared: Arc<Shared>,
    dir: PathBuf,
    wal: WalWriter,
    memtable: GenerationWriter,
    next_sequence: u64,
    sealer: Sealer,
}

/// Batches that share a record.
struct Group {
    pending: Vec<Pending>,
    record: RecordBuilder,
    /// What ended the gathering and is done after the commit.
    then: Option<Message>,
}

impl Committer {
    /// Makes the log file of a new generation and puts the generation in view.
    pub fn start(
        shared: Arc<Shared>,
        dir: PathBuf,
        generation: u64,
        next_sequence: u64,
        sealer: Sealer,
    ) -> io::Result<Self> {
        let (wal, memtable) = new_generation(&shared, &dir, generation)?;
        Ok(Committer { shared, dir, wal, memtable, next_sequence, sealer })
    }

    /// Runs until it is told to close or nobody can send any more; the latter leaves the file
    /// unfinished, as a crash would.
    pub fn run(mut self, messages: &Receiver<Message>) {
        while let Ok(message) = messages.recv() {
            let mut next = Some(message);
            while let Some(message) = next.take() {
                match message {
                    Message::Append(first) => {
                        let group = self.gather(first, messages);
                        next = self.commit(group);
                    }
                    Message::Freeze(done) => {
                        self.freeze();
                        // Whoever asked may have gone.
                        let _ = done.send(());
                    }
                    Message::Close => return self.close(),
                }
            }
        }
    }

    /// Waits for more batches until the delay or the size of a commit is reached.
    fn gather(&self, first: Pending, messages: &Receiver<Message>) -> Group {
        let mut group = Group { pending: Vec::new(), record: RecordBuilder::default(), then: None };
        group.push(first);
        let options = &self.shared.options;
        let deadline = Instant::now() + options.effective_commit_delay();
        while group.record.len() < options.commit_bytes {
            let left = deadline.saturating_duration_since(Instant::now());
            match messages.recv_timeout(left) {
                Ok(Message::Append(next)) => group.push(next),
                Ok(other) => {
                    group.then = Some(other);
                    break;
                }
                Err(_) => break,
            }
        }
        group
    }

    fn commit(&mut self, group: Group) -> Option<Message> {
        let Group { pending, record, then } = group;
        let events = record.events();
        let result = match self.shared.refusal() {
            Some(reason) => Err(reason),
            None => self.write(record),
        };
        if result.is_ok() {
            self.apply(&pending);
            if self.is_generation_full() {
                self.change_generation();
            }
        }
        self.shared.waiting.leave(events as usize);
        for waiting in pending {
            // The caller may have gone; the batch is stored all the same.
            let _ = waiting.done.send(result.clone());
        }
        then
    }

    fn write(&mut self, record: RecordBuilder) -> Result<(), String> {
        let events = record.events();
        let written = self.wal.commit(self.next_sequence, events, &record.finish());
        written.map_err(|error| self.stop(&error))
    }

    fn apply(&mut self, pending: &[Pending]) {
        for (account, columns) in pending.iter().flat_map(|pending| &pending.tables) {
            self.memtable.push(*account, columns, self.next_sequence);
            self.next_sequence += columns.timestamps.len() as u64;
        }
        self.memtable.generation().set_wal_bytes(self.wal.len());
        self.shared.visible.publish(self.next_sequence);
        self.shared.committed(self.shared.clock.now());
    }

    fn is_generation_full(&self) -> bool {
        let generation = self.memtable.generation();
        let options = &self.shared.options;
        generation.memory_bytes() >= options.effective_freeze_bytes()
            || self.shared.clock.now().since(generation.created) >= options.freeze_after
    }

    fn freeze(&mut self) {
        if self.memtable.generation().rows() > 0 && self.shared.refusal().is_none() {
            self.change_generation();
        }
    }

    fn change_generation(&mut self) {
        let next = self.memtable.generation().id + 1;
        if let Err(error) = self.try_change_generation(next) {
            self.stop(&error);
            return;
        }
        self.sealer.wake();
        self.make_room();
    }

    /// Memory is bounded: when what is frozen waits for the disk too long, callers wait too.
    fn make_room(&self) {
        let limit = self.shared.options.frozen_limit_bytes();
        if self.shared.visible.frozen_bytes() <= limit {
            return;
        }
        let sealed = self.shared.seal_frozen(self.shared.clock.now());
        if let Err(error) = sealed
            && self.shared.visible.frozen_bytes() > limit
        {
            let reason = format!(
                "{error}; memory is full of events that can't be sealed: mend the disk, then restart"
            );
            error!(%reason, "events are refused until a restart");
            self.shared.leave_ready(StoreState::ReadOnly { reason });
        }
    }

    fn try_change_generation(&mut self, next: u64) -> io::Result<()> {
        let started = Instant::now();
        let (wal, memtable) = new_generation(&self.shared, &self.dir, next)?;
        let full_wal = std::mem::replace(&mut self.wal, wal);
        let full = std::mem::replace(&mut self.memtable, memtable);
        full.generation().set_wal_bytes(full_wal.finish(self.next_sequence)?);
        let full = full.freeze();
        let (generation, rows, memory_bytes) = (full.id, full.rows(), full.memory_bytes());
        let elapsed_ms = started.elapsed().as_millis() as u64;
        debug!(generation, rows, memory_bytes, elapsed_ms, "generation frozen");
        Ok(())
    }

    /// After a failed write nothing is known of the disk: no more acknowledgements.
    fn stop(&self, error: &io::Error) -> String {
        let path = self.wal.path().display();
        error!(%path, %error, "log can't be written: events are refused until a restart");
        let reason = format!("writing `{path}` failed ({error}): mend the disk, then restart");
        self.shared.leave_ready(StoreState::ReadOnly { reason: reason.clone() });
        reason
    }

    fn close(self) {
        self.shared.leave_ready(StoreState::Closed);
        if self.shared.state() != StoreState::Closed {
            return;
        }
        let path = self.wal.path().to_path_buf();
        match self.wal.finish(self.next_sequence) {
            Ok(bytes) => self.memtable.generation().set_wal_bytes(bytes),
            Err(error) => {
                error!(path = %path.display(), %error, "log can't be finished; the next start mends it");
            }
        }
    }
}

impl Group {
    fn push(&mut self, pending: Pending) {
        for (account, columns) in &pending.tables {
            self.record.push(*account, columns);
        }
        self.pending.push(pending);
    }
}

fn new_generation(
    shared: &Shared,
    dir: &std::path::Path,
    id: u64,
) -> io::Result<(WalWriter, GenerationWriter)> {
    let created: Timestamp = shared.clock.now();
    let wal = WalWriter::create(&*shared.options.disk, dir, id, created)?;
    let generation = Arc::new(Generation::new(id, created, wal.path().to_path_buf()));
    generation.set_wal_bytes(wal.len());
    shared.visible.push(generation.clone());
    Ok((wal, GenerationWriter::new(generation)))
}
