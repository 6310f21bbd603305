//! NerdGraph: a document is parsed, its selection walked over a small tree of objects; what NRQL
//! gives is answered at once, or later to who polls.
//!
//! Real clients send documents that strict validation refuses (overlapping fields, extra
//! variables, fields Weir does not have yet). What New Relic forgives is forgiven: a field that is
//! not there answers null and is named in `extensions.unknownFields`.

mod background;
mod document;
mod execute;
mod nrql;
mod object;
mod raw;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value as Json_, json};

use crate::auth::{identify, presented_key};
use crate::service::{Access, Services};
use background::Background;
use document::Document;

/// The body of a GraphQL POST.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    query: String,
    #[serde(default)]
    variables: Option<Map<String, Json_>>,
    #[serde(default)]
    operation_name: Option<String>,
}

/// `/graphql`, with the queries that its clients left in the background.
pub fn routes() -> Router<Services> {
    let background = Extension(Arc::<Background>::default());
    Router::new().route("/graphql", post(serve)).layer(background)
}

async fn serve(
    State(services): State<Services>,
    Extension(background): Extension<Arc<Background>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let identity = presented_key(&headers).and_then(|key| identify(&services, key).ok());
    let Some(identity) = identity.filter(|i| i.access == Access::User) else {
        return bad_key();
    };
    let document = match read(&headers, body) {
        Ok(document) => document,
        Err((status, message)) => {
            return (status, Json(json!({ "errors": [{ "message": message }] }))).into_response();
        }
    };
    let context = object::Context { services, account: identity.account, background };
    Json(execute::execute(&context, &document).await).into_response()
}

/// Word for word what New Relic answers, because its clients look for the code.
fn bad_key() -> Response {
    let error = json!({
        "message": "Bad API Key or no API Key provided",
        "extensions": { "error_code": "BAD_API_KEY" }
    });
    (StatusCode::UNAUTHORIZED, Json(json!({ "errors": [error] }))).into_response()
}

type Refusal = (StatusCode, String);

fn read(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Document, Refusal> {
    let body = body.map_err(|rejection| (rejection.status(), rejection.body_text()))?;
    let bad = |message: String| (StatusCode::BAD_REQUEST, message);
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let body = if kind.starts_with("application/graphql") {
        let query = String::from_utf8(body.to_vec()).map_err(|e| bad(e.to_string()))?;
        Body { query, variables: None, operation_name: None }
    } else {
        serde_json::from_slice(&body)
            .map_err(|e| bad(format!("body is not a GraphQL request: {e}")))?
    };
    // A document that does not parse is a GraphQL error, which travels with status 200.
    Document::parse(&body.query, body.variables.unwrap_or_default(), body.operation_name.as_deref())
        .map_err(|message| (StatusCode::OK, message))
}
