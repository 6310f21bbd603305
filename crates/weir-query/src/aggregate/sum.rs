//! `sum`, and the exact running sum that averages share.

use weir_store::{FloatSum, NumberSummary};
use weir_types::{QueryError, TimeRange};

use super::{Accumulator, Observation};
use crate::budget::Budget;
use crate::datum::Datum;

/// Nothing is rounded before the end, so that neither the order of rows nor a roll-up in between
/// shows.
#[derive(Debug, Clone, Default)]
pub struct ExactSum {
    integers: i128,
    floats: FloatSum,
    has_floats: bool,
}

impl ExactSum {
    pub fn add(&mut self, value: &Datum) {
        self.add_times(value, 1);
    }

    /// Adds a number that many times.
    pub fn add_times(&mut self, value: &Datum, times: u64) {
        match value {
            Datum::Int(i) => {
                let product = i128::from(*i) * i128::from(times);
                self.integers = self.integers.saturating_add(product);
            }
            other => {
                self.has_floats = true;
                self.floats.add_times(other.as_f64().unwrap_or_default(), times);
            }
        }
    }

    /// Adds everything that was summarized.
    pub fn add_summary(&mut self, numbers: &NumberSummary) {
        if let Some(summary) = &numbers.integers {
            self.integers = self.integers.saturating_add(summary.sum);
        }
        if let Some(summary) = &numbers.floats {
            self.has_floats = true;
            self.floats.add_sum(&summary.sum);
        }
    }

    /// An integer if every value was one and the sum fits 64 bits.
    pub fn value(&self) -> Datum {
        if self.has_floats {
            return Datum::float(self.as_f64());
        }
        i64::try_from(self.integers).map_or_else(|_| Datum::float(self.as_f64()), Datum::Int)
    }

    pub fn as_f64(&self) -> f64 {
        self.floats.value() + self.integers as f64
    }
}

/// 0 where there is no number.
#[derive(Default)]
pub struct Sum(ExactSum);

impl Accumulator for Sum {
    fn add(&mut self, observed: &Observation<'_>, _: &mut Budget) -> Result<(), QueryError> {
        match observed.first() {
            Datum::Metric(point) if point.sum().is_null() => {}
            Datum::Metric(point) => self.0.add(&point.sum()),
            Datum::Rolled(numbers) => self.0.add_summary(numbers),
            value if value.as_f64().is_some() => self.0.add_times(value, observed.weight()),
            _ => {}
        }
        Ok(())
    }

    fn finish(&self, _: TimeRange) -> Datum {
        self.0.value()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AggregateFunction, aggregate_values};
    use super::*;

    fn sum(values: &[Datum]) -> Datum {
        aggregate_values(AggregateFunction::Sum, values)
    }

    #[test]
    fn integers_are_exact_beyond_what_a_float_holds() {
        let large = 9_007_199_254_740_993;
        assert!(
            matches!(sum(&[Datum::Int(large), Datum::Int(1)]), Datum::Int(i) if i == large + 1)
        );
        let back = sum(&[Datum::Int(i64::MAX), Datum::Int(i64::MAX), Datum::Int(-i64::MAX)]);
        assert!(matches!(back, Datum::Int(i64::MAX)));
    }

    #[test]
    fn floats_do_not_depend_on_their_order() {
        let forth = [Datum::Float(1e16), Datum::Float(1.0), Datum::Float(-1e16)];
        let back = [Datum::Float(1.0), Datum::Float(1e16), Datum::Float(-1e16)];
        assert_eq!(sum(&forth), Datum::Float(1.0));
        assert_eq!(sum(&back), Datum::Float(1.0));
    }

    #[test]
    fn only_numbers_contribute() {
        let mixed = [Datum::Int(2), Datum::text("3"), Datum::Bool(true), Datum::Null];
        assert!(matches!(sum(&mixed), Datum::Int(2)));
        assert!(matches!(sum(&[]), Datum::Int(0)));
    }
}
