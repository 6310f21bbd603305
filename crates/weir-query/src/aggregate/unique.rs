//! `uniqueCount` and `uniques`: exact up to a number of members.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use weir_store::NumberSummary;
use weir_types::{QueryError, TimeRange};

use super::sketch::HyperLogLog;
use super::{Accumulator, Observation};
use crate::budget::Budget;
use crate::datum::Datum;
use crate::decision::UNIQUE_COUNT_EXACT_MEMBERS;
use crate::rolled;

/// [`UNIQUE_COUNT_EXACT_MEMBERS`] in words, and HyperLogLog's standard error.
pub const EXACTNESS: &str = "distinct counts are exact up to 100,000 in a group or bucket, else \
                             estimates with a standard error of 0.8 %";
/// What one member takes beside its values: its place in the tree, its list.
const MEMBER_BYTES: usize = 48;

/// Distinct combinations of the arguments; a combination with a null is none. A metric that counts
/// distinct members brings its own.
pub struct UniqueCount {
    members: Members,
    /// What `members` holds.
    bytes: usize,
}

enum Members {
    Exact(BTreeSet<Vec<Datum>>),
    Estimated(HyperLogLog),
}

impl Default for UniqueCount {
    fn default() -> Self {
        UniqueCount { members: Members::Exact(BTreeSet::new()), bytes: 0 }
    }
}

impl UniqueCount {
    fn insert(&mut self, member: &[Datum], budget: &mut Budget) -> Result<(), QueryError> {
        match &mut self.members {
            Members::Estimated(sketch) => sketch.add(member),
            Members::Exact(known) if known.contains(member) => {}
            Members::Exact(known) if known.len() < UNIQUE_COUNT_EXACT_MEMBERS => {
                let values_bytes: usize = member.iter().map(Datum::size_bytes).sum();
                budget.hold(MEMBER_BYTES + values_bytes)?;
                self.bytes += MEMBER_BYTES + values_bytes;
                known.insert(member.iter().cloned().map(Datum::plain).collect());
            }
            Members::Exact(known) => {
                budget.hold(HyperLogLog::REGISTERS)?;
                let mut sketch = HyperLogLog::new();
                known.iter().for_each(|member| sketch.add(member.as_slice()));
                sketch.add(member);
                self.members = Members::Estimated(sketch);
                budget.release(std::mem::take(&mut self.bytes));
            }
        }
        Ok(())
    }
}

impl Accumulator for UniqueCount {
    fn add(&mut self, observed: &Observation<'_>, budget: &mut Budget) -> Result<(), QueryError> {
        if let [Datum::Metric(point)] = observed.values
            && let Some(members) = point.members()
        {
            let mut members = members.iter().map(std::slice::from_ref);
            return members.try_for_each(|member| self.insert(member, budget));
        }
        if let [Datum::Rolled(numbers)] = observed.values {
            let known = known_values(numbers);
            return known.iter().try_for_each(|v| self.insert(std::slice::from_ref(v), budget));
        }
        if observed.values.iter().any(has_null) {
            return Ok(());
        }
        self.insert(observed.values, budget)
    }

    fn finish(&self, _: TimeRange) -> Datum {
        Datum::Int(match &self.members {
            Members::Exact(known) => known.len() as i64,
            Members::Estimated(sketch) => sketch.estimate().round() as i64,
        })
    }

    fn estimate(&self) -> Option<&'static str> {
        matches!(self.members, Members::Estimated(_)).then_some(EXACTNESS)
    }
}

/// The smallest distinct values, ascending, at most `limit`.
pub struct Uniques {
    limit: usize,
    found: BTreeSet<Datum>,
}

impl Uniques {
    pub fn new(limit: usize) -> Self {
        Uniques { limit, found: BTreeSet::new() }
    }
}

impl Uniques {
    fn insert(&mut self, value: &Datum, budget: &mut Budget) -> Result<(), QueryError> {
        let is_cut = self.found.len() >= self.limit && self.found.last().is_some_and(|l| l < value);
        if is_cut || has_null(value) || self.found.contains(value) {
            return Ok(());
        }
        budget.hold(MEMBER_BYTES + value.size_bytes())?;
        self.found.insert(value.clone().plain());
        if self.found.len() > self.limit
            && let Some(largest) = self.found.pop_last()
        {
            budget.release(MEMBER_BYTES + largest.size_bytes());
        }
        Ok(())
    }
}

impl Accumulator for Uniques {
    fn add(&mut self, observed: &Observation<'_>, budget: &mut Budget) -> Result<(), QueryError> {
        match observed.first() {
            Datum::Rolled(numbers) => {
                known_values(numbers).iter().try_for_each(|value| self.insert(value, budget))
            }
            value => self.insert(value, budget),
        }
    }

    fn finish(&self, _: TimeRange) -> Datum {
        Datum::List(self.found.iter().cloned().collect())
    }
}

/// The numbers of which it is known that an event has them.
fn known_values(numbers: &NumberSummary) -> Vec<Datum> {
    let extremes = [Ordering::Less, Ordering::Greater].map(|wins| rolled::extreme(numbers, wins));
    let ends = rolled::ends(numbers).into_iter().flatten().map(|(_, value)| value);
    extremes.into_iter().chain(ends).collect()
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
    use std::time::{Duration, Instant};

    use weir_types::Timestamp;

    use super::super::{AggregateFunction, aggregate_values};
    use super::*;
    use crate::budget::{Cancel, Limits};

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

    #[test]
    fn many_members_are_estimated_within_the_error_and_say_so() {
        const STANDARD_ERROR: f64 = 0.0081;
        let mut count = UniqueCount::default();
        let timeout = Duration::from_secs(60);
        let limits = Limits { memory_bytes_max: 32 << 20, ..Limits::default() };
        let mut budget = Budget::new(limits, Instant::now(), timeout, Cancel::default());
        let end = Timestamp::from_millis(1);
        let range = TimeRange { begin: end, end };
        for number in 0..400_000 {
            let values = [Datum::text(format!("member {number}")), Datum::Int(number % 7)];
            let observed = Observation { values: &values, timestamp: 0, sequence: 0, rollup: None };
            count.add(&observed, &mut budget).unwrap();
            if number as usize + 1 == UNIQUE_COUNT_EXACT_MEMBERS {
                assert_eq!(count.finish(range), Datum::Int(number + 1));
                assert_eq!(count.estimate(), None);
            }
        }
        let estimate = count.finish(range).as_f64().unwrap();
        assert!((estimate / 400_000.0 - 1.0).abs() < 3.0 * STANDARD_ERROR, "{estimate}");
        assert!(count.estimate().is_some());
    }
}
