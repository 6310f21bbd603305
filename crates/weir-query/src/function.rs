//! Scalar functions: one value from the values of one row, or of one group's aggregates.

mod address;
mod calendar;
pub mod capture;
mod convert;
pub mod datetime;
mod encode;
pub mod json;
pub mod numeric;
pub mod range;
mod structure;
mod text;
mod unit;

use std::ops::RangeInclusive;

use jiff::tz::TimeZone;

use crate::datum::Datum;
use crate::node::Kind;

/// What a function is given beside its arguments.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The query's, for what depends on the calendar.
    pub zone: TimeZone,
    /// The value of the named argument, null where it was not written.
    pub named: Datum,
}

/// A function whose settings were compiled when the query was bound, of one argument.
pub trait Compiled: std::fmt::Debug + Send + Sync {
    fn apply(&self, value: &Datum) -> Datum;
}

/// A function without state.
pub struct ScalarFunction {
    /// As New Relic writes it; looked up without case.
    pub name: &'static str,
    /// How many arguments it takes.
    pub arguments: RangeInclusive<usize>,
    /// Words the second argument is one of, bare or quoted; empty where it is a value.
    pub forms: &'static [&'static str],
    /// The argument that may be given as `name: value`; empty where there is none.
    pub named: &'static str,
    pub returns: Kind,
    pub evaluate: fn(&[Datum], &Settings) -> Datum,
}

impl std::fmt::Debug for ScalarFunction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// The function of that name, in any case.
pub fn scalar_function(name: &str) -> Option<&'static ScalarFunction> {
    all().find(|function| function.name.eq_ignore_ascii_case(name))
}

fn all() -> impl Iterator<Item = &'static ScalarFunction> {
    let families = [
        numeric::FUNCTIONS,
        text::FUNCTIONS,
        convert::FUNCTIONS,
        calendar::FUNCTIONS,
        structure::FUNCTIONS,
        encode::FUNCTIONS,
        address::FUNCTIONS,
        unit::FUNCTIONS,
    ];
    families.into_iter().flatten()
}

/// The argument at `place`, null where it was not written.
fn argument(arguments: &[Datum], place: usize) -> &Datum {
    arguments.get(place).unwrap_or(&Datum::Null)
}

#[cfg(test)]
use tests::{call, call_with};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found_in_any_case() {
        let mut names: Vec<String> = all().map(|f| f.name.to_lowercase()).collect();
        names.sort();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        assert_eq!(scalar_function("CLAMP_max").map(|f| f.name), Some("clamp_max"));
    }

    pub(super) fn call(name: &str, arguments: &[Datum]) -> Datum {
        let function = scalar_function(name).unwrap();
        assert!(function.arguments.contains(&arguments.len()), "{name} takes other arguments");
        let settings = Settings { zone: TimeZone::UTC, named: Datum::Null };
        (function.evaluate)(arguments, &settings)
    }

    pub(super) fn call_with(name: &str, arguments: &[Datum], named: Datum) -> Datum {
        let settings = Settings { zone: TimeZone::UTC, named };
        (scalar_function(name).unwrap().evaluate)(arguments, &settings)
    }
}
