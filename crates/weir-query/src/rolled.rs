//! Rows that stand for many events. What all of those have in common is a plain value and counts
//! once for each; of their other numbers a summary is known, which `count`, `sum`, `min`, `max`,
//! `average`, `latest` and `earliest` take whole. Everything else has to make do with less; that it
//! does is found by [`crate::approximate`].

use std::cmp::Ordering;
use std::sync::Arc;

use weir_store::{Moment, NumberSummary, RolledValue, Rollup};
use weir_types::Value;

use crate::datum::Datum;
use crate::metric::{self, MetricPoint};
use crate::row::{Row, TIMESTAMP, with_point};
use crate::spread::Stretch;

/// A roll-up of a known type. Its time is that of its last event.
pub struct RolledRow<'a> {
    pub event_type: &'a Arc<str>,
    pub rollup: &'a Rollup,
}

impl RolledRow<'_> {
    fn attribute(&self, name: &str) -> Option<Datum> {
        self.rollup.get(name).map(datum)
    }

    fn end_of_point(&self) -> Datum {
        let length = self.attribute(metric::INTERVAL).unwrap_or(Datum::Null);
        metric::end_of_interval(self.rollup.last.timestamp.as_millis(), &length)
    }
}

impl Row for RolledRow<'_> {
    fn timestamp(&self) -> Option<i64> {
        Some(self.rollup.last.timestamp.as_millis())
    }

    fn sequence(&self) -> u64 {
        self.rollup.last.sequence
    }

    fn get(&self, name: &str) -> Datum {
        match (name, self.attribute(name)) {
            (TIMESTAMP, _) => Datum::Int(self.rollup.last.timestamp.as_millis()),
            (_, Some(value)) => value,
            (metric::END, None) => self.end_of_point(),
            (_, None) if self.metric_name().as_deref() == Some(name) => {
                self.metric_point().map_or(Datum::Null, |point| Datum::Metric(Arc::new(point)))
            }
            (_, None) => Datum::Null,
        }
    }

    fn event_type(&self) -> Datum {
        Datum::Str(self.event_type.clone())
    }

    fn metric_name(&self) -> Option<Arc<str>> {
        let is_metric = &**self.event_type == metric::EVENT_TYPE;
        match is_metric.then(|| self.rollup.get(metric::NAME))?? {
            RolledValue::Same(Value::Str(name)) => Some(name.clone()),
            _ => None,
        }
    }

    fn metric_point(&self) -> Option<MetricPoint> {
        self.metric_name()?;
        Some(MetricPoint::of_rollup(self.rollup))
    }

    fn rollup(&self) -> Option<&Rollup> {
        Some(self.rollup)
    }

    fn columns(&self) -> Vec<(Arc<str>, Datum)> {
        let attributes = self.rollup.attributes.iter();
        let columns = attributes.map(|(name, value)| (name.clone(), datum(value))).collect();
        let point = self.metric_name().zip(self.metric_point());
        with_point(columns, point, self.end_of_point())
    }
}

fn datum(value: &RolledValue) -> Datum {
    match value {
        RolledValue::Same(value) => Datum::from(value.clone()),
        RolledValue::Numbers(numbers) => Datum::Rolled(numbers.clone()),
    }
}

/// What the numbers count as where one is needed.
pub fn mean(numbers: &NumberSummary) -> Datum {
    Datum::whole(numbers.sum_f64() / numbers.count() as f64)
}

/// The least or the greatest.
pub fn extreme(numbers: &NumberSummary, wins: Ordering) -> Datum {
    let least = wins == Ordering::Less;
    let integer = numbers.integers.as_ref().map(|s| Datum::Int(if least { s.min } else { s.max }));
    let float = numbers.floats.as_ref().map(|s| Datum::float(if least { s.min } else { s.max }));
    match (integer, float) {
        (Some(integer), Some(float)) if float.cmp(&integer) == wins => float,
        (Some(integer), _) => integer,
        (None, float) => float.unwrap_or(Datum::Null),
    }
}

/// The earliest and the latest, each with its place in time.
pub fn ends(numbers: &NumberSummary) -> Option<[((i64, u64), Datum); 2]> {
    let integers = numbers.integers.as_ref();
    let floats = numbers.floats.as_ref();
    let int = |(at, value): (Moment, i64)| (place(at), Datum::Int(value));
    let float = |(at, value): (Moment, f64)| (place(at), Datum::float(value));
    let earliest = [integers.map(|s| int(s.earliest)), floats.map(|s| float(s.earliest))];
    let latest = [integers.map(|s| int(s.latest)), floats.map(|s| float(s.latest))];
    let earliest = earliest.into_iter().flatten().min_by_key(|(at, _)| *at)?;
    let latest = latest.into_iter().flatten().max_by_key(|(at, _)| *at)?;
    Some([earliest, latest])
}

pub fn place(at: Moment) -> (i64, u64) {
    (at.timestamp.as_millis(), at.sequence)
}

/// How the numbers may lie: from the least to the greatest, evenly on each side of their mean, so
/// that the mean stays what it is.
pub fn stretches(numbers: &NumberSummary) -> Vec<Stretch> {
    let least = extreme(numbers, Ordering::Less).as_f64();
    let greatest = extreme(numbers, Ordering::Greater).as_f64();
    let (Some(low), Some(high)) = (least, greatest) else { return Vec::new() };
    let count = numbers.count() as f64;
    spread_around(low, high, numbers.sum_f64() / count, count)
}

/// So many observations between two ends with this mean.
pub fn spread_around(low: f64, high: f64, mean: f64, count: f64) -> Vec<Stretch> {
    let width = high - low;
    if width <= 0.0 {
        return vec![Stretch::at(low, count)];
    }
    if !width.is_finite() || !mean.is_finite() {
        return vec![Stretch::at(low, count / 2.0), Stretch::at(high, count / 2.0)];
    }
    let mean = mean.clamp(low, high);
    let below = count * (high - mean) / width;
    let parts = [
        Stretch { low, high: mean, count: below },
        Stretch { low: mean, high, count: count - below },
    ];
    parts.into_iter().filter(|stretch| stretch.count > 0.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreading_keeps_the_mean_and_the_ends() {
        let middle = |s: &Stretch| s.count * (s.low + s.high) / 2.0;
        for mean in [1.0, 1.5, 4.0, 9.0] {
            let parts = spread_around(1.0, 9.0, mean, 10.0);
            let count: f64 = parts.iter().map(|s| s.count).sum();
            let sum: f64 = parts.iter().map(middle).sum();
            assert!(
                (count - 10.0).abs() < 1e-9 && parts.iter().all(|s| s.low >= 1.0 && s.high <= 9.0)
            );
            assert!(mean == 1.0 || mean == 9.0 || (sum / count - mean).abs() < 1e-9, "{mean}");
        }
        assert_eq!(spread_around(3.0, 3.0, 3.0, 2.0), [Stretch::at(3.0, 2.0)]);
    }
}
