//! The words of the language. None is reserved: where a word can only be a name, it is one.

use crate::ast::TimeUnit;

/// Every keyword, upper case, as completion offers them.
pub const KEYWORDS: &[&str] = &[
    "AGO",
    "AND",
    "AS",
    "ASC",
    "AT",
    "AUTO",
    "BY",
    "CASES",
    "COMPARE",
    "DESC",
    "EVENT",
    "EXTRAPOLATE",
    "FACET",
    "FALSE",
    "FROM",
    "IN",
    "INNER",
    "IS",
    "JOIN",
    "LAST",
    "LEFT",
    "LIKE",
    "LIMIT",
    "LOOKUP",
    "MAX",
    "METRIC_FORMAT",
    "NOT",
    "NOW",
    "NULL",
    "OFFSET",
    "ON",
    "OR",
    "ORDER",
    "PREDICT",
    "RAW",
    "RLIKE",
    "SELECT",
    "SHOW",
    "SINCE",
    "SLIDE",
    "THIS",
    "TIMESERIES",
    "TIMEZONE",
    "TODAY",
    "TOMORROW",
    "TRUE",
    "TYPES",
    "UNTIL",
    "USING",
    "WHERE",
    "WITH",
    "YESTERDAY",
];

/// Names the formatter puts in backticks, as bare they could be read as part of the grammar.
const QUOTED_AS_NAMES: &[&str] = &[
    "AND",
    "AS",
    "ASC",
    "BETWEEN",
    "BY",
    "CASE",
    "CASES",
    "COMPARE",
    "DESC",
    "DISTINCT",
    "EXTRAPOLATE",
    "FACET",
    "FALSE",
    "FROM",
    "GROUP",
    "HAVING",
    "IN",
    "INNER",
    "IS",
    "JOIN",
    "LEFT",
    "LIKE",
    "LIMIT",
    "LOOKUP",
    "NOT",
    "NULL",
    "OFFSET",
    "ON",
    "OR",
    "ORDER",
    "PREDICT",
    "RAW",
    "RLIKE",
    "SELECT",
    "SHOW",
    "SINCE",
    "SLIDE",
    "TIMESERIES",
    "TIMEZONE",
    "TRUE",
    "UNION",
    "UNTIL",
    "WHERE",
    "WITH",
];

/// A clause of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clause {
    Select,
    From,
    Where,
    Facet,
    Limit,
    Offset,
    OrderBy,
    Since,
    Until,
    CompareWith,
    Timeseries,
    Extrapolate,
    Raw,
    Predict,
    /// TIMEZONE, METRIC_FORMAT or variables: the next word tells.
    With,
}

impl Clause {
    pub const ALL: &[Clause] = &[
        Clause::Select,
        Clause::From,
        Clause::Where,
        Clause::Facet,
        Clause::Limit,
        Clause::Offset,
        Clause::OrderBy,
        Clause::Since,
        Clause::Until,
        Clause::CompareWith,
        Clause::Timeseries,
        Clause::Extrapolate,
        Clause::Raw,
        Clause::Predict,
        Clause::With,
    ];

    /// The clause a word opens.
    pub fn of(word: &str) -> Option<Clause> {
        Clause::ALL.iter().copied().find(|clause| clause.word().eq_ignore_ascii_case(word))
    }

    pub fn word(self) -> &'static str {
        match self {
            Clause::Select => "SELECT",
            Clause::From => "FROM",
            Clause::Where => "WHERE",
            Clause::Facet => "FACET",
            Clause::Limit => "LIMIT",
            Clause::Offset => "OFFSET",
            Clause::OrderBy => "ORDER",
            Clause::Since => "SINCE",
            Clause::Until => "UNTIL",
            Clause::CompareWith => "COMPARE",
            Clause::Timeseries => "TIMESERIES",
            Clause::Extrapolate => "EXTRAPOLATE",
            Clause::Raw => "RAW",
            Clause::Predict => "PREDICT",
            Clause::With => "WITH",
        }
    }

    /// Whether the clause may stand without anything behind its word.
    pub fn stands_alone(self) -> bool {
        matches!(self, Clause::Timeseries | Clause::Extrapolate | Clause::Raw | Clause::Predict)
    }
}

/// Words that continue an expression or a clause, so never begin an operand.
pub(crate) fn continues(word: &str) -> bool {
    is_any(word, &["AS", "AND", "OR", "IS", "IN", "LIKE", "RLIKE", "ASC", "DESC", "ON"])
}

pub(crate) fn is_any(word: &str, of: &[&str]) -> bool {
    of.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

pub(crate) fn quoted_as_name(word: &str) -> bool {
    is_any(word, QUOTED_AS_NAMES)
}

/// `minute`, `minutes`, in any case.
pub(crate) fn time_unit(word: &str) -> Option<TimeUnit> {
    let lower = word.to_ascii_lowercase();
    let singular = lower.strip_suffix('s').unwrap_or(&lower);
    UNITS.iter().find(|(name, _)| *name == singular).map(|(_, unit)| *unit)
}

/// 1 is Monday.
pub(crate) fn weekday(word: &str) -> Option<u8> {
    let index = WEEKDAYS.iter().position(|day| day.eq_ignore_ascii_case(word))?;
    u8::try_from(index + 1).ok()
}

pub(crate) const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Singular names; the plural adds an `s`.
pub(crate) const UNITS: [(&str, TimeUnit); 9] = [
    ("millisecond", TimeUnit::Millisecond),
    ("second", TimeUnit::Second),
    ("minute", TimeUnit::Minute),
    ("hour", TimeUnit::Hour),
    ("day", TimeUnit::Day),
    ("week", TimeUnit::Week),
    ("month", TimeUnit::Month),
    ("quarter", TimeUnit::Quarter),
    ("year", TimeUnit::Year),
];

/// The unit an abbreviation stands for, for a hint only: NRQL has no abbreviations.
pub(crate) fn abbreviated_unit(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "ms" | "msec" | "millis" => "milliseconds",
        "s" | "sec" | "secs" => "seconds",
        "m" | "min" | "mins" => "minutes",
        "h" | "hr" | "hrs" => "hours",
        "d" => "days",
        "w" | "wk" | "wks" => "weeks",
        "mo" | "mon" => "months",
        "q" => "quarters",
        "y" | "yr" | "yrs" => "years",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_known_in_any_number_and_case() {
        assert_eq!(time_unit("MINUTES"), Some(TimeUnit::Minute));
        assert_eq!(time_unit("hour"), Some(TimeUnit::Hour));
        assert_eq!(time_unit("min"), None);
        assert_eq!(abbreviated_unit("min"), Some("minutes"));
    }

    #[test]
    fn every_clause_is_a_keyword_and_found_by_its_word() {
        for clause in Clause::ALL {
            assert!(KEYWORDS.contains(&clause.word()));
            assert_eq!(Clause::of(&clause.word().to_lowercase()), Some(*clause));
        }
    }
}
