//! What operators do with values.

use std::cmp::Ordering;

use super::{ArithmeticOp, CompareOp, Presence};
use crate::datum::Datum;
use crate::pattern::Pattern;

pub fn negate(operand: &Datum) -> Datum {
    match operand {
        Datum::Int(i) => i.checked_neg().map_or_else(|| Datum::float(-(*i as f64)), Datum::Int),
        Datum::Metric(point) => point.linear(-1.0, 0.0),
        other => other.as_f64().map_or(Datum::Null, |f| Datum::float(-f)),
    }
}

pub fn arithmetic(op: ArithmeticOp, left: &Datum, right: &Datum) -> Datum {
    if let (Datum::Int(a), Datum::Int(b)) = (left, right) {
        let exact = match op {
            ArithmeticOp::Add => a.checked_add(*b),
            ArithmeticOp::Subtract => a.checked_sub(*b),
            ArithmeticOp::Multiply => a.checked_mul(*b),
            ArithmeticOp::Divide => None,
        };
        if let Some(exact) = exact {
            return Datum::Int(exact);
        }
    }
    let (Some(a), Some(b)) = (left.as_f64(), right.as_f64()) else { return Datum::Null };
    if let Some(scaled) = metric_arithmetic(op, left, right) {
        return scaled;
    }
    Datum::float(match op {
        ArithmeticOp::Add => a + b,
        ArithmeticOp::Subtract => a - b,
        ArithmeticOp::Multiply => a * b,
        ArithmeticOp::Divide => a / b,
    })
}

/// A metric with a plain number keeps its weights, so that `average(m * 1000)` is right.
fn metric_arithmetic(op: ArithmeticOp, left: &Datum, right: &Datum) -> Option<Datum> {
    let (factor, offset) = match (left, right) {
        (Datum::Metric(_), Datum::Metric(_)) => return None,
        (Datum::Metric(_), number) => {
            let number = number.as_f64()?;
            match op {
                ArithmeticOp::Add => (1.0, number),
                ArithmeticOp::Subtract => (1.0, -number),
                ArithmeticOp::Multiply => (number, 0.0),
                ArithmeticOp::Divide => (1.0 / number, 0.0),
            }
        }
        (number, Datum::Metric(_)) => {
            let number = number.as_f64()?;
            match op {
                ArithmeticOp::Add => (1.0, number),
                ArithmeticOp::Subtract => (-1.0, number),
                ArithmeticOp::Multiply => (number, 0.0),
                // Not linear: the natural number decides.
                ArithmeticOp::Divide => return None,
            }
        }
        _ => return None,
    };
    if !factor.is_finite() {
        return Some(Datum::Null);
    }
    match (left, right) {
        (Datum::Metric(point), _) | (_, Datum::Metric(point)) => Some(point.linear(factor, offset)),
        _ => None,
    }
}

pub fn compare(op: CompareOp, left: &Datum, right: &Datum, on_null: &Datum) -> Datum {
    if left.is_null() || right.is_null() {
        return on_null.clone();
    }
    let order = left.compare(right);
    Datum::Bool(match op {
        CompareOp::Equal => order == Some(Ordering::Equal),
        CompareOp::NotEqual => order != Some(Ordering::Equal),
        CompareOp::Less => order.is_some_and(Ordering::is_lt),
        CompareOp::LessOrEqual => order.is_some_and(Ordering::is_le),
        CompareOp::Greater => order.is_some_and(Ordering::is_gt),
        CompareOp::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
    })
}

pub fn equal(left: &Datum, right: &Datum) -> bool {
    left.compare(right) == Some(Ordering::Equal)
}

/// Only strings match a pattern; a value of another type is present and does not.
pub fn matches(subject: &Datum, pattern: &Pattern, negated: bool, on_null: &Datum) -> Datum {
    match subject {
        Datum::Null => on_null.clone(),
        other => Datum::Bool(other.as_str().is_some_and(|s| pattern.matches(s)) != negated),
    }
}

pub fn is(subject: &Datum, what: Presence) -> bool {
    match what {
        Presence::Null => subject.is_null(),
        Presence::True => matches!(subject, Datum::Bool(true)),
        Presence::False => matches!(subject, Datum::Bool(false)),
    }
}

pub fn not(operand: &Datum) -> Datum {
    match operand {
        Datum::Bool(b) => Datum::Bool(!b),
        _ => Datum::Null,
    }
}

/// False wins over unknown.
pub fn and(left: &Datum, right: impl FnOnce() -> Datum) -> Datum {
    match left {
        Datum::Bool(false) => Datum::Bool(false),
        Datum::Bool(true) => right(),
        _ => match right() {
            Datum::Bool(false) => Datum::Bool(false),
            _ => Datum::Null,
        },
    }
}

/// True wins over unknown.
pub fn or(left: &Datum, right: impl FnOnce() -> Datum) -> Datum {
    match left {
        Datum::Bool(true) => Datum::Bool(true),
        Datum::Bool(false) => right(),
        _ => match right() {
            Datum::Bool(true) => Datum::Bool(true),
            _ => Datum::Null,
        },
    }
}

/// A percentile by its threshold (`'95.0'` and `'95'` alike), a list item by its 0-based place, an
/// entry of a map or a field of a metric by its name.
pub fn get_field(subject: &Datum, field: &str) -> Datum {
    match subject {
        Datum::Percentiles(values) => {
            let threshold = field.parse::<f64>().ok();
            let found = values.iter().find(|(t, _)| Some(*t) == threshold);
            found.map_or(Datum::Null, |(_, value)| Datum::float(*value))
        }
        Datum::List(items) => {
            let item = field.parse::<usize>().ok().and_then(|place| items.get(place));
            item.cloned().unwrap_or(Datum::Null)
        }
        Datum::Map(pairs) => {
            let found = pairs.iter().find(|(name, _)| &**name == field);
            found.map_or(Datum::Null, |(_, value)| value.clone())
        }
        Datum::Metric(point) => point.field(field),
        _ => Datum::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUE: Datum = Datum::Bool(true);
    const FALSE: Datum = Datum::Bool(false);

    #[test]
    fn unknown_yields_only_to_what_decides() {
        assert_eq!(and(&Datum::Null, || FALSE), FALSE);
        assert_eq!(and(&Datum::Null, || TRUE), Datum::Null);
        assert_eq!(or(&Datum::Null, || TRUE), TRUE);
        assert_eq!(or(&Datum::Null, || FALSE), Datum::Null);
        assert_eq!(not(&Datum::Null), Datum::Null);
    }

    #[test]
    fn integers_stay_exact_until_they_overflow() {
        let product = arithmetic(ArithmeticOp::Multiply, &Datum::Int(1 << 40), &Datum::Int(3));
        assert!(matches!(product, Datum::Int(i) if i == 3 << 40));
        let sum = arithmetic(ArithmeticOp::Add, &Datum::Int(i64::MAX), &Datum::Int(1));
        assert!(matches!(sum, Datum::Float(_)));
        assert!(matches!(negate(&Datum::Int(i64::MIN)), Datum::Float(_)));
    }

    #[test]
    fn division_by_zero_and_null_give_null() {
        assert!(arithmetic(ArithmeticOp::Divide, &Datum::Int(1), &Datum::Int(0)).is_null());
        assert!(arithmetic(ArithmeticOp::Add, &Datum::Int(1), &Datum::Null).is_null());
        assert!(arithmetic(ArithmeticOp::Add, &Datum::Int(1), &Datum::text("a")).is_null());
        let half = arithmetic(ArithmeticOp::Divide, &Datum::Int(1), &Datum::Int(2));
        assert_eq!(half, Datum::Float(0.5));
    }

    #[test]
    fn percentile_fields_have_two_spellings() {
        let percentiles = Datum::Percentiles([(95.0, 2.5)].into());
        assert_eq!(get_field(&percentiles, "95.0"), Datum::Float(2.5));
        assert_eq!(get_field(&percentiles, "95"), Datum::Float(2.5));
        assert!(get_field(&percentiles, "99").is_null());
    }
}
