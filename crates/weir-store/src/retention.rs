//! What goes: generations past their age, and the oldest ones when memory runs out.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tracing::{info, warn};
use weir_types::Timestamp;

use crate::Options;
use crate::disk::Disk;
use crate::generations::Generations;
use crate::memtable::Generation;

/// Applies the options' age and memory limits and counts what they cost.
#[derive(Default)]
pub struct Retention {
    rows_dropped_early: AtomicU64,
}

impl Retention {
    pub fn rows_dropped_early(&self) -> u64 {
        self.rows_dropped_early.load(Ordering::Relaxed)
    }

    /// Takes generations out of view, then removes their files: a crash in between brings them
    /// back, never half of one.
    pub fn enforce(&self, generations: &Generations, options: &Options, now: Timestamp) {
        let expired = generations.take_expired(now.saturating_sub(options.retention));
        for generation in &expired {
            let (id, rows) = (generation.id, generation.rows());
            info!(generation = id, rows, "generation is past its retention");
        }
        let early = generations.take_over_limit(options.frozen_limit_bytes());
        for generation in &early {
            let (id, rows) = (generation.id, generation.rows());
            self.rows_dropped_early.fetch_add(rows, Ordering::Relaxed);
            let limit_bytes = options.memory_limit_bytes;
            warn!(
                generation = id,
                rows, limit_bytes, "memory limit reached: events dropped before their retention"
            );
        }
        expired.iter().chain(&early).for_each(|gone| remove_file(&*options.disk, gone));
    }
}

fn remove_file(disk: &dyn Disk, generation: &Arc<Generation>) {
    let path = &generation.wal_path;
    let removed = disk.remove(path).and_then(|()| match path.parent() {
        Some(dir) => disk.sync_dir(dir),
        None => Ok(()),
    });
    if let Err(error) = removed {
        let path = path.display();
        warn!(%path, %error, "file of a dropped generation stays until the next start");
    }
}
