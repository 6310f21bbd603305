//! Plain events in memory as a source. A row's sequence is its place in the slice.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use weir_types::{AttributeName, Event, TimeRange, Timestamp, Value};

use super::{EventRow, EventSource};

impl EventSource for [Event] {
    fn event_types(&self, range: TimeRange) -> Vec<Arc<str>> {
        let inside = self.iter().filter(|event| range.contains(event.timestamp));
        let types: BTreeSet<Arc<str>> = inside.map(|event| event.event_type.clone()).collect();
        types.into_iter().collect()
    }

    fn scan(
        &self,
        event_type: &str,
        range: TimeRange,
        visit: &mut dyn FnMut(&dyn EventRow) -> ControlFlow<()>,
    ) {
        for (sequence, event) in (0..).zip(self) {
            let is_asked_for = &*event.event_type == event_type && range.contains(event.timestamp);
            if is_asked_for && visit(&MemoryRow { event, sequence }).is_break() {
                return;
            }
        }
    }
}

impl EventSource for Vec<Event> {
    fn event_types(&self, range: TimeRange) -> Vec<Arc<str>> {
        self.as_slice().event_types(range)
    }

    fn scan(
        &self,
        event_type: &str,
        range: TimeRange,
        visit: &mut dyn FnMut(&dyn EventRow) -> ControlFlow<()>,
    ) {
        self.as_slice().scan(event_type, range, visit);
    }
}

struct MemoryRow<'a> {
    event: &'a Event,
    sequence: u64,
}

impl EventRow for MemoryRow<'_> {
    fn timestamp(&self) -> Timestamp {
        self.event.timestamp
    }

    fn sequence(&self) -> u64 {
        self.sequence
    }

    fn get(&self, name: &str) -> Option<Value> {
        self.event.get(name).cloned()
    }

    fn for_each_attribute(&self, visit: &mut dyn FnMut(&str, Value)) {
        let pairs: &[(AttributeName, Value)] = &self.event.attributes;
        for (name, value) in pairs {
            visit(name, value.clone());
        }
    }
}
