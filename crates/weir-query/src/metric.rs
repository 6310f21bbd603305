//! Dimensional metrics: how a data point lies in an event of type [`EVENT_TYPE`], and what the
//! point is to expressions and aggregates.
//!
//! One event is one point of one metric. Attributes that begin with [`FIELD_PREFIX`], and those in
//! [`POINT_ATTRIBUTES`], describe the point; all others are its dimensions. In a query the point
//! stands under the metric's own name, as New Relic shows it.

use std::sync::Arc;

use crate::datum::Datum;

/// The event type of data points.
pub const EVENT_TYPE: &str = "Metric";
/// Attribute that names the metric.
pub const NAME: &str = "metricName";
/// Attributes with this prefix are fields of the point: `metric.type` (a [`MetricKind`]),
/// `metric.count`, `metric.total`, `metric.min`, `metric.max`, `metric.latest`,
/// `metric.cumulative`, and `metric.distribution` (JSON, `[[value, count], …]`).
pub const FIELD_PREFIX: &str = "metric.";
/// Neither fields nor dimensions: when the point was made, and the metric it is of.
pub const POINT_ATTRIBUTES: &[&str] = &[NAME, "timestamp", "endTimestamp", "interval.ms"];

/// What a point says, which decides its natural number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricKind {
    Gauge,
    /// How many since the point before; cumulative counters are stored as deltas too.
    Count,
    CumulativeCount,
    Summary,
    Distribution,
    Timeslice,
}

impl MetricKind {
    const ALL: [MetricKind; 6] = [
        MetricKind::Gauge,
        MetricKind::Count,
        MetricKind::CumulativeCount,
        MetricKind::Summary,
        MetricKind::Distribution,
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
    /// Value and how often it was observed.
    distribution: Arc<[(f64, f64)]>,
}

impl MetricPoint {
    /// From the fields of a row, looked up by their full names.
    pub fn read(field: impl Fn(&str) -> Datum) -> MetricPoint {
        let number = |name: &str| field(&format!("{FIELD_PREFIX}{name}")).as_f64();
        let distribution = field("metric.distribution");
        let pairs: Option<Vec<(f64, f64)>> =
            distribution.as_str().and_then(|text| serde_json::from_str(text).ok());
        MetricPoint {
            kind: MetricKind::of(field("metric.type").as_str()),
            count: number("count").unwrap_or(1.0),
            total: number("total"),
            min: number("min"),
            max: number("max"),
            latest: number("latest"),
            cumulative: number("cumulative"),
            distribution: pairs.unwrap_or_default().into(),
        }
    }

    /// What the bare metric is in a comparison or in arithmetic: the latest value of a gauge, the
    /// count of a counter, else the mean.
    pub fn natural(&self) -> Datum {
        if self.kind.is_count() {
            return Datum::whole(self.count);
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
        if self.kind.is_count() { 1.0 } else { self.count }
    }

    pub fn min(&self) -> Datum {
        self.min.map_or_else(|| self.natural(), Datum::float)
    }

    pub fn max(&self) -> Datum {
        self.max.map_or_else(|| self.natural(), Datum::float)
    }

    /// The observations, as far as they are known one by one: value and how often.
    pub fn observations(&self) -> Vec<(f64, f64)> {
        if self.distribution.is_empty() {
            return self.natural().as_f64().map(|value| (value, 1.0)).into_iter().collect();
        }
        self.distribution.to_vec()
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
            _ => Datum::Null,
        }
    }

    /// The fields that are there, as a row shows them.
    pub fn fields(&self) -> Datum {
        let names = ["type", "count", "total", "min", "max", "latest", "cumulative"];
        let pairs = names.map(|name| (Arc::from(name), self.field(name)));
        Datum::map(pairs.into_iter().filter(|(_, value)| !value.is_null()))
    }

    /// Every observation times `factor` plus `offset`; a counter becomes a plain number.
    pub fn linear(&self, factor: f64, offset: f64) -> Datum {
        if self.kind.is_count() {
            return Datum::float(self.count * factor + offset);
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
            distribution: self.distribution.iter().map(|(v, count)| (at(*v), *count)).collect(),
        }))
    }

    pub fn size_bytes(&self) -> usize {
        size_of::<MetricPoint>() + size_of_val(&*self.distribution)
    }

    /// A point without a total is that many times its latest value.
    fn sum_f64(&self) -> f64 {
        self.total.or(self.latest.map(|latest| latest * self.count)).unwrap_or(f64::NAN)
    }
}

/// Whether an attribute of a data point is one of its dimensions.
pub fn is_dimension(name: &str) -> bool {
    !POINT_ATTRIBUTES.contains(&name) && !name.starts_with(FIELD_PREFIX)
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
        assert_eq!(summary.min(), Datum::Float(2.5));
        assert!(summary.field("min").is_null());
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
