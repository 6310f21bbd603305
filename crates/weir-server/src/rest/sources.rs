//! Configured sources.

use axum::Json;
use axum::extract::{Path, State};
use weir_api::error::ErrorBody;
use weir_api::list::List;
use weir_api::source::{Source, SourceTest};
use weir_types::source::SourceState;
use weir_types::{ErrorCode, SourceStatus};

use super::list::{not_found, whole};
use crate::auth::Reader;
use crate::error::Failure;
use crate::service::{Services, SourceTestRefusal};
use crate::view::View;

/// Every source and what its last cycles came to
#[utoipa::path(get, operation_id = "list_sources", path = "/api/v1/sources", responses((status = 200, body = List<Source>)))]
pub async fn list(reader: Reader, State(services): State<Services>) -> Json<List<Source>> {
    let view = View::new(&services, reader.account);
    whole(&view, services.sources.statuses().into_iter().map(to_wire).collect())
}

/// Try a source out, step by step: what is wrong, and what to do about it
#[utoipa::path(post, operation_id = "test_source", path = "/api/v1/sources/{source}/test",
    params(("source" = String, Path, description = "Its name")),
    responses((status = 200, body = SourceTest), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "A test of it is running"),
        (status = 504, body = ErrorBody)))]
pub async fn test(
    _: Reader,
    State(services): State<Services>,
    Path(source): Path<String>,
) -> Result<Json<SourceTest>, Failure> {
    let steps = services.source_tester.test(&source).await.map_err(|r| refused(r, &services))?;
    Ok(Json(SourceTest { ok: steps.iter().all(|step| step.ok), source, steps }))
}

fn refused(refusal: SourceTestRefusal, services: &Services) -> Failure {
    let message = refusal.to_string();
    match &refusal {
        SourceTestRefusal::NoSuchSource(wanted) => {
            let known: Vec<_> = services.sources.statuses().into_iter().map(|s| s.name).collect();
            not_found(message, wanted, &known, "`weir sources list` shows those there are")
        }
        SourceTestRefusal::Running(_) => Failure::new(ErrorCode::Conflict, message)
            .with_hint("wait for it to end, then ask again"),
        SourceTestRefusal::TookTooLong { source_name, .. } => {
            let hint = format!("`weir sources test {source_name}` in a terminal waits for its end");
            Failure::new(ErrorCode::Timeout, message).with_hint(hint)
        }
    }
}

fn to_wire(status: SourceStatus) -> Source {
    Source {
        state: state_word(status.state).into(),
        last_cycle_at_ms: status.last_cycle_at.map(|at| at.as_millis()),
        last_success_at_ms: status.last_success_at.map(|at| at.as_millis()),
        name: status.name,
        kind: status.kind,
        target: status.target,
        cluster: status.cluster,
        interval_secs: status.interval_secs,
        last_cycle_ms: status.last_cycle_ms,
        last_events_count: status.last_events_count,
        last_error: status.last_error,
        completeness: status.completeness,
        cycles_total: status.cycles_total,
        failed_cycles_total: status.failed_cycles_total,
        requests_total: status.requests_total,
    }
}

fn state_word(state: SourceState) -> &'static str {
    match state {
        SourceState::Starting => "starting",
        SourceState::Ok => "ok",
        SourceState::Partial => "partial",
        SourceState::Failing => "failing",
    }
}
