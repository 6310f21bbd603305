//! Generated rows: as events for the evaluator, as columns for SQL.

use serde_json::{Map, Value as Json, json};
use weir_types::{Event, Timestamp, Value};

use crate::splitmix::Random;

/// 2023-10-29T01:30:00Z: half an hour after clocks went back in Berlin.
pub const NOW: i64 = 1_698_543_000_000;
pub const ZONES: [&str; 3] = ["UTC", "Europe/Berlin", "America/New_York"];

/// Name and SQL type; NRQL's `m` changes its type, so SQL only sees its numbers.
pub const COLUMNS: [(&str, &str); 9] = [
    ("ts", "BIGINT"),
    ("seq", "BIGINT"),
    ("n", "BIGINT"),
    ("f", "DOUBLE"),
    ("m_number", "DOUBLE"),
    ("g", "VARCHAR"),
    ("s", "VARCHAR"),
    ("b", "BOOLEAN"),
    ("digits", "VARCHAR"),
];

/// Nulls, mixed types, two gaps, equal times, late rows, and some outside of every window.
pub fn generated(random: &mut Random, count: usize) -> (Vec<Event>, Vec<Json>) {
    let mut events = Vec::new();
    let mut rows = Vec::new();
    for seq in 0..count {
        let ago = [0, 700_000, 1_500_000, 2_900_000, 90_000_000][random.below(5)];
        let ts = NOW - 1 - ago - (random.below(600) as i64) * 1_000;
        let mut row = Map::new();
        row.insert("ts".into(), json!(ts));
        row.insert("seq".into(), json!(seq));
        let number = random.below(80) as i64 - 20;
        let mut known = |random: &mut Random, name: &str, value: Json| {
            if !random.one_in(4) {
                row.insert(name.into(), value);
            }
        };
        known(random, "n", json!(number));
        let f = (random.below(160) as f64 - 40.0) / 8.0;
        known(random, "f", json!(f));
        let g = random.pick(&["a", "B", "c", "dd", ""]);
        known(random, "g", json!(g));
        let s = random.pick(&["abc", "aBc", "a_c", "Bär", "xay", "z"]);
        known(random, "s", json!(s));
        let b = random.one_in(2);
        known(random, "b", json!(b));
        let digits = random.pick(&["42", "4.5", "-7", "n/a", "1e2"]);
        known(random, "digits", json!(digits));
        let mixed = [json!(number), json!(number as f64 / 4.0), json!("text"), json!(true)];
        let mixed = mixed[random.below(4)].clone();
        let mut event = Event::new("T", Timestamp::from_millis(ts));
        for name in ["n", "f", "g", "s", "b", "digits"] {
            if let Some(value) = row.get(name) {
                event.push(name, value_of(value));
            }
        }
        event.push("m", value_of(&mixed));
        if mixed.is_number() {
            row.insert("m_number".into(), mixed);
        }
        events.push(event);
        rows.push(Json::Object(row));
    }
    (events, rows)
}

fn value_of(json: &Json) -> Value {
    match json {
        Json::Bool(b) => Value::Bool(*b),
        Json::String(s) => Value::from(s.as_str()),
        Json::Number(n) => match n.as_i64() {
            Some(integer) => Value::Int(integer),
            None => Value::float(n.as_f64().unwrap_or_default()).expect("a finite number"),
        },
        other => panic!("{other} is no attribute value"),
    }
}
