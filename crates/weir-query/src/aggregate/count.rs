//! `count(*)` and `count(x)`.

use weir_types::{QueryError, TimeRange};

use super::{Accumulator, Observation};
use crate::budget::Budget;
use crate::datum::Datum;

#[derive(Default)]
pub struct Count(u64);

impl Accumulator for Count {
    fn add(&mut self, observed: &Observation<'_>, _: &mut Budget) -> Result<(), QueryError> {
        self.0 += match observed.values {
            [Datum::Rolled(numbers)] => numbers.count(),
            values if values.iter().all(|value| !value.is_null()) => observed.weight(),
            _ => 0,
        };
        Ok(())
    }

    fn finish(&self, _: TimeRange) -> Datum {
        Datum::Int(self.0.cast_signed())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AggregateFunction, aggregate_values};
    use super::*;

    #[test]
    fn nulls_do_not_count_and_nothing_is_zero() {
        let values = [Datum::Int(1), Datum::Null, Datum::text("a")];
        assert_eq!(aggregate_values(AggregateFunction::Count, &values), Datum::Int(2));
        assert_eq!(aggregate_values(AggregateFunction::Count, &[]), Datum::Int(0));
    }
}
