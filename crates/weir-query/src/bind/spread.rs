//! Aggregators about how values spread: percentiles, histograms, Apdex.

use std::sync::Arc;

use weir_nrql::ast::{Call, Expr};
use weir_types::Diagnostic;

use super::Context;
use super::aggregator::{aggregate, bind_argument, expect_arguments, take_named};
use super::constant::bind_number;
use super::level::GroupLevel;
use crate::aggregate::{Aggregate, AggregateFunction};
use crate::decision::{
    APDEX_THRESHOLD, HISTOGRAM_BUCKETS, HISTOGRAM_BUCKETS_MAX, HISTOGRAM_CEILING, PERCENT_DEFAULT,
};
use crate::node::{Node, RowLeaf};
use crate::problem;

pub fn bind_percentile(
    context: &Context<'_>,
    level: &mut GroupLevel<'_>,
    call: &Call,
) -> Result<Aggregate, Diagnostic> {
    let arguments = expect_arguments(context, call, 1..=usize::MAX)?;
    let thresholds = bind_percents(context, &arguments[1..])?;
    aggregate(context, level, AggregateFunction::Percentile { thresholds }, &arguments[..1])
}

/// The upper bound of a bucket, as Prometheus calls it.
const UPPER_BOUND: &str = "le";

/// Beside the count the upper bound of its bucket.
pub fn bind_bucket_percentile(
    context: &Context<'_>,
    level: &mut GroupLevel<'_>,
    call: &Call,
) -> Result<Aggregate, Diagnostic> {
    let arguments = expect_arguments(context, call, 1..=usize::MAX)?;
    let thresholds = bind_percents(context, &arguments[1..])?;
    let count = bind_argument(context, level, arguments[0])?;
    let bound = Node::Leaf(RowLeaf::Attribute(UPPER_BOUND.into()));
    let function = AggregateFunction::BucketPercentile { thresholds };
    Ok(Aggregate { function, arguments: vec![count, bound], condition: None })
}

pub fn bind_cdf_percentage(
    context: &Context<'_>,
    level: &mut GroupLevel<'_>,
    call: &Call,
) -> Result<Aggregate, Diagnostic> {
    let arguments = expect_arguments(context, call, 2..=usize::MAX)?;
    let thresholds = arguments[1..].iter().map(|expr| bind_number(context, expr));
    let thresholds = thresholds.collect::<Result<Arc<[f64]>, _>>()?;
    aggregate(context, level, AggregateFunction::CdfPercentage { thresholds }, &arguments[..1])
}

/// `apdex(x, t: 0.5)` and `apdex(x, 0.5)`.
pub fn bind_apdex(
    context: &Context<'_>,
    level: &mut GroupLevel<'_>,
    call: &Call,
) -> Result<Aggregate, Diagnostic> {
    let (plain, named) = take_named(call, &["t"]);
    let arguments = expect_arguments(context, &plain, 1..=2)?;
    let threshold = match named.or(arguments.get(1).copied()) {
        Some(expr) => above_zero(context, expr)?,
        None => APDEX_THRESHOLD,
    };
    aggregate(context, level, AggregateFunction::Apdex { threshold }, &arguments[..1])
}

/// By position the range that is covered, the buckets, the start; by name the width of a bucket.
pub fn bind_histogram(
    context: &Context<'_>,
    level: &mut GroupLevel<'_>,
    call: &Call,
) -> Result<Aggregate, Diagnostic> {
    let (plain, width) = take_named(call, &["width"]);
    let (plain, buckets) = take_named(&plain, &["buckets"]);
    let (buckets, plain) = (buckets.cloned(), plain.clone());
    let (plain, start) = take_named(&plain, &["start"]);
    let arguments = expect_arguments(context, &plain, 1..=4)?;
    let buckets = match buckets.as_ref().or(arguments.get(2).copied()) {
        Some(expr) => bucket_count(context, expr)?,
        None => HISTOGRAM_BUCKETS,
    };
    let width = match (width, arguments.get(1)) {
        (Some(expr), _) => above_zero(context, expr)?,
        (None, Some(expr)) => above_zero(context, expr)? / buckets as f64,
        (None, None) => HISTOGRAM_CEILING / HISTOGRAM_BUCKETS as f64,
    };
    let start = match start.or(arguments.get(3).copied()) {
        Some(expr) => bind_number(context, expr)?,
        None => 0.0,
    };
    let function = AggregateFunction::Histogram { start, width, buckets };
    let mut histogram = aggregate(context, level, function, &arguments[..1])?;
    if level.row.has_metrics {
        histogram.arguments.push(Node::Leaf(RowLeaf::Attribute(UPPER_BOUND.into())));
    }
    Ok(histogram)
}

/// The number of buckets of a histogram or of `FACET buckets(…)`.
pub fn bucket_count(context: &Context<'_>, expr: &Expr) -> Result<usize, Diagnostic> {
    let count = bind_number(context, expr)?;
    if count.fract() == 0.0 && (1.0..=HISTOGRAM_BUCKETS_MAX as f64).contains(&count) {
        return Ok(count as usize);
    }
    let message = format!("{count} is no number of buckets from 1 to {HISTOGRAM_BUCKETS_MAX}");
    Err(context.reporter.error(problem::NOT_CONSTANT, message, expr.span))
}

pub fn above_zero(context: &Context<'_>, expr: &Expr) -> Result<f64, Diagnostic> {
    let number = bind_number(context, expr)?;
    if number > 0.0 {
        return Ok(number);
    }
    let message = format!("{number} is not above 0");
    Err(context.reporter.error(problem::NOT_CONSTANT, message, expr.span))
}

fn bind_percents(context: &Context<'_>, written: &[&Expr]) -> Result<Arc<[f64]>, Diagnostic> {
    let mut percents = Vec::new();
    for expr in written {
        let percent = bind_number(context, expr)?;
        if !(0.0..=100.0).contains(&percent) {
            let message = format!("percentile {percent} is not between 0 and 100");
            return Err(context.reporter.error(problem::NOT_CONSTANT, message, expr.span));
        }
        percents.push(percent);
    }
    if percents.is_empty() {
        percents.push(PERCENT_DEFAULT);
    }
    Ok(percents.into())
}
