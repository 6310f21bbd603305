//! Liveness and readiness, without a key.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value as Json_, json};

use crate::service::Services;

/// The process answers.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// Ready means: what is sent now will be kept and found. The store's state says why not.
pub async fn readyz(State(services): State<Services>) -> (StatusCode, Json<Json_>) {
    let store = services.store.status();
    let status = if store.writable { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": store.writable, "store": store.state })))
}
