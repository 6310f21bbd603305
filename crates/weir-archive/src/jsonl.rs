//! JSON lines: account, event type, timestamp in epoch milliseconds, attributes.

use std::io::{BufRead, Read};

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use weir_types::{AccountId, Event, Timestamp, Value};

use crate::ArchiveError;

/// Longest line: more than the largest event takes.
const LINE_BYTES_MAX: u64 = 8 << 20;

/// One event as the object of its line; `attributes` hands each to what it is given.
pub fn object(
    account: AccountId,
    event_type: &str,
    timestamp: Timestamp,
    attributes: impl FnOnce(&mut dyn FnMut(&str, Value)),
) -> Json {
    let mut object = Map::new();
    attributes(&mut |name, value| {
        object.insert(name.to_owned(), value.to_json());
    });
    json!({
        "account": account.0,
        "eventType": event_type,
        "timestamp": timestamp.as_millis(),
        "attributes": object,
    })
}

/// Reads lines as events, until one is wrong.
pub struct LineReader<R> {
    input: R,
    text: String,
    line: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Line {
    account: u64,
    event_type: String,
    timestamp: i64,
    attributes: Map<String, Json>,
}

impl<R: BufRead> LineReader<R> {
    pub fn new(input: R) -> Self {
        LineReader { input, text: String::new(), line: 0 }
    }
}

impl<R: BufRead> Iterator for LineReader<R> {
    type Item = Result<(AccountId, Event), ArchiveError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.text.clear();
        self.line += 1;
        match self.input.by_ref().take(LINE_BYTES_MAX).read_line(&mut self.text) {
            Ok(0) => None,
            Ok(_) => {
                let line = self.line;
                Some(parse(&self.text).map_err(|reason| ArchiveError::Line { line, reason }))
            }
            Err(error) => Some(Err(error.into())),
        }
    }
}

fn parse(text: &str) -> Result<(AccountId, Event), String> {
    let line: Line = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut event = Event::new(line.event_type, Timestamp::from_millis(line.timestamp));
    event.attributes.reserve_exact(line.attributes.len());
    for (name, value) in line.attributes {
        let value = value_of(&value);
        let value = value.ok_or_else(|| format!("attribute `{name}` is no value of an event"))?;
        event.push(name, value);
    }
    event.validate().map_err(|error| error.to_string())?;
    Ok((AccountId(line.account), event))
}

fn value_of(json: &Json) -> Option<Value> {
    match json {
        Json::String(text) => Some(Value::from(text.as_str())),
        Json::Bool(bool) => Some(Value::Bool(*bool)),
        Json::Number(number) => match number.as_i64() {
            Some(int) => Some(Value::Int(int)),
            None => number.as_f64().and_then(Value::float),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Result<(AccountId, Event), String>> {
        LineReader::new(text.as_bytes()).map(|line| line.map_err(|e| e.to_string())).collect()
    }

    #[test]
    fn an_event_comes_back_with_its_types() {
        let event = Event::new("Custom", Timestamp::from_millis(-5))
            .with("int", i64::MAX)
            .with("ratio", Value::Float(1.0))
            .with("note", "a \"b\" \u{1f600}")
            .with("flag", true);
        let line = object(AccountId(7), "Custom", event.timestamp, |put| {
            event.attributes.iter().for_each(|(name, value)| put(name, value.clone()));
        });
        assert_eq!(read(&line.to_string()), [Ok((AccountId(7), event))]);
    }

    #[test]
    fn a_wrong_line_is_named() {
        let good = r#"{"account":1,"eventType":"A","timestamp":1,"attributes":{}}"#;
        let read = read(&format!("{good}\n{{\"account\":1}}\n"));
        assert!(read[0].is_ok());
        let wrong = read[1].clone().unwrap_err();
        assert!(wrong.starts_with("line 2: missing field"), "{wrong}");
    }

    #[test]
    fn a_list_is_no_value() {
        let text = r#"{"account":1,"eventType":"A","timestamp":1,"attributes":{"x":[1]}}"#;
        assert_eq!(read(text), [Err("line 1: attribute `x` is no value of an event".into())]);
    }
}
