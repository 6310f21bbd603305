//! Every route in one place.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post, put};
use tower_http::decompression::RequestDecompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;

use crate::lookup_upload::UPLOAD_BYTES_MAX;
use crate::newrelic::{event_api, lookups, nerdgraph};
use crate::service::Services;
use crate::{auth, metrics, page, probe, rest};

/// Largest body of a question; NerdGraph documents of real clients reach 46 KB.
const QUESTION_BYTES_MAX: usize = 1 << 20;

/// The whole server.
pub fn router(services: Services) -> Router {
    Router::new()
        .merge(ingest_routes())
        .merge(lookup_routes())
        .merge(nerdgraph::routes())
        .nest("/api/v1", rest_routes(services.clone()))
        .merge(metrics_route(services.clone()))
        .route("/healthz", get(probe::healthz))
        .route("/readyz", get(probe::readyz))
        .fallback(get(page::serve))
        .layer(DefaultBodyLimit::max(QUESTION_BYTES_MAX))
        .layer(middleware::map_response(add_security_headers))
        .with_state(services)
}

/// The limit counts what arrives; a bomb is stopped by the limit behind the decompression.
fn ingest_routes() -> Router<Services> {
    Router::new()
        .route("/v1/accounts/{account}/events", post(event_api::serve))
        .route("/v1/accounts/events", post(event_api::serve_for_key))
        .layer(RequestDecompressionLayer::new())
        .layer(RequestBodyLimitLayer::new(event_api::RECEIVED_BYTES_MAX))
        .layer(middleware::map_response(event_api::explain_too_large))
}

/// New Relic's paths for lookup tables; the Event API's `events` goes before a table of that name.
fn lookup_routes() -> Router<Services> {
    let table = get(lookups::get)
        .post(lookups::upload)
        .put(lookups::upload)
        .delete(lookups::delete)
        .layer(DefaultBodyLimit::max(UPLOAD_BYTES_MAX));
    Router::new()
        .route("/v1/accounts/{account}", get(lookups::list))
        .route("/v1/accounts/{account}/{table}", table)
}

/// Names of topics, groups and clients are for those who may read.
fn metrics_route(services: Services) -> Router<Services> {
    Router::new()
        .route("/metrics", get(metrics::serve))
        .layer(middleware::from_fn_with_state(services, auth::guard_rest))
}

fn rest_routes(services: Services) -> Router<Services> {
    let lookup_table = get(rest::lookups::get)
        .put(rest::lookups::put)
        .delete(rest::lookups::delete)
        .layer(DefaultBodyLimit::max(UPLOAD_BYTES_MAX));
    Router::new()
        .route("/status", get(rest::status::get))
        .route("/sources", get(rest::sources::list))
        .route("/sources/{source}/test", post(rest::sources::test))
        .route("/clusters", get(rest::clusters::list))
        .route("/clusters/{cluster}", get(rest::clusters::get))
        .route("/clusters/{cluster}/capabilities", get(rest::capabilities::list))
        .route("/clusters/{cluster}/brokers/{broker}", get(rest::brokers::get))
        .route("/clusters/{cluster}/topics/{topic}", get(rest::topics::get))
        .route("/clusters/{cluster}/groups/{group}", get(rest::groups::get))
        .route("/brokers", get(rest::brokers::list))
        .route("/topics", get(rest::topics::list))
        .route("/groups", get(rest::groups::list))
        .route("/why", get(rest::why::get))
        .route("/query", post(rest::query::run))
        .route("/nrql/analyze", post(rest::nrql::analyze))
        .route("/saved-queries", get(rest::saved_queries::list).post(rest::saved_queries::create))
        .route(
            "/saved-queries/{id}",
            put(rest::saved_queries::update).delete(rest::saved_queries::delete),
        )
        .route("/lookup-tables", get(rest::lookups::list))
        .route("/lookup-tables/{name}", lookup_table)
        .route("/schema", get(rest::schema::list))
        .route("/openapi.json", get(rest::openapi_json))
        .fallback(rest::not_found)
        .layer(middleware::from_fn_with_state(services, auth::guard_rest))
}

/// Everything is served from this origin alone; inline styles are what chart libraries set.
async fn add_security_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
    set(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
         frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
    );
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    response
}
