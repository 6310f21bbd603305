//! `average`.

use weir_types::{QueryError, TimeRange};

use super::sum::ExactSum;
use super::{Accumulator, Observation};
use crate::budget::Budget;
use crate::datum::Datum;

/// Null where there is no number.
#[derive(Default)]
pub struct Average {
    sum: ExactSum,
    /// Observations: a metric point can stand for many.
    count: f64,
}

impl Accumulator for Average {
    fn add(&mut self, observed: &Observation<'_>, _: &mut Budget) -> Result<(), QueryError> {
        match observed.first() {
            // Of a point without a total nothing is known to add.
            Datum::Metric(point) if !point.sum().is_null() => {
                self.sum.add(&point.sum());
                self.count += point.weight();
            }
            Datum::Metric(_) => {}
            Datum::Rolled(numbers) => {
                self.sum.add_summary(numbers);
                self.count += numbers.count() as f64;
            }
            value if value.as_f64().is_some() => {
                self.sum.add_times(value, observed.weight());
                self.count += observed.weight() as f64;
            }
            _ => {}
        }
        Ok(())
    }

    fn finish(&self, _: TimeRange) -> Datum {
        // 0 / 0 is not a number, which is null.
        Datum::float(self.sum.as_f64() / self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AggregateFunction, aggregate_values};
    use super::*;

    #[test]
    fn only_numbers_weigh() {
        let values = [Datum::Int(1), Datum::Float(2.0), Datum::Null, Datum::text("9")];
        let average = aggregate_values(AggregateFunction::Average, &values);
        assert!(matches!(average, Datum::Float(1.5)));
        assert!(aggregate_values(AggregateFunction::Average, &[Datum::Null]).is_null());
    }
}
