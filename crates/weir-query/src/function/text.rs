//! Functions of strings and lists. Places count characters, from 0.

use super::{ScalarFunction, argument};
use crate::datum::Datum;
use crate::function::convert::to_text;
use crate::node::Kind;

/// Longest result of `concat`, in characters.
const CONCAT_CHARS_MAX: usize = 4_096;
const CONCAT_ARGUMENTS_MAX: usize = 20;

pub const FUNCTIONS: &[ScalarFunction] = &[
    ScalarFunction {
        name: "concat",
        arguments: 1..=CONCAT_ARGUMENTS_MAX,
        forms: &[],
        named: "precision",
        returns: Kind::Value,
        evaluate: |a, s| concat(a, &s.named),
    },
    ScalarFunction {
        name: "length",
        arguments: 1..=1,
        forms: &[],
        named: "",
        returns: Kind::Value,
        evaluate: |a, _| length(argument(a, 0)),
    },
    ScalarFunction {
        name: "lower",
        arguments: 1..=1,
        forms: &[],
        named: "",
        returns: Kind::Value,
        evaluate: |a, _| map(argument(a, 0), str::to_lowercase),
    },
    ScalarFunction {
        name: "upper",
        arguments: 1..=1,
        forms: &[],
        named: "",
        returns: Kind::Value,
        evaluate: |a, _| map(argument(a, 0), str::to_uppercase),
    },
    ScalarFunction {
        name: "substring",
        arguments: 2..=3,
        forms: &[],
        named: "",
        returns: Kind::Value,
        evaluate: |a, _| substring(a).unwrap_or(Datum::Null),
    },
    position_as("position"),
    position_as("indexOf"),
    ScalarFunction {
        name: "contains",
        arguments: 2..=2,
        forms: &[],
        named: "",
        returns: Kind::Boolean,
        evaluate: |a, _| contains(argument(a, 0), argument(a, 1)),
    },
];

const fn position_as(name: &'static str) -> ScalarFunction {
    ScalarFunction {
        name,
        arguments: 2..=3,
        forms: &[],
        named: "",
        returns: Kind::Value,
        evaluate: |a, _| position(a).unwrap_or(Datum::Null),
    }
}

fn map(value: &Datum, apply: fn(&str) -> String) -> Datum {
    value.as_str().map_or(Datum::Null, |s| Datum::text(apply(s)))
}

/// Nulls are skipped.
fn concat(arguments: &[Datum], precision: &Datum) -> Datum {
    let whole: String = arguments.iter().filter_map(|a| to_text(a, precision)).collect();
    Datum::text(whole.chars().take(CONCAT_CHARS_MAX).collect::<String>())
}

fn length(value: &Datum) -> Datum {
    match value {
        Datum::Str(s) => Datum::Int(s.chars().count() as i64),
        Datum::List(items) => Datum::Int(items.len() as i64),
        _ => Datum::Null,
    }
}

/// A negative start counts from the end.
fn substring(arguments: &[Datum]) -> Option<Datum> {
    let text = argument(arguments, 0).as_str()?;
    let count = text.chars().count() as i64;
    let start = whole(argument(arguments, 1))?;
    let start = if start < 0 { (count + start).max(0) } else { start };
    let length = match arguments.get(2) {
        Some(length) => whole(length)?.max(0),
        None => i64::MAX,
    };
    let skip = usize::try_from(start).ok()?;
    let take = usize::try_from(length).ok()?;
    Some(Datum::text(text.chars().skip(skip).take(take).collect::<String>()))
}

/// The place of the occurrence asked for, 0 by default; negative occurrences count from the end.
fn position(arguments: &[Datum]) -> Option<Datum> {
    let text = argument(arguments, 0).as_str()?;
    let sought = argument(arguments, 1).as_str()?;
    let occurrence = match arguments.get(2) {
        Some(occurrence) => whole(occurrence)?,
        None => 0,
    };
    let found: Vec<usize> = text.match_indices(sought).map(|(offset, _)| offset).collect();
    let index = if occurrence < 0 { found.len() as i64 + occurrence } else { occurrence };
    let offset = *found.get(usize::try_from(index).ok()?)?;
    Some(Datum::Int(text[..offset].chars().count() as i64))
}

fn contains(list: &Datum, value: &Datum) -> Datum {
    match list {
        Datum::List(items) => Datum::Bool(items.contains(value)),
        _ => Datum::Null,
    }
}

fn whole(value: &Datum) -> Option<i64> {
    match value {
        Datum::Int(i) => Some((*i).clamp(-(u32::MAX as i64), u32::MAX as i64)),
        other => other.as_f64().map(|f| f.trunc() as i64),
    }
}

#[cfg(test)]
mod tests {
    use super::super::call;
    use super::*;

    fn text(value: &str) -> Datum {
        Datum::text(value)
    }

    #[test]
    fn concat_skips_nulls() {
        let joined = call("concat", &[text("a"), Datum::Null, Datum::Int(1), Datum::Bool(true)]);
        assert_eq!(joined, text("a1true"));
    }

    #[test]
    fn substring_counts_from_zero_and_from_the_end() {
        assert_eq!(call("substring", &[text("größer"), Datum::Int(2)]), text("ößer"));
        assert_eq!(call("substring", &[text("abcdef"), Datum::Int(1), Datum::Int(2)]), text("bc"));
        assert_eq!(call("substring", &[text("abcdef"), Datum::Int(-2)]), text("ef"));
        assert_eq!(call("substring", &[text("ab"), Datum::Int(9)]), text(""));
        assert_eq!(call("substring", &[Datum::Int(1), Datum::Int(0)]), Datum::Null);
    }

    #[test]
    fn position_counts_from_zero() {
        assert_eq!(call("position", &[text("abcabc"), text("a")]), Datum::Int(0));
        assert_eq!(call("position", &[text("abcabc"), text("b"), Datum::Int(1)]), Datum::Int(4));
        assert_eq!(call("indexOf", &[text("abcabc"), text("c"), Datum::Int(-1)]), Datum::Int(5));
        assert_eq!(call("position", &[text("abc"), text("A")]), Datum::Null);
    }

    #[test]
    fn case_length_and_members() {
        assert_eq!(call("lower", &[text("ÄB")]), text("äb"));
        assert_eq!(call("upper", &[text("äb")]), text("ÄB"));
        assert_eq!(call("length", &[text("äb")]), Datum::Int(2));
        let list = Datum::List([text("a"), text("b")].into());
        assert_eq!(call("length", std::slice::from_ref(&list)), Datum::Int(2));
        assert_eq!(call("contains", &[list, text("b")]), Datum::Bool(true));
        assert_eq!(call("contains", &[text("ab"), text("b")]), Datum::Null);
    }
}
