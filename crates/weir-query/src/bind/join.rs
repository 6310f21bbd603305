//! JOIN: another query whose rows are put beside those of FROM.

use std::sync::Arc;

use weir_nrql::ast::{Argument, Call, Expr, ExprKind, Join, JoinKind, SelectItem};
use weir_types::Diagnostic;

use super::Context;
use super::aggregator::canonical_name;
use super::expression::bind_value;
use super::level::RowLevel;
use super::query::{Place, bind_inner};
use crate::plan::{Body, JoinPlan, Plan, RowColumn};
use crate::problem;

pub fn bind_join(
    context: &Context<'_>,
    mut row: RowLevel<'_>,
    join: &Join,
) -> Result<JoinPlan, Diagnostic> {
    if let Some(item) = join.query.select.iter().find(|item| !can_be_joined(item)) {
        let message = "a joined query selects no * and no uniques()";
        return Err(context.reporter.error(problem::JOIN, message, item.span));
    }
    let plan = bind_inner(context, &join.query, Place::Subquery)?;
    let left = bind_value(context, &mut row, &join.left)?;
    let (right, span) = match (&join.right, &join.left.kind) {
        (Some(name), _) => (name.text.as_str(), name.span),
        (None, ExprKind::Attribute(name)) => (name.text.as_str(), name.span),
        (None, _) => {
            let message = "ON with a function needs the column of the joined query";
            let error = context.reporter.error(problem::JOIN, message, join.left.span);
            return Err(error.with_help("write ON lower(host) = host"));
        }
    };
    let columns = column_names(&plan);
    if !columns.iter().any(|column| **column == *right) {
        let message = format!("the joined query has no column `{right}`");
        let help = format!("it has {}", columns.join(", "));
        return Err(context.reporter.error(problem::JOIN, message, span).with_help(help));
    }
    Ok(JoinPlan { plan, left, right: right.into(), keeps_left: join.kind == JoinKind::Left })
}

/// What the query around can call the columns of this one.
pub fn column_names(plan: &Plan) -> Vec<Arc<str>> {
    match &plan.body {
        Body::Rows(rows) => {
            let named = rows.columns.iter().filter_map(|column| match column {
                RowColumn::Named { key, .. } => Some(key.clone()),
                RowColumn::All => None,
            });
            named.collect()
        }
        Body::Groups(groups) => {
            let facets = groups.facet.iter().flat_map(|facet| &facet.items);
            let columns = groups.columns.iter().map(|column| column.nested_key.clone());
            facets.map(|item| item.name.clone()).chain(columns).collect()
        }
    }
}

fn can_be_joined(item: &SelectItem) -> bool {
    !matches!(item.expr.kind, ExprKind::Star) && !has_uniques(&item.expr)
}

fn has_uniques(expr: &Expr) -> bool {
    let mut found = false;
    weir_nrql::walk::each(expr, &mut |expr| {
        if let ExprKind::Call(Call { name, arguments, .. }) = &expr.kind {
            let is_list = canonical_name(&name.text) == Some("uniques");
            found |= is_list && arguments.iter().any(|a| matches!(a, Argument::Expr(_)));
        }
    });
    found
}
