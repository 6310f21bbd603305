//! A value inside a query: what attributes hold, and what aggregates and functions make of it.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use weir_store::NumberSummary;
use weir_types::Value;

use crate::metric::MetricPoint;
use crate::rolled;

/// Equality and order are total (for groups, sorting and distinct values) and compare numbers by
/// value: `5` and `5.0` are one group. What `=` and `<` mean in a query is [`Datum::compare`].
#[derive(Debug, Clone)]
pub enum Datum {
    Null,
    Bool(bool),
    Int(i64),
    /// Always finite: [`Datum::float`] is the door.
    Float(f64),
    Str(Arc<str>),
    List(Arc<[Datum]>),
    /// Threshold and value, as `percentile` and `median` return them.
    Percentiles(Arc<[(f64, f64)]>),
    /// Named values in order, as `jparse` and `apdex` return them.
    Map(Arc<[(Arc<str>, Datum)]>),
    /// One data point of a dimensional metric; counts as its natural number.
    Metric(Arc<MetricPoint>),
    /// The numbers of a roll-up's events; count as their mean.
    Rolled(Arc<NumberSummary>),
}

impl Datum {
    /// Null for NaN and the infinities: a number that does not exist.
    pub fn float(value: f64) -> Datum {
        if value.is_finite() { Datum::Float(value) } else { Datum::Null }
    }

    /// An integer where `value` is whole and exact, else a float.
    pub fn whole(value: f64) -> Datum {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if value.fract() == 0.0 && value.abs() <= EXACT {
            return Datum::Int(value as i64);
        }
        Datum::float(value)
    }

    pub fn text(value: impl Into<Arc<str>>) -> Datum {
        Datum::Str(value.into())
    }

    pub fn map(pairs: impl IntoIterator<Item = (Arc<str>, Datum)>) -> Datum {
        Datum::Map(pairs.into_iter().collect())
    }

    /// The value without what only aggregates look at: a metric is its number.
    pub fn plain(self) -> Datum {
        match self {
            Datum::Metric(point) => point.natural(),
            Datum::Rolled(numbers) => rolled::mean(&numbers),
            other => other,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Datum::Null)
    }

    /// The number, if it is one. A percentile with one threshold counts as its value, so that
    /// `percentile(x, 95) / 1000` works, and an Apdex as its score.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Datum::Int(i) => Some(*i as f64),
            Datum::Float(f) => Some(*f),
            Datum::Percentiles(values) if values.len() == 1 => Some(values[0].1),
            Datum::Metric(point) => point.natural().as_f64(),
            Datum::Rolled(numbers) => rolled::mean(numbers).as_f64(),
            Datum::Map(pairs) => match pairs.first() {
                Some((name, score)) if &**name == SCORE => score.as_f64(),
                _ => None,
            },
            _ => None,
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Datum::Str(s) => Some(s),
            _ => None,
        }
    }

    /// What a bare value says as a condition; `None` when it is null.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Datum::Null => None,
            Datum::Bool(b) => Some(*b),
            Datum::Int(i) => Some(*i != 0),
            Datum::Float(f) => Some(*f != 0.0),
            Datum::Metric(point) => point.natural().truth(),
            Datum::Rolled(numbers) => rolled::mean(numbers).truth(),
            Datum::Str(_) | Datum::List(_) | Datum::Percentiles(_) | Datum::Map(_) => Some(true),
        }
    }

    /// The order NRQL's comparisons see: numbers with numbers, strings with strings, booleans
    /// with booleans. `None` for different types, which never match: nothing is converted.
    pub fn compare(&self, other: &Datum) -> Option<Ordering> {
        match (self, other) {
            (Datum::Str(a), Datum::Str(b)) => Some(a.cmp(b)),
            (Datum::Bool(a), Datum::Bool(b)) => Some(a.cmp(b)),
            (Datum::List(a), Datum::List(b)) => Some(a.cmp(b)),
            _ => compare_numbers(&self.number()?, &other.number()?),
        }
    }

    /// How many bytes the value holds, roughly; for the memory limit.
    pub fn size_bytes(&self) -> usize {
        /// The counters of an `Arc`.
        const SHARED_BYTES: usize = 16;
        let own = size_of::<Datum>();
        match self {
            Datum::Str(s) => own + SHARED_BYTES + s.len(),
            Datum::List(items) => own + items.iter().map(Datum::size_bytes).sum::<usize>(),
            Datum::Percentiles(values) => own + size_of_val(&**values),
            Datum::Map(pairs) => {
                let pair = |(name, value): &(Arc<str>, Datum)| {
                    SHARED_BYTES + name.len() + value.size_bytes()
                };
                own + pairs.iter().map(pair).sum::<usize>()
            }
            Datum::Metric(point) => own + point.size_bytes(),
            Datum::Rolled(_) => own + size_of::<NumberSummary>(),
            _ => own,
        }
    }

    fn number(&self) -> Option<Datum> {
        match self {
            Datum::Int(_) | Datum::Float(_) => Some(self.clone()),
            Datum::Metric(point) => Some(point.natural()),
            Datum::Rolled(numbers) => Some(rolled::mean(numbers)),
            _ => self.as_f64().map(Datum::Float),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Datum::Null => 0,
            Datum::Bool(_) => 1,
            Datum::Int(_) | Datum::Float(_) | Datum::Metric(_) | Datum::Rolled(_) => 2,
            Datum::Str(_) => 3,
            Datum::List(_) => 4,
            Datum::Percentiles(_) => 5,
            Datum::Map(_) => 6,
        }
    }
}

/// First member of what `apdex` returns; the map counts as this number.
pub const SCORE: &str = "score";

impl From<Value> for Datum {
    fn from(value: Value) -> Self {
        match value {
            Value::Int(i) => Datum::Int(i),
            Value::Float(f) => Datum::float(f),
            Value::Str(s) => Datum::Str(s),
            Value::Bool(b) => Datum::Bool(b),
        }
    }
}

impl Ord for Datum {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Datum::Str(a), Datum::Str(b)) => a.cmp(b),
            (Datum::Bool(a), Datum::Bool(b)) => a.cmp(b),
            (Datum::List(a), Datum::List(b)) => a.cmp(b),
            (Datum::Percentiles(a), Datum::Percentiles(b)) => compare_pairs(a, b),
            (Datum::Map(a), Datum::Map(b)) => a.cmp(b),
            (Datum::Metric(a), b) => a.natural().cmp(b),
            (a, Datum::Metric(b)) => a.cmp(&b.natural()),
            (Datum::Rolled(a), b) => rolled::mean(a).cmp(b),
            (a, Datum::Rolled(b)) => a.cmp(&rolled::mean(b)),
            (a, b) if a.rank() != b.rank() => a.rank().cmp(&b.rank()),
            (a, b) => compare_numbers(a, b).unwrap_or(Ordering::Equal),
        }
    }
}

impl PartialOrd for Datum {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Datum {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Datum {}

/// What is equal has the same hash: numbers by value, whatever their type.
impl Hash for Datum {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Datum::Metric(point) => return point.natural().hash(state),
            Datum::Rolled(numbers) => return rolled::mean(numbers).hash(state),
            _ => {}
        }
        self.rank().hash(state);
        match self {
            Datum::Null | Datum::Metric(_) | Datum::Rolled(_) => {}
            Datum::Bool(b) => b.hash(state),
            Datum::Int(i) => i.hash(state),
            Datum::Float(f) if compare_mixed(*f as i64, *f).is_eq() => (*f as i64).hash(state),
            Datum::Float(f) => f.to_bits().hash(state),
            Datum::Str(s) => s.hash(state),
            Datum::List(items) => items.hash(state),
            Datum::Percentiles(pairs) => {
                pairs.iter().for_each(|pair| (pair.0.to_bits(), pair.1.to_bits()).hash(state));
            }
            Datum::Map(pairs) => pairs.hash(state),
        }
    }
}

fn compare_numbers(left: &Datum, right: &Datum) -> Option<Ordering> {
    match (left, right) {
        (Datum::Int(a), Datum::Int(b)) => Some(a.cmp(b)),
        (Datum::Float(a), Datum::Float(b)) => a.partial_cmp(b),
        (Datum::Int(a), Datum::Float(b)) => Some(compare_mixed(*a, *b)),
        (Datum::Float(a), Datum::Int(b)) => Some(compare_mixed(*b, *a).reverse()),
        _ => None,
    }
}

/// Exact, also above 2^53 where an integer does not fit a float.
fn compare_mixed(integer: i64, float: f64) -> Ordering {
    const TOO_LARGE: f64 = 9_223_372_036_854_775_808.0;
    if float >= TOO_LARGE {
        return Ordering::Less;
    }
    if float < -TOO_LARGE {
        return Ordering::Greater;
    }
    integer.cmp(&(float.trunc() as i64)).then_with(|| 0.0_f64.total_cmp(&(float.fract() + 0.0)))
}

fn compare_pairs(left: &[(f64, f64)], right: &[(f64, f64)]) -> Ordering {
    let pairs = left.iter().zip(right);
    pairs
        .map(|(a, b)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)))
        .find(|order| order.is_ne())
        .unwrap_or_else(|| left.len().cmp(&right.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_exactly_across_types() {
        let large = 9_007_199_254_740_993;
        assert!(Datum::Int(large) > Datum::Float(9_007_199_254_740_992.0));
        assert_eq!(Datum::Int(5), Datum::Float(5.0));
        assert!(Datum::Int(-1) > Datum::Float(-1.5));
        assert!(Datum::Int(0) < Datum::Float(0.25));
        assert_eq!(Datum::Int(0), Datum::Float(-0.0));
        assert!(Datum::Int(i64::MAX) < Datum::Float(9.3e18));
    }

    #[test]
    fn what_is_equal_has_one_hash() {
        let hash = |value: &Datum| {
            let mut hasher = std::hash::DefaultHasher::new();
            value.hash(&mut hasher);
            hasher.finish()
        };
        let pairs = [(5, 5.0), (0, -0.0), (-3, -3.0), (1 << 60, (1_i64 << 60) as f64)];
        for (integer, float) in pairs {
            let (integer, float) = (Datum::Int(integer), Datum::Float(float));
            assert_eq!(integer, float);
            assert_eq!(hash(&integer), hash(&float));
        }
        assert_ne!(hash(&Datum::Int(5)), hash(&Datum::Float(5.5)));
        assert_ne!(hash(&Datum::Int(5)), hash(&Datum::text("5")));
    }

    #[test]
    fn different_types_never_match() {
        assert_eq!(Datum::text("5").compare(&Datum::Int(5)), None);
        assert_eq!(Datum::Bool(true).compare(&Datum::Int(1)), None);
        assert_eq!(Datum::Null.compare(&Datum::Null), None);
    }

    #[test]
    fn numbers_that_do_not_exist_are_null() {
        assert!(Datum::float(f64::INFINITY).is_null());
        assert!(Datum::whole(f64::NAN).is_null());
        assert!(matches!(Datum::whole(3.0), Datum::Int(3)));
        assert!(matches!(Datum::whole(1e300), Datum::Float(_)));
    }
}
