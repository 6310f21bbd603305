//! One row under evaluation: a stored event, or a row that an inner query made.

use std::sync::Arc;

use weir_store::Rollup;
use weir_types::Value;

use crate::datum::Datum;
use crate::metric::{self, MetricPoint};
use crate::node::{DimensionFilter, RowLeaf, Scope};
use crate::pattern::Pattern;
use crate::source::EventRow;

pub const TIMESTAMP: &str = "timestamp";

pub trait Row {
    /// Epoch milliseconds; `None` for rows of an inner query without time.
    fn timestamp(&self) -> Option<i64>;

    fn sequence(&self) -> u64;

    /// Null when the row does not have it.
    fn get(&self, name: &str) -> Datum;

    fn event_type(&self) -> Datum;

    /// The name of the metric that the row is a point of.
    fn metric_name(&self) -> Option<Arc<str>> {
        None
    }

    /// The point, where the row is one.
    fn metric_point(&self) -> Option<MetricPoint> {
        None
    }

    /// The roll-up that the row is; `None` of a row that stands for itself.
    fn rollup(&self) -> Option<&Rollup> {
        None
    }

    /// Every column with a value, `timestamp` aside; in the row's own order or by name.
    fn columns(&self) -> Vec<(Arc<str>, Datum)>;
}

/// An event of a known type.
pub struct ObservedRow<'a> {
    pub event_type: &'a Arc<str>,
    pub row: &'a dyn EventRow,
}

impl Row for ObservedRow<'_> {
    fn timestamp(&self) -> Option<i64> {
        Some(self.row.timestamp().as_millis())
    }

    fn sequence(&self) -> u64 {
        self.row.sequence()
    }

    fn get(&self, name: &str) -> Datum {
        match (name, self.row.get(name)) {
            (TIMESTAMP, _) => Datum::Int(self.row.timestamp().as_millis()),
            (_, Some(value)) => Datum::from(value),
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
        match is_metric.then(|| self.row.get(metric::NAME))?? {
            Value::Str(name) => Some(name),
            _ => None,
        }
    }

    fn metric_point(&self) -> Option<MetricPoint> {
        self.metric_name()?;
        let field = |name: &str| self.row.get(name).map_or(Datum::Null, Datum::from);
        Some(MetricPoint::read(field))
    }

    fn columns(&self) -> Vec<(Arc<str>, Datum)> {
        let mut columns = Vec::new();
        self.row.for_each_attribute(&mut |name: &str, value: Value| {
            columns.push((name.into(), value.into()));
        });
        let point = self.metric_name().zip(self.metric_point());
        with_point(columns, point, self.end_of_point())
    }
}

/// The columns by name, with a metric's point in the place of its fields.
pub fn with_point(
    mut columns: Vec<(Arc<str>, Datum)>,
    point: Option<(Arc<str>, MetricPoint)>,
    end: Datum,
) -> Vec<(Arc<str>, Datum)> {
    if let Some((name, point)) = point {
        columns.retain(|(name, _)| !metric::FIELDS.contains(&&**name));
        columns.push((name, Datum::Metric(Arc::new(point))));
        if !end.is_null() && !columns.iter().any(|(name, _)| &**name == metric::END) {
            columns.push((metric::END.into(), end));
        }
    }
    columns.sort_by(|a, b| a.0.cmp(&b.0));
    columns
}

impl ObservedRow<'_> {
    /// Where it follows from the interval; null of what is no point.
    fn end_of_point(&self) -> Datum {
        match (self.metric_name(), self.row.get(metric::INTERVAL)) {
            (Some(_), Some(length)) => {
                metric::end_of_interval(self.row.timestamp().as_millis(), &length.into())
            }
            _ => Datum::Null,
        }
    }
}

/// A row that an inner query made.
#[derive(Debug, Clone, PartialEq)]
pub struct TableRow {
    pub timestamp: Option<i64>,
    /// Place in the inner query's answer.
    pub sequence: u64,
    pub columns: Vec<(Arc<str>, Datum)>,
}

impl TableRow {
    /// Of a query without FROM.
    pub fn empty() -> TableRow {
        TableRow { timestamp: None, sequence: 0, columns: Vec::new() }
    }
}

impl Row for TableRow {
    fn timestamp(&self) -> Option<i64> {
        self.timestamp
    }

    fn sequence(&self) -> u64 {
        self.sequence
    }

    fn get(&self, name: &str) -> Datum {
        let column = self.columns.iter().find(|(column, _)| &**column == name);
        match (column, self.timestamp) {
            (Some((_, value)), _) => value.clone(),
            (None, Some(millis)) if name == TIMESTAMP => Datum::Int(millis),
            _ => Datum::Null,
        }
    }

    fn event_type(&self) -> Datum {
        Datum::Null
    }

    fn columns(&self) -> Vec<(Arc<str>, Datum)> {
        let shown = |column: &&(Arc<str>, Datum)| &*column.0 != TIMESTAMP && !column.1.is_null();
        self.columns.iter().filter(shown).cloned().collect()
    }
}

/// The row as the scope of row-level expressions.
pub struct RowScope<'a>(pub &'a dyn Row);

impl Scope<RowLeaf> for RowScope<'_> {
    fn value(&self, leaf: &RowLeaf) -> Datum {
        match leaf {
            RowLeaf::Attribute(name) => self.0.get(name),
            RowLeaf::Metrics(pattern) => matching_metric(self.0, pattern),
            RowLeaf::EventType => self.0.event_type(),
            RowLeaf::Weight => match (self.0.metric_point(), self.0.rollup()) {
                (None, _) => Datum::Int(1),
                (Some(point), None) => Datum::whole(point.count()),
                (Some(point), Some(_)) => Datum::Metric(Arc::new(point.as_counter())),
            },
            RowLeaf::Dimensions(filter) => dimensions(self.0, filter),
            RowLeaf::Columns => Datum::map(self.0.columns()),
            RowLeaf::SizeBytes => Datum::Int(size_bytes(self.0)),
            RowLeaf::Random => Datum::float(random(self.0)),
        }
    }
}

fn matching_metric(row: &dyn Row, pattern: &Pattern) -> Datum {
    match row.metric_name() {
        Some(name) if pattern.matches(&name) => {
            row.metric_point().map_or(Datum::Null, |point| Datum::Metric(Arc::new(point)))
        }
        _ => Datum::Null,
    }
}

/// Of a metric point every attribute that does not describe the point itself; of any other row its
/// strings and booleans.
fn dimensions(row: &dyn Row, filter: &DimensionFilter) -> Datum {
    let is_metric = row.metric_name().is_some();
    let mut columns = row.columns();
    columns.retain(|(name, value)| {
        let counts = if is_metric {
            metric::is_dimension(name) && !matches!(value, Datum::Metric(_))
        } else {
            matches!(value, Datum::Str(_) | Datum::Bool(_))
        };
        counts && filter.takes(name)
    });
    Datum::map(columns)
}

fn size_bytes(row: &dyn Row) -> i64 {
    let size = |(name, value): (Arc<str>, Datum)| {
        let value_bytes = match &value {
            Datum::Str(text) => text.len(),
            Datum::Bool(_) => 1,
            _ => size_of::<f64>(),
        };
        name.len() + value_bytes
    };
    let bytes: usize = row.columns().into_iter().map(size).sum();
    (bytes + size_of::<i64>()) as i64
}

/// SplitMix64 over what tells the row apart.
fn random(row: &dyn Row) -> f64 {
    const BITS: u32 = 53;
    let timestamp = row.timestamp().unwrap_or_default() as u64;
    let mut mixed = timestamp.rotate_left(32) ^ row.sequence();
    mixed = mixed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    (mixed >> (u64::BITS - BITS)) as f64 / (1_u64 << BITS) as f64
}
