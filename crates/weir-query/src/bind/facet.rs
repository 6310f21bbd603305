//! FACET: what makes a group, and which groups stay.

use std::sync::Arc;

use weir_nrql::ast::{
    Call, Direction, Expr, ExprKind, Facet, FacetItem as Item, FacetKind, OrderItem, SelectItem,
};
use weir_types::Diagnostic;

use super::Context;
use super::aggregator::{expect_arguments, has_aggregator};
use super::constant::bind_constant;
use super::expression::{bind_condition, bind_value};
use super::level::{GroupLevel, RowLevel};
use super::select::expression_key;
use super::sets::bind_dimension_filter;
use super::spread::{above_zero, bucket_count};
use crate::aggregate::{Aggregate, AggregateFunction};
use crate::datum::Datum;
use crate::decision::{FACET_ITEMS_MAX, HISTOGRAM_BUCKETS, HISTOGRAM_CEILING, MIN_KEEPS_SMALLEST};
use crate::function::range::BucketLabels;
use crate::node::{GroupLeaf, Kind, Node, RowLeaf};
use crate::plan::{FacetItem, FacetPlan, FacetRule, GroupColumn, Selection};
use crate::problem;

/// The parts of the query that decide which groups stay.
pub struct Shown<'q> {
    pub select: &'q [SelectItem],
    pub columns: &'q [GroupColumn],
    pub aggregates: &'q [Aggregate],
    pub limit: usize,
}

pub fn bind_facet(
    context: &Context<'_>,
    row: RowLevel<'_>,
    facet: &Facet,
    shown: &Shown<'_>,
) -> Result<FacetPlan, Diagnostic> {
    if facet.items.len() > FACET_ITEMS_MAX {
        let message = format!("FACET takes {FACET_ITEMS_MAX} items at most");
        return Err(context.reporter.error(problem::TOO_MANY_FACETS, message, facet.span));
    }
    let items: Result<Vec<_>, _> =
        facet.items.iter().map(|item| bind_item(context, row, item)).collect();
    let selection = match &facet.order_by {
        Some(order) => ordered_selection(context, row, order, shown.select)?,
        None => default_selection(shown),
    };
    Ok(FacetPlan { items: items?, selection, limit: shown.limit })
}

fn bind_item(
    context: &Context<'_>,
    mut row: RowLevel<'_>,
    item: &Item,
) -> Result<FacetItem, Diagnostic> {
    let (default_name, rule) = match &item.kind {
        FacetKind::Expr(expr) => {
            let node = match &expr.kind {
                ExprKind::Call(call) if is_named(call, "buckets") => {
                    bind_buckets(context, row, call)?
                }
                ExprKind::Call(call) if is_named(call, "dimensions") => {
                    let (_, filter) = bind_dimension_filter(context, call)?;
                    Node::Leaf(RowLeaf::Dimensions(filter))
                }
                _ => bind_value(context, &mut row, expr)?,
            };
            (expression_key(context, expr), FacetRule::Value(node))
        }
        FacetKind::Cases { cases, fallback } => {
            let cases = cases.iter().map(|case| {
                let label = match &case.alias {
                    Some(alias) => alias.value.clone(),
                    None => context.reporter.text_of(case.condition.span),
                };
                let condition = bind_condition(context, &mut row, &case.condition)?;
                Ok((condition, Datum::text(label)))
            });
            let cases = cases.collect::<Result<_, Diagnostic>>()?;
            let fallback = match fallback {
                Some(expr) => Some(bind_value(context, &mut row, expr)?),
                None => None,
            };
            (context.reporter.text_of(item.span).into(), FacetRule::Cases { cases, fallback })
        }
        FacetKind::In { attribute, values } => {
            let members = values.iter().map(|value| bind_constant(context, value));
            let members = members.collect::<Result<_, _>>()?;
            let node = bind_value(context, &mut row, attribute)?;
            (expression_key(context, attribute), FacetRule::Members { node, members })
        }
    };
    let name = item.alias.as_ref().map_or(default_name, |alias| alias.value.as_str().into());
    Ok(FacetItem { name, rule })
}

fn is_named(call: &Call, name: &str) -> bool {
    call.name.text.eq_ignore_ascii_case(name)
}

/// `buckets(attribute, ceiling, n)`: the label of the range that holds the value.
fn bind_buckets(
    context: &Context<'_>,
    mut row: RowLevel<'_>,
    call: &Call,
) -> Result<Node<RowLeaf>, Diagnostic> {
    let arguments = expect_arguments(context, call, 1..=3)?;
    let ceiling = match arguments.get(1) {
        Some(expr) => above_zero(context, expr)?,
        None => HISTOGRAM_CEILING,
    };
    let count = match arguments.get(2) {
        Some(expr) => bucket_count(context, expr)?,
        None => HISTOGRAM_BUCKETS,
    };
    let subject = Box::new(bind_value(context, &mut row, arguments[0])?);
    Ok(Node::Apply { subject, compiled: Arc::new(BucketLabels::new(ceiling, count)) })
}

/// `FACET … ORDER BY`: an aggregate, or the alias of one in SELECT.
fn ordered_selection(
    context: &Context<'_>,
    row: RowLevel<'_>,
    order: &OrderItem,
    select: &[SelectItem],
) -> Result<Selection, Diagnostic> {
    let expr = selected_as(&order.expr, select).unwrap_or(&order.expr);
    if !has_aggregator(expr) {
        let message = "FACET … ORDER BY needs an aggregator";
        let error = context.reporter.error(problem::ARGUMENTS, message, order.span);
        return Err(error.with_help("write for example ORDER BY max(consumerLag)"));
    }
    let mut level = GroupLevel::new(row);
    let node = bind_value(context, &mut level, expr)?;
    let keeps_smallest = order.direction == Some(Direction::Ascending);
    Ok(Selection { aggregates: level.aggregates, node, keeps_smallest })
}

fn selected_as<'q>(expr: &Expr, select: &'q [SelectItem]) -> Option<&'q Expr> {
    let ExprKind::Attribute(name) = &expr.kind else { return None };
    let is_named = |item: &&SelectItem| item.alias.as_ref().is_some_and(|a| a.value == name.text);
    select.iter().find(is_named).map(|item| &item.expr)
}

/// The first aggregate decides: sums by sum, averages and percentiles by average, `max` and `min`
/// by themselves, anything else by the number of rows it takes.
fn default_selection(shown: &Shown<'_>) -> Selection {
    let first = shown.columns.first().and_then(|column| first_aggregate(&column.node));
    let mut aggregate = match first.and_then(|index| shown.aggregates.get(index)) {
        Some(aggregate) => aggregate.clone(),
        None => {
            Aggregate { function: AggregateFunction::Count, arguments: Vec::new(), condition: None }
        }
    };
    aggregate.function = match aggregate.function {
        AggregateFunction::Average | AggregateFunction::Percentile { .. } => {
            AggregateFunction::Average
        }
        function @ (AggregateFunction::Sum | AggregateFunction::Min | AggregateFunction::Max) => {
            function
        }
        _ => AggregateFunction::Count,
    };
    let keeps_smallest = aggregate.function == AggregateFunction::Min && MIN_KEEPS_SMALLEST;
    let leaf = GroupLeaf::Aggregate { index: 0, kind: Kind::Value };
    Selection { aggregates: vec![aggregate], node: Node::Leaf(leaf), keeps_smallest }
}

/// Aggregates are numbered in the order of the text.
fn first_aggregate(node: &Node<GroupLeaf>) -> Option<usize> {
    let mut first = None;
    node.for_each_leaf(&mut |leaf| {
        if let GroupLeaf::Aggregate { index, .. } = leaf {
            first = Some(first.map_or(*index, |known: usize| known.min(*index)));
        }
    });
    first
}

/// Names of the groups' columns in an inner query.
pub fn facet_names(facet: Option<&FacetPlan>) -> impl Iterator<Item = &Arc<str>> {
    facet.into_iter().flat_map(|facet| facet.items.iter().map(|item| &item.name))
}
