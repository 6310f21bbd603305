//! The generations that readers see, and up to which sequence they see them.
//!
//! Both stand behind one lock that is held for a few instructions. The writer moves the watermark
//! after every row of a commit is in its table; a reader takes generations and watermark
//! together, so it sees each commit whole or not at all.

use std::sync::{Arc, RwLock};

use weir_types::Timestamp;

use crate::memtable::Generation;
use crate::sync::{read, write};

/// What a reader holds on to.
#[derive(Clone)]
pub struct View {
    /// Oldest first; the last one is open, the others are frozen.
    pub generations: Arc<[Arc<Generation>]>,
    /// Rows with a lower sequence are visible.
    pub watermark: u64,
}

pub struct Generations {
    view: RwLock<View>,
}

impl Generations {
    pub fn new() -> Self {
        Generations { view: RwLock::new(View { generations: Arc::new([]), watermark: 0 }) }
    }

    pub fn view(&self) -> View {
        read(&self.view).clone()
    }

    /// Makes every row below `watermark` visible.
    pub fn publish(&self, watermark: u64) {
        write(&self.view).watermark = watermark;
    }

    /// Adds the newest generation; the one before is frozen already.
    pub fn push(&self, generation: Arc<Generation>) {
        let mut view = write(&self.view);
        view.generations = view.generations.iter().cloned().chain([generation]).collect();
    }

    /// Removes and gives the frozen generations whose last event lies before `horizon`.
    pub fn take_expired(&self, horizon: Timestamp) -> Vec<Arc<Generation>> {
        self.take(|generations| {
            generations.iter().map(|generation| generation.last_moment() < horizon).collect()
        })
    }

    /// Removes and gives the oldest frozen generations until the other frozen ones take at most
    /// `limit_bytes`.
    pub fn take_over_limit(&self, limit_bytes: u64) -> Vec<Arc<Generation>> {
        self.take(|generations| {
            let mut total: u64 = generations.iter().map(|g| g.memory_bytes()).sum();
            let mut goes = |generation: &Arc<Generation>| {
                let over = total > limit_bytes;
                total -= if over { generation.memory_bytes() } else { 0 };
                over
            };
            generations.iter().map(&mut goes).collect()
        })
    }

    /// Removes what `choose` marks among the frozen ones.
    fn take(&self, choose: impl FnOnce(&[Arc<Generation>]) -> Vec<bool>) -> Vec<Arc<Generation>> {
        let mut view = write(&self.view);
        let Some((open, frozen)) = view.generations.split_last() else { return Vec::new() };
        let goes = choose(frozen);
        let marked = frozen.iter().cloned().zip(goes);
        let (gone, kept): (Vec<_>, Vec<_>) = marked.partition(|(_, goes)| *goes);
        let kept = kept.into_iter().map(|(generation, _)| generation).chain([open.clone()]);
        view.generations = kept.collect();
        gone.into_iter().map(|(generation, _)| generation).collect()
    }
}
