//! `/api/v1`: one file a noun, each handler a few lines over a view or a service.

pub mod brokers;
pub mod capabilities;
pub mod clusters;
pub mod groups;
pub mod list;
pub mod lookups;
pub mod nrql;
pub mod query;
pub mod saved_queries;
pub mod schema;
pub mod sources;
pub mod status;
pub mod topics;
pub mod why;

use axum::Json;
use axum::extract::OriginalUri;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;

use crate::error::Failure;

/// The document committed as `docs/reference/openapi.json`.
pub fn openapi() -> Document {
    Api::openapi()
}

pub async fn openapi_json() -> Json<Document> {
    Json(openapi())
}

pub async fn not_found(OriginalUri(uri): OriginalUri) -> Failure {
    Failure::not_found(format!("no such path: {}", uri.path()))
        .with_hint("GET /api/v1/openapi.json lists every path")
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Weir",
        description = "Kafka monitoring and operations. Fields are added within v1, never changed; what is unknown is null, never 0.",
        license(name = "Apache-2.0")
    ),
    paths(
        status::get,
        sources::list,
        sources::test,
        clusters::list,
        clusters::get,
        capabilities::list,
        brokers::list,
        brokers::get,
        topics::list,
        topics::get,
        groups::list,
        groups::get,
        why::get,
        query::run,
        nrql::analyze,
        saved_queries::list,
        saved_queries::create,
        saved_queries::update,
        saved_queries::delete,
        lookups::list,
        lookups::get,
        lookups::put,
        lookups::delete,
        schema::list
    )
)]
struct Api;

#[cfg(test)]
mod tests {
    use super::*;

    /// `WEIR_BLESS=1 cargo test -p weir-server` rewrites the document.
    #[test]
    fn the_committed_document_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/openapi.json");
        let document = openapi().to_pretty_json().unwrap() + "\n";
        weir_testkit::golden(path, &document);
    }
}
