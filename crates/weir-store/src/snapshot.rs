//! A consistent view of one account's events.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;
use std::ops::ControlFlow;
use std::sync::Arc;

use weir_types::{AccountId, Event, LatestQuery, TimeRange, Timestamp};

use crate::Unread;
use crate::rollup::{Resolution, Rollup};
use crate::rows::EventRow;
use crate::segment::{Segment, TableIndex};
use crate::view::View;

/// Everything acknowledged before it was taken, and nothing after; whole batches only. Cheap to
/// take and to clone; it holds memory and files that retention gave up for as long as it lives.
#[derive(Clone)]
pub struct Snapshot {
    account: AccountId,
    view: View,
}

impl Snapshot {
    pub(crate) fn new(account: AccountId, view: View) -> Self {
        Snapshot { account, view }
    }

    pub fn account(&self) -> AccountId {
        self.account
    }

    /// Event types that have at least one event in `range`, kept or rolled up, ascending.
    pub fn event_types(&self, range: TimeRange) -> Vec<Arc<str>> {
        let mut found = BTreeSet::new();
        for table in self.view.generations.iter().flat_map(|g| g.tables_of(self.account)) {
            if !found.contains(&table.event_type) {
                let any = table.scan(range, self.view.watermark, &mut |_| ControlFlow::Break(()));
                if any.is_break() {
                    found.insert(table.event_type.clone());
                }
            }
        }
        for segment in self.view.segments.iter() {
            for table in segment.tables_of(self.account) {
                if !found.contains(&table.event_type) && has_rows(segment, table, range) {
                    found.insert(table.event_type.clone());
                }
            }
        }
        found.into_iter().collect()
    }

    /// The newest event of every series that meets the query, in no particular order. Of equal
    /// timestamps the one that arrived last counts. Roll-ups hold no whole events and are not looked
    /// at.
    pub fn latest(&self, query: LatestQuery<'_>) -> Vec<Event> {
        self.newest(query, &|row, event_type| row.to_event(event_type.clone()))
    }

    /// The same with these attributes alone.
    pub fn latest_attributes(
        &self,
        query: LatestQuery<'_>,
        attributes: &[&'static str],
    ) -> Vec<Event> {
        self.newest(query, &|row, event_type| row.to_event_of(event_type.clone(), attributes))
    }

    fn newest(
        &self,
        query: LatestQuery<'_>,
        to_event: &dyn Fn(&EventRow<'_>, &Arc<str>) -> Event,
    ) -> Vec<Event> {
        let mut newest: HashMap<String, (Timestamp, u64, Event)> = HashMap::new();
        let mut consider = |row: &EventRow<'_>, event_type: &Arc<str>| {
            let moment = (row.timestamp(), row.sequence());
            let key = identity_key(row);
            if newest.get(&key).is_none_or(|(at, sequence, _)| (*at, *sequence) < moment) {
                newest.insert(key, (moment.0, moment.1, to_event(row, event_type)));
            }
        };
        for generation in self.view.generations.iter() {
            let Some(table) = generation.table(self.account, query.event_type) else { continue };
            table.latest(query.since, self.view.watermark, query.identity, &mut |row| {
                consider(row, &table.event_type);
            });
        }
        for (segment, table) in self.segment_tables(query.event_type, is_raw) {
            segment.latest(table, &query, &mut |row| consider(row, &table.event_type));
        }
        newest.into_values().map(|(_, _, event)| event).collect()
    }

    /// Hands every event of `event_type` in `range` to `visit`, until it breaks. The order of
    /// rows is not specified: sort by `(timestamp, sequence)` where order matters. What is rolled up
    /// is not among them: see [`Snapshot::scan_rollups`].
    pub fn scan(
        &self,
        event_type: &str,
        range: TimeRange,
        visit: &mut dyn FnMut(&EventRow<'_>) -> ControlFlow<()>,
    ) {
        for (segment, table) in self.segment_tables(event_type, is_raw) {
            if segment.scan(table, range, visit).is_break() {
                return;
            }
        }
        for generation in self.view.generations.iter() {
            let Some(table) = generation.table(self.account, event_type) else { continue };
            if table.scan(range, self.view.watermark, visit).is_break() {
                return;
            }
        }
    }

    /// Hands every roll-up of `event_type` that has its last event in `range`, or may be cut by it,
    /// to `visit`, until it breaks. An event is in one roll-up or in [`Snapshot::scan`], never in
    /// two.
    pub fn scan_rollups(
        &self,
        event_type: &str,
        range: TimeRange,
        visit: &mut dyn FnMut(&Rollup) -> ControlFlow<()>,
    ) {
        for (segment, table) in self.segment_tables(event_type, |segment| !is_raw(segment)) {
            if segment.scan_rollups(table, range, visit).is_break() {
                return;
            }
        }
    }

    /// What of an event type in a range the scans above had to leave out, a segment each. It is
    /// found by reading, so ask after scanning.
    pub fn unread(&self, event_type: &str, range: TimeRange) -> Vec<Unread> {
        let damaged = self.segment_tables(event_type, |_| true);
        let damaged = damaged.filter_map(|(segment, table)| segment.unread(table, range));
        let missing = self.view.missing.iter();
        let missing = missing.filter(|u| u.oldest < range.end && u.newest >= range.begin);
        damaged.chain(missing.cloned()).collect()
    }

    fn segment_tables(
        &self,
        event_type: &str,
        wanted: impl Fn(&Segment) -> bool,
    ) -> impl Iterator<Item = (&Segment, &TableIndex)> {
        let segments = self.view.segments.iter().filter(move |segment| wanted(segment));
        segments.flat_map(move |segment| {
            let tables = segment.tables_of(self.account);
            tables.filter(move |t| *t.event_type == *event_type).map(move |t| (&**segment, t))
        })
    }
}

fn is_raw(segment: &Segment) -> bool {
    segment.meta.resolution == Resolution::Raw
}

fn has_rows(segment: &Segment, table: &TableIndex, range: TimeRange) -> bool {
    let found = match is_raw(segment) {
        true => segment.scan(table, range, &mut |_| ControlFlow::Break(())),
        false => segment.scan_rollups(table, range, &mut |rollup| match rollup.overlaps(range) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }),
    };
    found.is_break()
}

/// One text for one identity in every generation: their tables number names and texts differently.
fn identity_key(row: &EventRow<'_>) -> String {
    let (mut text, mut parts) = (String::with_capacity(256), Vec::with_capacity(8));
    row.for_each_identity(&mut |name, value| {
        let begin = text.len();
        // Debug quotes texts and names types, so no name or value can run into the next.
        write!(text, "{name}={value:?};").expect("writing to a String does not fail");
        parts.push(begin..text.len());
    });
    parts.sort_by(|a, b| text[a.clone()].cmp(&text[b.clone()]));
    parts.into_iter().map(|part| &text[part]).collect()
}
