//! `jparse`: JSON inside a text, whole or at a path.

use serde_json::Value as Json;

use super::Compiled;
use crate::datum::Datum;

/// Deepest nesting that is looked at.
const DEPTH_MAX: usize = 32;
/// Longest list and map that is taken over.
const ITEMS_MAX: usize = 1_000;

/// A path such as `users[*].id`, compiled.
#[derive(Debug)]
pub struct JsonPath(Vec<Step>);

#[derive(Debug, Clone, PartialEq)]
enum Step {
    Member(String),
    /// `["a","b"]`.
    Members(Vec<String>),
    /// Negative places count from the end.
    Item(i64),
    /// `[0,2]`.
    Items(Vec<i64>),
    /// `[from:to]`, the end excluded.
    Slice(Option<i64>, Option<i64>),
    /// `[*]`.
    All,
}

impl JsonPath {
    /// The whole text.
    pub fn whole() -> JsonPath {
        JsonPath(Vec::new())
    }

    pub fn parse(path: &str) -> Result<JsonPath, String> {
        let mut steps = Vec::new();
        let mut rest = path.trim();
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix('[') {
                let end = closing(inside).ok_or("a [ without its ]")?;
                steps.push(bracket(inside[..end].trim())?);
                rest = inside[end + 1..].trim_start_matches('.');
            } else {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                if end == 0 {
                    return Err("a . without a name".into());
                }
                steps.push(Step::Member(rest[..end].to_owned()));
                rest = &rest[end..];
                rest = rest.strip_prefix('.').unwrap_or(rest);
            }
        }
        Ok(JsonPath(steps))
    }
}

impl Compiled for JsonPath {
    /// Null for what is no JSON, and for a path it does not have.
    fn apply(&self, value: &Datum) -> Datum {
        let parsed = value.as_str().and_then(|text| serde_json::from_str::<Json>(text).ok());
        parsed.map_or(Datum::Null, |json| follow(&json, &self.0))
    }
}

/// The `]` that closes, outside of quotes.
fn closing(inside: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, c) in inside.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ']' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

fn bracket(inside: &str) -> Result<Step, String> {
    let wrong = || format!("`[{inside}]` is no place in JSON");
    if inside == "*" {
        return Ok(Step::All);
    }
    if inside.starts_with('"') {
        let names: Vec<String> =
            serde_json::from_str(&format!("[{inside}]")).map_err(|_| wrong())?;
        return Ok(match <[String; 1]>::try_from(names) {
            Ok([name]) => Step::Member(name),
            Err(names) => Step::Members(names),
        });
    }
    let number = |text: &str| text.trim().parse::<i64>().map_err(|_| wrong());
    if let Some((from, to)) = inside.split_once(':') {
        let side = |text: &str| {
            if text.trim().is_empty() { Ok(None) } else { number(text).map(Some) }
        };
        return Ok(Step::Slice(side(from)?, side(to)?));
    }
    if inside.contains(',') {
        return inside.split(',').map(number).collect::<Result<_, _>>().map(Step::Items);
    }
    number(inside).map(Step::Item)
}

fn follow(json: &Json, steps: &[Step]) -> Datum {
    let Some((step, rest)) = steps.split_first() else { return to_datum(json, DEPTH_MAX) };
    match (step, json) {
        (Step::Member(name), Json::Object(map)) => {
            map.get(name).map_or(Datum::Null, |value| follow(value, rest))
        }
        (Step::Members(names), Json::Object(map)) => {
            let found = names.iter().filter_map(|name| Some((name, map.get(name)?)));
            Datum::map(found.map(|(name, value)| (name.as_str().into(), follow(value, rest))))
        }
        (Step::Item(place), Json::Array(items)) => {
            item(items, *place).map_or(Datum::Null, |value| follow(value, rest))
        }
        (Step::Items(places), Json::Array(items)) => {
            let found = places.iter().filter_map(|place| item(items, *place));
            Datum::List(found.map(|value| follow(value, rest)).collect())
        }
        (Step::Slice(from, to), Json::Array(items)) => {
            let (from, to) = (from.unwrap_or(0), to.unwrap_or(items.len() as i64));
            let (from, to) = (place(items, from), place(items, to));
            let taken = items.get(from..to.max(from)).unwrap_or_default();
            Datum::List(taken.iter().take(ITEMS_MAX).map(|value| follow(value, rest)).collect())
        }
        (Step::All, Json::Array(items)) => {
            Datum::List(items.iter().take(ITEMS_MAX).map(|value| follow(value, rest)).collect())
        }
        (Step::All, Json::Object(map)) => {
            Datum::List(map.values().take(ITEMS_MAX).map(|value| follow(value, rest)).collect())
        }
        _ => Datum::Null,
    }
}

fn item(items: &[Json], at: i64) -> Option<&Json> {
    let from_end = if at < 0 { items.len() as i64 + at } else { at };
    items.get(usize::try_from(from_end).ok()?)
}

/// Clamped to the array.
fn place(items: &[Json], at: i64) -> usize {
    let length = items.len() as i64;
    let from_end = if at < 0 { length + at } else { at };
    from_end.clamp(0, length) as usize
}

fn to_datum(json: &Json, depth: usize) -> Datum {
    match json {
        _ if depth == 0 => Datum::Null,
        Json::Null => Datum::Null,
        Json::Bool(b) => Datum::Bool(*b),
        Json::Number(n) => match n.as_i64() {
            Some(integer) => Datum::Int(integer),
            None => n.as_f64().map_or(Datum::Null, Datum::float),
        },
        Json::String(s) => Datum::text(s.as_str()),
        Json::Array(items) => {
            Datum::List(items.iter().take(ITEMS_MAX).map(|i| to_datum(i, depth - 1)).collect())
        }
        Json::Object(map) => {
            let pairs = map.iter().take(ITEMS_MAX);
            Datum::map(
                pairs.map(|(name, value)| (name.as_str().into(), to_datum(value, depth - 1))),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"users":[{"name":"A","id":5},{"name":"B","id":10},{"name":"C"}],
        "a.b":1,"n":[0,1,2,3]}"#;

    fn at(path: &str) -> Datum {
        JsonPath::parse(path).unwrap().apply(&Datum::text(TEXT))
    }

    fn ints(items: &[i64]) -> Datum {
        Datum::List(items.iter().map(|i| Datum::Int(*i)).collect())
    }

    #[test]
    fn paths_lead_to_parts() {
        assert_eq!(at("users[0].name"), Datum::text("A"));
        assert_eq!(at("users[*].name"), Datum::List(["A", "B", "C"].map(Datum::text).into()));
        assert_eq!(at("users[-1].name"), Datum::text("C"));
        assert_eq!(at(r#"["a.b"]"#), Datum::Int(1));
        assert_eq!(at("n[0,2]"), ints(&[0, 2]));
        assert_eq!(at("n[0:2]"), ints(&[0, 1]));
        assert_eq!(at("n[:-2]"), ints(&[0, 1]));
        assert_eq!(at("n[-1:]"), ints(&[3]));
        assert_eq!(at("n[9:2]"), ints(&[]));
        assert_eq!(at("nothing.here"), Datum::Null);
        let pair = Datum::map([("n".into(), ints(&[0, 1, 2, 3])), ("a.b".into(), Datum::Int(1))]);
        assert_eq!(at(r#"["n","a.b"]"#), pair);
    }

    #[test]
    fn what_is_no_json_is_null_and_no_path_is_refused() {
        assert!(JsonPath::whole().apply(&Datum::text("{oops")).is_null());
        assert!(JsonPath::whole().apply(&Datum::Int(1)).is_null());
        for wrong in ["a[", "a..b", "a[x]", ".a"] {
            assert!(JsonPath::parse(wrong).is_err(), "{wrong}");
        }
        let deep = "[".repeat(100) + &"]".repeat(100);
        assert!(!JsonPath::whole().apply(&Datum::text(deep)).is_null());
    }
}
