//! `/api/v1`: one file a noun, each handler a few lines over a view or a service.

pub mod brokers;
pub mod capabilities;
pub mod clusters;
pub mod groups;
pub mod query;
pub mod schema;
pub mod sources;
pub mod status;
pub mod topics;

use axum::Json;
use axum::extract::OriginalUri;
use serde::Deserialize;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use weir_api::list::List;
use weir_types::ErrorCode;

use crate::error::Failure;
use crate::view::View;

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

/// `?cluster=NAME` of the lists.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    pub cluster: Option<String>,
}

/// The query string, or a failure in our own body where it has an unknown key.
pub type ListParams =
    Result<axum::extract::Query<ListQuery>, axum::extract::rejection::QueryRejection>;

fn wanted_cluster(params: ListParams) -> Result<Option<String>, Failure> {
    match params {
        Ok(query) => Ok(query.0.cluster),
        Err(rejection) => Err(Failure::new(ErrorCode::InvalidRequest, rejection.body_text())
            .with_hint("lists take `?cluster=NAME`")),
    }
}

fn whole_list<T>(view: View<'_>, items: Vec<T>) -> Json<List<T>> {
    Json(List::new(view.now.as_millis(), items, false))
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
        clusters::list,
        clusters::get,
        capabilities::list,
        brokers::list,
        topics::list,
        groups::list,
        groups::get,
        query::run,
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
        if std::env::var_os("WEIR_BLESS").is_some() {
            std::fs::write(path, &document).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed == document, "{path} is old: run with WEIR_BLESS=1");
    }
}
