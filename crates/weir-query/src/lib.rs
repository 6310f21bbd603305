//! NRQL to answers in New Relic's shapes, by a plain evaluator that reads row by row. It is meant
//! to be obviously right rather than fast, and is the only one: random queries over the whole
//! language are compared with DuckDB where SQL can say them, and over plain events with a store.
//!
//! A text is parsed by `weir-nrql`, bound to a checked plan (every error with its place,
//! before a row is read), evaluated over an [`EventSource`], and shaped as JSON. [`Engine`] does
//! this for a store, in the background and within limits; [`answer()`] does it in place.
//!
//! Layout:
//! - [`engine`], [`mod@answer`], [`budget`]: running questions, one question, what it may use
//! - [`source`], `row`, `rolled`: where rows come from; a row under evaluation; one that stands for
//!   many events
//! - `approximate`: which parts of a plan such rows leave exact
//! - `bind`, `plan`, `window`, `bucket`: text tree to plan; time
//! - `node`, `datum`, `pattern`, `slot`, `function`, `aggregate`: expressions and what they are
//!   made of
//! - [`metric`], `spread`: points of dimensional metrics, and how their observations lie
//! - `evaluate`, `shape`, `raw`: plan to outcome, outcome to JSON, and to its older form
//! - [`check`], [`explain()`]: what is wrong with a text, and what it would do
//! - `names`: what is stored beside the declared names, for completion
//! - [`fuzzing`]: what must hold for any bytes
//! - [`decision`]: every choice the language's documentation leaves open
//! - [`problem`]: codes of findings
//!
//! Not here: parsing, storage, caches, HTTP.

mod aggregate;
pub mod answer;
mod approximate;
mod bind;
mod bucket;
pub mod budget;
mod datum;
pub mod decision;
pub mod engine;
mod evaluate;
mod explain;
mod forecast;
mod function;
pub mod fuzzing;
pub mod metric;
mod names;
mod node;
mod pattern;
mod plan;
pub mod problem;
mod raw;
mod rolled;
mod row;
mod shape;
mod slot;
pub mod source;
mod spread;
mod window;

pub use answer::answer;
pub use budget::{Cancel, Limits};
pub use engine::{Engine, EngineOptions, QueryLog};
pub use explain::{check, explain};
pub use source::{EventRow, EventSource, EventSources, LookupTable, LookupTables, TableError};
