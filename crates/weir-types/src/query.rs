//! Questions in NRQL and their answers in New Relic's shapes.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::{AccountId, Diagnostic, ErrorCode, Span, Timestamp};

/// One question. Time is an argument: `now` anchors every relative window.
#[derive(Debug, Clone)]
pub struct QueryRequest {
    pub account: AccountId,
    pub nrql: String,
    pub now: Timestamp,
    pub timeout: Duration,
}

/// One row of `results`; keys keep the order of SELECT.
pub type Row = Map<String, Json>;

/// The answer, field by field as NerdGraph's `NrdbResultContainer` has it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct QueryResult {
    pub results: Vec<Row>,
    /// Only with COMPARE WITH.
    pub current_results: Option<Vec<Row>>,
    pub previous_results: Option<Vec<Row>>,
    /// Only with FACET: an object, or an array of bucket objects with TIMESERIES.
    pub total_result: Option<Json>,
    pub other_result: Option<Json>,
    pub metadata: QueryMetadata,
    pub stats: QueryStats,
    pub raw: RawShape,
}

/// What the rows do not say of themselves and New Relic's older form of an answer, `rawResponse`,
/// does: there the values of SELECT stand by place and not by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RawShape {
    pub kind: RawKind,
    /// `metadata` of that form, whole.
    pub metadata: Map<String, Json>,
}

/// What rows are rows of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum RawKind {
    #[default]
    Events,
    EventTypes,
    /// The columns in the order of SELECT.
    Aggregates(Vec<RawColumn>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawColumn {
    /// In the rows.
    pub key: String,
    /// Of the value in the older form, for example `percentiles`; `None` where the members of the
    /// value stand for themselves, as those of an Apdex do.
    pub name: Option<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct QueryMetadata {
    pub event_types: Vec<String>,
    /// `None` without FACET.
    pub facets: Option<Vec<String>>,
    /// What the reader must know but did not fail for: caps that were hit, accepted oddities.
    pub messages: Vec<String>,
    pub time_window: TimeWindow,
}

/// The window that was read, in epoch milliseconds, and its words as the query wrote them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TimeWindow {
    pub begin: i64,
    pub end: i64,
    pub since: String,
    pub until: String,
    pub compare_with: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct QueryStats {
    /// Rows in the window that were looked at.
    pub inspected_count: u64,
    /// Rows that met WHERE.
    pub matched_count: u64,
    pub wall_clock_ms: u64,
}

/// What an editor shows about a text and a cursor in it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Analysis {
    /// Errors and warnings, in text order.
    pub diagnostics: Vec<Diagnostic>,
    pub completions: Completions,
    pub hover: Option<Hover>,
    /// How the text would be answered, a step a line; empty where it can't be.
    pub steps: Vec<String>,
}

/// Proposals for one place, best first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completions {
    /// What a proposal replaces: the word being typed, empty where there is none.
    pub span: Span,
    pub items: Vec<Completion>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    pub label: String,
    /// What is put into the text, for example `count(`.
    pub insert: String,
    pub kind: CompletionKind,
    /// One line; empty for keywords.
    pub detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompletionKind {
    Keyword,
    Function,
    EventType,
    Attribute,
}

/// What the word under the cursor means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    pub span: Span,
    pub title: String,
    pub text: String,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum QueryError {
    /// At least one finding is an error; warnings may stand beside it.
    #[error("{}", first_error(.0))]
    Invalid(Vec<Diagnostic>),
    #[error("query took longer than {} s: narrow SINCE or add WHERE", .0.as_secs_f64())]
    Timeout(Duration),
    #[error("{0}")]
    Limit(String),
    /// Too much is asked at once; the same query may be sent again.
    #[error("{0}")]
    Busy(String),
    #[error("store can't be read: {0}")]
    Store(String),
}

impl QueryError {
    pub fn code(&self) -> ErrorCode {
        match self {
            QueryError::Invalid(_) => ErrorCode::InvalidQuery,
            QueryError::Timeout(_) => ErrorCode::Timeout,
            QueryError::Limit(_) => ErrorCode::LimitExceeded,
            QueryError::Busy(_) | QueryError::Store(_) => ErrorCode::Unavailable,
        }
    }

    pub fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            QueryError::Invalid(diagnostics) => diagnostics,
            _ => &[],
        }
    }
}

/// New Relic's wording, which its clients look for: "NRQL Syntax Error: Error at line …".
fn first_error(diagnostics: &[Diagnostic]) -> String {
    match diagnostics.iter().find(|d| d.severity == crate::diagnostic::Severity::Error) {
        Some(d) => format!(
            "NRQL Syntax Error: Error at line {} position {}, {}",
            d.line, d.column, d.message
        ),
        None => "NRQL Syntax Error".into(),
    }
}
