//! Dimensional metrics: how a data point lies in an event of type [`EVENT_TYPE`], and what the
//! point is to expressions and aggregates.
//!
//! One event is one point of one metric. The attributes in [`FIELDS`] and [`POINT_ATTRIBUTES`]
//! describe the point; all others are its dimensions. In a query the point stands under the
//! metric's own name, as New Relic shows it.

mod merged;
mod parse;
mod point;

use crate::datum::Datum;

pub use point::MetricPoint;

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

/// Whether an attribute of a data point is one of its dimensions.
pub fn is_dimension(name: &str) -> bool {
    !POINT_ATTRIBUTES.contains(&name) && !FIELDS.contains(&name)
}

/// The end of an interval that begins at a time, where only its length is stored.
pub fn end_of_interval(begin_millis: i64, length: &Datum) -> Datum {
    let end = length.as_f64().map(|millis| begin_millis.saturating_add(millis as i64));
    end.map_or(Datum::Null, Datum::Int)
}
