//! What readers see: generations in memory, segments on disk, and up to which sequence.
//!
//! All stand behind one lock that is held for a few instructions. The writer moves the watermark
//! after every row of a commit is in its table, and a generation is exchanged for its segments in
//! one step; a reader takes everything together, so it sees each commit whole or not at all, once.

use std::sync::{Arc, RwLock};

use crate::Unread;
use crate::memtable::Generation;
use crate::segment::Segment;
use crate::sync::{read, write};

/// What a reader holds on to.
#[derive(Clone)]
pub struct View {
    /// Oldest first; the last one is open, the others are frozen.
    pub generations: Arc<[Arc<Generation>]>,
    /// Ascending by id; all their rows are visible.
    pub segments: Arc<[Arc<Segment>]>,
    /// Segments that count and can't be opened.
    pub missing: Arc<[Unread]>,
    /// Rows in memory with a lower sequence are visible.
    pub watermark: u64,
}

pub struct Visible {
    view: RwLock<View>,
}

impl Visible {
    pub fn new() -> Self {
        let (generations, segments, missing) = (Arc::new([]), Arc::new([]), Arc::new([]));
        Visible { view: RwLock::new(View { generations, segments, missing, watermark: 0 }) }
    }

    /// Says which segments can't be opened.
    pub fn miss(&self, missing: Vec<Unread>) {
        write(&self.view).missing = missing.into();
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

    /// The oldest generation, if it is frozen: they are sealed in their order.
    pub fn next_to_seal(&self) -> Option<Arc<Generation>> {
        let view = read(&self.view);
        view.generations.first().filter(|generation| generation.is_frozen()).cloned()
    }

    /// Memory of the generations that wait to be sealed, in bytes.
    pub fn frozen_bytes(&self) -> u64 {
        let view = read(&self.view);
        let frozen = view.generations.iter().filter(|generation| generation.is_frozen());
        frozen.map(|generation| generation.memory_bytes()).sum()
    }

    /// Takes the generation out of view and puts the segments in, in one step.
    pub fn seal(&self, generation: u64, segments: &[Arc<Segment>]) {
        let mut view = write(&self.view);
        view.generations =
            view.generations.iter().filter(|known| known.id != generation).cloned().collect();
        view.segments = view.segments.iter().chain(segments).cloned().collect();
    }

    /// Takes the segments `gone` out of view and puts `new` in, in one step.
    pub fn replace(&self, gone: &[u64], new: &[Arc<Segment>]) {
        let mut view = write(&self.view);
        let kept = view.segments.iter().filter(|segment| !gone.contains(&segment.meta.id));
        view.segments = kept.chain(new).cloned().collect();
        let missing = view.missing.iter().filter(|unread| !gone.contains(&unread.segment));
        view.missing = missing.cloned().collect();
    }
}
