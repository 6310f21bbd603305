//! Where rows come from: the one door between the evaluator and whatever keeps events.

mod lookup;
mod memory;
mod store;

use std::ops::ControlFlow;
use std::sync::Arc;

use weir_store::{Rollup, Unread};
use weir_types::{AccountId, TimeRange, Timestamp, Value};

pub use lookup::{
    COLUMNS_MAX, CSV_BYTES_MAX, LookupTable, LookupTables, ROWS_MAX, TableError, WithLookups,
};

/// One stored event, lent to the visitor of a scan.
pub trait EventRow {
    fn timestamp(&self) -> Timestamp;

    /// Order of arrival; breaks ties between equal timestamps.
    fn sequence(&self) -> u64;

    /// `None` when the event does not have the attribute.
    fn get(&self, name: &str) -> Option<Value>;

    /// Every attribute the event has, in any order; `timestamp` is not among them.
    fn for_each_attribute(&self, visit: &mut dyn FnMut(&str, Value));
}

/// An unchanging view of one account's events: two scans of it see the same rows.
pub trait EventSource {
    /// Event types with at least one event in `range`, ascending.
    fn event_types(&self, range: TimeRange) -> Vec<Arc<str>>;

    /// Hands every event of the type in the range to `visit`, in any order, until it breaks. An
    /// unknown type has no events.
    fn scan(
        &self,
        event_type: &str,
        range: TimeRange,
        visit: &mut dyn FnMut(&dyn EventRow) -> ControlFlow<()>,
    );

    /// Hands every roll-up of the type to `visit` that has its last event in the range, or may be
    /// cut by it. An event is in a roll-up or in [`EventSource::scan`], never in both.
    fn scan_rollups(
        &self,
        _event_type: &str,
        _range: TimeRange,
        _visit: &mut dyn FnMut(&Rollup) -> ControlFlow<()>,
    ) {
    }

    /// What scans of the type in the range had to leave out; asked after them.
    fn unread(&self, _event_type: &str, _range: TimeRange) -> Vec<Unread> {
        Vec::new()
    }

    /// The lookup table of that name; a source without any has none.
    fn lookup_table(&self, _name: &str) -> Option<Arc<LookupTable>> {
        None
    }
}

/// Something that can be looked at as it is now, one account at a time.
pub trait EventSources: Send + Sync {
    fn view(&self, account: AccountId) -> Box<dyn EventSource + Send>;
}
