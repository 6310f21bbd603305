//! The rows a plan reads, filtered by its WHERE.

use std::ops::ControlFlow;
use std::sync::Arc;

use weir_types::{QueryError, TimeRange};

use super::Evaluator;
use crate::budget::Budget;
use crate::node::{Node, RowLeaf};
use crate::row::{ObservedRow, Row, RowScope, TableRow};

pub enum Feed<'p> {
    Events(&'p [Arc<str>]),
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
    /// Hands every row in the range that meets the filter to `visit`. Rows without a time are in
    /// every range.
    pub(super) fn scan(
        &mut self,
        feed: &Feed<'_>,
        filter: Option<&Node<RowLeaf>>,
        range: TimeRange,
        pass: Pass,
        visit: &mut Visit<'_>,
    ) -> Result<(), QueryError> {
        match feed {
            Feed::Events(types) => types.iter().try_for_each(|event_type| {
                self.scan_events(event_type, filter, range, pass, visit)
            }),
            Feed::Table(rows) => self.scan_table(rows, filter, range, visit),
        }
    }

    fn scan_events(
        &mut self,
        event_type: &Arc<str>,
        filter: Option<&Node<RowLeaf>>,
        range: TimeRange,
        pass: Pass,
        visit: &mut Visit<'_>,
    ) -> Result<(), QueryError> {
        let (budget, stats) = (&mut self.budget, &mut self.stats);
        budget.check_time()?;
        let mut inspect = |row: &dyn Row| -> Result<(), QueryError> {
            budget.inspect_row()?;
            let matches = filter.is_none_or(|filter| filter.holds(&RowScope(row)));
            if pass == Pass::First {
                stats.inspected_count += 1;
                stats.matched_count += u64::from(matches);
            }
            if matches { visit(row, budget) } else { Ok(()) }
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

    fn scan_table(
        &mut self,
        rows: &[TableRow],
        filter: Option<&Node<RowLeaf>>,
        range: TimeRange,
        visit: &mut Visit<'_>,
    ) -> Result<(), QueryError> {
        let (begin, end) = (range.begin.as_millis(), range.end.as_millis());
        for row in rows {
            self.budget.inspect_row()?;
            let is_inside = row.timestamp.is_none_or(|at| begin <= at && at < end);
            if is_inside && filter.is_none_or(|filter| filter.holds(&RowScope(row))) {
                visit(row, &mut self.budget)?;
            }
        }
        Ok(())
    }
}
