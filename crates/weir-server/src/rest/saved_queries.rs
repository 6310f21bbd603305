//! Queries with names: one's own, and those shared with the account.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use weir_api::error::ErrorBody;
use weir_api::list::List;
use weir_api::saved_query::{SavedQuery, SavedQueryBody};
use weir_types::ErrorCode;

use crate::auth::Reader;
use crate::error::{Failure, blocking};
use crate::service::{SavedQueryError, SavedQueryStore, Services};

const NAME_CHARS_MAX: usize = 80;
const NRQL_BYTES_MAX: usize = 64 << 10;

type Body = Result<Json<SavedQueryBody>, JsonRejection>;

/// The saved queries one may see
#[utoipa::path(get, operation_id = "list_saved_queries", path = "/api/v1/saved-queries",
    responses((status = 200, body = List<SavedQuery>)))]
pub async fn list(
    reader: Reader,
    State(services): State<Services>,
) -> Result<Json<List<SavedQuery>>, Failure> {
    let Reader { account, user } = reader;
    let queries = on_disk(&services, move |store| store.list(account, &user)).await?;
    Ok(Json(List::whole(services.clock.now().as_millis(), queries)))
}

/// Save a query
#[utoipa::path(post, operation_id = "create_saved_query", path = "/api/v1/saved-queries",
    request_body = SavedQueryBody,
    responses((status = 200, body = SavedQuery), (status = 400, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "The name is taken")))]
pub async fn create(
    reader: Reader,
    State(services): State<Services>,
    body: Body,
) -> Result<Json<SavedQuery>, Failure> {
    let Reader { account, user } = reader;
    let body = sound(body)?;
    on_disk(&services, move |store| store.create(account, &user, body)).await.map(Json)
}

/// Change a saved query: its name, its text, who sees it
#[utoipa::path(put, operation_id = "update_saved_query", path = "/api/v1/saved-queries/{id}",
    params(("id" = String, Path, description = "As the list has it")),
    request_body = SavedQueryBody,
    responses((status = 200, body = SavedQuery), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "The name is taken")))]
pub async fn update(
    reader: Reader,
    State(services): State<Services>,
    Path(id): Path<String>,
    body: Body,
) -> Result<Json<SavedQuery>, Failure> {
    let Reader { account, user } = reader;
    let body = sound(body)?;
    on_disk(&services, move |store| store.update(account, &user, &id, body)).await.map(Json)
}

/// Delete a saved query
#[utoipa::path(delete, operation_id = "delete_saved_query", path = "/api/v1/saved-queries/{id}",
    params(("id" = String, Path, description = "As the list has it")),
    responses((status = 200, body = SavedQuery, description = "What was deleted"),
        (status = 404, body = ErrorBody)))]
pub async fn delete(
    reader: Reader,
    State(services): State<Services>,
    Path(id): Path<String>,
) -> Result<Json<SavedQuery>, Failure> {
    let Reader { account, user } = reader;
    on_disk(&services, move |store| store.delete(account, &user, &id)).await.map(Json)
}

/// What can be kept; whether the text is NRQL shows when it runs.
fn sound(body: Body) -> Result<SavedQueryBody, Failure> {
    let invalid = |message: String| Failure::new(ErrorCode::InvalidRequest, message);
    let Json(body) = body.map_err(|rejection| {
        invalid(rejection.body_text())
            .with_hint("send {\"name\": \"…\", \"nrql\": \"SELECT …\"} as application/json")
    })?;
    let (name, nrql) = (body.name.trim(), body.nrql.trim());
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
        return Err(invalid(format!("a saved query's name has 1 to {NAME_CHARS_MAX} characters")));
    }
    if nrql.is_empty() || nrql.len() > NRQL_BYTES_MAX {
        return Err(invalid(format!("a saved query's text has 1 to {NRQL_BYTES_MAX} bytes")));
    }
    Ok(SavedQueryBody { name: name.to_owned(), nrql: nrql.to_owned(), shared: body.shared })
}

async fn on_disk<T: Send + 'static>(
    services: &Services,
    ask: impl FnOnce(&dyn SavedQueryStore) -> Result<T, SavedQueryError> + Send + 'static,
) -> Result<T, Failure> {
    let store = Arc::clone(&services.saved_queries);
    let asked = blocking(move || ask(&*store)).await?;
    asked.map_err(|error| Failure::new(error.code(), error.to_string()))
}
