//! Aggregators about who and what there is: distinct values, series, steps.

use std::sync::Arc;

use weir_nrql::ast::{Argument, Call, ExprKind, Literal, NamedValue};
use weir_types::Diagnostic;

use super::Context;
use super::aggregator::{aggregate, bind_argument, expect_arguments, take_named, where_present};
use super::constant::bind_number;
use super::expression::bind_condition;
use super::level::GroupLevel;
use crate::aggregate::{Aggregate, AggregateFunction};
use crate::decision::{UNIQUES_LIMIT, UNIQUES_LIMIT_MAX};
use crate::metric;
use crate::node::{DimensionFilter, Node, RowLeaf};
use crate::problem;

/// Most attributes of `uniqueCount`.
const UNIQUE_ATTRIBUTES_MAX: usize = 32;
/// Most steps of `funnel`.
const FUNNEL_STEPS_MAX: usize = 10;

/// Distinct series: of one metric, or of all with their names.
pub fn bind_cardinality(
    context: &Context<'_>,
    level: &mut GroupLevel<'_>,
    call: &Call,
) -> Result<Aggregate, Diagnostic> {
    let (plain, filter) = bind_dimension_filter(context, call)?;
    let arguments = expect_arguments(context, &plain, 0..=1)?;
    let dimensions = Node::Leaf(RowLeaf::Dimensions(filter));
    let series = match arguments.first() {
        Some(metric) => where_present(bind_argument(context, level, metric)?, dimensions),
        None if level.row.has_metrics => {
            let name = Node::Leaf(RowLeaf::Attribute(metric::NAME.into()));
            Node::Tuple(vec![name, dimensions])
        }
        None => dimensions,
    };
    let function = AggregateFunction::UniqueCount;
    Ok(Aggregate { function, arguments: vec![series], condition: None })
}

/// The call without `include: {…}` and `exclude: {…}`, and what they say.
pub fn bind_dimension_filter(
    context: &Context<'_>,
    call: &Call,
) -> Result<(Call, DimensionFilter), Diagnostic> {
    let mut plain = Call { arguments: Vec::new(), ..call.clone() };
    let mut filter = DimensionFilter::All;
    for argument in &call.arguments {
        let Argument::Named { name, value, span } = argument else {
            plain.arguments.push(argument.clone());
            continue;
        };
        let NamedValue::Set(members) = value else {
            let message = format!("`{}` takes a set of names", name.text);
            let error = context.reporter.error(problem::ARGUMENTS, message, *span);
            return Err(
                error.with_help(format!("write for example {}: {{host, topic}}", name.text))
            );
        };
        let names = members.iter().map(|member| match &member.kind {
            ExprKind::Attribute(name) => Ok(name.text.clone()),
            ExprKind::Literal(Literal::Str(text)) => Ok(text.clone()),
            _ => {
                let message = "a member of a set is a name";
                Err(context.reporter.error(problem::ARGUMENTS, message, member.span))
            }
        });
        let names = names.collect::<Result<Vec<_>, _>>()?;
        filter = match name.text.eq_ignore_ascii_case("exclude") {
            true => DimensionFilter::Without(names),
            false => DimensionFilter::Only(names),
        };
    }
    Ok((plain, filter))
}

/// The id, then a condition a step.
pub fn bind_funnel(
    context: &Context<'_>,
    level: &mut GroupLevel<'_>,
    call: &Call,
) -> Result<Aggregate, Diagnostic> {
    let wrong = || {
        let message = format!("`funnel` takes an attribute and 2 to {FUNNEL_STEPS_MAX} steps");
        let error = context.reporter.error(problem::ARGUMENTS, message, call.span);
        error.with_help("write for example funnel(session, WHERE a = 1 AS 'first', WHERE b = 1)")
    };
    let Some((Argument::Expr(id), steps)) = call.arguments.split_first() else {
        return Err(wrong());
    };
    if !(2..=FUNNEL_STEPS_MAX).contains(&steps.len()) {
        return Err(wrong());
    }
    let mut arguments = vec![bind_argument(context, level, id)?];
    let mut names: Vec<Arc<str>> = Vec::new();
    for step in steps {
        let Argument::Where(case) = step else { return Err(wrong()) };
        arguments.push(bind_condition(context, &mut level.row, &case.condition)?);
        names.push(match &case.alias {
            Some(alias) => alias.value.as_str().into(),
            None => context.reporter.text_of(case.condition.span).into(),
        });
    }
    let function = AggregateFunction::Funnel { steps: names.into() };
    Ok(Aggregate { function, arguments, condition: None })
}

/// `precision:` has no effect: the count is exact.
pub fn bind_unique_count(
    context: &Context<'_>,
    level: &mut GroupLevel<'_>,
    call: &Call,
) -> Result<Aggregate, Diagnostic> {
    let (plain, _) = take_named(call, &["precision"]);
    let arguments = expect_arguments(context, &plain, 1..=UNIQUE_ATTRIBUTES_MAX)?;
    aggregate(context, level, AggregateFunction::UniqueCount, &arguments)
}

pub fn bind_uniques(
    context: &Context<'_>,
    level: &mut GroupLevel<'_>,
    call: &Call,
) -> Result<Aggregate, Diagnostic> {
    let arguments = expect_arguments(context, call, 1..=2)?;
    let limit = match arguments.get(1) {
        None => UNIQUES_LIMIT,
        Some(expr) => {
            let limit = bind_number(context, expr)?;
            if !(1.0..=UNIQUES_LIMIT_MAX as f64).contains(&limit) {
                let message = format!("uniques lists 1 to {UNIQUES_LIMIT_MAX} values");
                return Err(context.reporter.error(problem::NOT_CONSTANT, message, expr.span));
            }
            limit as usize
        }
    };
    aggregate(context, level, AggregateFunction::Uniques { limit }, &arguments[..1])
}
