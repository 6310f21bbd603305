//! Functions of maps and of distributions.

use super::{ScalarFunction, argument};
use crate::datum::Datum;
use crate::node::Kind;

pub const FUNCTIONS: &[ScalarFunction] = &[
    ScalarFunction {
        name: "mapKeys",
        arguments: 1..=1,
        forms: &[],
        named: "",
        returns: Kind::Value,
        evaluate: |a, _| members(argument(a, 0), |(name, _)| Datum::Str(name.clone())),
    },
    ScalarFunction {
        name: "mapValues",
        arguments: 1..=1,
        forms: &[],
        named: "",
        returns: Kind::Value,
        evaluate: |a, _| members(argument(a, 0), |(_, value)| value.clone()),
    },
    ScalarFunction {
        name: "getCdfCount",
        arguments: 2..=2,
        forms: &[],
        named: "",
        returns: Kind::Value,
        evaluate: |a, _| cdf_count(argument(a, 0), argument(a, 1)),
    },
    // A long text is an attribute like any other here.
    ScalarFunction {
        name: "blob",
        arguments: 1..=1,
        forms: &[],
        named: "",
        returns: Kind::Value,
        evaluate: |a, _| argument(a, 0).clone(),
    },
];

fn members(value: &Datum, part: fn(&(std::sync::Arc<str>, Datum)) -> Datum) -> Datum {
    match value {
        Datum::Map(pairs) => Datum::List(pairs.iter().map(part).collect()),
        _ => Datum::Null,
    }
}

/// How many observations are at or below the threshold: 0 or 1 for a plain number.
fn cdf_count(value: &Datum, threshold: &Datum) -> Datum {
    let Some(threshold) = threshold.as_f64() else { return Datum::Null };
    match value {
        Datum::Metric(point) => {
            let below = point.observations().into_iter().map(|s| s.below(threshold));
            Datum::whole(below.sum())
        }
        other => other.as_f64().map_or(Datum::Null, |v| Datum::Int(i64::from(v <= threshold))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::call;
    use super::*;

    #[test]
    fn maps_have_keys_and_values() {
        let map = Datum::map([("a".into(), Datum::Int(1)), ("b".into(), Datum::Null)]);
        let keys = call("mapKeys", std::slice::from_ref(&map));
        assert_eq!(keys, Datum::List([Datum::text("a"), Datum::text("b")].into()));
        assert_eq!(call("mapValues", &[map]), Datum::List([Datum::Int(1), Datum::Null].into()));
        assert_eq!(call("mapKeys", &[Datum::Int(1)]), Datum::Null);
    }

    #[test]
    fn a_number_is_at_or_below_or_not() {
        assert_eq!(call("getCdfCount", &[Datum::Float(1.0), Datum::Int(1)]), Datum::Int(1));
        assert_eq!(call("getCdfCount", &[Datum::Float(1.1), Datum::Int(1)]), Datum::Int(0));
        assert_eq!(call("getCdfCount", &[Datum::Null, Datum::Int(1)]), Datum::Null);
    }
}
