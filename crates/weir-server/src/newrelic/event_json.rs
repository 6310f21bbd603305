//! The Event API's JSON as events: one object or an array of them.

use std::time::Duration;

use serde_json::{Map, Value as Json};
use weir_types::{Event, EventError, Timestamp, Value};

/// New Relic takes epoch seconds too; below this a number is seconds.
const SECONDS_BELOW: i64 = 100_000_000_000;
/// How far ahead of our clock a sender's may run.
const AHEAD_MAX: Duration = Duration::from_secs(24 * 3600);

#[derive(Debug, PartialEq, thiserror::Error)]
pub enum EventJsonError {
    #[error("body is not JSON: {0}")]
    Syntax(String),
    #[error("body is empty: send one event object or an array of them")]
    Empty,
    #[error("event {index}: {reason}")]
    Event { index: usize, reason: String },
}

/// Parses and checks a whole body; the index of a bad event counts from 0.
pub fn parse(
    body: &[u8],
    now: Timestamp,
    retention: Duration,
) -> Result<Vec<Event>, EventJsonError> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(EventJsonError::Empty);
    }
    let json = serde_json::from_slice(body).map_err(|e| EventJsonError::Syntax(e.to_string()))?;
    let items = match json {
        Json::Array(items) => items,
        item => vec![item],
    };
    if items.is_empty() {
        return Err(EventJsonError::Empty);
    }
    let window = Window { now, oldest: now.saturating_sub(retention) };
    items
        .into_iter()
        .enumerate()
        .map(|(index, item)| {
            to_event(item, window).map_err(|reason| EventJsonError::Event { index, reason })
        })
        .collect()
}

/// Which timestamps are taken.
#[derive(Clone, Copy)]
struct Window {
    now: Timestamp,
    oldest: Timestamp,
}

fn to_event(item: Json, window: Window) -> Result<Event, String> {
    let Json::Object(mut object) = item else {
        return Err(format!("{} is not an object", kind_of(&item)));
    };
    let event_type = match object.remove("eventType") {
        Some(Json::String(name)) => name,
        Some(other) => return Err(format!("`eventType` is {}, not a string", kind_of(&other))),
        None => return Err("`eventType` is missing".into()),
    };
    let timestamp = take_timestamp(&mut object, window)?;
    // The account is the key's; New Relic drops the attribute as well.
    object.remove("accountId");
    let mut event = Event::new(event_type, timestamp);
    for (name, value) in object {
        if let Some(value) = to_value(&name, value)? {
            event.push(name, value);
        }
    }
    event.validate().map_err(|e: EventError| e.to_string())?;
    Ok(event)
}

/// Seconds or milliseconds; absent or with a fraction means now, as New Relic has it.
fn take_timestamp(object: &mut Map<String, Json>, window: Window) -> Result<Timestamp, String> {
    let number = match object.remove("timestamp") {
        None | Some(Json::Null) => return Ok(window.now),
        Some(Json::Number(number)) => number,
        Some(other) => return Err(format!("`timestamp` is {}, not a number", kind_of(&other))),
    };
    let Some(number) = number.as_i64() else { return Ok(window.now) };
    let millis = if number < SECONDS_BELOW { number.saturating_mul(1_000) } else { number };
    let timestamp = Timestamp::from_millis(millis);
    if timestamp < window.oldest {
        return Err(format!("`timestamp` {number} is older than the retention"));
    }
    if timestamp > window.now.saturating_add(AHEAD_MAX) {
        return Err(format!("`timestamp` {number} is more than 24 hours ahead"));
    }
    Ok(timestamp)
}

/// `None` for null: the attribute is absent.
fn to_value(name: &str, value: Json) -> Result<Option<Value>, String> {
    match value {
        Json::Null => Ok(None),
        Json::Bool(b) => Ok(Some(Value::Bool(b))),
        Json::String(s) => Ok(Some(Value::from(s))),
        Json::Number(n) => match n.as_i64() {
            Some(i) => Ok(Some(Value::Int(i))),
            None => match n.as_f64().and_then(Value::float) {
                Some(value) => Ok(Some(value)),
                None => Err(format!("attribute `{name}` is not a finite number")),
            },
        },
        Json::Array(_) | Json::Object(_) => Err(format!(
            "attribute `{name}` is {}: send strings, numbers or booleans, flatten what is nested",
            kind_of(&value)
        )),
    }
}

fn kind_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
    const DAY: Duration = Duration::from_secs(86_400);

    fn parse_text(text: &str) -> Result<Vec<Event>, EventJsonError> {
        parse(text.as_bytes(), NOW, DAY)
    }

    fn reason(text: &str) -> String {
        parse_text(text).unwrap_err().to_string()
    }

    #[test]
    fn one_object_or_an_array() {
        let one =
            parse_text(r#"{"eventType":"T","a":1,"b":"x","c":true,"d":1.5,"e":null}"#).unwrap();
        let expected = Event::new("T", NOW)
            .with("a", 1)
            .with("b", "x")
            .with("c", true)
            .with("d", Value::Float(1.5));
        assert_eq!(one, [expected]);
        assert_eq!(parse_text(r#"[{"eventType":"T"},{"eventType":"U"}]"#).unwrap().len(), 2);
    }

    #[test]
    fn seconds_and_milliseconds_are_told_apart() {
        let seconds = parse_text(r#"{"eventType":"T","timestamp":1789999000}"#).unwrap();
        let millis = parse_text(r#"{"eventType":"T","timestamp":1789999000000}"#).unwrap();
        assert_eq!(seconds, millis);
        let fraction = parse_text(r#"{"eventType":"T","timestamp":1789999000.5}"#).unwrap();
        assert_eq!(fraction[0].timestamp, NOW);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        assert_eq!(reason("  "), EventJsonError::Empty.to_string());
        assert!(
            reason("[{]").starts_with("body is not JSON: key must be a string at line 1 column 3")
        );
        assert_eq!(reason(r#"[{"eventType":"T"},{"a":1}]"#), "event 1: `eventType` is missing");
        assert_eq!(reason("[7]"), "event 0: a number is not an object");
        assert!(reason(r#"{"eventType":"T","a":{"b":1}}"#).contains("`a` is an object"));
        assert!(
            reason(r#"{"eventType":"T","a":1,"timestamp":1}"#).contains("older than the retention")
        );
        assert!(reason(r#"{"eventType":"T","timestamp":1999999999999}"#).contains("ahead"));
        assert!(reason(r#"{"eventType":"a b"}"#).contains("event type `a b` is not valid"));
    }
}
