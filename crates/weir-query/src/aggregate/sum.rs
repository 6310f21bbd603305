//! `sum`, and the exact running sum that averages share.

use weir_types::{QueryError, TimeRange};

use super::{Accumulator, Observation};
use crate::budget::Budget;
use crate::datum::Datum;

/// Integers are summed in 128 bits, floats with Neumaier's compensation, so that the order of
/// rows does not show.
#[derive(Debug, Clone, Copy, Default)]
pub struct ExactSum {
    integers: i128,
    floats: f64,
    compensation: f64,
    has_floats: bool,
}

impl ExactSum {
    pub fn add(&mut self, value: &Datum) {
        match value {
            Datum::Int(i) => self.integers += i128::from(*i),
            other => self.add_float(other.as_f64().unwrap_or_default()),
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
        self.floats + self.compensation + self.integers as f64
    }

    fn add_float(&mut self, value: f64) {
        self.has_floats = true;
        let sum = self.floats + value;
        self.compensation += if self.floats.abs() >= value.abs() {
            (self.floats - sum) + value
        } else {
            (value - sum) + self.floats
        };
        self.floats = sum;
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
            value if value.as_f64().is_some() => self.0.add(value),
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
