//! Dimensional metrics: how a data point lies in an event of type [`EVENT_TYPE`], and what the
//! point is to expressions and aggregates.
//!
//! One event is one point of one metric. The attributes in [`FIELDS`] and [`POINT_ATTRIBUTES`]
//! describe the point; all others are its dimensions. In a query the point stands under the
//! metric's own name, as New Relic shows it.

use std::cmp::Ordering;
use std::sync::Arc;

use weir_store::{RolledValue, Rollup};
use weir_types::Value;

use crate::datum::Datum;
use crate::rolled::{self, spread_around};
use crate::spread::Stretch;

/// The event type of data points.
pub const EVENT_TYPE: &str = "Metric";
/// Attribute that names the metric.
pub const NAME: &str = "metricName";
/// What all fields of a point begin with.
const FIELD_PREFIX: &str = "metric.";
/// The fields of a point: its [`MetricKind`]; numbers; and two texts of JSON. `distribution` is
/// `[[value, count], …]`, with `[low, high, count]` for a range of which only the count is known
/// (null for an end that is open). `uniques` is `[member, …]`.
pub const FIELDS: &[&str] = &[
    "metric.type",
    "metric.count",
    "metric.total",
    "metric.min",
    "metric.max",
    "metric.latest",
    "metric.cumulative",
    "metric.totalExclusive",
    "metric.sumOfSquares",
    "metric.distribution",
    "metric.uniques",
];
/// Neither fields nor dimensions: when the point was made, and the metric it is of.
pub const POINT_ATTRIBUTES: &[&str] = &[NAME, "timestamp", END, INTERVAL];
/// When the interval of the point ends, epoch milliseconds. Where it is not stored it follows from
/// the interval.
pub const END: &str = "endTimestamp";
/// How long the point's interval is, in milliseconds.
pub const INTERVAL: &str = "interval.ms";

/// What a point says, which decides its natural number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricKind {
    Gauge,
    /// How many since the point before; cumulative counters are stored as deltas too.
    Count,
    CumulativeCount,
    Summary,
    Distribution,
    /// Which members were seen.
    UniqueCount,
    Timeslice,
}

impl MetricKind {
    const ALL: [MetricKind; 7] = [
        MetricKind::Gauge,
        MetricKind::Count,
        MetricKind::CumulativeCount,
        MetricKind::Summary,
        MetricKind::Distribution,
        MetricKind::UniqueCount,
        MetricKind::Timeslice,
    ];

    /// As `metric.type` holds it.
    pub fn as_str(self) -> &'static str {
        match self {
            MetricKind::Gauge => "gauge",
            MetricKind::Count => "count",
            MetricKind::CumulativeCount => "cumulativeCount",
            MetricKind::Summary => "summary",
            MetricKind::Distribution => "distribution",
            MetricKind::UniqueCount => "uniqueCount",
            MetricKind::Timeslice => "timeslice",
        }
    }

    /// A type nobody declared is a gauge.
    fn of(text: Option<&str>) -> MetricKind {
        let known = Self::ALL.into_iter().find(|kind| Some(kind.as_str()) == text);
        known.unwrap_or(MetricKind::Gauge)
    }

    fn is_count(self) -> bool {
        matches!(self, MetricKind::Count | MetricKind::CumulativeCount)
    }
}

/// One data point.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricPoint {
    kind: MetricKind,
    /// Observations behind the point; for counters the count itself.
    count: f64,
    total: Option<f64>,
    min: Option<f64>,
    max: Option<f64>,
    latest: Option<f64>,
    cumulative: Option<f64>,
    /// Of a timeslice: the total without what was called, and the sum of the squares.
    total_exclusive: Option<f64>,
    sum_of_squares: Option<f64>,
    distribution: Arc<[Stretch]>,
    /// Of a count of distinct members.
    members: Arc<[Datum]>,
    /// As many points are in it.
    points: f64,
}

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

    /// The number of observations as a counter of its own.
    pub fn as_counter(&self) -> MetricPoint {
        MetricPoint { kind: MetricKind::Count, min: None, max: None, ..self.clone() }
    }

    /// Whether the point's natural number is that of its latest observation.
    pub fn has_latest(&self) -> bool {
        !self.kind.is_count() && self.latest.is_some()
    }

    /// From the fields of a row, looked up by their full names.
    pub fn read(field: impl Fn(&str) -> Datum) -> MetricPoint {
        let number = |name: &str| field(&format!("{FIELD_PREFIX}{name}")).as_f64();
        let (min, max) = (number("min"), number("max"));
        MetricPoint {
            kind: MetricKind::of(field("metric.type").as_str()),
            count: number("count").unwrap_or(1.0),
            total: number("total"),
            min,
            max,
            latest: number("latest"),
            cumulative: number("cumulative"),
            total_exclusive: number("totalExclusive"),
            sum_of_squares: number("sumOfSquares"),
            distribution: field("metric.distribution")
                .as_str()
                .map_or_else(Vec::new, |text| parse_distribution(text, min, max))
                .into(),
            members: field("metric.uniques").as_str().map_or_else(Vec::new, parse_members).into(),
            points: 1.0,
        }
    }

    /// What the bare metric is in a comparison or in arithmetic: the latest value of a gauge, the
    /// count of a counter, the number of distinct members, else the mean.
    pub fn natural(&self) -> Datum {
        if self.kind.is_count() {
            return Datum::whole(self.count);
        }
        if self.kind == MetricKind::UniqueCount {
            return Datum::Int(self.members.len() as i64);
        }
        match self.latest {
            Some(latest) => Datum::float(latest),
            None => Datum::float(self.sum_f64() / self.count),
        }
    }

    /// What `sum` adds: the total, or the count of a counter.
    pub fn sum(&self) -> Datum {
        if self.kind.is_count() { Datum::whole(self.count) } else { Datum::float(self.sum_f64()) }
    }

    /// How many observations stand behind the point.
    pub fn count(&self) -> f64 {
        self.count
    }

    /// How much the point weighs in a mean: a counter is one observation of its count.
    pub fn weight(&self) -> f64 {
        if self.kind.is_count() { self.points } else { self.count }
    }

    /// Null where only the mean of several observations is known.
    pub fn min(&self) -> Datum {
        self.min.map_or_else(|| self.only_observation(), |min| self.number(min))
    }

    pub fn max(&self) -> Datum {
        self.max.map_or_else(|| self.only_observation(), |max| self.number(max))
    }

    /// The observations, as far as they are known; a point without a distribution is one
    /// observation of its natural number.
    pub fn observations(&self) -> Vec<Stretch> {
        if self.distribution.is_empty() {
            let natural = self.natural().as_f64();
            return natural.map(|value| Stretch::at(value, 1.0)).into_iter().collect();
        }
        self.distribution.to_vec()
    }

    /// The members of a point that counts distinct ones; `None` of any other point.
    pub fn members(&self) -> Option<&[Datum]> {
        (self.kind == MetricKind::UniqueCount).then_some(&*self.members)
    }

    /// Whether the point counts: the buckets of a Prometheus histogram do.
    pub fn is_count(&self) -> bool {
        self.kind.is_count()
    }

    /// `getField(metric, name)`.
    pub fn field(&self, name: &str) -> Datum {
        let float = |value: Option<f64>| value.map_or(Datum::Null, Datum::float);
        match name {
            "type" => Datum::text(self.kind.as_str()),
            "count" => Datum::whole(self.count),
            "total" | "sum" => float(self.total),
            "min" => float(self.min),
            "max" => float(self.max),
            "latest" => float(self.latest),
            "cumulative" => float(self.cumulative),
            "totalExclusive" => float(self.total_exclusive),
            "sumOfSquares" => float(self.sum_of_squares),
            _ => Datum::Null,
        }
    }

    /// The fields that are there, as a row shows them.
    pub fn fields(&self) -> Datum {
        let names = FIELDS.iter().filter_map(|name| name.strip_prefix(FIELD_PREFIX));
        let pairs = names.map(|name| (Arc::from(name), self.field(name)));
        Datum::map(pairs.filter(|(_, value)| !value.is_null()))
    }

    /// Every observation times `factor` plus `offset`; what counts becomes a plain number.
    pub fn linear(&self, factor: f64, offset: f64) -> Datum {
        if self.kind.is_count() || self.kind == MetricKind::UniqueCount {
            let natural = self.natural().as_f64();
            return natural.map_or(Datum::Null, |value| Datum::float(value * factor + offset));
        }
        let at = |value: f64| value * factor + offset;
        let (low, high) = if factor < 0.0 { (self.max, self.min) } else { (self.min, self.max) };
        Datum::Metric(Arc::new(MetricPoint {
            kind: self.kind,
            count: self.count,
            total: Some(self.sum_f64() * factor + self.count * offset),
            min: low.map(at),
            max: high.map(at),
            latest: self.latest.map(at),
            cumulative: None,
            total_exclusive: None,
            sum_of_squares: None,
            distribution: self.distribution.iter().map(|s| s.linear(factor, offset)).collect(),
            members: Arc::new([]),
            points: self.points,
        }))
    }

    pub fn size_bytes(&self) -> usize {
        let members: usize = self.members.iter().map(Datum::size_bytes).sum();
        size_of::<MetricPoint>() + size_of_val(&*self.distribution) + members
    }

    /// What counts is whole.
    fn number(&self, value: f64) -> Datum {
        if self.is_count() { Datum::whole(value) } else { Datum::float(value) }
    }

    /// The one observation behind the point; null where there are several.
    fn only_observation(&self) -> Datum {
        let is_one = self.is_count() || self.count == 1.0;
        if is_one { self.natural() } else { Datum::Null }
    }

    /// A point without a total is that many times its latest value.
    fn sum_f64(&self) -> f64 {
        self.total.or(self.latest.map(|latest| latest * self.count)).unwrap_or(f64::NAN)
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

/// Whether an attribute of a data point is one of its dimensions.
pub fn is_dimension(name: &str) -> bool {
    !POINT_ATTRIBUTES.contains(&name) && !FIELDS.contains(&name)
}

/// The end of an interval that begins at a time, where only its length is stored.
pub fn end_of_interval(begin_millis: i64, length: &Datum) -> Datum {
    let end = length.as_f64().map(|millis| begin_millis.saturating_add(millis as i64));
    end.map_or(Datum::Null, Datum::Int)
}

/// An end that is open is the least or largest observation where that is known. Else, as in
/// Prometheus, the lowest range begins at 0 and past the highest bound nothing is known but the
/// bound. What is no distribution has no observations.
fn parse_distribution(text: &str, min: Option<f64>, max: Option<f64>) -> Vec<Stretch> {
    let parts: Vec<Vec<Option<f64>>> = serde_json::from_str(text).unwrap_or_default();
    let stretch = |part: Vec<Option<f64>>| match *part.as_slice() {
        [Some(value), Some(count)] => Some(Stretch::at(value, count)),
        [low, high, Some(count)] => {
            let low = low.or_else(|| Some(min.unwrap_or(0.0).min(high?)))?;
            let high = high.unwrap_or(max.unwrap_or(low).max(low));
            (low <= high).then_some(Stretch { low, high, count })
        }
        _ => None,
    };
    parts.into_iter().filter_map(stretch).filter(|stretch| stretch.count > 0.0).collect()
}

fn parse_members(text: &str) -> Vec<Datum> {
    let members: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    let member = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => Some(Datum::text(text)),
        serde_json::Value::Bool(b) => Some(Datum::Bool(b)),
        serde_json::Value::Number(n) => {
            n.as_i64().map(Datum::Int).or_else(|| n.as_f64().map(Datum::float))
        }
        _ => None,
    };
    let mut members: Vec<Datum> = members.into_iter().filter_map(member).collect();
    members.sort();
    members.dedup();
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(fields: &[(&str, Datum)]) -> MetricPoint {
        MetricPoint::read(|name| {
            let found = fields.iter().find(|(field, _)| name == format!("{FIELD_PREFIX}{field}"));
            found.map_or(Datum::Null, |(_, value)| value.clone())
        })
    }

    #[test]
    fn the_natural_number_depends_on_the_kind() {
        let gauge = point(&[("type", Datum::text("gauge")), ("latest", Datum::Float(2.5))]);
        assert_eq!(gauge.natural(), Datum::Float(2.5));
        assert_eq!(gauge.sum(), Datum::Float(2.5));
        let counter = point(&[("type", Datum::text("count")), ("count", Datum::Int(7))]);
        assert_eq!((counter.natural(), counter.sum()), (Datum::Int(7), Datum::Int(7)));
        assert_eq!(counter.weight(), 1.0);
        let summary = point(&[
            ("type", Datum::text("summary")),
            ("count", Datum::Int(4)),
            ("total", Datum::Int(10)),
        ]);
        assert_eq!(summary.natural(), Datum::Float(2.5));
        // Of four observations the mean says nothing about the least.
        assert!(summary.min().is_null() && summary.field("min").is_null());
        let one = point(&[("type", Datum::text("summary")), ("total", Datum::Int(10))]);
        assert_eq!((one.min(), one.max()), (Datum::Int(10), Datum::Int(10)));
    }

    #[test]
    fn distributions_have_values_ranges_and_open_ends() {
        let of = |text: &str, max: Option<i64>| {
            let max = max.map_or(Datum::Null, Datum::Int);
            let point = point(&[
                ("type", Datum::text("distribution")),
                ("distribution", Datum::text(text)),
                ("max", max),
            ]);
            point.observations()
        };
        let range = |low: f64, high: f64, count: f64| Stretch { low, high, count };
        let text = "[[null, 5, 1], [5, 10, 2], [10, null, 3], [7, 4], [9, 0], [3]]";
        let open = [range(0.0, 5.0, 1.0), range(5.0, 10.0, 2.0), range(10.0, 10.0, 3.0)];
        assert_eq!(of(text, None)[..3], open);
        assert_eq!(of(text, None)[3..], [Stretch::at(7.0, 4.0)]);
        assert_eq!(of(text, Some(60))[2], range(10.0, 60.0, 3.0));
        assert_eq!(of("[[null, -5, 1]]", None), [range(-5.0, -5.0, 1.0)]);
        assert_eq!(of("oops", None).len(), 0);
    }

    #[test]
    fn a_unique_count_has_members() {
        let point = point(&[
            ("type", Datum::text("uniqueCount")),
            ("uniques", Datum::text("[\"a\", \"b\", \"a\", 5]")),
        ]);
        assert_eq!(point.members().map(<[Datum]>::len), Some(3));
        assert_eq!(point.natural(), Datum::Int(3));
        assert_eq!(point.linear(2.0, 1.0), Datum::Float(7.0));
    }

    #[test]
    fn scaling_keeps_the_weights() {
        let summary = point(&[
            ("type", Datum::text("summary")),
            ("count", Datum::Int(4)),
            ("total", Datum::Int(10)),
            ("min", Datum::Int(1)),
            ("max", Datum::Int(5)),
        ]);
        let Datum::Metric(scaled) = summary.linear(-2.0, 1.0) else { panic!("no point") };
        assert_eq!(scaled.sum(), Datum::Float(-16.0));
        assert_eq!((scaled.min(), scaled.max()), (Datum::Float(-9.0), Datum::Float(-1.0)));
    }
}
