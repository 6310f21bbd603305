//! `derivative` and `predictLinear`: the least-squares line through the points.

use weir_types::{QueryError, TimeRange};

use super::{Accumulator, Observation};
use crate::budget::Budget;
use crate::datum::Datum;

/// Running means and co-moments; time is counted from the first point added, which keeps
/// epoch milliseconds from eating the digits.
#[derive(Default)]
struct Line {
    origin: i64,
    count: u64,
    mean_time: f64,
    mean_value: f64,
    time_squares: f64,
    products: f64,
}

impl Line {
    fn add(&mut self, timestamp: i64, value: f64) {
        if self.count == 0 {
            self.origin = timestamp;
        }
        self.count += 1;
        let count = self.count as f64;
        let time = (timestamp - self.origin) as f64;
        let time_difference = time - self.mean_time;
        self.mean_time += time_difference / count;
        self.mean_value += (value - self.mean_value) / count;
        self.time_squares += time_difference * (time - self.mean_time);
        self.products += time_difference * (value - self.mean_value);
    }

    /// Per millisecond; `None` without two points in time.
    fn slope(&self) -> Option<f64> {
        (self.time_squares > 0.0).then(|| self.products / self.time_squares)
    }

    fn at(&self, timestamp: i64) -> Option<f64> {
        let time = (timestamp - self.origin) as f64;
        Some(self.mean_value + self.slope()? * (time - self.mean_time))
    }
}

pub struct Derivative {
    per_millis: i64,
    line: Line,
}

impl Derivative {
    pub fn new(per_millis: i64) -> Self {
        Derivative { per_millis, line: Line::default() }
    }
}

impl Accumulator for Derivative {
    fn add(&mut self, observed: &Observation<'_>, _: &mut Budget) -> Result<(), QueryError> {
        for ((timestamp, _), value) in observed.points() {
            self.line.add(timestamp, value);
        }
        Ok(())
    }

    fn finish(&self, _: TimeRange) -> Datum {
        let slope = self.line.slope();
        slope.map_or(Datum::Null, |slope| Datum::float(slope * self.per_millis as f64))
    }
}

pub struct PredictLinear {
    ahead_millis: i64,
    line: Line,
}

impl PredictLinear {
    pub fn new(ahead_millis: i64) -> Self {
        PredictLinear { ahead_millis, line: Line::default() }
    }
}

impl Accumulator for PredictLinear {
    fn add(&mut self, observed: &Observation<'_>, _: &mut Budget) -> Result<(), QueryError> {
        for ((timestamp, _), value) in observed.points() {
            self.line.add(timestamp, value);
        }
        Ok(())
    }

    fn finish(&self, bucket: TimeRange) -> Datum {
        let target = bucket.end.as_millis().saturating_add(self.ahead_millis);
        self.line.at(target).map_or(Datum::Null, Datum::float)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AggregateFunction, aggregate};
    use super::*;

    /// 3 a second, out of order.
    fn rows() -> Vec<(i64, Datum)> {
        vec![(2_000, Datum::Int(16)), (0, Datum::Int(10)), (1_000, Datum::Int(13))]
    }

    #[test]
    fn a_straight_line_is_found() {
        let per_minute = AggregateFunction::Derivative { per_millis: 60_000 };
        assert_eq!(aggregate(per_minute.clone(), &rows()), Datum::Float(180.0));
        assert!(aggregate(per_minute, &rows()[..1]).is_null());
    }

    #[test]
    fn a_line_is_drawn_past_the_end_of_the_bucket() {
        let ahead = AggregateFunction::PredictLinear { ahead_millis: 40_000 };
        let predicted = aggregate(ahead, &rows()).as_f64().unwrap();
        assert!((predicted - 310.0).abs() < 1e-9, "{predicted}");
    }
}
