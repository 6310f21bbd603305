//! Calls of aggregators, and of `rate`, `filter` and `percentage` around them.

use std::ops::RangeInclusive;
use std::sync::Arc;

use weir_nrql::ast::{Argument, Call, Case, Expr, ExprKind, Literal, NamedValue};
use weir_types::Diagnostic;

use super::Context;
use super::constant::bind_millis;
use super::expression::{bind_condition, bind_value, no_such_function};
use super::level::GroupLevel;
use super::{sets, spread};
use crate::aggregate::{Aggregate, AggregateFunction};
use crate::datum::Datum;
use crate::decision::{AGGREGATES_MAX, DERIVATIVE_MILLIS};
use crate::function::Settings;
use crate::function::numeric::SHARE;
use crate::node::{ArithmeticOp, GroupLeaf, Node, Presence, RowLeaf};
use crate::problem;

pub fn is_aggregator(name: &str) -> bool {
    weir_nrql::function::function(name).is_some_and(|function| function.is_aggregator())
}

/// As columns write it, for example `uniqueCount`.
pub fn canonical_name(name: &str) -> Option<&'static str> {
    weir_nrql::function::function(name).map(|function| function.name)
}

/// Whether the expression holds an aggregator at its own level.
pub fn has_aggregator(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Call(call) => {
            let inside = call.arguments.iter().any(|argument| match argument {
                Argument::Expr(expr) => has_aggregator(expr),
                Argument::Where(_) | Argument::Named { .. } => false,
            });
            inside || is_aggregator(&call.name.text)
        }
        ExprKind::Negate(operand) | ExprKind::Not(operand) => has_aggregator(operand),
        ExprKind::Binary { left, right, .. } => has_aggregator(left) || has_aggregator(right),
        ExprKind::Is { expr, .. }
        | ExprKind::In { expr, .. }
        | ExprKind::Like { expr, .. }
        | ExprKind::Field { expr, .. } => has_aggregator(expr),
        ExprKind::Literal(_)
        | ExprKind::Attribute(_)
        | ExprKind::Star
        | ExprKind::Duration(_)
        | ExprKind::Subquery(_) => false,
    }
}

/// The plain arguments of a call, their number checked.
pub fn expect_arguments<'c>(
    context: &Context<'_>,
    call: &'c Call,
    allowed: RangeInclusive<usize>,
) -> Result<Vec<&'c Expr>, Diagnostic> {
    let mut plain = Vec::new();
    for argument in &call.arguments {
        match argument {
            Argument::Expr(expr) => plain.push(expr),
            Argument::Where(case) => {
                let message = format!("`{}` takes no WHERE", call.name.text);
                return Err(context.reporter.error(problem::ARGUMENTS, message, case.span));
            }
            Argument::Named { name, span, .. } => {
                let message = format!("`{}` has no argument `{}`", call.name.text, name.text);
                let code = problem::UNKNOWN_NAMED_ARGUMENT;
                return Err(context.reporter.error(code, message, *span));
            }
        }
    }
    if allowed.contains(&plain.len()) {
        return Ok(plain);
    }
    let (least, most) = (allowed.start(), allowed.end());
    let takes = if least == most { least.to_string() } else { format!("{least} to {most}") };
    let message =
        format!("`{}` takes {takes} arguments and was given {}", call.name.text, plain.len());
    Err(context.reporter.error(problem::ARGUMENTS, message, call.span))
}

/// The call without its named arguments of these names, and the value of the last of them.
pub fn take_named<'c>(call: &'c Call, names: &[&str]) -> (Call, Option<&'c Expr>) {
    let mut plain = Call { arguments: Vec::new(), ..call.clone() };
    let mut taken = None;
    for argument in &call.arguments {
        match argument {
            Argument::Named { name, value: NamedValue::Expr(expr), .. }
                if names.iter().any(|known| known.eq_ignore_ascii_case(&name.text)) =>
            {
                taken = Some(expr);
            }
            other => plain.arguments.push(other.clone()),
        }
    }
    (plain, taken)
}

pub fn bind_call(
    context: &Context<'_>,
    level: &mut GroupLevel<'_>,
    call: &Call,
) -> Result<Node<GroupLeaf>, Diagnostic> {
    if level.aggregates.len() >= AGGREGATES_MAX {
        let message = format!("a query computes {AGGREGATES_MAX} aggregates at most");
        return Err(context.reporter.error(problem::TOO_LARGE, message, call.span));
    }
    match canonical_name(&call.name.text) {
        Some("rate") => bind_rate(context, level, call),
        Some("filter") => bind_filter(context, level, call),
        Some("percentage") => bind_percentage(context, level, call),
        Some("aggregationEndTime") => {
            expect_arguments(context, call, 0..=0)?;
            Ok(Node::Leaf(GroupLeaf::BucketEnd))
        }
        name => {
            let aggregate = bind_aggregate(context, level, call, name.unwrap_or_default())?;
            Ok(level.add(aggregate))
        }
    }
}

/// The aggregate, scaled from the length of the bucket to the length asked for.
fn bind_rate(
    context: &Context<'_>,
    level: &mut GroupLevel<'_>,
    call: &Call,
) -> Result<Node<GroupLeaf>, Diagnostic> {
    let arguments = expect_arguments(context, call, 1..=2)?;
    let millis = expect_length(context, call, &arguments)?;
    let inner = bind_value(context, level, arguments[0])?;
    let scaled = arithmetic(ArithmeticOp::Multiply, inner, Node::Constant(Datum::Int(millis)));
    Ok(arithmetic(ArithmeticOp::Divide, scaled, Node::Leaf(GroupLeaf::BucketMillis)))
}

/// The condition goes into every aggregate of the first argument.
fn bind_filter(
    context: &Context<'_>,
    level: &mut GroupLevel<'_>,
    call: &Call,
) -> Result<Node<GroupLeaf>, Diagnostic> {
    let (inner, case) = expect_filtered(context, call)?;
    bind_under(context, level, inner, case)
}

/// The filtered aggregate as a share of the unfiltered one; null where there is nothing.
fn bind_percentage(
    context: &Context<'_>,
    level: &mut GroupLevel<'_>,
    call: &Call,
) -> Result<Node<GroupLeaf>, Diagnostic> {
    let (inner, case) = expect_filtered(context, call)?;
    let all = bind_value(context, level, inner)?;
    let matched = bind_under(context, level, inner, case)?;
    let settings = Settings { zone: context.anchor.zone.clone(), named: Datum::Null };
    Ok(Node::Call { function: &SHARE, arguments: vec![matched, all], settings })
}

fn bind_under(
    context: &Context<'_>,
    level: &mut GroupLevel<'_>,
    inner: &Expr,
    case: &Case,
) -> Result<Node<GroupLeaf>, Diagnostic> {
    let condition = bind_condition(context, &mut level.row, &case.condition)?;
    level.conditions.push(condition);
    let node = bind_value(context, level, inner);
    level.conditions.pop();
    node
}

fn expect_filtered<'c>(
    context: &Context<'_>,
    call: &'c Call,
) -> Result<(&'c Expr, &'c Case), Diagnostic> {
    match call.arguments.as_slice() {
        [Argument::Expr(inner), Argument::Where(case)] if has_aggregator(inner) => {
            Ok((inner, case))
        }
        _ => {
            let name = &call.name.text;
            let message = format!("`{name}` takes an aggregator and a WHERE");
            let help = format!("write for example {name}(count(*), WHERE lagStatus = 'WARN')");
            Err(context.reporter.error(problem::ARGUMENTS, message, call.span).with_help(help))
        }
    }
}

fn bind_aggregate(
    context: &Context<'_>,
    level: &mut GroupLevel<'_>,
    call: &Call,
    name: &str,
) -> Result<Aggregate, Diagnostic> {
    let mut one = |function| {
        let arguments = expect_arguments(context, call, 1..=1)?;
        aggregate(context, level, function, &arguments)
    };
    match name {
        "count" => bind_count(context, level, call),
        "sum" => one(AggregateFunction::Sum),
        "average" => one(AggregateFunction::Average),
        "min" => one(AggregateFunction::Min),
        "max" => one(AggregateFunction::Max),
        "latest" => one(AggregateFunction::Latest),
        "earliest" => one(AggregateFunction::Earliest),
        "stddev" => one(AggregateFunction::StandardDeviation),
        "stdvar" => one(AggregateFunction::Variance),
        "median" => one(AggregateFunction::Percentile { thresholds: Arc::new([50.0]) }),
        "percentile" => spread::bind_percentile(context, level, call),
        "histogram" => spread::bind_histogram(context, level, call),
        "bucketPercentile" => spread::bind_bucket_percentile(context, level, call),
        "cdfPercentage" => spread::bind_cdf_percentage(context, level, call),
        "apdex" => spread::bind_apdex(context, level, call),
        "funnel" => sets::bind_funnel(context, level, call),
        "cardinality" => sets::bind_cardinality(context, level, call),
        "keyset" => {
            expect_arguments(context, call, 0..=0)?;
            Ok(of_leaf(AggregateFunction::KeySet, RowLeaf::Columns))
        }
        "byteCountEstimate" => {
            expect_arguments(context, call, 0..=0)?;
            Ok(of_leaf(AggregateFunction::Sum, RowLeaf::SizeBytes))
        }
        "datapointCount" => {
            expect_arguments(context, call, 0..=0)?;
            aggregate(context, level, AggregateFunction::Count, &[])
        }
        "uniqueCount" => sets::bind_unique_count(context, level, call),
        "uniques" => sets::bind_uniques(context, level, call),
        "derivative" | "predictLinear" | "latestRate" => bind_over_time(context, level, call, name),
        _ => Err(no_such_function(context, call)),
    }
}

pub fn aggregate(
    context: &Context<'_>,
    level: &mut GroupLevel<'_>,
    function: AggregateFunction,
    arguments: &[&Expr],
) -> Result<Aggregate, Diagnostic> {
    let arguments = arguments.iter().map(|argument| bind_argument(context, level, argument));
    Ok(Aggregate { function, arguments: arguments.collect::<Result<_, _>>()?, condition: None })
}

/// An aggregate that reads something of the row itself.
fn of_leaf(function: AggregateFunction, leaf: RowLeaf) -> Aggregate {
    Aggregate { function, arguments: vec![Node::Leaf(leaf)], condition: None }
}

/// A string names an attribute here.
pub fn bind_argument(
    context: &Context<'_>,
    level: &mut GroupLevel<'_>,
    expr: &Expr,
) -> Result<Node<RowLeaf>, Diagnostic> {
    match &expr.kind {
        ExprKind::Literal(Literal::Str(name)) => {
            Ok(Node::Leaf(RowLeaf::Attribute(name.as_str().into())))
        }
        _ => bind_value(context, &mut level.row, expr),
    }
}

/// `count(*)` and `count(1)` count rows.
fn bind_count(
    context: &Context<'_>,
    level: &mut GroupLevel<'_>,
    call: &Call,
) -> Result<Aggregate, Diagnostic> {
    let arguments = expect_arguments(context, call, 1..=1)?;
    let counts_rows = matches!(
        arguments[0].kind,
        ExprKind::Star | ExprKind::Literal(Literal::Int(_) | Literal::Float(_) | Literal::Bool(_))
    );
    if level.row.has_metrics {
        // The observations behind the points, not the points.
        let weight = Node::Leaf(RowLeaf::Weight);
        let weight = match counts_rows {
            true => weight,
            false => where_present(bind_argument(context, level, arguments[0])?, weight),
        };
        let function = AggregateFunction::Sum;
        return Ok(Aggregate { function, arguments: vec![weight], condition: None });
    }
    let arguments = if counts_rows { &[] } else { &arguments[..] };
    aggregate(context, level, AggregateFunction::Count, arguments)
}

pub fn where_present(subject: Node<RowLeaf>, then: Node<RowLeaf>) -> Node<RowLeaf> {
    let is_there = Node::Is { subject: Box::new(subject), what: Presence::Null, negated: true };
    Node::If {
        condition: Box::new(is_there),
        then: Box::new(then),
        otherwise: Box::new(Node::Constant(Datum::Null)),
    }
}

fn bind_over_time(
    context: &Context<'_>,
    level: &mut GroupLevel<'_>,
    call: &Call,
    name: &str,
) -> Result<Aggregate, Diagnostic> {
    let arguments = expect_arguments(context, call, 1..=2)?;
    let millis = match (name, arguments.get(1)) {
        ("derivative", None) => DERIVATIVE_MILLIS,
        _ => expect_length(context, call, &arguments)?,
    };
    let function = match name {
        "derivative" => AggregateFunction::Derivative { per_millis: millis },
        "predictLinear" => AggregateFunction::PredictLinear { ahead_millis: millis },
        _ => AggregateFunction::LatestRate { per_millis: millis },
    };
    aggregate(context, level, function, &arguments[..1])
}

/// The second argument, without which these functions would need a guess.
fn expect_length(
    context: &Context<'_>,
    call: &Call,
    arguments: &[&Expr],
) -> Result<i64, Diagnostic> {
    match arguments.get(1) {
        Some(expr) => bind_millis(context, expr),
        None => {
            let message = format!("`{}` needs a length of time", call.name.text);
            let error = context.reporter.error(problem::ARGUMENTS, message, call.span);
            Err(error.with_help(format!("write for example {}(…, 1 minute)", call.name.text)))
        }
    }
}

fn arithmetic(op: ArithmeticOp, left: Node<GroupLeaf>, right: Node<GroupLeaf>) -> Node<GroupLeaf> {
    Node::Arithmetic { op, left: Box::new(left), right: Box::new(right) }
}
