//! Configured sources.

use axum::Json;
use axum::extract::State;
use weir_api::list::List;
use weir_api::source::Source;
use weir_types::SourceStatus;
use weir_types::source::SourceState;

use super::list::whole;
use crate::auth::Reader;
use crate::service::Services;
use crate::view::View;

/// Every source and what its last cycles came to
#[utoipa::path(get, operation_id = "list_sources", path = "/api/v1/sources", responses((status = 200, body = List<Source>)))]
pub async fn list(reader: Reader, State(services): State<Services>) -> Json<List<Source>> {
    let view = View::new(&services, reader.account);
    whole(&view, services.sources.statuses().into_iter().map(to_wire).collect())
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
