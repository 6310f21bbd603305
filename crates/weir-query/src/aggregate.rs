//! Aggregates: many rows in, one value out. Nothing is sampled, and only what would not fit is
//! sketched, which the answer says; the order of rows shows in the last digits of floats at most.

mod apdex;
mod average;
mod count;
mod deviation;
mod edge;
mod extreme;
mod funnel;
mod histogram;
mod keys;
mod percentile;
mod regression;
mod sketch;
mod sum;
mod unique;

use std::sync::Arc;

use weir_store::Rollup;
use weir_types::{QueryError, TimeRange};

use crate::budget::Budget;
use crate::datum::Datum;
use crate::node::{Kind, Node, RowLeaf, Scope};
use crate::rolled::{ends, place, stretches};
use crate::spread::Stretch;

/// What is computed, with its settings.
#[derive(Debug, Clone, PartialEq)]
pub enum AggregateFunction {
    /// Rows, or with an argument the rows where it is not null.
    Count,
    Sum,
    Average,
    Min,
    Max,
    Latest,
    Earliest,
    LatestRate {
        per_millis: i64,
    },
    UniqueCount,
    Uniques {
        limit: usize,
    },
    /// Thresholds in the order they were written, 0 to 100.
    Percentile {
        thresholds: Arc<[f64]>,
    },
    StandardDeviation,
    Variance,
    Derivative {
        per_millis: i64,
    },
    PredictLinear {
        ahead_millis: i64,
    },
    /// Counts of `buckets` ranges of one width.
    Histogram {
        start: f64,
        width: f64,
        buckets: usize,
    },
    CdfPercentage {
        thresholds: Arc<[f64]>,
    },
    /// Of a count and the upper bound of its bucket.
    BucketPercentile {
        thresholds: Arc<[f64]>,
    },
    /// The threshold is in the unit of the values.
    Apdex {
        threshold: f64,
    },
    /// Of an id and a condition a step; the names of the steps.
    Funnel {
        steps: Arc<[Arc<str>]>,
    },
    /// Of the row's columns.
    KeySet,
}

impl AggregateFunction {
    /// As a query writes it.
    pub fn name(&self) -> &'static str {
        match self {
            AggregateFunction::Count => "count",
            AggregateFunction::Sum => "sum",
            AggregateFunction::Average => "average",
            AggregateFunction::Min => "min",
            AggregateFunction::Max => "max",
            AggregateFunction::Latest => "latest",
            AggregateFunction::Earliest => "earliest",
            AggregateFunction::LatestRate { .. } => "latestRate",
            AggregateFunction::UniqueCount => "uniqueCount",
            AggregateFunction::Uniques { .. } => "uniques",
            AggregateFunction::Percentile { .. } => "percentile",
            AggregateFunction::StandardDeviation => "stddev",
            AggregateFunction::Variance => "stdvar",
            AggregateFunction::Derivative { .. } => "derivative",
            AggregateFunction::PredictLinear { .. } => "predictLinear",
            AggregateFunction::Histogram { .. } => "histogram",
            AggregateFunction::CdfPercentage { .. } => "cdfPercentage",
            AggregateFunction::BucketPercentile { .. } => "bucketPercentile",
            AggregateFunction::Apdex { .. } => "apdex",
            AggregateFunction::Funnel { .. } => "funnel",
            AggregateFunction::KeySet => "keyset",
        }
    }

    /// Up to where the value is exact, and how far it may be off beyond; `None` where it always is.
    pub fn exactness(&self) -> Option<&'static str> {
        match self {
            AggregateFunction::Percentile { .. } => Some(percentile::EXACTNESS),
            AggregateFunction::UniqueCount => Some(unique::EXACTNESS),
            _ => None,
        }
    }

    pub fn kind(&self) -> Kind {
        match self {
            AggregateFunction::Latest | AggregateFunction::Earliest => Kind::Unknown,
            _ => Kind::Value,
        }
    }
}

/// One aggregate of a plan: its arguments for each row, and the rows it takes.
#[derive(Debug, Clone)]
pub struct Aggregate {
    pub function: AggregateFunction,
    pub arguments: Vec<Node<RowLeaf>>,
    /// From `filter` and `percentage`.
    pub condition: Option<Node<RowLeaf>>,
}

impl Aggregate {
    /// The arguments for one row, `None` when the condition does not hold.
    pub fn values(&self, row: &dyn Scope<RowLeaf>) -> Option<Vec<Datum>> {
        let holds = self.condition.as_ref().is_none_or(|condition| condition.holds(row));
        holds.then(|| self.arguments.iter().map(|a| a.evaluate(row)).collect())
    }

    /// What an accumulator of it holds before it has seen anything.
    pub fn own_bytes(&self) -> usize {
        match &self.function {
            AggregateFunction::Histogram { buckets, .. } => buckets * size_of::<f64>(),
            _ => 0,
        }
    }

    pub fn accumulator(&self) -> Box<dyn Accumulator> {
        match &self.function {
            AggregateFunction::Count => Box::new(count::Count::default()),
            AggregateFunction::Sum => Box::new(sum::Sum::default()),
            AggregateFunction::Average => Box::new(average::Average::default()),
            AggregateFunction::Min => Box::new(extreme::Extreme::min()),
            AggregateFunction::Max => Box::new(extreme::Extreme::max()),
            AggregateFunction::Latest => Box::new(edge::Edge::latest()),
            AggregateFunction::Earliest => Box::new(edge::Edge::earliest()),
            AggregateFunction::LatestRate { per_millis } => {
                Box::new(edge::LatestRate::new(*per_millis))
            }
            AggregateFunction::UniqueCount => Box::new(unique::UniqueCount::default()),
            AggregateFunction::Uniques { limit } => Box::new(unique::Uniques::new(*limit)),
            AggregateFunction::Percentile { thresholds } => {
                Box::new(percentile::Percentile::new(thresholds.clone()))
            }
            AggregateFunction::StandardDeviation => {
                Box::new(deviation::Deviation::standard_deviation())
            }
            AggregateFunction::Variance => Box::new(deviation::Deviation::variance()),
            AggregateFunction::Derivative { per_millis } => {
                Box::new(regression::Derivative::new(*per_millis))
            }
            AggregateFunction::PredictLinear { ahead_millis } => {
                Box::new(regression::PredictLinear::new(*ahead_millis))
            }
            AggregateFunction::Histogram { start, width, buckets } => {
                Box::new(histogram::Histogram::new(*start, *width, *buckets))
            }
            AggregateFunction::CdfPercentage { thresholds } => {
                Box::new(histogram::CdfPercentage::new(thresholds.clone()))
            }
            AggregateFunction::BucketPercentile { thresholds } => {
                Box::new(histogram::BucketPercentile::new(thresholds.clone()))
            }
            AggregateFunction::Apdex { threshold } => Box::new(apdex::Apdex::new(*threshold)),
            AggregateFunction::Funnel { steps } => Box::new(funnel::Funnel::new(steps.clone())),
            AggregateFunction::KeySet => Box::new(keys::KeySet::default()),
        }
    }
}

/// One row as an aggregate sees it.
#[derive(Debug, Clone, Copy)]
pub struct Observation<'a> {
    pub values: &'a [Datum],
    /// Epoch milliseconds.
    pub timestamp: i64,
    /// Breaks ties of `timestamp`.
    pub sequence: u64,
    /// The row's roll-up: plain values are those of each of its events.
    pub rollup: Option<&'a Rollup>,
}

impl Observation<'_> {
    fn first(&self) -> &Datum {
        self.values.first().unwrap_or(&Datum::Null)
    }

    /// Events behind the row.
    fn weight(&self) -> u64 {
        self.rollup.map_or(1, |rollup| rollup.events)
    }

    /// Where the row's last event stands, and its first.
    fn places(&self) -> [(i64, u64); 2] {
        let last = (self.timestamp, self.sequence);
        [last, self.rollup.map_or(last, |rollup| place(rollup.first))]
    }

    /// The number at the points in time that are known of it: one of a row that stands for itself,
    /// else the earliest and the latest.
    fn points(&self) -> Vec<((i64, u64), f64)> {
        let ends = match self.first() {
            Datum::Rolled(numbers) => ends(numbers).map_or_else(Vec::new, Vec::from),
            value => {
                let places = self.places().into_iter().rev();
                places.map(|place| (place, value.clone())).collect()
            }
        };
        let mut points: Vec<((i64, u64), f64)> =
            ends.into_iter().filter_map(|(at, value)| Some((at, value.as_f64()?))).collect();
        points.dedup();
        points
    }

    /// The numbers behind the value and how often each was observed: one of a number, several of a
    /// distribution, none of anything else.
    fn observations(&self) -> Vec<Stretch> {
        match self.first() {
            Datum::Metric(point) => point.observations(),
            Datum::Rolled(numbers) => stretches(numbers),
            other => {
                let stretch = |number| Stretch::at(number, self.weight() as f64);
                other.as_f64().map(stretch).into_iter().collect()
            }
        }
    }
}

pub trait Accumulator {
    fn add(&mut self, observed: &Observation<'_>, budget: &mut Budget) -> Result<(), QueryError>;

    /// The value over what was added; `bucket` is the stretch of time it stands for.
    fn finish(&self, bucket: TimeRange) -> Datum;

    /// How far the value may be off, for the reader; `None` while it is exact.
    fn estimate(&self) -> Option<&'static str> {
        None
    }
}

#[cfg(test)]
use tests::{aggregate, aggregate_values};

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use weir_types::Timestamp;

    use super::*;
    use crate::budget::{Cancel, Limits};

    /// Adds `(timestamp, value)` in order and finishes over `[0, 60 s)`.
    pub(super) fn aggregate(function: AggregateFunction, rows: &[(i64, Datum)]) -> Datum {
        let spec = Aggregate { function, arguments: Vec::new(), condition: None };
        let mut accumulator = spec.accumulator();
        let limits = Limits::default();
        let timeout = Duration::from_secs(60);
        let mut budget = Budget::new(limits, Instant::now(), timeout, Cancel::default());
        for (sequence, (timestamp, value)) in (0..).zip(rows) {
            let values = std::slice::from_ref(value);
            let observed = Observation { values, timestamp: *timestamp, sequence, rollup: None };
            accumulator.add(&observed, &mut budget).unwrap();
        }
        let end = Timestamp::from_millis(60_000);
        accumulator.finish(TimeRange { begin: Timestamp::from_millis(0), end })
    }

    /// As [`aggregate`], a row a second.
    pub(super) fn aggregate_values(function: AggregateFunction, values: &[Datum]) -> Datum {
        let rows: Vec<_> = (0..).step_by(1_000).zip(values.iter().cloned()).collect();
        aggregate(function, &rows)
    }
}
