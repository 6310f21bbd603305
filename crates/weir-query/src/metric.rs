//! Dimensional metrics: what a data point is to expressions and aggregates. How it lies in an event
//! says [`weir_types::metric`]; in a query it stands under the metric's own name, as New Relic shows
//! it.

mod merged;
mod parse;
mod point;

use crate::datum::Datum;

pub use point::MetricPoint;
pub use weir_types::metric::{END, EVENT_TYPE, FIELD_PREFIX, FIELDS, INTERVAL, NAME, is_dimension};

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

/// The end of an interval that begins at a time, where only its length is stored.
pub fn end_of_interval(begin_millis: i64, length: &Datum) -> Datum {
    let end = length.as_f64().map(|millis| begin_millis.saturating_add(millis as i64));
    end.map_or(Datum::Null, Datum::Int)
}
