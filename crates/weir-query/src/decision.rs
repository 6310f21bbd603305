//! The choices New Relic's documentation leaves open, one constant or paragraph each. Everything
//! else follows the documentation.
//!
//! - **Percentiles** are exact over up to [`PERCENTILE_EXACT_VALUES`] values in a group or bucket:
//!   the value at rank ⌈p·n/100⌉ of the sorted values (nearest rank), always a value that was
//!   observed. Over more they are within [`PERCENTILE_RELATIVE_ERROR`] of that value (DDSketch's
//!   buckets), and a message says so. `median` is percentile 50 by the same rule. New Relic's own
//!   numbers differ by up to 3 %.
//! - **`stddev` and `stdvar`** are of the population, not of a sample.
//! - **`uniqueCount`**, and `cardinality` with it, is exact up to [`UNIQUE_COUNT_EXACT_MEMBERS`]
//!   members in a group or bucket, which is more than `precision:` can ask for, so that it has no
//!   effect. Above that it is HyperLogLog's estimate with a standard error of 0.81 %, and a message
//!   says so: 99 of 100 answers are within 2.1 %. New Relic is exact up to 256.
//! - **Everything else is exact**, and what does not fit is refused and never estimated: `funnel`,
//!   FACET. A query that would hold more memory than it may says what to narrow.
//! - **`uniques`** lists the smallest members in ascending order; a cut list says so in the messages.
//! - **Arithmetic**: null with anything is null, `x / 0` is null, `/` always gives a float; sums,
//!   differences and products of integers stay integers as long as they fit 64 bits.
//! - **Numbers of different types** are equal when their values are: `5` and `5.0` are one group.
//! - **A string as the attribute of an aggregator** (`sum('a.b')`) names an attribute; in a
//!   comparison it is a string.
//! - **A bare value as a condition** holds when it is `true`, a number other than 0, or any string.
//! - **`rate`, `predictLinear` and `latestrate`** need their length of time: their documented forms
//!   have one. `derivative` without one is per second.
//! - **`percentage` of nothing** is null, and of what is no number 100, as documented.
//! - **Aggregates over no number at all**, `average(1 + 'text')` included, answer as over nothing:
//!   New Relic's own pages say 0 in one place and null in another.
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
//! - **`histogram`** answers an array of counts, one a bucket. Values below the start count in the
//!   first bucket, those past the end in the last one.
//! - **`apdex`** answers `{score, s, t, f, count}`; where it is the only Apdex of its query the
//!   members stand in the row too. The score of nothing is null, its counts are 0. In arithmetic
//!   and comparisons it is its score.
//! - **`funnel`** answers an object, a member a step.
//! - **`keyset`** answers `{allKeys, booleanKeys, numericKeys, stringKeys}`.
//! - **`cdfPercentage`** answers an object keyed by threshold, 0 over nothing;
//!   **`bucketPercentile`** is null over nothing and linear inside a bucket, as in Prometheus:
//!   off by the width of that bucket at most.
//! - **A distribution of ranges**, as OpenTelemetry's histograms are, lies evenly inside each
//!   range: `percentile`, `histogram`, `cdfPercentage`, `getCdfCount` and `apdex` take shares of it
//!   and are off by what one range holds. `histogram` of a Prometheus `_bucket` counter is read the
//!   same way, by `le`.
//! - **A point without a distribution** is one observation of its natural number to these functions,
//!   however many stand behind it: how those spread is not known. `min` and `max` of such a point
//!   are null unless it has them; `sum` and `average` leave a point without a total out.
//! - **`FACET buckets(x, ceiling, n)`** has n ranges; the last takes everything above.
//! - **`FACET dimensions()`** labels a group `name=value, …`, names ascending; in an inner query
//!   every dimension is a column.
//! - **`weekOf(…, numeric)`** is the ISO week, **`dateOf(…, numeric)`** the day's midnight in epoch
//!   milliseconds.
//! - **`random()`** is drawn from the row: asking twice gives the same rows.
//! - **Metrics** are read as they are stored: RAW changes nothing and windows are not rounded.
//!   EXTRAPOLATE changes nothing: nothing is sampled.
//! - **Roll-ups** are read where events are kept as such. `count`, `sum`, `min`, `max`, `average`,
//!   `latest` and `earliest` of an attribute are exact, as is everything over strings, booleans and
//!   numbers that do not change within one. Everything else says "approximate here", with what,
//!   how fine the roll-ups are and from when to when: a number that is needed alone is the mean;
//!   numbers whose spread is needed lie evenly on each side of the mean, which puts a percentile off
//!   by the widest range of one roll-up at most; of distinct numbers the earliest, latest, least and
//!   greatest are known; what a window or a bucket cuts counts with the last of its events; without
//!   an aggregator a roll-up is one row.
//! - **A bare metric** in a comparison or in arithmetic is the latest value of a gauge, the count of
//!   a counter, the number of members of a `uniqueCount`, else its mean; a metric with a plain
//!   number keeps its weights.
//! - **With FACET on Metric** a point that holds nothing SELECT reads makes no group.
//! - **A subquery with rows** gives its first column; where one value is wanted, that of its first
//!   row.
//! - **JOIN**: a column of the joined query hides an attribute of the same name.
//! - **A lookup table nobody uploaded** has no rows, and a message says so.
//! - **PREDICT** adds rows with `"prediction": true` behind the window, from an additive
//!   Holt-Winters model with damped trend; parameters that are not given are fitted.
//! - **`rawResponse`**: an item of SELECT that is no single aggregate is
//!   `{"function": "math", "alias": <text>}` in `metadata.contents` and `result` in the rows; what is
//!   not known here (identities of the request, rows without a group) is left out.
//! - **DELETE and drop rules** are not part of the language here.

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
/// Most FACET items. New Relic documents 5 and serves dashboards with more; from the sixth on there
/// is a warning.
pub const FACET_ITEMS_MAX: usize = weir_nrql::MAX_FACETS;
/// Most buckets of a TIMESERIES.
pub const BUCKETS_MAX: i64 = 366;
/// Most rows of a lookup table that a query shows.
pub const LOOKUP_LIMIT_MAX: usize = 20_000;
/// Right rows that join to one left row; others are left out with a message.
pub const JOIN_ROWS_MAX: usize = 100;
/// Most JOINs behind one FROM.
pub const JOINS_MAX: usize = 10;
/// Most subqueries of one query. New Relic takes 3.
pub const SUBQUERIES_MAX: usize = 10;
/// Parts that variables and aliases of one query may stand for, all together.
pub const COPIED_NODES_MAX: usize = 20_000;
/// How tall a variable may grow by building on others.
pub const VARIABLE_HEIGHT_MAX: usize = 64;
/// Most aggregates of one query.
pub const AGGREGATES_MAX: usize = 1_000;
/// Most calls of `capture` and `aparse` in one query.
pub const CAPTURES_MAX: usize = 10;
/// Of `percentile` and `bucketPercentile` without percents.
pub const PERCENT_DEFAULT: f64 = 95.0;
/// Values in a group or bucket up to which percentiles are exact: half a megabyte.
pub const PERCENTILE_EXACT_VALUES: usize = 65_536;
/// How far a percentile over more values may be from the value at its rank.
pub const PERCENTILE_RELATIVE_ERROR: f64 = 0.01;
/// Members up to which distinct counts are exact.
pub const UNIQUE_COUNT_EXACT_MEMBERS: usize = 100_000;
/// Of `apdex` without `t`.
pub const APDEX_THRESHOLD: f64 = 0.5;
/// Of `derivative` without a length of time.
pub const DERIVATIVE_MILLIS: i64 = 1_000;
/// `histogram` and `buckets` cover 0 to 400 in 40 steps unless told otherwise.
pub const HISTOGRAM_CEILING: f64 = 400.0;
pub const HISTOGRAM_BUCKETS: usize = 40;
pub const HISTOGRAM_BUCKETS_MAX: usize = 500;
/// Buckets that PREDICT adds, and points it learns from, at most.
pub const PREDICT_BUCKETS_MAX: i64 = 360;
pub const PREDICT_TRAINING_MAX: i64 = 3_660;
/// Members `uniques` lists unless told otherwise, and at most.
pub const UNIQUES_LIMIT: usize = 1_000;
pub const UNIQUES_LIMIT_MAX: usize = 10_000;
/// `min` keeps the groups with the smallest values, as it shows them.
pub const MIN_KEEPS_SMALLEST: bool = true;
/// The window of a query that names none.
pub const DEFAULT_WINDOW_MILLIS: i64 = 60 * 60 * 1_000;
