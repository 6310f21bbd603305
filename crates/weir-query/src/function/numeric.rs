//! Functions of numbers. What is not a number gives null, and so does a result that is none.

use super::{ScalarFunction, Settings, argument};
use crate::datum::Datum;
use crate::node::Kind;

pub const FUNCTIONS: &[ScalarFunction] = &[
    number("abs", 1, |a, _| abs(argument(a, 0))),
    number("ceil", 1, |a, _| rounded(argument(a, 0), f64::ceil)),
    number("floor", 1, |a, _| rounded(argument(a, 0), f64::floor)),
    ScalarFunction {
        name: "round",
        arguments: 1..=2,
        forms: &[],
        named: "",
        returns: Kind::Value,
        evaluate: |a, _| round(argument(a, 0), a.get(1)),
    },
    number("sqrt", 1, |a, _| map(argument(a, 0), f64::sqrt)),
    number("exp", 1, |a, _| map(argument(a, 0), f64::exp)),
    number("ln", 1, |a, _| map(argument(a, 0), f64::ln)),
    number("log2", 1, |a, _| map(argument(a, 0), f64::log2)),
    number("log10", 1, |a, _| map(argument(a, 0), f64::log10)),
    number("log", 2, |a, _| map_two(a, |value, base| value.ln() / base.ln())),
    number("pow", 2, |a, _| map_two(a, f64::powf)),
    number("mod", 2, |a, _| modulo(argument(a, 0), argument(a, 1))),
    number("clamp_max", 2, |a, _| clamp(argument(a, 0), argument(a, 1), Datum::min)),
    number("clamp_min", 2, |a, _| clamp(argument(a, 0), argument(a, 1), Datum::max)),
];

/// What `percentage` makes of its two aggregates; no name of the language.
pub static SHARE: ScalarFunction =
    number("percentage", 2, |a, _| share(argument(a, 0), argument(a, 1)));

type Evaluate = fn(&[Datum], &Settings) -> Datum;

const fn number(name: &'static str, arguments: usize, evaluate: Evaluate) -> ScalarFunction {
    ScalarFunction {
        name,
        arguments: arguments..=arguments,
        forms: &[],
        named: "",
        returns: Kind::Value,
        evaluate,
    }
}

fn map(value: &Datum, apply: fn(f64) -> f64) -> Datum {
    value.as_f64().map_or(Datum::Null, |v| Datum::float(apply(v)))
}

/// Null of nothing; what is no number is 100 % of itself, which is New Relic's rule.
fn share(part: &Datum, whole: &Datum) -> Datum {
    match (part.as_f64(), whole.as_f64()) {
        (Some(part), Some(whole)) => Datum::float(part * 100.0 / whole),
        _ if part.is_null() || whole.is_null() => Datum::Null,
        _ => Datum::Int(100),
    }
}

fn map_two(arguments: &[Datum], apply: fn(f64, f64) -> f64) -> Datum {
    match (argument(arguments, 0).as_f64(), argument(arguments, 1).as_f64()) {
        (Some(a), Some(b)) => Datum::float(apply(a, b)),
        _ => Datum::Null,
    }
}

fn abs(value: &Datum) -> Datum {
    match value {
        Datum::Int(i) => i.checked_abs().map_or_else(|| Datum::float(-(*i as f64)), Datum::Int),
        other => map(other, f64::abs),
    }
}

fn rounded(value: &Datum, apply: fn(f64) -> f64) -> Datum {
    match value {
        Datum::Int(i) => Datum::Int(*i),
        other => other.as_f64().map_or(Datum::Null, |v| Datum::whole(apply(v))),
    }
}

/// To the nearest multiple of the second argument, 1 without it.
fn round(value: &Datum, multiple: Option<&Datum>) -> Datum {
    let Some(multiple) = multiple else { return rounded(value, f64::round) };
    let (Some(number), Some(multiple)) = (value.as_f64(), multiple.as_f64()) else {
        return Datum::Null;
    };
    if multiple == 0.0 {
        return Datum::Null;
    }
    // `.01` is not exact in binary, 100 is: dividing by it keeps 0.3 from becoming 0.30000000000000004.
    let inverse = (1.0 / multiple).round();
    let is_fraction = inverse != 0.0 && (inverse * multiple - 1.0).abs() < 1e-9;
    if is_fraction {
        return Datum::float((number * inverse).round() / inverse);
    }
    Datum::whole((number / multiple).round() * multiple)
}

/// Floored: the result has the sign of the divisor.
fn modulo(dividend: &Datum, divisor: &Datum) -> Datum {
    if let (Datum::Int(a), Datum::Int(b)) = (dividend, divisor) {
        let remainder = a.checked_rem(*b);
        let floored = remainder.map(|r| if r != 0 && (r < 0) != (*b < 0) { r + b } else { r });
        return floored.map_or(Datum::Null, Datum::Int);
    }
    match (dividend.as_f64(), divisor.as_f64()) {
        (Some(a), Some(b)) => Datum::float(a - b * (a / b).floor()),
        _ => Datum::Null,
    }
}

fn clamp(value: &Datum, limit: &Datum, choose: fn(Datum, Datum) -> Datum) -> Datum {
    match (value.as_f64(), limit.as_f64()) {
        (Some(_), Some(_)) => choose(value.clone(), limit.clone()),
        _ => Datum::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::super::call;
    use super::*;

    fn int(value: i64) -> Datum {
        Datum::Int(value)
    }

    fn float(value: f64) -> Datum {
        Datum::Float(value)
    }

    #[test]
    fn the_second_argument_of_round_is_a_multiple() {
        assert_eq!(call("round", &[float(2.346), float(0.01)]), float(2.35));
        assert_eq!(call("round", &[float(0.3), float(0.01)]), float(0.3));
        assert_eq!(call("round", &[int(1234), int(10)]), int(1230));
        assert_eq!(call("round", &[float(7.3), float(2.5)]), float(7.5));
        assert_eq!(call("round", &[float(2.5)]), int(3));
        assert_eq!(call("round", &[float(2.5), int(0)]), Datum::Null);
        assert_eq!(call("round", &[Datum::text("2"), int(1)]), Datum::Null);
    }

    #[test]
    fn mod_has_the_sign_of_the_divisor() {
        assert_eq!(call("mod", &[int(-7), int(3)]), int(2));
        assert_eq!(call("mod", &[int(7), int(-3)]), int(-2));
        assert_eq!(call("mod", &[int(7), int(0)]), Datum::Null);
        assert_eq!(call("mod", &[float(5.5), int(2)]), float(1.5));
        assert_eq!(call("mod", &[float(5.5), int(0)]), Datum::Null);
    }

    #[test]
    fn numbers_that_do_not_exist_are_null() {
        assert_eq!(call("sqrt", &[int(-1)]), Datum::Null);
        assert_eq!(call("log10", &[int(0)]), Datum::Null);
        assert_eq!(call("ln", &[int(-1)]), Datum::Null);
        assert_eq!(call("exp", &[int(1000)]), Datum::Null);
        assert_eq!(call("abs", &[Datum::Null]), Datum::Null);
    }

    #[test]
    fn plain_values() {
        assert_eq!(call("abs", &[int(-3)]), int(3));
        assert_eq!(call("abs", &[float(-2.5)]), float(2.5));
        assert_eq!(call("ceil", &[float(1.2)]), int(2));
        assert_eq!(call("floor", &[float(-1.2)]), int(-2));
        assert_eq!(call("sqrt", &[int(9)]), float(3.0));
        assert_eq!(call("exp", &[int(0)]), float(1.0));
        assert_eq!(call("pow", &[int(2), int(10)]), float(1024.0));
        assert_eq!(call("log", &[int(8), int(2)]).as_f64().map(f64::round), Some(3.0));
        assert_eq!(call("log2", &[int(8)]), float(3.0));
        assert_eq!(call("log10", &[int(1000)]).as_f64().map(f64::round), Some(3.0));
        assert_eq!(call("ln", &[int(1)]), float(0.0));
        assert_eq!(call("clamp_max", &[int(120), int(100)]), int(100));
        assert_eq!(call("clamp_min", &[float(-0.5), int(0)]), int(0));
    }
}
