//! The store's snapshots as sources.

use std::ops::ControlFlow;
use std::sync::Arc;

use weir_store::{Rollup, Snapshot, Store, Unread};
use weir_types::{AccountId, TimeRange, Timestamp, Value};

use super::{EventRow, EventSource, EventSources};

impl EventSources for Store {
    fn view(&self, account: AccountId) -> Box<dyn EventSource + Send> {
        Box::new(self.snapshot(account))
    }
}

impl EventSource for Snapshot {
    fn event_types(&self, range: TimeRange) -> Vec<Arc<str>> {
        Snapshot::event_types(self, range)
    }

    fn scan(
        &self,
        event_type: &str,
        range: TimeRange,
        visit: &mut dyn FnMut(&dyn EventRow) -> ControlFlow<()>,
    ) {
        Snapshot::scan(self, event_type, range, &mut |row| visit(row));
    }

    fn scan_rollups(
        &self,
        event_type: &str,
        range: TimeRange,
        visit: &mut dyn FnMut(&Rollup) -> ControlFlow<()>,
    ) {
        Snapshot::scan_rollups(self, event_type, range, visit);
    }

    fn unread(&self, event_type: &str, range: TimeRange) -> Vec<Unread> {
        Snapshot::unread(self, event_type, range)
    }
}

impl EventRow for weir_store::EventRow<'_> {
    fn timestamp(&self) -> Timestamp {
        self.timestamp()
    }

    fn sequence(&self) -> u64 {
        self.sequence()
    }

    fn get(&self, name: &str) -> Option<Value> {
        self.get(name)
    }

    fn for_each_attribute(&self, visit: &mut dyn FnMut(&str, Value)) {
        self.for_each(visit);
    }
}
