//! Select items: what they compute and what their columns are called.

use std::sync::Arc;

use weir_nrql::ast::{Argument, Call, Expr, ExprKind, Literal, SelectItem};
use weir_types::Diagnostic;

use super::Context;
use super::aggregator::canonical_name;
use super::content::content_of;
use super::expression::bind_value;
use super::level::{GroupLevel, RowLevel};
use crate::plan::{GroupColumn, RowColumn};
use crate::problem;

/// Name of the column of `SELECT 1`.
const CONSTANT: &str = "constant";

pub fn bind_group_column(
    context: &Context<'_>,
    level: &mut GroupLevel<'_>,
    item: &SelectItem,
) -> Result<GroupColumn, Diagnostic> {
    if matches!(item.expr.kind, ExprKind::Star) {
        let message = "`*` stands beside aggregators";
        return Err(context.reporter.error(problem::ATTRIBUTE_MISPLACED, message, item.span));
    }
    let node = bind_value(context, level, &item.expr)?;
    let key = column_key(context, item);
    let nested_key = match (&item.alias, &item.expr.kind) {
        (None, ExprKind::Call(call)) => {
            canonical_name(&call.name.text).map_or(key.clone(), Arc::from)
        }
        _ => key.clone(),
    };
    Ok(GroupColumn { key, nested_key, node, content: content_of(context, item) })
}

pub fn bind_row_column(
    context: &Context<'_>,
    level: &mut RowLevel<'_>,
    item: &SelectItem,
) -> Result<RowColumn, Diagnostic> {
    if matches!(item.expr.kind, ExprKind::Star) {
        return Ok(RowColumn::All);
    }
    let node = bind_value(context, level, &item.expr)?;
    Ok(RowColumn::Named { key: column_key(context, item), node })
}

/// The alias; else the attribute, `count`, `fn.argument`; else the text of the expression.
pub fn column_key(context: &Context<'_>, item: &SelectItem) -> Arc<str> {
    match (&item.alias, &item.expr.kind) {
        (Some(alias), _) => alias.value.as_str().into(),
        (None, ExprKind::Literal(_)) => CONSTANT.into(),
        (None, ExprKind::Call(call)) => {
            let key = call_key(context, call);
            key.unwrap_or_else(|| context.reporter.text_of(item.expr.span)).into()
        }
        _ => expression_key(context, &item.expr),
    }
}

/// What an expression without alias is called: the attribute, or the text.
pub fn expression_key(context: &Context<'_>, expr: &Expr) -> Arc<str> {
    match &expr.kind {
        ExprKind::Attribute(name) => name.text.as_str().into(),
        _ => context.reporter.text_of(expr.span).into(),
    }
}

/// `None` for calls that are named by their text.
fn call_key(context: &Context<'_>, call: &Call) -> Option<String> {
    let name = canonical_name(&call.name.text)?;
    let is_about_one = matches!(
        name,
        "count"
            | "sum"
            | "average"
            | "min"
            | "max"
            | "median"
            | "percentile"
            | "stddev"
            | "stdvar"
            | "uniqueCount"
            | "uniques"
            | "latest"
            | "earliest"
            | "latestRate"
            | "derivative"
            | "predictLinear"
            | "histogram"
            | "bucketPercentile"
            | "cdfPercentage"
            | "apdex"
            | "funnel"
    );
    let plain = call.arguments.iter().filter_map(|argument| match argument {
        Argument::Expr(expr) => Some(expr),
        Argument::Where(_) | Argument::Named { .. } => None,
    });
    let mut plain = plain.peekable();
    let first = *plain.peek()?;
    let is_combination = name == "uniqueCount" && plain.count() > 1;
    if !is_about_one || is_combination {
        return None;
    }
    match &first.kind {
        ExprKind::Star => Some(name.to_owned()),
        ExprKind::Literal(Literal::Str(attribute)) => Some(format!("{name}.{attribute}")),
        ExprKind::Literal(_) if name == "count" => Some(name.to_owned()),
        _ => Some(format!("{name}.{}", expression_key(context, first))),
    }
}
