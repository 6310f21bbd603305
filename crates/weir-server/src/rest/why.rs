//! Why there is no data.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use weir_api::error::ErrorBody;
use weir_api::why::{Why, WhyQuery};
use weir_types::ErrorCode;

use crate::auth::Reader;
use crate::error::Failure;
use crate::service::Services;
use crate::view::View;
use crate::view::why::why;

/// Where on the way from a source to the page the data of an event or attribute is missing
#[utoipa::path(get, operation_id = "get_why", path = "/api/v1/why", params(WhyQuery),
    responses((status = 200, body = Why), (status = 400, body = ErrorBody)))]
pub async fn get(
    reader: Reader,
    State(services): State<Services>,
    query: Result<Query<WhyQuery>, QueryRejection>,
) -> Result<Json<Why>, Failure> {
    let Query(query) = query.map_err(|rejection| {
        Failure::new(ErrorCode::InvalidRequest, rejection.body_text())
            .with_hint("ask with event, and attr, cluster, from_ms and to_ms where they matter")
    })?;
    let view = View::new(&services, reader.account);
    Ok(Json(why(&view, query).await?))
}
