//! `latest`, `earliest` and `latestrate`: what the rows at the edges of time say.

use weir_types::{QueryError, TimeRange};

use super::{Accumulator, Observation};
use crate::budget::Budget;
use crate::datum::Datum;
use crate::rolled;

/// Timestamp, then arrival.
type Place = (i64, u64);

/// The value, of any type, of the newest or oldest row that has one.
pub struct Edge {
    wants_newest: bool,
    found: Option<(Place, Datum)>,
}

impl Edge {
    pub fn latest() -> Self {
        Edge { wants_newest: true, found: None }
    }

    pub fn earliest() -> Self {
        Edge { wants_newest: false, found: None }
    }
}

impl Accumulator for Edge {
    fn add(&mut self, observed: &Observation<'_>, _: &mut Budget) -> Result<(), QueryError> {
        let [last, first] = observed.places();
        let (place, value) = match (observed.first(), self.wants_newest) {
            (Datum::Null, _) => return Ok(()),
            (Datum::Rolled(numbers), is_newest) => match rolled::ends(numbers) {
                Some([_, latest]) if is_newest => latest,
                Some([earliest, _]) => earliest,
                None => return Ok(()),
            },
            (value, true) => (last, value.clone().plain()),
            (value, false) => (first, value.clone().plain()),
        };
        let wins = match &self.found {
            Some((known, _)) => (place > *known) == self.wants_newest,
            None => true,
        };
        if wins {
            self.found = Some((place, value));
        }
        Ok(())
    }

    fn finish(&self, _: TimeRange) -> Datum {
        self.found.as_ref().map_or(Datum::Null, |(_, value)| value.clone())
    }
}

/// Change between the two newest numbers, per length of time.
pub struct LatestRate {
    per_millis: i64,
    last: Option<(Place, f64)>,
    before: Option<(Place, f64)>,
}

impl LatestRate {
    pub fn new(per_millis: i64) -> Self {
        LatestRate { per_millis, last: None, before: None }
    }
}

impl Accumulator for LatestRate {
    fn add(&mut self, observed: &Observation<'_>, _: &mut Budget) -> Result<(), QueryError> {
        for point in observed.points() {
            if self.last.is_none_or(|last| point.0 > last.0) {
                self.before = self.last.replace(point);
            } else if self.before.is_none_or(|before| point.0 > before.0) {
                self.before = Some(point);
            }
        }
        Ok(())
    }

    fn finish(&self, _: TimeRange) -> Datum {
        let (Some((last_at, last)), Some((before_at, before))) = (self.last, self.before) else {
            return Datum::Null;
        };
        let millis = last_at.0 - before_at.0;
        Datum::float((last - before) * self.per_millis as f64 / millis as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AggregateFunction, aggregate};
    use super::*;

    #[test]
    fn time_decides_and_then_arrival() {
        let rows = [
            (20, Datum::text("new")),
            (10, Datum::text("old")),
            (20, Datum::text("newer")),
            (10, Datum::text("less old")),
            (30, Datum::Null),
        ];
        assert_eq!(aggregate(AggregateFunction::Latest, &rows), Datum::text("newer"));
        assert_eq!(aggregate(AggregateFunction::Earliest, &rows), Datum::text("old"));
        assert!(aggregate(AggregateFunction::Latest, &rows[4..]).is_null());
    }

    #[test]
    fn latestrate_takes_the_two_newest_points() {
        let rate = AggregateFunction::LatestRate { per_millis: 1_000 };
        let rows = [(5_000, Datum::Int(40)), (1_000, Datum::Int(7)), (3_000, Datum::Int(30))];
        assert_eq!(aggregate(rate.clone(), &rows), Datum::Float(5.0));
        assert!(aggregate(rate.clone(), &rows[..1]).is_null());
        let same_time = [(5_000, Datum::Int(40)), (5_000, Datum::Int(41))];
        assert!(aggregate(rate, &same_time).is_null());
    }
}
