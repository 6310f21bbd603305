//! The query console's endpoint.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use weir_api::error::ErrorBody;
use weir_api::query::{QueryAnswer, QueryBody, QueryMetadata, QueryStats, TIMEOUT_SECS};
use weir_types::{ErrorCode, QueryRequest, QueryResult};

use crate::auth::Reader;
use crate::error::Failure;
use crate::metrics::Counters;
use crate::service::Services;

const TIMEOUT_SECS_DEFAULT: u64 = 30;

/// Answer one NRQL query
#[utoipa::path(post, operation_id = "run_query", path = "/api/v1/query", request_body = QueryBody,
    responses((status = 200, body = QueryAnswer), (status = 400, body = ErrorBody)))]
pub async fn run(
    reader: Reader,
    State(services): State<Services>,
    body: Result<Json<QueryBody>, JsonRejection>,
) -> Result<Json<QueryAnswer>, Failure> {
    let Json(body) = body.map_err(|rejection| {
        Failure::new(ErrorCode::InvalidRequest, rejection.body_text())
            .with_hint("send {\"nrql\": \"SELECT …\"} as application/json")
    })?;
    let request = to_request(&body, reader, &services)?;
    Counters::add(&services.counters.queries, 1);
    match services.queries.run(request).await {
        Ok(result) => Ok(Json(to_wire(result))),
        Err(error) => {
            Counters::add(&services.counters.queries_failed, 1);
            Err(Failure::from_query(&error, &body.nrql))
        }
    }
}

fn to_request(
    body: &QueryBody,
    reader: Reader,
    services: &Services,
) -> Result<QueryRequest, Failure> {
    let account = reader.account;
    if let Some(other) = body.account_id.filter(|id| *id != account.0) {
        let message = format!("you are not authorized to query account {other}");
        return Err(Failure::new(ErrorCode::PermissionDenied, message));
    }
    let secs = body.timeout_secs.unwrap_or(TIMEOUT_SECS_DEFAULT);
    if !TIMEOUT_SECS.contains(&secs) {
        let (least, most) = (TIMEOUT_SECS.start(), TIMEOUT_SECS.end());
        let message = format!("timeout_secs is {secs}, it can be {least} to {most}");
        return Err(Failure::new(ErrorCode::InvalidRequest, message));
    }
    Ok(QueryRequest {
        account,
        nrql: body.nrql.clone(),
        now: services.question_now(),
        timeout: Duration::from_secs(secs),
    })
}

fn to_wire(result: QueryResult) -> QueryAnswer {
    QueryAnswer {
        results: result.results,
        current_results: result.current_results,
        previous_results: result.previous_results,
        total_result: result.total_result,
        other_result: result.other_result,
        metadata: QueryMetadata {
            event_types: result.metadata.event_types,
            facets: result.metadata.facets,
            messages: result.metadata.messages,
            begin_ms: result.metadata.time_window.begin,
            end_ms: result.metadata.time_window.end,
        },
        stats: QueryStats {
            inspected_count: result.stats.inspected_count,
            matched_count: result.stats.matched_count,
            wall_clock_ms: result.stats.wall_clock_ms,
        },
    }
}
