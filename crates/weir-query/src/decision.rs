//! The choices New Relic's documentation leaves open, one constant or paragraph each. Everything
//! else follows the documentation.
//!
//! - **Percentiles** are exact: the value at rank ⌈p·n/100⌉ of the sorted values (nearest rank),
//!   always a value that was observed. `median` is percentile 50 by the same rule. New Relic's
//!   own numbers differ by up to 3 %.
//! - **`stddev` and `stdvar`** are of the population, not of a sample.
//! - **`uniqueCount`** is exact; `precision:` is accepted and has no effect.
//! - **`uniques`** lists the smallest members in ascending order; a cut list says so in the messages.
//! - **Arithmetic**: null with anything is null, `x / 0` is null, `/` always gives a float; sums,
//!   differences and products of integers stay integers as long as they fit 64 bits.
//! - **Numbers of different types** are equal when their values are: `5` and `5.0` are one group.
//! - **A string as the attribute of an aggregator** (`sum('a.b')`) names an attribute; in a
//!   comparison it is a string.
//! - **A bare value as a condition** holds when it is `true`, a number other than 0, or any string.
//! - **`rate`, `derivative`, `predictLinear` and `latestrate`** need their length of time: no
//!   default is documented, so none is guessed.
//! - **`percentage` of nothing** is null.
//! - **Column names**: `fn.<argument text>` for a function of one argument (`average.x`,
//!   `derivative.x`; further arguments are settings), `count` for `count(*)`, the text of the
//!   expression with single blanks otherwise (`rate(count(*), 1 minute)`).
//! - **`FACET … ORDER BY` with ASC** keeps the groups with the smallest values.
//! - **A group whose first aggregate saw no value** is kept last, not dropped.
//! - **Ties** between groups go by group value, ascending; rows of equal time go newest first.
//! - **Nulls in ORDER BY** come last in both directions.
//! - **`FACET x IN (…)`** as the only item shows every listed group, also without rows.
//! - **Rows in no group** (a null item, or no case that holds) count in `totalResult` only.
//! - **`SLIDE BY`** drops windows that would reach before the begin.
//! - **`beginTimeSeconds` and `endTimeSeconds`** are whole seconds, rounded down, unless the step
//!   itself has a fraction of a second.
//! - **UNTIL without SINCE** leaves SINCE at 60 minutes before now.
//! - **`SELECT *`** leaves out what an event does not have; a named attribute that is absent is
//!   `null`. `timestamp` stands in every row of a row query.
//! - **An inner query with TIMESERIES** gives its rows the columns `timestamp` (begin of the
//!   bucket, ms), `beginTimeSeconds` and `endTimeSeconds`.
//! - **`round`** rounds halves away from zero.

/// What a comparison says about a missing value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NullRule {
    /// A predicate about a missing value is false and its negation true: `x != 'a'`,
    /// `x NOT LIKE 'a%'`, `x NOT IN ('a')` and `NOT x = 'a'` keep rows without `x`.
    NegationHolds,
    /// As in SQL: the answer is unknown either way, and WHERE drops the row.
    Unknown,
}

/// Common usage (`WHERE x != 'a'` on sparse events) expects the rows to stay.
pub const NULL_RULE: NullRule = NullRule::NegationHolds;

/// Groups that a query without LIMIT shows, at every level.
pub const FACET_LIMIT: usize = 10;
/// Rows that a row query without LIMIT shows.
pub const ROW_LIMIT: usize = 100;
/// What LIMIT MAX means; a larger LIMIT is clamped to it with a message.
pub const LIMIT_MAX: usize = 5_000;
/// Most FACET items.
pub const FACET_ITEMS_MAX: usize = 5;
/// Most buckets of a TIMESERIES.
pub const BUCKETS_MAX: i64 = 366;
/// Members `uniques` lists unless told otherwise, and at most.
pub const UNIQUES_LIMIT: usize = 1_000;
pub const UNIQUES_LIMIT_MAX: usize = 10_000;
/// `min` keeps the groups with the smallest values, as it shows them.
pub const MIN_KEEPS_SMALLEST: bool = true;
/// The window of a query that names none.
pub const DEFAULT_WINDOW_MILLIS: i64 = 60 * 60 * 1_000;
