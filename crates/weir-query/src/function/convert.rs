//! The conversions a query asks for; none happens by itself.

use super::{ScalarFunction, argument};
use crate::datum::Datum;
use crate::node::Kind;

pub const FUNCTIONS: &[ScalarFunction] = &[
    ScalarFunction {
        name: "numeric",
        arguments: 1..=1,
        forms: &[],
        returns: Kind::Value,
        evaluate: |a, _| numeric(argument(a, 0)),
    },
    ScalarFunction {
        name: "string",
        arguments: 1..=1,
        forms: &[],
        returns: Kind::Value,
        evaluate: |a, _| to_text(argument(a, 0)).map_or(Datum::Null, Datum::text),
    },
    ScalarFunction {
        name: "boolean",
        arguments: 1..=1,
        forms: &[],
        returns: Kind::Boolean,
        evaluate: |a, _| boolean(argument(a, 0)),
    },
];

/// The text of a scalar, `None` for null and structures.
pub fn to_text(value: &Datum) -> Option<String> {
    match value {
        Datum::Bool(b) => Some(b.to_string()),
        Datum::Int(i) => Some(i.to_string()),
        Datum::Float(f) => Some(f.to_string()),
        Datum::Str(s) => Some(s.to_string()),
        Datum::Null | Datum::List(_) | Datum::Percentiles(_) => None,
    }
}

/// Null for a string that is no number.
fn numeric(value: &Datum) -> Datum {
    let Some(text) = value.as_str() else {
        return if value.as_f64().is_some() { value.clone() } else { Datum::Null };
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
