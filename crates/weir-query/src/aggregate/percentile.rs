//! `percentile` and `median`, exact by nearest rank.

use std::sync::Arc;

use weir_types::{QueryError, TimeRange};

use super::{Accumulator, Observation};
use crate::budget::Budget;
use crate::datum::Datum;

pub struct Percentile {
    thresholds: Arc<[f64]>,
    values: Vec<f64>,
    /// Values of distributions, and how often each was observed.
    weighted: Vec<(f64, f64)>,
}

impl Percentile {
    pub fn new(thresholds: Arc<[f64]>) -> Self {
        Percentile { thresholds, values: Vec::new(), weighted: Vec::new() }
    }
}

impl Accumulator for Percentile {
    fn add(&mut self, observed: &Observation<'_>, budget: &mut Budget) -> Result<(), QueryError> {
        if let Datum::Metric(point) = observed.first() {
            let seen = point.observations();
            budget.hold(seen.len() * size_of::<(f64, f64)>())?;
            self.weighted.extend(seen);
        } else if let Some(value) = observed.first().as_f64() {
            budget.hold(size_of::<f64>())?;
            self.values.push(value);
        }
        Ok(())
    }

    fn finish(&self, _: TimeRange) -> Datum {
        if !self.weighted.is_empty() {
            return self.finish_weighted();
        }
        let mut sorted = self.values.clone();
        sorted.sort_by(f64::total_cmp);
        let pairs = self.thresholds.iter().map(|t| (*t, at_rank(&sorted, *t)));
        Datum::Percentiles(pairs.collect())
    }
}

impl Percentile {
    /// The same rank, counted over observations.
    fn finish_weighted(&self) -> Datum {
        let plain = self.values.iter().map(|value| (*value, 1.0));
        let mut sorted: Vec<(f64, f64)> = plain.chain(self.weighted.iter().copied()).collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let total: f64 = sorted.iter().map(|(_, count)| count).sum();
        let at = |threshold: f64| {
            let rank = (threshold * total / 100.0).ceil().max(1.0);
            let mut passed = 0.0;
            let reached = sorted.iter().find(|(_, count)| {
                passed += count;
                passed >= rank
            });
            reached.or(sorted.last()).map_or(0.0, |(value, _)| *value)
        };
        Datum::Percentiles(self.thresholds.iter().map(|t| (*t, at(*t))).collect())
    }
}

/// 0 where there is no value: what New Relic answers.
fn at_rank(sorted: &[f64], threshold: f64) -> f64 {
    let rank = (threshold * sorted.len() as f64 / 100.0).ceil() as usize;
    let place = rank.max(1) - 1;
    sorted.get(place.min(sorted.len().saturating_sub(1))).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::super::{AggregateFunction, aggregate_values};
    use super::*;

    fn percentile(threshold: f64, values: impl IntoIterator<Item = i64>) -> Option<f64> {
        let function = AggregateFunction::Percentile { thresholds: [threshold].into() };
        let values: Vec<Datum> = values.into_iter().map(Datum::Int).collect();
        aggregate_values(function, &values).as_f64()
    }

    #[test]
    fn ranks_are_those_of_observed_values() {
        assert_eq!(percentile(95.0, (1..=100).rev()), Some(95.0));
        assert_eq!(percentile(99.9, 1..=100), Some(100.0));
        assert_eq!(percentile(50.0, [4, 1, 3, 2]), Some(2.0));
        assert_eq!(percentile(0.0, [4, 1]), Some(1.0));
        assert_eq!(percentile(100.0, [4, 1]), Some(4.0));
        assert_eq!(percentile(95.0, [7]), Some(7.0));
    }

    #[test]
    fn nothing_is_zero() {
        assert_eq!(percentile(95.0, []), Some(0.0));
    }
}
