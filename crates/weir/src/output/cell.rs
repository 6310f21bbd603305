//! [`Cell`]: one value three ways: for a terminal, for a pipe, and raw for CSV.

use serde_json::Value as Json;
use weir_types::Timestamp;

use crate::output::number;
use crate::output::terminal::Terminal;

/// How a word is coloured and which icon stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Critical,
    Warning,
    Good,
    /// Stale or not known.
    Unknown,
    /// Of less weight; no icon.
    Dim,
}

/// How much a number says of what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    AtLeast,
    About,
}

/// Missing is `-` for people and nothing in CSV; never 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// As a terminal shows it, without icon, colour and sign.
    pub shown: String,
    /// As a pipe gets it, without sign: digits are not grouped.
    pub plain: String,
    /// As CSV gets it.
    pub raw: String,
    pub tone: Option<Tone>,
    /// Stands before both, in what the locale can write.
    pub sign: Option<Sign>,
}

impl Cell {
    pub fn missing() -> Self {
        Cell { raw: String::new(), tone: Some(Tone::Dim), ..Cell::text("-") }
    }

    pub fn is_missing(&self) -> bool {
        *self == Cell::missing()
    }

    pub fn text(text: impl Into<String>) -> Self {
        let raw = text.into();
        let shown = printable(&raw);
        Cell { plain: shown.clone(), shown, raw, tone: None, sign: None }
    }

    pub fn optional(text: Option<&str>) -> Self {
        text.map_or_else(Cell::missing, Cell::text)
    }

    /// A word whose tone gives it colour and icon.
    pub fn status(tone: Tone, word: impl Into<String>) -> Self {
        Cell { tone: Some(tone), ..Cell::text(word) }
    }

    pub fn count(value: Option<i64>) -> Self {
        Cell::number(value, number::grouped, |v| v.to_string())
    }

    pub fn yes_no(value: Option<bool>) -> Self {
        let Some(value) = value else { return Cell::missing() };
        Cell { raw: value.to_string(), ..Cell::text(if value { "yes" } else { "no" }) }
    }

    /// A health score; 100 is best.
    pub fn score(value: Option<f64>) -> Self {
        Cell::number(value, |v| format!("{v:.0}"), |v| v.to_string())
    }

    pub fn rate(value: Option<f64>) -> Self {
        Cell::number(value, number::rate, |v| v.to_string())
    }

    pub fn bytes(value: Option<i64>) -> Self {
        Cell::number(value, number::bytes, |v| v.to_string())
    }

    pub fn duration_secs(value: Option<f64>) -> Self {
        Cell::number(value, number::duration, |v| v.to_string())
    }

    /// An age by how it is known: at least this much, about this much, or exactly.
    pub fn age(secs: Option<f64>, method: Option<&str>) -> Self {
        // "At least nothing" is unknown.
        let secs = secs.filter(|secs| *secs > 0.0 || method != Some("at_least"));
        let sign = match method {
            _ if secs.is_none() => None,
            Some("at_least") => Some(Sign::AtLeast),
            Some("interpolated") => Some(Sign::About),
            _ => None,
        };
        Cell { sign, ..Cell::duration_secs(secs) }
    }

    /// How long ago `at` was; CSV has the time itself, in epoch milliseconds.
    pub fn since(at: Timestamp, now: Timestamp) -> Self {
        let age = number::duration(now.since(at).as_secs_f64());
        Cell { raw: at.as_millis().to_string(), ..Cell::text(age) }
    }

    /// 0 to 1 as a percentage.
    pub fn ratio(value: Option<f64>) -> Self {
        Cell::number(value, |v| format!("{:.0}%", v * 100.0), |v| v.to_string())
    }

    /// A value of a query's row: numbers as they are, a list (several facets) joined, anything else
    /// nested as JSON.
    pub fn json(value: Option<&Json>) -> Self {
        match value {
            None | Some(Json::Null) => Cell::missing(),
            Some(Json::String(text)) => Cell::text(text.as_str()),
            Some(Json::Array(items)) if !items.is_empty() => {
                let shown: Vec<String> =
                    items.iter().map(|item| Cell::json(Some(item)).shown).collect();
                Cell {
                    raw: Json::from(items.as_slice()).to_string(),
                    ..Cell::text(shown.join(", "))
                }
            }
            Some(other) => Cell::text(other.to_string()),
        }
    }

    /// For people, without icon and colour.
    pub fn on_terminal(&self, terminal: &Terminal) -> String {
        format!("{}{}", self.sign_on(terminal), self.shown)
    }

    /// For programs, without colour.
    pub fn in_pipe(&self, terminal: &Terminal) -> String {
        format!("{}{}", self.sign_on(terminal), self.plain)
    }

    fn sign_on(&self, terminal: &Terminal) -> &'static str {
        match (self.sign, terminal.unicode) {
            (None, _) => "",
            (Some(Sign::AtLeast), true) => "≥",
            (Some(Sign::AtLeast), false) => ">=",
            (Some(Sign::About), true) => "≈",
            (Some(Sign::About), false) => "~",
        }
    }

    fn number<T: Copy>(
        value: Option<T>,
        shown: impl Fn(T) -> String,
        raw: impl Fn(T) -> String,
    ) -> Self {
        let Some(value) = value else { return Cell::missing() };
        let shown = shown(value);
        Cell { plain: shown.replace(',', ""), raw: raw(value), ..Cell::text(shown) }
    }
}

/// Names come from clusters and may hold anything: control characters must not reach a terminal.
fn printable(text: &str) -> String {
    if !text.chars().any(char::is_control) {
        return text.to_owned();
    }
    text.chars()
        .flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_is_never_zero() {
        let missing = Cell::count(None);
        assert_eq!((missing.shown.as_str(), missing.raw.as_str()), ("-", ""));
        let zero = Cell::count(Some(0));
        assert_eq!((zero.shown.as_str(), zero.raw.as_str()), ("0", "0"));
        assert_eq!(Cell::json(Some(&Json::Null)).shown, "-");
    }

    #[test]
    fn an_age_wears_the_sign_of_how_it_is_known() {
        let shown = |method, unicode| {
            let terminal = Terminal { width: None, color: false, color_errors: false, unicode };
            Cell::age(Some(41.0), Some(method)).on_terminal(&terminal)
        };
        assert_eq!([shown("at_least", true), shown("at_least", false)], ["≥41s", ">=41s"]);
        assert_eq!([shown("interpolated", true), shown("interpolated", false)], ["≈41s", "~41s"]);
        assert_eq!(shown("exact", true), "41s");
        assert!(Cell::age(None, Some("at_least")).is_missing());
    }

    #[test]
    fn several_facets_read_as_one_and_stay_apart_in_csv() {
        let cell = Cell::json(Some(&serde_json::json!(["audit", "a, b", null])));
        assert_eq!(cell.shown, "audit, a, b, -");
        assert_eq!(cell.raw, r#"["audit","a, b",null]"#);
    }

    #[test]
    fn digits_are_grouped_for_people_alone() {
        let cell = Cell::count(Some(84_445));
        assert_eq!((cell.shown.as_str(), cell.plain.as_str()), ("84,445", "84445"));
    }

    #[test]
    fn a_name_can_not_drive_the_terminal() {
        assert_eq!(Cell::text("a\x1b[2J\tb\n").shown, "a\\u{1b}[2J\\tb\\n");
    }
}
