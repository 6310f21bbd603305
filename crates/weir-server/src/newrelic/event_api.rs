//! The Event API. New Relic answers 200 before it parses; Weir answers 200 when every event of the
//! body is durable and the next query sees it, and names what is wrong otherwise.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use weir_types::{AccountId, Batch, ErrorCode, SinkError};

use super::event_json;
use crate::auth::{identify, presented_key};
use crate::error::Failure;
use crate::metrics::Counters;
use crate::service::Services;

/// New Relic's limit for one POST, on the bytes that arrive.
pub const RECEIVED_BYTES_MAX: usize = 1_000_000;

/// `POST /v1/accounts/{account}/events`
pub async fn serve(
    State(services): State<Services>,
    Path(account): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let accepted = match account.parse() {
        Ok(account) => accept(&services, Some(AccountId(account)), &headers, body).await,
        Err(_) => Err(Failure::not_found(format!("no account `{account}`: it is a number"))),
    };
    respond(accepted)
}

/// `POST /v1/accounts/events`: the key says which account.
pub async fn serve_for_key(
    State(services): State<Services>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    respond(accept(&services, None, &headers, body).await)
}

/// The limit on what arrives answers before any handler, in a body that is not ours.
pub async fn explain_too_large(response: Response) -> Response {
    match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large().into_response(),
        _ => response,
    }
}

async fn accept(
    services: &Services,
    account: Option<AccountId>,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(), Failure> {
    let account = authorize(services, account, headers)?;
    let body = body.map_err(|rejection| too_large_or_broken(&rejection))?;
    let events = event_json::parse(&body, services.clock.now(), services.info.retention);
    let events = events.map_err(|e| {
        Counters::add(&services.counters.events_refused, 1);
        Failure::new(ErrorCode::InvalidRequest, e.to_string())
            .with_hint("nothing of this body was stored; mend it and send it again")
    })?;
    let count = events.len();
    match services.sink.append(Batch { account, events }).await {
        Ok(()) => Counters::add(&services.counters.events_ingested, count),
        Err(error) => {
            Counters::add(&services.counters.events_refused, count);
            return Err(from_sink(&error));
        }
    }
    Ok(())
}

fn authorize(
    services: &Services,
    account: Option<AccountId>,
    headers: &HeaderMap,
) -> Result<AccountId, Failure> {
    let denied = |message: String| Failure::new(ErrorCode::PermissionDenied, message);
    let Some(key) = presented_key(headers) else {
        return Err(denied("an ingest key is needed in the header `Api-Key`".into())
            .with_hint("`weir keys create ingest` on the server makes one"));
    };
    // The Event API answers 403 to a bad key where NerdGraph answers 401.
    let identity = identify(services, key).map_err(|failure| match failure.0.code {
        ErrorCode::Unauthenticated => denied(failure.0.message),
        _ => failure,
    })?;
    match account {
        Some(account) if account != identity.account => {
            Err(denied(format!("this key is not for account {account}")))
        }
        _ => Ok(identity.account),
    }
}

fn too_large() -> Failure {
    let message = format!("body is over {RECEIVED_BYTES_MAX} bytes: send fewer events a POST");
    Failure::new(ErrorCode::LimitExceeded, message)
}

fn too_large_or_broken(rejection: &BytesRejection) -> Failure {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    Failure::new(
        ErrorCode::InvalidRequest,
        format!("body can't be read: {}", rejection.body_text()),
    )
}

fn from_sink(error: &SinkError) -> Failure {
    Failure::new(error.code(), error.to_string())
}

fn respond(accepted: Result<(), Failure>) -> Response {
    match accepted {
        Ok(()) => {
            let uuid = uuid::Uuid::new_v4().to_string();
            (StatusCode::OK, Json(json!({ "success": true, "uuid": uuid }))).into_response()
        }
        Err(failure) => failure.into_response(),
    }
}
