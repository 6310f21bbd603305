//! Weir itself.

use axum::Json;
use axum::extract::State;
use weir_api::server::ServerStatus;

use crate::auth::Reader;
use crate::service::Services;

/// Version, account and the store's health
#[utoipa::path(get, operation_id = "get_status", path = "/api/v1/status", responses((status = 200, body = ServerStatus)))]
pub async fn get(reader: Reader, State(services): State<Services>) -> Json<ServerStatus> {
    let info = &services.info;
    Json(ServerStatus {
        version: info.version.into(),
        environment: info.environment.clone(),
        account_id: reader.account.0,
        started_at_ms: info.started_at.as_millis(),
        now_ms: services.clock.now().as_millis(),
        ui_built: weir_ui::is_built(),
        store: services.store.status(),
    })
}
