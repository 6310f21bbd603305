//! Kafka's series for Prometheus, in the names and labels of exporters that boards and alerts
//! already know.
//!
//! After each cycle a source publishes a [`Snapshot`] into its [`ExpositionSlot`]; a [`Page`] is
//! written from the newest snapshots alone, in bounded chunks, so a scrape touches neither Kafka nor
//! the store. What is unknown or stale has no line: a series that ends is honest, a 0 is not.
//!
//! Layout:
//! - [`snapshot`]: what is known of one cluster as rows of numbers and shared labels
//! - [`dialect`]: one file an exporter, each a table of families
//! - [`family`]: one family: name, labels, and which rows it is read from
//! - [`page`], `text`: the families of all clusters as text; numbers and labels as bytes
//! - [`reference_page`]: the page of names in the documentation
//!
//! Not here: how a snapshot is made of answers (`kafka::map`), HTTP, Weir's own counters.

pub mod dialect;
pub mod family;
pub mod page;
pub mod reference_page;
pub mod snapshot;
mod text;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use weir_types::Timestamp;

pub use dialect::Dialects;
pub use page::Page;
pub use snapshot::Snapshot;

/// The newest snapshots of all sources, in the dialects that are on.
#[derive(Debug, Clone)]
pub struct Exposition {
    dialects: Dialects,
    slots: Vec<ExpositionSlot>,
}

/// Where one source publishes its newest snapshot; clones share it.
#[derive(Debug, Clone, Default)]
pub struct ExpositionSlot {
    newest: Arc<Mutex<Option<Published>>>,
}

#[derive(Debug)]
struct Published {
    snapshot: Arc<Snapshot>,
    /// From then on a newer one should be there; this one says nothing any more.
    good_until: Timestamp,
}

impl Exposition {
    pub fn new(dialects: Dialects, slots: Vec<ExpositionSlot>) -> Exposition {
        Exposition { dialects, slots }
    }

    /// The series as of `now`. Exporters of one cluster have no label that names it; it is added
    /// where several sources are configured, be they answering or not, so that a series keeps its
    /// labels for as long as the configuration stays.
    pub fn page(&self, now: Timestamp) -> Page {
        let fresh = self.slots.iter().filter_map(|slot| slot.newest_at(now)).collect();
        Page::new(self.dialects, fresh, self.slots.len() > 1)
    }
}

impl ExpositionSlot {
    /// Replaces what was published before; good until a newer one should be there.
    pub fn publish(&self, snapshot: Snapshot, good_until: Timestamp) {
        let published = Published { snapshot: Arc::new(snapshot), good_until };
        *self.lock() = Some(published);
    }

    /// Nothing is known any more.
    pub fn clear(&self) {
        *self.lock() = None;
    }

    fn newest_at(&self, now: Timestamp) -> Option<Arc<Snapshot>> {
        let newest = self.lock();
        let good = newest.as_ref().filter(|published| now < published.good_until);
        good.map(|published| Arc::clone(&published.snapshot))
    }

    /// What is inside is replaced whole, so a panic elsewhere leaves nothing to fear.
    fn lock(&self) -> MutexGuard<'_, Option<Published>> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(slot: &ExpositionSlot, now_ms: i64) -> usize {
        let exposition = Exposition::new(Dialects::default(), vec![slot.clone()]);
        exposition.page(Timestamp::from_millis(now_ms)).flatten().filter(|b| *b == b'\n').count()
    }

    #[test]
    fn what_is_too_old_or_cleared_has_no_series() {
        let slot = ExpositionSlot::default();
        assert_eq!(lines(&slot, 0), 0);
        slot.publish(Snapshot::default(), Timestamp::from_millis(60_000));
        assert!(lines(&slot, 59_999) > 0);
        assert_eq!(lines(&slot, 60_000), 0);
        slot.clear();
        assert_eq!(lines(&slot, 0), 0);
    }
}
