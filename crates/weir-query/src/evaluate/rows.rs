//! Queries without aggregators: the rows themselves, sorted and cut.

use std::cmp::Ordering;
use std::sync::Arc;

use weir_types::{QueryError, TimeRange};

use super::Evaluator;
use super::feed::Pass;
use crate::approximate::Watch;
use crate::datum::Datum;
use crate::plan::{Plan, RowColumn, RowPlan};
use crate::row::{Row, RowScope, TableRow};

/// Candidates beyond what is shown that may wait for the next sort.
const SLACK: usize = 1_024;

struct Candidate {
    order: Vec<Datum>,
    row: TableRow,
    bytes: usize,
}

impl Evaluator<'_> {
    pub(super) fn evaluate_rows(
        &mut self,
        plan: &Plan,
        rows: &RowPlan,
        range: TimeRange,
    ) -> Result<Vec<TableRow>, QueryError> {
        let feed = self.feed(plan, range)?;
        let wanted = rows.offset.saturating_add(rows.limit);
        let mut best: Vec<Candidate> = Vec::new();
        let watch = Watch::of_rows(plan, rows, range);
        self.scan(&feed, plan.filter.as_ref(), watch, range, Pass::First, &mut |row, budget| {
            let candidate = candidate(rows, row);
            budget.hold(candidate.bytes)?;
            best.push(candidate);
            if best.len() >= wanted.saturating_mul(2).saturating_add(SLACK) {
                best.sort_by(|a, b| compare(rows, a, b));
                let cut = best.drain(wanted..);
                budget.release(cut.map(|candidate| candidate.bytes).sum());
            }
            Ok(())
        })?;
        best.sort_by(|a, b| compare(rows, a, b));
        let shown = best.into_iter().skip(rows.offset).take(rows.limit);
        let shown =
            shown.zip(0..).map(|(candidate, sequence)| TableRow { sequence, ..candidate.row });
        Ok(shown.collect())
    }
}

fn candidate(rows: &RowPlan, row: &dyn Row) -> Candidate {
    let scope = RowScope(row);
    let order: Vec<Datum> = rows.order.iter().map(|key| key.node.evaluate(&scope)).collect();
    let mut columns: Vec<(Arc<str>, Datum)> = Vec::new();
    for column in &rows.columns {
        match column {
            RowColumn::All => columns.extend(row.columns()),
            RowColumn::Named { key, node } => columns.push((key.clone(), node.evaluate(&scope))),
        }
    }
    let values = order.iter().chain(columns.iter().map(|(_, value)| value));
    let bytes = size_of::<Candidate>()
        + values.map(Datum::size_bytes).sum::<usize>()
        + columns.len() * size_of::<Arc<str>>();
    let row = TableRow { timestamp: row.timestamp(), sequence: row.sequence(), columns };
    Candidate { order, row, bytes }
}

/// By ORDER BY, nulls last; then newest first.
fn compare(rows: &RowPlan, left: &Candidate, right: &Candidate) -> Ordering {
    for ((key, a), b) in rows.order.iter().zip(&left.order).zip(&right.order) {
        let order = if key.descending { b.cmp(a) } else { a.cmp(b) };
        let order = a.is_null().cmp(&b.is_null()).then(order);
        if order.is_ne() {
            return order;
        }
    }
    let place = |candidate: &Candidate| (candidate.row.timestamp, candidate.row.sequence);
    match (left.row.timestamp, right.row.timestamp) {
        // Rows of an inner query without time keep its order.
        (None, None) => left.row.sequence.cmp(&right.row.sequence),
        _ => place(right).cmp(&place(left)),
    }
}
