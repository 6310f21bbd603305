//! One data point, and what it is to expressions and aggregates.

use std::sync::Arc;

use super::parse::{parse_distribution, parse_members};
use super::{FIELD_PREFIX, FIELDS, MetricKind};
use crate::datum::Datum;
use crate::spread::Stretch;

/// One data point.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricPoint {
    pub(super) kind: MetricKind,
    /// Observations behind the point; for counters the count itself.
    pub(super) count: f64,
    pub(super) total: Option<f64>,
    pub(super) min: Option<f64>,
    pub(super) max: Option<f64>,
    pub(super) latest: Option<f64>,
    pub(super) cumulative: Option<f64>,
    /// Of a timeslice: the total without what was called, and the sum of the squares.
    pub(super) total_exclusive: Option<f64>,
    pub(super) sum_of_squares: Option<f64>,
    pub(super) distribution: Arc<[Stretch]>,
    /// Of a count of distinct members.
    pub(super) members: Arc<[Datum]>,
    /// As many points are in it.
    pub(super) points: f64,
}

impl MetricPoint {
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

    /// The number of observations as a counter of its own.
    pub fn as_counter(&self) -> MetricPoint {
        MetricPoint { kind: MetricKind::Count, min: None, max: None, ..self.clone() }
    }

    /// Whether the point's natural number is that of its latest observation.
    pub fn has_latest(&self) -> bool {
        !self.kind.is_count() && self.latest.is_some()
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
