//! NRQL in NerdGraph: asking, in the request or in the background, and the fields of an answer.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};
use uuid::Uuid;
use weir_api::query::TIMEOUT_SECS;
use weir_types::query::Row;
use weir_types::{AccountId, QueryError, QueryRequest, QueryResult};

use super::background::{KEPT, Progress};
use super::object::{Arguments, Context, FieldError, Node, Object, Resolved, bad_argument};
use super::raw::raw_response;
use crate::metrics::Counters;

const TIMEOUT_SECS_DEFAULT: u64 = 5;
const TIMEOUT_SECS_MAX: u64 = *TIMEOUT_SECS.end();
/// When to ask again about a query that still runs.
const RETRY_AFTER_SECS: u64 = 1;
/// Queries of a history that names no limit, and at most.
const HISTORY_LIMIT: u64 = 10;
const HISTORY_LIMIT_MAX: u64 = 100;

/// By which the reading of a history knows itself.
const READS_HISTORY: &str = "/* history */";

/// An answer, or the promise of one.
pub struct NrqlAnswer {
    nrql: String,
    /// `None` while the query runs.
    result: Option<Arc<QueryResult>>,
    /// `None` of a query that was asked to be answered at once.
    progress: Option<QueryProgress>,
}

/// Of a query in the background.
#[derive(Debug, Clone, Copy)]
pub struct QueryProgress {
    /// `None` of one that was answered in its own request: there is nothing to ask about again.
    id: Option<Uuid>,
    is_completed: bool,
}

pub struct CancelledQuery {
    id: String,
    was_there: bool,
}

/// A query that was asked before.
pub struct HistoricalQuery {
    account: AccountId,
    row: Row,
}

/// `nrql(query:, timeout:, async:)`
pub async fn run(
    context: &Context,
    account: AccountId,
    arguments: &Arguments,
) -> Result<Object, FieldError> {
    let nrql = match arguments.get("query").and_then(Json::as_str) {
        Some(nrql) if !nrql.trim().is_empty() => nrql.to_owned(),
        _ => return Err(bad_argument("Validation error on 'nrql': a query must be specified")),
    };
    let is_async = arguments.get("async").and_then(Json::as_bool) == Some(true);
    let default = if is_async { TIMEOUT_SECS_MAX } else { TIMEOUT_SECS_DEFAULT };
    let secs = arguments.get("timeout").and_then(Json::as_u64).unwrap_or(default);
    let request = request(context, account, nrql.clone(), secs.clamp(1, TIMEOUT_SECS_MAX));
    let counters = &context.services.counters;
    Counters::add(&counters.queries, 1);
    if !is_async {
        let result = context.services.queries.run(request).await.map(Arc::new);
        let result = Some(result.map_err(|error| counted(context, &error))?);
        return Ok(Object::NrqlAnswer(NrqlAnswer { nrql, result, progress: None }));
    }
    let queries = Arc::clone(&context.services.queries);
    let query = async move { queries.run(request).await };
    let progress = context.background.run(account, &nrql, query).await;
    in_background(context, nrql, None, progress)
}

/// `nrqlQueryProgress(queryId:)`
pub fn progress(
    context: &Context,
    account: AccountId,
    arguments: &Arguments,
) -> Result<Object, FieldError> {
    let id = query_id(arguments)?;
    let found = Uuid::try_parse(id).ok().and_then(|id| context.background.progress(account, id));
    let (nrql, progress) = found.ok_or_else(|| {
        let message = format!("there is no query `{id}`, or its answer was kept long enough");
        bad_argument(&message)
    })?;
    in_background(context, nrql, Uuid::try_parse(id).ok(), progress)
}

/// `nrqlCancelQuery(queryId:)`
pub fn cancel(context: &Context, arguments: &Arguments) -> Result<Object, FieldError> {
    let id = query_id(arguments)?;
    let parsed = Uuid::try_parse(id).ok();
    let was_there = parsed.is_some_and(|id| context.background.cancel(context.account, id));
    Ok(Object::CancelledQuery(CancelledQuery { id: id.to_owned(), was_there }))
}

/// `queryHistory { nrql(options: {limit:}) }`: what this account asked during the last day, newest
/// first.
pub async fn history(context: &Context, name: &str, arguments: &Arguments) -> Resolved {
    if name != "nrql" {
        return Ok(None);
    }
    let limit = arguments.get("options").and_then(|options| options.get("limit")?.as_u64());
    let limit = limit.unwrap_or(HISTORY_LIMIT).clamp(1, HISTORY_LIMIT_MAX);
    let nrql = format!(
        "SELECT nrql, toDatetime(timestamp) AS at FROM WeirQuery \
         WHERE nrql NOT LIKE '%{READS_HISTORY}%' SINCE 1 day ago LIMIT {limit}"
    );
    let request = request(context, context.account, nrql, TIMEOUT_SECS_DEFAULT);
    let result = context.services.queries.run(request).await.map_err(|e| from_query(&e))?;
    let account = context.account;
    let asked = result.results.into_iter();
    let asked = asked.map(|row| Object::HistoricalQuery(HistoricalQuery { account, row }));
    Ok(Some(Node::List(asked.collect())))
}

impl NrqlAnswer {
    pub fn resolve(&self, name: &str) -> Option<Node> {
        let leaf = |of: fn(&QueryResult) -> Json| self.result.as_deref().map_or(Json::Null, of);
        Some(Node::Leaf(match name {
            "results" => leaf(|result| json!(result.results)),
            "currentResults" => leaf(|result| json!(result.current_results)),
            "previousResults" => leaf(|result| json!(result.previous_results)),
            "totalResult" => leaf(|result| json!(result.total_result)),
            "otherResult" => leaf(|result| json!(result.other_result)),
            "rawResponse" => leaf(raw_response),
            "nrql" => self.nrql.as_str().into(),
            "queryProgress" => match self.progress {
                Some(progress) => return Some(Node::Object(Object::QueryProgress(progress))),
                None => Json::Null,
            },
            "metadata" => match &self.result {
                Some(result) => return Some(Node::Object(Object::NrqlMetadata(result.clone()))),
                None => Json::Null,
            },
            _ => return None,
        }))
    }
}

impl QueryProgress {
    pub fn resolve(self, name: &str) -> Option<Node> {
        let secs = |secs: u64, applies: bool| if applies { json!(secs) } else { Json::Null };
        let is_running = !self.is_completed;
        Some(Node::Leaf(match name {
            "completed" => self.is_completed.into(),
            "queryId" => json!(self.id.map(|id| id.to_string())),
            "retryAfter" => secs(RETRY_AFTER_SECS, is_running),
            // A query runs no longer than this, and its answer is kept a while.
            "retryDeadline" => secs(TIMEOUT_SECS_MAX + KEPT.as_secs(), is_running),
            "resultExpiration" => secs(KEPT.as_secs(), self.is_completed && self.id.is_some()),
            _ => return None,
        }))
    }
}

impl CancelledQuery {
    pub fn resolve(&self, name: &str) -> Option<Node> {
        Some(Node::Leaf(match name {
            "queryId" => self.id.as_str().into(),
            "requestStatus" => if self.was_there { "ACCEPTED" } else { "REJECTED" }.into(),
            "rejectionReason" if !self.was_there => "no query of this id runs or is kept".into(),
            "rejectionReason" => Json::Null,
            _ => return None,
        }))
    }
}

impl HistoricalQuery {
    pub fn resolve(&self, name: &str) -> Option<Node> {
        Some(Node::Leaf(match name {
            "accountIds" => json!([self.account.0]),
            "query" => self.row.get("nrql").cloned().unwrap_or_default(),
            "createdAt" => self.row.get("at").cloned().unwrap_or_default(),
            _ => return None,
        }))
    }
}

pub fn resolve_metadata(result: &Arc<QueryResult>, name: &str) -> Option<Node> {
    let metadata = &result.metadata;
    Some(Node::Leaf(match name {
        "eventTypes" => json!(metadata.event_types),
        "facets" => json!(metadata.facets),
        "messages" => json!(metadata.messages),
        "timeWindow" => return Some(Node::Object(Object::TimeWindow(Arc::clone(result)))),
        _ => return None,
    }))
}

pub fn resolve_time_window(result: &QueryResult, name: &str) -> Option<Node> {
    let window = &result.metadata.time_window;
    Some(Node::Leaf(match name {
        "begin" => json!(window.begin),
        "end" => json!(window.end),
        "since" => json!(window.since),
        "until" => json!(window.until),
        "compareWith" => json!(window.compare_with),
        _ => return None,
    }))
}

fn request(context: &Context, account: AccountId, nrql: String, secs: u64) -> QueryRequest {
    let now = context.services.question_now();
    QueryRequest { account, nrql, now, timeout: Duration::from_secs(secs) }
}

/// `id` is what was asked with, if it was.
fn in_background(
    context: &Context,
    nrql: String,
    id: Option<Uuid>,
    progress: Progress,
) -> Result<Object, FieldError> {
    let (result, progress) = match progress {
        Progress::Running(id) => (None, QueryProgress { id: Some(id), is_completed: false }),
        Progress::Done(outcome) => {
            let result = outcome.map_err(|error| counted(context, &error))?;
            (Some(result), QueryProgress { id, is_completed: true })
        }
    };
    Ok(Object::NrqlAnswer(NrqlAnswer { nrql, result, progress: Some(progress) }))
}

fn query_id(arguments: &Arguments) -> Result<&str, FieldError> {
    let id = arguments.get("queryId").and_then(Json::as_str);
    id.ok_or_else(|| bad_argument("`queryId` is missing"))
}

fn counted(context: &Context, error: &QueryError) -> FieldError {
    Counters::add(&context.services.counters.queries_failed, 1);
    from_query(error)
}

fn from_query(error: &QueryError) -> FieldError {
    let class = match error {
        QueryError::Invalid(_) => "NRDB_SYNTAX_ERROR",
        QueryError::Timeout(_) => "TIMEOUT",
        QueryError::Limit(_) => "LIMIT_EXCEEDED",
        QueryError::Busy(_) => "TOO_MANY_REQUESTS",
        QueryError::Store(_) => "SERVER_ERROR",
    };
    let diagnostics = json!(error.diagnostics());
    FieldError {
        message: error.to_string(),
        extensions: json!({ "errorClass": class, "code": error.code(), "diagnostics": diagnostics }),
    }
}
