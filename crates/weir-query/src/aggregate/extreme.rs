//! `min` and `max`, of numbers only.

use std::cmp::Ordering;

use weir_types::{QueryError, TimeRange};

use super::{Accumulator, Observation};
use crate::budget::Budget;
use crate::datum::Datum;
use crate::rolled;

pub struct Extreme {
    /// How a value compares to the one it replaces.
    wins: Ordering,
    found: Datum,
}

impl Extreme {
    pub fn min() -> Self {
        Extreme { wins: Ordering::Less, found: Datum::Null }
    }

    pub fn max() -> Self {
        Extreme { wins: Ordering::Greater, found: Datum::Null }
    }
}

impl Accumulator for Extreme {
    fn add(&mut self, observed: &Observation<'_>, _: &mut Budget) -> Result<(), QueryError> {
        let value = match observed.first() {
            Datum::Metric(point) if self.wins == Ordering::Less => point.min(),
            Datum::Metric(point) => point.max(),
            Datum::Rolled(numbers) => rolled::extreme(numbers, self.wins),
            value => value.clone(),
        };
        if value.as_f64().is_some() && (self.found.is_null() || value.cmp(&self.found) == self.wins)
        {
            self.found = value;
        }
        Ok(())
    }

    fn finish(&self, _: TimeRange) -> Datum {
        self.found.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AggregateFunction, aggregate_values};
    use super::*;

    #[test]
    fn strings_are_not_ordered_here() {
        let values = [Datum::text("a"), Datum::Int(3), Datum::Float(-1.5), Datum::Null];
        assert_eq!(aggregate_values(AggregateFunction::Min, &values), Datum::Float(-1.5));
        assert!(matches!(aggregate_values(AggregateFunction::Max, &values), Datum::Int(3)));
        assert!(aggregate_values(AggregateFunction::Max, &[Datum::text("a")]).is_null());
    }
}
