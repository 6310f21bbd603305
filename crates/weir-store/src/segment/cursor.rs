//! Reads the chunks of one table in order, group after group: what merging needs. Unlike a scan it
//! stops at what it can't read, because a merge must not go on without it, and notes it, so that
//! the segment is left alone from then on.

use super::footer::TableIndex;
use super::group::GroupReader;
use super::key::SeriesKey;
use super::reader::{Segment, SegmentError};
use crate::rows::Rows;

pub struct TableCursor<'a> {
    segment: &'a Segment,
    table: &'a TableIndex,
    next_group: usize,
    group: Option<GroupReader>,
}

impl<'a> TableCursor<'a> {
    pub fn new(segment: &'a Segment, table: &'a TableIndex) -> Self {
        TableCursor { segment, table, next_group: 0, group: None }
    }

    /// The key of the chunk that comes next; `None` at the end.
    pub fn next_key(&mut self) -> Result<Option<SeriesKey>, SegmentError> {
        loop {
            if let Some(group) = &mut self.group
                && let Some(place) = group.peek()
            {
                return Ok(Some(group.series_key(place.series)));
            }
            let Some(index) = self.table.groups.get(self.next_group) else { return Ok(None) };
            let opened = self.segment.group(self.table, index);
            self.group = Some(opened.inspect_err(|e| self.segment.note_damage(index, e))?);
            self.next_group += 1;
        }
    }

    /// Unpacks the next chunk, which [`TableCursor::next_key`] found, and steps over it.
    pub fn read(&mut self, rows: &mut Rows) -> Result<(), SegmentError> {
        rows.clear();
        let Some(group) = &mut self.group else { return Ok(()) };
        let read = group.read(rows).map_err(SegmentError::from);
        read.inspect_err(|error| self.note_damage(error))
    }

    /// Notes the group of the chunk read last as one that can't be read.
    pub fn note_damage(&self, error: &SegmentError) {
        if let Some(index) = self.next_group.checked_sub(1).map(|at| &self.table.groups[at]) {
            self.segment.note_damage(index, error);
        }
    }

    /// What the numbers of the chunk read last stand for.
    pub fn group(&self) -> Option<&GroupReader> {
        self.group.as_ref()
    }

    /// Changes whenever the meaning of the numbers does.
    pub fn group_number(&self) -> usize {
        self.next_group
    }
}
