//! `histogram`, `cdfPercentage` and `bucketPercentile`: how values spread.

use std::collections::BTreeMap;
use std::sync::Arc;

use weir_types::{QueryError, TimeRange};

use super::{Accumulator, Observation, observations};
use crate::budget::Budget;
use crate::datum::Datum;

/// Counts of equal ranges; what lies outside goes into the first or last one.
pub struct Histogram {
    start: f64,
    width: f64,
    counts: Vec<f64>,
}

impl Histogram {
    pub fn new(start: f64, width: f64, buckets: usize) -> Self {
        Histogram { start, width, counts: vec![0.0; buckets] }
    }
}

impl Accumulator for Histogram {
    fn add(&mut self, observed: &Observation<'_>, _: &mut Budget) -> Result<(), QueryError> {
        for (value, count) in observations(observed.first()) {
            let place = ((value - self.start) / self.width).floor().max(0.0) as usize;
            let last = self.counts.len().saturating_sub(1);
            if let Some(bucket) = self.counts.get_mut(place.min(last)) {
                *bucket += count;
            }
        }
        Ok(())
    }

    fn finish(&self, _: TimeRange) -> Datum {
        Datum::List(self.counts.iter().map(|count| Datum::whole(*count)).collect())
    }
}

/// The share of values at or below each threshold, in percent; 0 over nothing.
pub struct CdfPercentage {
    thresholds: Arc<[f64]>,
    below: Vec<f64>,
    all: f64,
}

impl CdfPercentage {
    pub fn new(thresholds: Arc<[f64]>) -> Self {
        let below = vec![0.0; thresholds.len()];
        CdfPercentage { thresholds, below, all: 0.0 }
    }
}

impl Accumulator for CdfPercentage {
    fn add(&mut self, observed: &Observation<'_>, _: &mut Budget) -> Result<(), QueryError> {
        for (value, count) in observations(observed.first()) {
            self.all += count;
            for (threshold, below) in self.thresholds.iter().zip(&mut self.below) {
                *below += if value <= *threshold { count } else { 0.0 };
            }
        }
        Ok(())
    }

    fn finish(&self, _: TimeRange) -> Datum {
        let share = |below: f64| if self.all > 0.0 { below * 100.0 / self.all } else { 0.0 };
        let pairs = self.thresholds.iter().zip(&self.below);
        Datum::Percentiles(pairs.map(|(threshold, below)| (*threshold, share(*below))).collect())
    }
}

/// Percentiles out of cumulative `le` buckets, as Prometheus computes them: linear inside the
/// bucket that holds the rank. Null where there is no observation.
pub struct BucketPercentile {
    thresholds: Arc<[f64]>,
    /// Count by upper bound, in the order of the bits of a positive float.
    counts: BTreeMap<UpperBound, f64>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct UpperBound(f64);

impl Eq for UpperBound {}

impl Ord for UpperBound {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for UpperBound {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl BucketPercentile {
    pub fn new(thresholds: Arc<[f64]>) -> Self {
        BucketPercentile { thresholds, counts: BTreeMap::new() }
    }

    fn at(&self, percent: f64) -> Option<f64> {
        let total = *self.counts.values().last()?;
        let rank = total * percent / 100.0;
        let (mut lower, mut before) = (0.0, 0.0);
        for (UpperBound(upper), count) in &self.counts {
            if *count >= rank && *count > 0.0 {
                if upper.is_infinite() {
                    // Past the last bound nothing is known but the bound.
                    return (self.counts.len() > 1).then_some(lower);
                }
                let inside = count - before;
                let share = if inside > 0.0 { (rank - before) / inside } else { 1.0 };
                return Some(lower + (upper - lower) * share.clamp(0.0, 1.0));
            }
            (lower, before) = (*upper, *count);
        }
        None
    }
}

impl Accumulator for BucketPercentile {
    fn add(&mut self, observed: &Observation<'_>, budget: &mut Budget) -> Result<(), QueryError> {
        let (Some(value), Some(bound)) = (observed.values.first(), observed.values.get(1)) else {
            return Ok(());
        };
        let count = match value {
            Datum::Metric(point) => point.sum().as_f64(),
            other => other.as_f64(),
        };
        let bound = match bound {
            Datum::Str(text) => text.trim_start_matches('+').parse().ok(),
            other => other.as_f64(),
        };
        let (Some(count), Some(bound)) = (count, bound) else { return Ok(()) };
        let is_new = !self.counts.contains_key(&UpperBound(bound));
        budget.hold(if is_new { size_of::<(UpperBound, f64)>() } else { 0 })?;
        *self.counts.entry(UpperBound(bound)).or_default() += count;
        Ok(())
    }

    fn finish(&self, _: TimeRange) -> Datum {
        let pairs = self.thresholds.iter().map(|t| Some((*t, self.at(*t)?)));
        pairs.collect::<Option<Arc<[_]>>>().map_or(Datum::Null, Datum::Percentiles)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AggregateFunction, aggregate_values};
    use super::*;

    #[test]
    fn values_outside_go_to_the_edges() {
        let values = [-5, 0, 9, 10, 35, 400].map(Datum::Int);
        let function = AggregateFunction::Histogram { start: 0.0, width: 10.0, buckets: 3 };
        let counts = [3, 1, 2].map(Datum::Int);
        assert_eq!(aggregate_values(function.clone(), &values), Datum::List(counts.into()));
        let nothing = [0, 0, 0].map(Datum::Int);
        assert_eq!(aggregate_values(function, &[Datum::text("x")]), Datum::List(nothing.into()));
    }

    #[test]
    fn thresholds_are_inclusive() {
        let values = [1, 2, 3, 4].map(Datum::Int);
        let function = AggregateFunction::CdfPercentage { thresholds: [1.0, 3.5].into() };
        let expected = Datum::Percentiles([(1.0, 25.0), (3.5, 75.0)].into());
        assert_eq!(aggregate_values(function.clone(), &values), expected);
        let nothing = Datum::Percentiles([(1.0, 0.0), (3.5, 0.0)].into());
        assert_eq!(aggregate_values(function, &[]), nothing);
    }

    fn percentile(buckets: &[(f64, f64)], percent: f64) -> Option<f64> {
        let mut accumulator = BucketPercentile::new([percent].into());
        for (bound, count) in buckets {
            accumulator.counts.insert(UpperBound(*bound), *count);
        }
        accumulator.at(percent)
    }

    #[test]
    fn ranks_are_found_inside_their_bucket() {
        let buckets = [(0.1, 50.0), (0.5, 90.0), (1.0, 100.0), (f64::INFINITY, 100.0)];
        assert_eq!(percentile(&buckets, 50.0), Some(0.1));
        assert_eq!(percentile(&buckets, 25.0), Some(0.05));
        assert_eq!(percentile(&buckets, 95.0), Some(0.75));
        let open = [(1.0, 10.0), (f64::INFINITY, 20.0)];
        assert_eq!(percentile(&open, 99.0), Some(1.0));
        assert_eq!(percentile(&[(f64::INFINITY, 20.0)], 99.0), None);
        assert_eq!(percentile(&[], 99.0), None);
    }
}
