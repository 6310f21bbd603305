//! The objects of NerdGraph that Weir has. A new field is a new arm of one `resolve`.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};
use weir_types::{AccountId, QueryResult};

use super::background::Background;
use super::nrql::{self, CancelledQuery, HistoricalQuery, NrqlAnswer, QueryProgress};
use crate::service::Services;

/// Whose request it is and what it may ask.
pub struct Context {
    pub services: Services,
    pub account: AccountId,
    pub background: Arc<Background>,
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
    NrqlAnswer(NrqlAnswer),
    QueryProgress(QueryProgress),
    CancelledQuery(CancelledQuery),
    QueryHistory,
    HistoricalQuery(HistoricalQuery),
    NrqlMetadata(Arc<QueryResult>),
    TimeWindow(Arc<QueryResult>),
}

/// An entry of `errors`.
pub struct FieldError {
    pub message: String,
    pub extensions: Json,
}

pub type Arguments = Map<String, Json>;
pub type Resolved = Result<Option<Node>, FieldError>;

impl Object {
    /// As New Relic's schema names the type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Object::Query => "RootQueryType",
            Object::Mutation => "RootMutationType",
            Object::Actor => "Actor",
            Object::User => "User",
            Object::Account(_) => "Account",
            Object::NrqlAnswer(_) => "NrdbResultContainer",
            Object::QueryProgress(_) => "NrdbQueryProgress",
            Object::CancelledQuery(_) => "NrqlCancelQueryMutationResponse",
            Object::QueryHistory => "QueryHistoryActorStitchedFields",
            Object::HistoricalQuery(_) => "QueryHistoryNrqlHistoryResult",
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
            Object::Mutation if name == "nrqlCancelQuery" => {
                nrql::cancel(context, arguments).map(|cancelled| Some(Node::Object(cancelled)))
            }
            Object::Mutation => Ok(None),
            Object::Actor if name == "nrql" || name == "nrqlQueryProgress" => {
                check_accounts(context, arguments)?;
                resolve_account(context, context.account, name, arguments).await
            }
            Object::Actor => resolve_actor(context, name, arguments),
            Object::User => Ok(resolve_user(name)),
            Object::Account(id) => resolve_account(context, *id, name, arguments).await,
            Object::NrqlAnswer(answer) => Ok(answer.resolve(name)),
            Object::QueryProgress(progress) => Ok(progress.resolve(name)),
            Object::CancelledQuery(cancelled) => Ok(cancelled.resolve(name)),
            Object::QueryHistory => nrql::history(context, name, arguments).await,
            Object::HistoricalQuery(query) => Ok(query.resolve(name)),
            Object::NrqlMetadata(result) => Ok(nrql::resolve_metadata(result, name)),
            Object::TimeWindow(result) => Ok(nrql::resolve_time_window(result, name)),
        }
    }
}

fn resolve_root(name: &str) -> Option<Node> {
    (name == "actor").then_some(Node::Object(Object::Actor))
}

fn resolve_actor(context: &Context, name: &str, arguments: &Arguments) -> Resolved {
    Ok(Some(match name {
        "user" => Node::Object(Object::User),
        "queryHistory" => Node::Object(Object::QueryHistory),
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
        "nrql" => Node::Object(nrql::run(context, id, arguments).await?),
        "nrqlQueryProgress" => Node::Object(nrql::progress(context, id, arguments)?),
        _ => return Ok(None),
    }))
}

pub fn bad_argument(message: &str) -> FieldError {
    FieldError { message: message.into(), extensions: json!({ "errorClass": "INVALID_INPUT" }) }
}
