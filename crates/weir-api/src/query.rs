//! The query console's question and answer.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

/// How long a query may be given, in REST and in NerdGraph.
pub const TIMEOUT_SECS: RangeInclusive<u64> = 1..=120;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryBody {
    pub nrql: String,
    /// The default account when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<u64>,
    /// 1 to 120; 30 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_secs: Option<u64>,
}

/// Fields as NerdGraph's `NrdbResultContainer` has them, in snake_case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QueryAnswer {
    pub results: Vec<Map<String, Json>>,
    pub current_results: Option<Vec<Map<String, Json>>>,
    pub previous_results: Option<Vec<Map<String, Json>>>,
    pub total_result: Option<Json>,
    pub other_result: Option<Json>,
    pub metadata: QueryMetadata,
    pub stats: QueryStats,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QueryMetadata {
    pub event_types: Vec<String>,
    pub facets: Option<Vec<String>>,
    /// Warnings and limits that were hit.
    pub messages: Vec<String>,
    pub begin_ms: i64,
    pub end_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QueryStats {
    pub inspected_count: u64,
    pub matched_count: u64,
    pub wall_clock_ms: u64,
}

/// One finding about a query; the same as the terminal shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QueryDiagnostic {
    /// `error` or `warning`.
    pub severity: String,
    pub code: String,
    pub message: String,
    /// 1-based.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
    /// In bytes of the query text.
    pub offset: usize,
    pub length: usize,
    pub help: Option<String>,
    /// The finding as plain text with the line and a caret.
    pub rendered: String,
}

/// A text and a cursor in it, as an editor has them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnalyzeBody {
    pub nrql: String,
    /// In bytes of the text; its end when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<usize>,
}

/// What an editor shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AnalyzeAnswer {
    /// Errors and warnings, in text order.
    pub diagnostics: Vec<QueryDiagnostic>,
    /// The word that a completion replaces, in bytes.
    pub replace_offset: usize,
    pub replace_length: usize,
    /// Best first.
    pub completions: Vec<QueryCompletion>,
    /// About the word under the cursor, where something is known.
    pub hover: Option<QueryHover>,
    /// How the text would be answered, a step a line; empty where it has errors.
    pub steps: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QueryCompletion {
    pub label: String,
    pub insert: String,
    /// `keyword`, `function`, `event_type` or `attribute`.
    pub kind: String,
    /// One line; empty for keywords.
    pub detail: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QueryHover {
    pub offset: usize,
    pub length: usize,
    pub title: String,
    pub text: String,
}
