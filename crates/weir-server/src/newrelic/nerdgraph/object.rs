//! The objects of NerdGraph that Weir has. A new field is a new arm of one `resolve`.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value as Json, json};
use weir_types::{AccountId, QueryError, QueryRequest, QueryResult};

use crate::metrics::Counters;
use crate::service::Services;

const TIMEOUT_SECS_DEFAULT: u64 = 5;
const TIMEOUT_SECS_MAX: u64 = 120;

/// Whose request it is and what it may ask.
pub struct Context {
    pub services: Services,
    pub account: AccountId,
}

/// What a field holds.
pub enum Node {
    /// A scalar, or JSON as a whole (`NrdbResult` is a scalar in New Relic's schema).
    Leaf(Json),
    Object(Object),
    List(Vec<Object>),
}

pub enum Object {
    Query,
    Mutation,
    Actor,
    User,
    Account(AccountId),
    NrqlAnswer {
        nrql: String,
        result: Arc<QueryResult>,
        is_async: bool,
    },
    /// Of an answer that was asked for in the background: it is there already.
    QueryProgress,
    NrqlMetadata(Arc<QueryResult>),
    TimeWindow(Arc<QueryResult>),
}

/// An entry of `errors`.
pub struct FieldError {
    pub message: String,
    pub extensions: Json,
}

type Arguments = Map<String, Json>;
type Resolved = Result<Option<Node>, FieldError>;

impl Object {
    /// As New Relic's schema names the type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Object::Query => "RootQueryType",
            Object::Mutation => "RootMutationType",
            Object::Actor => "Actor",
            Object::User => "User",
            Object::Account(_) => "Account",
            Object::NrqlAnswer { .. } => "NrdbResultContainer",
            Object::QueryProgress => "NrdbQueryProgress",
            Object::NrqlMetadata(_) => "NrdbMetadata",
            Object::TimeWindow(_) => "NrdbMetadataTimeWindow",
        }
    }

    /// Whether a fragment `on name` applies.
    pub fn is_a(&self, name: &str) -> bool {
        self.type_name() == name
    }

    /// `Ok(None)` for a field that Weir does not have.
    pub async fn resolve(&self, context: &Context, name: &str, arguments: &Arguments) -> Resolved {
        match self {
            Object::Query => Ok(resolve_root(name)),
            Object::Mutation => Ok(None),
            Object::Actor if name == "nrql" => {
                check_accounts(context, arguments)?;
                Ok(Some(Node::Object(run_nrql(context, context.account, arguments).await?)))
            }
            Object::Actor => resolve_actor(context, name, arguments),
            Object::User => Ok(resolve_user(name)),
            Object::Account(id) => resolve_account(context, *id, name, arguments).await,
            Object::NrqlAnswer { is_async: true, .. } if name == "queryProgress" => {
                Ok(Some(Node::Object(Object::QueryProgress)))
            }
            Object::NrqlAnswer { nrql, result, .. } => Ok(resolve_answer(nrql, result, name)),
            Object::QueryProgress => Ok(resolve_progress(name)),
            Object::NrqlMetadata(result) => Ok(resolve_metadata(result, name)),
            Object::TimeWindow(result) => Ok(resolve_time_window(result, name)),
        }
    }
}

fn resolve_root(name: &str) -> Option<Node> {
    (name == "actor").then_some(Node::Object(Object::Actor))
}

fn resolve_actor(context: &Context, name: &str, arguments: &Arguments) -> Resolved {
    Ok(Some(match name {
        "user" => Node::Object(Object::User),
        "accounts" => Node::List(vec![Object::Account(context.account)]),
        "account" => {
            let Some(id) = arguments.get("id").and_then(Json::as_u64) else {
                return Err(bad_argument("`account` needs `id`, a number"));
            };
            if AccountId(id) != context.account {
                return Err(FieldError {
                    message: format!("You are not authorized to query account {id}"),
                    extensions: json!({ "errorClass": "ACCESS_DENIED" }),
                });
            }
            Node::Object(Object::Account(AccountId(id)))
        }
        _ => return Ok(None),
    }))
}

/// `accounts` of a query across accounts: here there is one.
fn check_accounts(context: &Context, arguments: &Arguments) -> Result<(), FieldError> {
    let accounts = arguments.get("accounts").and_then(Json::as_array);
    let ids: Option<Vec<u64>> = accounts.and_then(|ids| ids.iter().map(Json::as_u64).collect());
    let Some(ids) = ids.filter(|ids| !ids.is_empty()) else {
        return Err(bad_argument("`nrql` needs `accounts`, a list of numbers"));
    };
    match ids.into_iter().find(|id| AccountId(*id) != context.account) {
        Some(id) => Err(FieldError {
            message: format!("You are not authorized to query account {id}"),
            extensions: json!({ "errorClass": "ACCESS_DENIED" }),
        }),
        None => Ok(()),
    }
}

fn resolve_user(name: &str) -> Option<Node> {
    // Weir has keys, not people: the user is whoever holds the key.
    let value = match name {
        "id" => json!(1),
        "name" => json!("Weir user key"),
        "email" => json!("weir@localhost"),
        _ => return None,
    };
    Some(Node::Leaf(value))
}

async fn resolve_account(
    context: &Context,
    id: AccountId,
    name: &str,
    arguments: &Arguments,
) -> Resolved {
    Ok(Some(match name {
        "id" => Node::Leaf(json!(id.0)),
        "name" => Node::Leaf(context.services.info.environment.clone().into()),
        "nrql" => Node::Object(run_nrql(context, id, arguments).await?),
        _ => return Ok(None),
    }))
}

async fn run_nrql(
    context: &Context,
    account: AccountId,
    arguments: &Arguments,
) -> Result<Object, FieldError> {
    let nrql = match arguments.get("query").and_then(Json::as_str) {
        Some(nrql) if !nrql.trim().is_empty() => nrql.to_owned(),
        _ => return Err(bad_argument("Validation error on 'nrql': a query must be specified")),
    };
    let secs = arguments.get("timeout").and_then(Json::as_u64).unwrap_or(TIMEOUT_SECS_DEFAULT);
    let services = &context.services;
    let request = QueryRequest {
        account,
        nrql: nrql.clone(),
        now: services.question_now(),
        timeout: Duration::from_secs(secs.clamp(1, TIMEOUT_SECS_MAX)),
    };
    Counters::add(&services.counters.queries, 1);
    match services.queries.run(request).await {
        Ok(result) => {
            let is_async = arguments.get("async").and_then(Json::as_bool) == Some(true);
            Ok(Object::NrqlAnswer { nrql, result: Arc::new(result), is_async })
        }
        Err(error) => {
            Counters::add(&services.counters.queries_failed, 1);
            Err(from_query(&error))
        }
    }
}

fn resolve_answer(nrql: &str, result: &Arc<QueryResult>, name: &str) -> Option<Node> {
    Some(Node::Leaf(match name {
        "results" => json!(result.results),
        "currentResults" => json!(result.current_results),
        "previousResults" => json!(result.previous_results),
        "totalResult" => json!(result.total_result),
        "otherResult" => json!(result.other_result),
        "nrql" => nrql.into(),
        // A synchronous answer has no progress to report.
        "queryProgress" => Json::Null,
        "metadata" => return Some(Node::Object(Object::NrqlMetadata(Arc::clone(result)))),
        _ => return None,
    }))
}

fn resolve_progress(name: &str) -> Option<Node> {
    Some(Node::Leaf(match name {
        "completed" => true.into(),
        // There is nothing to ask about again.
        "queryId" | "retryAfter" | "retryDeadline" | "resultExpiration" => Json::Null,
        _ => return None,
    }))
}

fn resolve_metadata(result: &Arc<QueryResult>, name: &str) -> Option<Node> {
    let metadata = &result.metadata;
    Some(Node::Leaf(match name {
        "eventTypes" => json!(metadata.event_types),
        "facets" => json!(metadata.facets),
        "messages" => json!(metadata.messages),
        "timeWindow" => return Some(Node::Object(Object::TimeWindow(Arc::clone(result)))),
        _ => return None,
    }))
}

fn resolve_time_window(result: &QueryResult, name: &str) -> Option<Node> {
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

fn bad_argument(message: &str) -> FieldError {
    FieldError { message: message.into(), extensions: json!({ "errorClass": "INVALID_INPUT" }) }
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
