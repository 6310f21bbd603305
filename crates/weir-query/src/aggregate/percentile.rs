//! `percentile` and `median`: by nearest rank, exact up to a number of values.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use weir_types::{QueryError, TimeRange};

use super::sketch::rounded;
use super::{Accumulator, Observation};
use crate::budget::Budget;
use crate::datum::Datum;
use crate::decision::PERCENTILE_EXACT_VALUES;
use crate::spread::{Stretch, percentiles};

/// [`PERCENTILE_EXACT_VALUES`] and [`crate::decision::PERCENTILE_RELATIVE_ERROR`] in words.
pub const EXACTNESS: &str =
    "percentiles are exact up to 65,536 values in a group or bucket, else within 1 %";
/// What one counted value or range takes.
const COUNTED_BYTES: usize = 48;

pub struct Percentile {
    thresholds: Arc<[f64]>,
    /// Values one by one; empty once they are counted.
    values: Vec<f64>,
    /// What distributions tell, and rounded values, by the bits of their ends.
    counted: BTreeMap<(u64, u64), Stretch>,
    is_rounded: bool,
}

impl Percentile {
    pub fn new(thresholds: Arc<[f64]>) -> Self {
        Percentile { thresholds, values: Vec::new(), counted: BTreeMap::new(), is_rounded: false }
    }

    fn count(&mut self, stretch: Stretch, budget: &mut Budget) -> Result<(), QueryError> {
        let Stretch { mut low, mut high, count } = stretch;
        if self.is_rounded {
            (low, high) = (rounded(low), rounded(high));
        }
        match self.counted.entry((low.to_bits(), high.to_bits())) {
            Entry::Occupied(mut known) => known.get_mut().count += count,
            Entry::Vacant(place) => {
                budget.hold(COUNTED_BYTES)?;
                place.insert(Stretch { low, high, count });
            }
        }
        Ok(())
    }

    /// From here on values are rounded, which bounds how many there can be.
    fn round(&mut self, budget: &mut Budget) -> Result<(), QueryError> {
        self.is_rounded = true;
        let values = std::mem::take(&mut self.values);
        let counted = std::mem::take(&mut self.counted);
        budget.release(values.len() * size_of::<f64>() + counted.len() * COUNTED_BYTES);
        let values = values.into_iter().map(|value| Stretch::at(value, 1.0));
        values.chain(counted.into_values()).try_for_each(|stretch| self.count(stretch, budget))
    }
}

impl Accumulator for Percentile {
    fn add(&mut self, observed: &Observation<'_>, budget: &mut Budget) -> Result<(), QueryError> {
        let is_many = matches!(observed.first(), Datum::Metric(_) | Datum::Rolled(_));
        if is_many || observed.weight() > 1 {
            for stretch in observed.observations() {
                self.count(stretch, budget)?;
            }
        } else if let Some(value) = observed.first().as_f64() {
            if self.is_rounded {
                return self.count(Stretch::at(value, 1.0), budget);
            }
            budget.hold(size_of::<f64>())?;
            self.values.push(value);
        }
        if !self.is_rounded && self.values.len() + self.counted.len() > PERCENTILE_EXACT_VALUES {
            self.round(budget)?;
        }
        Ok(())
    }

    /// 0 where there is no value: what New Relic answers.
    fn finish(&self, _: TimeRange) -> Datum {
        if self.counted.is_empty() {
            let mut sorted = self.values.clone();
            sorted.sort_by(f64::total_cmp);
            let pairs = self.thresholds.iter().map(|t| (*t, at_rank(&sorted, *t)));
            return Datum::Percentiles(pairs.collect());
        }
        let plain = self.values.iter().map(|value| Stretch::at(*value, 1.0));
        let all: Vec<Stretch> = plain.chain(self.counted.values().copied()).collect();
        let found = percentiles(&all, &self.thresholds);
        let found = found.unwrap_or_else(|| vec![0.0; self.thresholds.len()]);
        Datum::Percentiles(self.thresholds.iter().copied().zip(found).collect())
    }

    fn estimate(&self) -> Option<&'static str> {
        self.is_rounded.then_some(EXACTNESS)
    }
}

fn at_rank(sorted: &[f64], threshold: f64) -> f64 {
    let rank = (threshold * sorted.len() as f64 / 100.0).ceil() as usize;
    let place = rank.max(1) - 1;
    sorted.get(place.min(sorted.len().saturating_sub(1))).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use weir_types::Timestamp;

    use super::super::{AggregateFunction, aggregate_values};
    use super::*;
    use crate::budget::{Cancel, Limits};
    use crate::decision::PERCENTILE_RELATIVE_ERROR;

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

    #[test]
    fn many_values_are_within_the_error_and_say_so() {
        let mut percentile = Percentile::new([0.0, 1.0, 50.0, 95.0, 99.9, 100.0].into());
        let timeout = Duration::from_secs(60);
        let limits = Limits { memory_bytes_max: 2 << 20, ..Limits::default() };
        let mut budget = Budget::new(limits, Instant::now(), timeout, Cancel::default());
        // Skewed, of both signs, in no order.
        let values: Vec<f64> = (0..500_000_u64)
            .map(|n| n.wrapping_mul(2_654_435_761) % 500_000)
            .map(|n| ((n as f64) / 50_000.0).exp() - 20.0)
            .collect();
        for (place, value) in values.iter().enumerate() {
            let is_exact = place < PERCENTILE_EXACT_VALUES + 1;
            assert_eq!(percentile.estimate().is_none(), is_exact, "{place}");
            let values = [Datum::Float(*value)];
            let observed = Observation { values: &values, timestamp: 0, sequence: 0, rollup: None };
            percentile.add(&observed, &mut budget).unwrap();
        }
        let mut sorted = values;
        sorted.sort_by(f64::total_cmp);
        let end = Timestamp::from_millis(1);
        let Datum::Percentiles(found) = percentile.finish(TimeRange { begin: end, end }) else {
            panic!("no percentiles")
        };
        for (threshold, value) in found.iter() {
            let exact = at_rank(&sorted, *threshold);
            let off = (value - exact).abs();
            assert!(
                off <= exact.abs() * PERCENTILE_RELATIVE_ERROR * 1.000_001,
                "{threshold}: {off}"
            );
        }
        assert!(percentile.counted.len() < 2_000, "{} values are kept", percentile.counted.len());
    }
}
