//! `histogram`, `cdfPercentage` and `bucketPercentile`: how values spread.

use std::collections::BTreeMap;
use std::sync::Arc;

use weir_types::{QueryError, TimeRange};

use super::{Accumulator, Observation};
use crate::budget::Budget;
use crate::datum::Datum;
use crate::spread::{Stretch, percentiles};

/// Counts of equal ranges; what lies outside goes into the first or last one. The buckets of a
/// Prometheus histogram are spread over them.
pub struct Histogram {
    ranges: EqualRanges,
    cumulative: CumulativeBuckets,
}

impl Histogram {
    pub fn new(start: f64, width: f64, buckets: usize) -> Self {
        let ranges = EqualRanges { start, width, counts: vec![0.0; buckets] };
        Histogram { ranges, cumulative: CumulativeBuckets::default() }
    }
}

impl Accumulator for Histogram {
    fn add(&mut self, observed: &Observation<'_>, budget: &mut Budget) -> Result<(), QueryError> {
        if self.cumulative.add(observed, budget)? {
            return Ok(());
        }
        for stretch in observed.observations() {
            self.ranges.add(&stretch);
        }
        Ok(())
    }

    fn finish(&self, _: TimeRange) -> Datum {
        let mut ranges = self.ranges.clone();
        for stretch in self.cumulative.stretches() {
            ranges.add(&stretch);
        }
        Datum::List(ranges.counts.into_iter().map(Datum::whole).collect())
    }
}

#[derive(Clone)]
struct EqualRanges {
    start: f64,
    width: f64,
    counts: Vec<f64>,
}

impl EqualRanges {
    /// A stretch counts in every range by the share that lies in it.
    fn add(&mut self, stretch: &Stretch) {
        let (first, last) = (self.place(stretch.low), self.place(stretch.high));
        let mut below = 0.0;
        for place in first..last {
            let reached = stretch.below(self.start + self.width * (place + 1) as f64);
            self.counts[place] += reached - below;
            below = reached;
        }
        if let Some(count) = self.counts.get_mut(last) {
            *count += stretch.count - below;
        }
    }

    fn place(&self, value: f64) -> usize {
        let place = ((value - self.start) / self.width).floor().max(0.0) as usize;
        place.min(self.counts.len().saturating_sub(1))
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
        for stretch in observed.observations() {
            self.all += stretch.count;
            for (threshold, below) in self.thresholds.iter().zip(&mut self.below) {
                *below += stretch.below(*threshold);
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
    buckets: CumulativeBuckets,
}

impl BucketPercentile {
    pub fn new(thresholds: Arc<[f64]>) -> Self {
        BucketPercentile { thresholds, buckets: CumulativeBuckets::default() }
    }
}

impl Accumulator for BucketPercentile {
    fn add(&mut self, observed: &Observation<'_>, budget: &mut Budget) -> Result<(), QueryError> {
        self.buckets.add(observed, budget).map(drop)
    }

    fn finish(&self, _: TimeRange) -> Datum {
        let found = percentiles(&self.buckets.stretches(), &self.thresholds);
        let pairs = |values: Vec<f64>| self.thresholds.iter().copied().zip(values).collect();
        found.map_or(Datum::Null, |values| Datum::Percentiles(pairs(values)))
    }
}

/// How many observations were at or below each upper bound, added up over series and time.
#[derive(Default)]
struct CumulativeBuckets(BTreeMap<UpperBound, f64>);

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

impl CumulativeBuckets {
    /// Of a count and the bound of its bucket; `false` for anything else.
    fn add(&mut self, observed: &Observation<'_>, budget: &mut Budget) -> Result<bool, QueryError> {
        let count = match observed.first() {
            Datum::Metric(point) if point.is_count() => point.sum().as_f64(),
            Datum::Metric(_) => None,
            Datum::Rolled(numbers) => Some(numbers.sum_f64()),
            other => other.as_f64().map(|number| number * observed.weight() as f64),
        };
        let bound = match observed.values.get(1) {
            Some(Datum::Str(text)) => text.trim_start_matches('+').parse().ok(),
            other => other.and_then(Datum::as_f64),
        };
        let (Some(count), Some(bound)) = (count, bound) else { return Ok(false) };
        let is_new = !self.0.contains_key(&UpperBound(bound));
        budget.hold(if is_new { size_of::<(UpperBound, f64)>() } else { 0 })?;
        *self.0.entry(UpperBound(bound)).or_default() += count;
        Ok(true)
    }

    /// What lies between one bound and the next. As in Prometheus the first bucket begins at 0,
    /// unless its bound is not above that; past the last bound nothing is known but the bound;
    /// and a count that falls, because series have different bounds, is taken as no growth.
    fn stretches(&self) -> Vec<Stretch> {
        let mut stretches = Vec::with_capacity(self.0.len());
        let (mut low, mut below) = (None, 0.0);
        for (UpperBound(bound), count) in &self.0 {
            let high = if bound.is_infinite() { low } else { Some(*bound) };
            let Some(high) = high else { break };
            let low_or_start = low.unwrap_or(high.min(0.0));
            if *count > below {
                stretches.push(Stretch { low: low_or_start, high, count: count - below });
                below = *count;
            }
            low = Some(high);
        }
        stretches
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
        let counts = buckets.iter().map(|(bound, count)| (UpperBound(*bound), *count));
        let found = percentiles(&CumulativeBuckets(counts.collect()).stretches(), &[percent]);
        found.map(|values| values[0])
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
        // A first bucket of what is not above 0 has no known begin; a falling count is no growth.
        assert_eq!(percentile(&[(-1.0, 5.0), (1.0, 10.0)], 25.0), Some(-1.0));
        let falling = [(1.0, 10.0), (2.0, 4.0), (4.0, 20.0)];
        assert_eq!(percentile(&falling, 75.0), Some(3.0));
    }

    #[test]
    fn ranges_and_cumulative_buckets_are_spread_over_the_histogram() {
        let mut histogram = Histogram::new(0.0, 10.0, 3);
        histogram.ranges.add(&Stretch { low: 5.0, high: 25.0, count: 4.0 });
        assert_eq!(histogram.ranges.counts, [1.0, 2.0, 1.0]);
        let counts = [(5.0, 4.0), (20.0, 7.0), (f64::INFINITY, 9.0)];
        let cumulative = counts.map(|(bound, count)| (UpperBound(bound), count));
        histogram.cumulative = CumulativeBuckets(cumulative.into());
        let end = weir_types::Timestamp::from_millis(1);
        let found = histogram.finish(TimeRange { begin: end, end });
        // 4 below 5; of 3 from 5 to 20 a third below 10; 2 above 20.
        assert_eq!(found, Datum::List([6, 4, 3].map(Datum::Int).into()));
    }
}
