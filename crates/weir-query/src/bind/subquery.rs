//! Queries inside expressions: one value, or the members of IN.

use weir_nrql::ast::{Limit, Query};
use weir_types::Diagnostic;

use super::Context;
use super::query::{Place, bind_inner};
use crate::decision::SUBQUERIES_MAX;
use crate::plan::{Body, Plan, RowColumn, Subquery, SubqueryAnswer};
use crate::problem;
use crate::slot::Slot;

/// A subquery that stands where a value does.
pub fn bind_value(context: &Context<'_>, query: &Query) -> Result<Slot, Diagnostic> {
    let is_one = matches!(&query.limit, Some(Limit::Count(limit)) if limit.value == 1.0);
    if let Some(facet) = query.facet.as_ref().filter(|_| !is_one) {
        let message = "a subquery with FACET has several values where one is needed";
        let error = context.reporter.error(problem::SUBQUERY, message, facet.span);
        return Err(error.with_help("add LIMIT 1, or write IN (…)"));
    }
    bind(context, query, SubqueryAnswer::Value)
}

/// The members of `IN (SELECT …)`.
pub fn bind_members(context: &Context<'_>, query: &Query) -> Result<Slot, Diagnostic> {
    bind(context, query, SubqueryAnswer::Members)
}

fn bind(context: &Context<'_>, query: &Query, wants: SubqueryAnswer) -> Result<Slot, Diagnostic> {
    let plan = bind_inner(context, query, Place::Subquery)?;
    if !has_one_column(&plan) {
        let message = "a subquery gives one column";
        return Err(context.reporter.error(problem::SUBQUERY, message, query.span));
    }
    let mut subqueries = context.found.subqueries.borrow_mut();
    if subqueries.len() >= SUBQUERIES_MAX {
        let message = format!("a query has {SUBQUERIES_MAX} subqueries at most");
        return Err(context.reporter.error(problem::SUBQUERY, message, query.span));
    }
    let slot = Slot::empty();
    subqueries.push(Subquery { plan, slot: slot.clone(), wants });
    Ok(slot)
}

fn has_one_column(plan: &Plan) -> bool {
    match &plan.body {
        Body::Groups(groups) => groups.columns.len() == 1,
        Body::Rows(rows) => matches!(rows.columns.as_slice(), [RowColumn::Named { .. }]),
    }
}
