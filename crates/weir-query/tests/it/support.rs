//! Asking plain events in memory.

use std::time::{Duration, Instant};

use serde_json::Value as Json;
use weir_query::{Cancel, EventSource, Limits, answer};
use weir_types::{AccountId, Event, QueryError, QueryRequest, QueryResult, Timestamp, Value};

/// Tuesday 2023-11-14T22:13:20Z: what `now` is in every test.
pub const NOW: i64 = 1_700_000_000_000;

pub fn request(nrql: &str) -> QueryRequest {
    QueryRequest {
        account: AccountId::DEFAULT,
        nrql: nrql.into(),
        now: Timestamp::from_millis(NOW),
        timeout: Duration::from_secs(60),
    }
}

pub fn try_ask(events: &dyn EventSource, nrql: &str) -> Result<QueryResult, QueryError> {
    try_ask_at(events, nrql, NOW)
}

pub fn try_ask_at(
    events: &dyn EventSource,
    nrql: &str,
    now: i64,
) -> Result<QueryResult, QueryError> {
    let request = QueryRequest { now: Timestamp::from_millis(now), ..request(nrql) };
    answer(events, &request, Limits::default(), Instant::now(), Cancel::default())
}

pub fn ask(events: &dyn EventSource, nrql: &str) -> QueryResult {
    match try_ask(events, nrql) {
        Ok(result) => result,
        Err(error) => panic!("{nrql}\n{error}"),
    }
}

/// The rows as one JSON array.
pub fn rows(events: &dyn EventSource, nrql: &str) -> Json {
    ask(events, nrql).results.into_iter().map(Json::Object).collect()
}

/// An event so many seconds before [`NOW`], from a JSON object.
pub fn event(event_type: &str, seconds_ago: i64, attributes: Json) -> Event {
    event_at(event_type, NOW - seconds_ago * 1_000, attributes)
}

pub fn event_at(event_type: &str, millis: i64, attributes: Json) -> Event {
    let mut event = Event::new(event_type, Timestamp::from_millis(millis));
    let Json::Object(attributes) = attributes else { panic!("attributes are no object") };
    for (name, value) in attributes {
        event.push(name, value_of(&value));
    }
    event
}

fn value_of(json: &Json) -> Value {
    match json {
        Json::Bool(b) => Value::Bool(*b),
        Json::String(s) => Value::from(s.as_str()),
        Json::Number(n) => n
            .as_i64()
            .map(Value::Int)
            .or_else(|| n.as_f64().and_then(Value::float))
            .expect("a finite number"),
        other => panic!("{other} is no attribute value"),
    }
}
