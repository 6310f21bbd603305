//! `uniqueCount` and `uniques`, exact.

use std::collections::BTreeSet;

use weir_types::{QueryError, TimeRange};

use super::{Accumulator, Observation};
use crate::budget::Budget;
use crate::datum::Datum;

/// What one member takes beside its values: its place in the tree, its list.
const MEMBER_BYTES: usize = 48;

/// Distinct combinations of the arguments; a combination with a null is none.
#[derive(Default)]
pub struct UniqueCount(BTreeSet<Vec<Datum>>);

impl Accumulator for UniqueCount {
    fn add(&mut self, observed: &Observation<'_>, budget: &mut Budget) -> Result<(), QueryError> {
        let has_null = observed.values.iter().any(has_null);
        if has_null || self.0.contains(observed.values) {
            return Ok(());
        }
        let values_bytes: usize = observed.values.iter().map(Datum::size_bytes).sum();
        budget.hold(MEMBER_BYTES + values_bytes)?;
        self.0.insert(observed.values.iter().cloned().map(Datum::plain).collect());
        Ok(())
    }

    fn finish(&self, _: TimeRange) -> Datum {
        Datum::Int(self.0.len() as i64)
    }
}

/// The distinct values, ascending, at most `limit`.
pub struct Uniques {
    limit: usize,
    found: BTreeSet<Datum>,
}

impl Uniques {
    pub fn new(limit: usize) -> Self {
        Uniques { limit, found: BTreeSet::new() }
    }
}

impl Accumulator for Uniques {
    fn add(&mut self, observed: &Observation<'_>, budget: &mut Budget) -> Result<(), QueryError> {
        let value = observed.first();
        if has_null(value) || self.found.contains(value) {
            return Ok(());
        }
        budget.hold(MEMBER_BYTES + value.size_bytes())?;
        self.found.insert(value.clone().plain());
        Ok(())
    }

    fn finish(&self, _: TimeRange) -> Datum {
        Datum::List(self.found.iter().take(self.limit).cloned().collect())
    }
}

fn has_null(value: &Datum) -> bool {
    match value {
        Datum::Null => true,
        Datum::List(items) => items.iter().any(has_null),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AggregateFunction, aggregate_values};
    use super::*;

    #[test]
    fn numbers_are_one_by_value_and_types_stay_apart() {
        let values =
            [Datum::Int(5), Datum::Float(5.0), Datum::text("5"), Datum::Null, Datum::text("5")];
        assert_eq!(aggregate_values(AggregateFunction::UniqueCount, &values), Datum::Int(2));
        assert_eq!(aggregate_values(AggregateFunction::UniqueCount, &[]), Datum::Int(0));
    }

    #[test]
    fn uniques_are_sorted_and_limited() {
        let values = [Datum::text("c"), Datum::text("a"), Datum::text("b"), Datum::text("a")];
        let two = aggregate_values(AggregateFunction::Uniques { limit: 2 }, &values);
        assert_eq!(two, Datum::List([Datum::text("a"), Datum::text("b")].into()));
        let none = aggregate_values(AggregateFunction::Uniques { limit: 2 }, &[]);
        assert_eq!(none, Datum::List([].into()));
    }
}
