//! The rows a plan reads, joined and filtered by its WHERE.

use std::ops::ControlFlow;
use std::sync::Arc;

use weir_store::{Rollup, Unread};
use weir_types::{QueryError, TimeRange};

use super::Evaluator;
use super::join::{JoinTable, each_joined};
use crate::approximate::Watch;
use crate::budget::Budget;
use crate::explain::range_text;
use crate::node::{Node, RowLeaf};
use crate::rolled::RolledRow;
use crate::row::{ObservedRow, Row, RowScope, TableRow};
use crate::source::LookupTable;

/// What a plan reads, and what is joined to it.
pub struct Feed<'p> {
    pub input: FeedInput<'p>,
    pub joins: Vec<JoinTable<'p>>,
}

pub enum FeedInput<'p> {
    Events(&'p [Arc<str>]),
    /// `None` for a table that does not exist.
    Lookup(Option<Arc<LookupTable>>),
    /// The answer of an inner query.
    Table(Vec<TableRow>),
}

/// Whether a scan is the first over its rows; only that one counts in the statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    First,
    Again,
}

pub type Visit<'v> = dyn FnMut(&dyn Row, &mut Budget) -> Result<(), QueryError> + 'v;

impl Evaluator<'_> {
    /// Hands every row in the range that meets the filter to `visit`, roll-ups as one row each.
    /// Rows without a time are in every range.
    pub(super) fn scan(
        &mut self,
        feed: &Feed<'_>,
        filter: Option<&Node<RowLeaf>>,
        watch: Watch<'_>,
        range: TimeRange,
        pass: Pass,
        visit: &mut Visit<'_>,
    ) -> Result<(), QueryError> {
        let stats = &mut Counts::default();
        let keep = Keep { filter, joins: &feed.joins, watch: &watch };
        let result = match &feed.input {
            FeedInput::Events(types) => types.iter().try_for_each(|event_type| {
                self.scan_events(event_type, keep, range, stats, visit)?;
                self.scan_rollups(event_type, keep, range, stats, visit)?;
                self.note_unread(event_type, range);
                Ok(())
            }),
            FeedInput::Lookup(None) => Ok(()),
            FeedInput::Lookup(Some(table)) => {
                let rows = (0..table.len()).map(|place| table.row(place));
                self.scan_table(rows, keep, range, visit)
            }
            FeedInput::Table(rows) => self.scan_table(rows.iter().cloned(), keep, range, visit),
        };
        self.approximations.join(watch.found());
        if pass == Pass::First {
            self.stats.inspected_count += stats.inspected;
            self.stats.matched_count += stats.matched;
        }
        result
    }

    fn scan_events(
        &mut self,
        event_type: &Arc<str>,
        keep: Keep<'_>,
        range: TimeRange,
        stats: &mut Counts,
        visit: &mut Visit<'_>,
    ) -> Result<(), QueryError> {
        let budget = &mut self.budget;
        budget.check_time()?;
        let mut inspect = |row: &dyn Row| -> Result<(), QueryError> {
            budget.inspect_row()?;
            stats.inspected += 1;
            keep.each(row, budget, &mut |row, budget| {
                stats.matched += 1;
                visit(row, budget)
            })
        };
        let mut failure = None;
        self.source.scan(event_type, range, &mut |row| match inspect(&ObservedRow {
            event_type,
            row,
        }) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        });
        failure.map_or(Ok(()), Err)
    }

    /// A roll-up whose last event is behind the range is looked at and left out.
    fn scan_rollups(
        &mut self,
        event_type: &Arc<str>,
        keep: Keep<'_>,
        range: TimeRange,
        stats: &mut Counts,
        visit: &mut Visit<'_>,
    ) -> Result<(), QueryError> {
        let budget = &mut self.budget;
        let mut inspect = |rollup: &Rollup| -> Result<(), QueryError> {
            if !rollup.overlaps(range) {
                return Ok(());
            }
            budget.inspect_row()?;
            let is_inside = range.contains(rollup.last.timestamp);
            stats.inspected += u64::from(is_inside);
            keep.each(&RolledRow { event_type, rollup }, budget, &mut |row, budget| {
                if !is_inside {
                    return Ok(());
                }
                stats.matched += 1;
                visit(row, budget)
            })
        };
        let mut failure = None;
        self.source.scan_rollups(event_type, range, &mut |rollup| match inspect(rollup) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        });
        failure.map_or(Ok(()), Err)
    }

    /// Rows that are there and could not be read are missing in the answer, which says so.
    fn note_unread(&mut self, event_type: &str, range: TimeRange) {
        for Unread { segment, rows, oldest, newest } in self.source.unread(event_type, range) {
            let range = range_text(TimeRange { begin: oldest, end: newest });
            self.notes.insert(format!(
                "up to {rows} rows of {event_type} from {range} could not be read: segment {segment} \
                 is damaged, run `weir store check`"
            ));
        }
    }

    fn scan_table(
        &mut self,
        rows: impl Iterator<Item = TableRow>,
        keep: Keep<'_>,
        range: TimeRange,
        visit: &mut Visit<'_>,
    ) -> Result<(), QueryError> {
        let (begin, end) = (range.begin.as_millis(), range.end.as_millis());
        for row in rows {
            self.budget.inspect_row()?;
            let is_inside = row.timestamp.is_none_or(|at| begin <= at && at < end);
            if is_inside {
                keep.each(&row, &mut self.budget, visit)?;
            }
        }
        Ok(())
    }
}

#[derive(Default)]
struct Counts {
    inspected: u64,
    matched: u64,
}

/// What stands between a row as it lies there and the visitor.
#[derive(Clone, Copy)]
struct Keep<'k> {
    filter: Option<&'k Node<RowLeaf>>,
    joins: &'k [JoinTable<'k>],
    watch: &'k Watch<'k>,
}

impl Keep<'_> {
    /// Joins, then filters.
    fn each(
        &self,
        row: &dyn Row,
        budget: &mut Budget,
        visit: &mut Visit<'_>,
    ) -> Result<(), QueryError> {
        self.watch.look_before_join(row);
        each_joined(self.joins, row, budget, &mut |row, budget| {
            self.watch.look_before_filter(row);
            let holds = self.filter.is_none_or(|filter| filter.holds(&RowScope(row)));
            if !holds {
                return Ok(());
            }
            self.watch.look_at(row);
            visit(row, budget)
        })
    }
}
