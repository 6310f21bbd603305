//! The conversions a query asks for; none happens by itself.

use super::{ScalarFunction, argument};
use crate::datum::Datum;
use crate::node::Kind;

pub const FUNCTIONS: &[ScalarFunction] = &[
    ScalarFunction {
        name: "numeric",
        arguments: 1..=1,
        forms: &[],
        named: "",
        returns: Kind::Value,
        evaluate: |a, _| numeric(argument(a, 0)),
    },
    ScalarFunction {
        name: "string",
        arguments: 1..=1,
        forms: &[],
        named: "precision",
        returns: Kind::Value,
        evaluate: |a, s| to_text(argument(a, 0), &s.named).map_or(Datum::Null, Datum::text),
    },
    ScalarFunction {
        name: "boolean",
        arguments: 1..=1,
        forms: &[],
        named: "",
        returns: Kind::Boolean,
        evaluate: |a, _| boolean(argument(a, 0)),
    },
];

/// The text of a value, `None` for null and maps; the items of a list are joined. `precision` is
/// the number of decimals that numbers get, null for as many as they have.
pub fn to_text(value: &Datum, precision: &Datum) -> Option<String> {
    let decimals = precision.as_f64().map(|p| p.clamp(0.0, DECIMALS_MAX) as usize);
    match (value, decimals) {
        (Datum::Int(_) | Datum::Float(_), Some(decimals)) => {
            Some(format!("{:.decimals$}", value.as_f64()?))
        }
        (Datum::Bool(b), _) => Some(b.to_string()),
        (Datum::Int(i), None) => Some(i.to_string()),
        (Datum::Float(f), None) => Some(f.to_string()),
        (Datum::Str(s), _) => Some(s.to_string()),
        (Datum::List(items), _) => {
            let items: Vec<String> = items.iter().filter_map(|i| to_text(i, precision)).collect();
            Some(items.join(", "))
        }
        (Datum::Metric(_) | Datum::Rolled(_), _) => to_text(&value.clone().plain(), precision),
        (Datum::Null | Datum::Percentiles(_) | Datum::Map(_), _) => None,
    }
}

/// Decimals beyond these say nothing about a 64-bit float.
const DECIMALS_MAX: f64 = 17.0;

/// Null for a string that is no number.
fn numeric(value: &Datum) -> Datum {
    let Some(text) = value.as_str() else {
        return if value.as_f64().is_some() { value.clone().plain() } else { Datum::Null };
    };
    let text = text.trim();
    match text.parse::<i64>() {
        Ok(integer) => Datum::Int(integer),
        Err(_) => text.parse().map_or(Datum::Null, Datum::float),
    }
}

fn boolean(value: &Datum) -> Datum {
    match value {
        Datum::Bool(b) => Datum::Bool(*b),
        Datum::Str(s) if s.eq_ignore_ascii_case("true") => Datum::Bool(true),
        Datum::Str(s) if s.eq_ignore_ascii_case("false") => Datum::Bool(false),
        _ => Datum::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::super::call;
    use super::*;

    #[test]
    fn strings_become_numbers_or_null() {
        assert!(matches!(call("numeric", &[Datum::text(" 42 ")]), Datum::Int(42)));
        assert_eq!(call("numeric", &[Datum::text("4.5")]), Datum::Float(4.5));
        assert_eq!(call("numeric", &[Datum::text("n/a")]), Datum::Null);
        assert_eq!(call("numeric", &[Datum::text("inf")]), Datum::Null);
        assert_eq!(call("numeric", &[Datum::Bool(true)]), Datum::Null);
    }

    #[test]
    fn scalars_become_strings_and_booleans() {
        assert_eq!(call("string", &[Datum::Int(200)]), Datum::text("200"));
        assert_eq!(call("string", &[Datum::Float(0.5)]), Datum::text("0.5"));
        assert_eq!(call("string", &[Datum::Null]), Datum::Null);
        assert_eq!(call("boolean", &[Datum::text("TRUE")]), Datum::Bool(true));
        assert_eq!(call("boolean", &[Datum::text("yes")]), Datum::Null);
    }
}
