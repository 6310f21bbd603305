//! The names completion can offer beside the declared ones: those of events that are stored.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use weir_nrql::StoredNames;
use weir_types::{AccountId, TimeRange, Timestamp};

use crate::source::{EventSource, LookupTables};

/// What was not stored for longer is not offered.
const WINDOW: Duration = Duration::from_secs(24 * 3600);
/// Events of a type that are looked at for attributes: an editor asks with every letter.
const EVENTS_MAX: usize = 200;
/// An event has 254 attributes at most.
const NAMES_MAX: usize = 500;

/// One account's names as of a moment.
pub struct NamesOf {
    pub source: Box<dyn EventSource + Send>,
    pub tables: Option<Arc<dyn LookupTables>>,
    pub account: AccountId,
    pub now: Timestamp,
}

impl NamesOf {
    fn range(&self) -> TimeRange {
        TimeRange { begin: self.now.saturating_sub(WINDOW), end: self.now }
    }
}

impl StoredNames for NamesOf {
    fn event_types(&self) -> Vec<String> {
        self.source.event_types(self.range()).iter().map(ToString::to_string).collect()
    }

    fn attributes(&self, event_type: &str) -> Vec<String> {
        let mut names = BTreeSet::new();
        let mut seen = 0;
        self.source.scan(event_type, self.range(), &mut |row| {
            row.for_each_attribute(&mut |name, _| {
                if names.len() < NAMES_MAX && !names.contains(name) {
                    names.insert(name.to_owned());
                }
            });
            seen += 1;
            if seen < EVENTS_MAX { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        names.into_iter().collect()
    }

    fn lookup_tables(&self) -> Vec<String> {
        self.tables.as_ref().map(|tables| tables.names(self.account)).unwrap_or_default()
    }
}
