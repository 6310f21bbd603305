//! The points of a roll-up as one point.

use std::cmp::Ordering;

use weir_store::{RolledValue, Rollup};
use weir_types::Value;

use super::parse::{parse_distribution, parse_members};
use super::{FIELD_PREFIX, MetricKind, MetricPoint};
use crate::rolled::{self, spread_around};
use crate::spread::Stretch;

impl MetricPoint {
    /// The points of a roll-up as one.
    pub fn of_rollup(rollup: &Rollup) -> MetricPoint {
        let points = rollup.events as f64;
        let totals = |name: &str| Totals::of(rollup, &format!("{FIELD_PREFIX}{name}"));
        let text = |name: &str| match rollup.get(name) {
            Some(RolledValue::Same(Value::Str(text))) => Some(text.clone()),
            _ => None,
        };
        let kind = MetricKind::of(text("metric.type").as_deref());
        let (counts, latest) = (totals("count"), totals("latest"));
        let count = counts.as_ref().map_or(points, |counts| counts.sum);
        // What a point without ends of its own is as one observation.
        let alone = match kind.is_count() {
            true => counts,
            false => latest.clone().filter(|_| count == points),
        };
        let (least, greatest) = (totals("min").or(alone.clone()), totals("max").or(alone.clone()));
        let (min, max) = (least.map(|t| t.min), greatest.map(|t| t.max));
        let told = text("metric.distribution").map(|text| parse_distribution(&text, min, max));
        let distribution: Vec<Stretch> = match (told, alone) {
            (Some(told), _) => {
                told.into_iter().map(|s| Stretch { count: s.count * points, ..s }).collect()
            }
            (None, Some(alone)) => spread_around(alone.min, alone.max, alone.sum / points, points),
            (None, None) => Vec::new(),
        };
        let latest_of = |name: &str| totals(name).map(|totals| totals.latest);
        let members = text("metric.uniques").map_or_else(Vec::new, |text| parse_members(&text));
        MetricPoint {
            kind,
            count,
            total: totals("total").or(latest).map(|totals| totals.sum),
            min,
            max,
            latest: latest_of("latest"),
            cumulative: latest_of("cumulative"),
            total_exclusive: totals("totalExclusive").map(|totals| totals.sum),
            sum_of_squares: totals("sumOfSquares").map(|totals| totals.sum),
            distribution: distribution.into(),
            members: members.into(),
            points,
        }
    }
}

/// A field of the points of a roll-up.
#[derive(Clone)]
struct Totals {
    sum: f64,
    min: f64,
    max: f64,
    latest: f64,
}

impl Totals {
    fn of(rollup: &Rollup, field: &str) -> Option<Totals> {
        match rollup.get(field)? {
            RolledValue::Same(value) => {
                let value = value.as_f64()?;
                let sum = value * rollup.events as f64;
                Some(Totals { sum, min: value, max: value, latest: value })
            }
            RolledValue::Numbers(numbers) => {
                let [_, (_, latest)] = rolled::ends(numbers)?;
                Some(Totals {
                    sum: numbers.sum_f64(),
                    min: rolled::extreme(numbers, Ordering::Less).as_f64()?,
                    max: rolled::extreme(numbers, Ordering::Greater).as_f64()?,
                    latest: latest.as_f64()?,
                })
            }
        }
    }
}
