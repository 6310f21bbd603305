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
    count: u64,
}

impl Accumulator for Average {
    fn add(&mut self, observed: &Observation<'_>, _: &mut Budget) -> Result<(), QueryError> {
        if observed.first().as_f64().is_some() {
            self.sum.add(observed.first());
            self.count += 1;
        }
        Ok(())
    }

    fn finish(&self, _: TimeRange) -> Datum {
        // 0 / 0 is not a number, which is null.
        Datum::float(self.sum.as_f64() / self.count as f64)
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
