//! The fields of a point that are texts of JSON.

use crate::datum::Datum;
use crate::spread::Stretch;

/// An end that is open is the least or largest observation where that is known. Else, as in
/// Prometheus, the lowest range begins at 0 and past the highest bound nothing is known but the
/// bound. What is no distribution has no observations.
pub fn parse_distribution(text: &str, min: Option<f64>, max: Option<f64>) -> Vec<Stretch> {
    let parts: Vec<Vec<Option<f64>>> = serde_json::from_str(text).unwrap_or_default();
    let stretch = |part: Vec<Option<f64>>| match *part.as_slice() {
        [Some(value), Some(count)] => Some(Stretch::at(value, count)),
        [low, high, Some(count)] => {
            let low = low.or_else(|| Some(min.unwrap_or(0.0).min(high?)))?;
            let high = high.unwrap_or(max.unwrap_or(low).max(low));
            (low <= high).then_some(Stretch { low, high, count })
        }
        _ => None,
    };
    parts.into_iter().filter_map(stretch).filter(|stretch| stretch.count > 0.0).collect()
}

pub fn parse_members(text: &str) -> Vec<Datum> {
    let members: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    let member = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => Some(Datum::text(text)),
        serde_json::Value::Bool(b) => Some(Datum::Bool(b)),
        serde_json::Value::Number(n) => {
            n.as_i64().map(Datum::Int).or_else(|| n.as_f64().map(Datum::float))
        }
        _ => None,
    };
    let mut members: Vec<Datum> = members.into_iter().filter_map(member).collect();
    members.sort();
    members.dedup();
    members
}
