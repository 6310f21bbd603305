//! What a cluster lets Weir know.

use axum::Json;
use axum::extract::{Path, State};
use weir_api::capability::Capability;
use weir_api::error::ErrorBody;
use weir_api::list::List;

use super::list::whole;
use crate::auth::Reader;
use crate::error::Failure;
use crate::service::Services;
use crate::view::{View, clusters};

/// Every kind of question to one cluster and what came of it, with the missing rights
#[utoipa::path(get, operation_id = "list_capabilities",
    path = "/api/v1/clusters/{cluster}/capabilities", params(("cluster" = String, Path)),
    responses((status = 200, body = List<Capability>), (status = 404, body = ErrorBody)))]
pub async fn list(
    reader: Reader,
    State(services): State<Services>,
    Path(cluster): Path<String>,
) -> Result<Json<List<Capability>>, Failure> {
    let view = View::new(&services, reader.account);
    let name = view.cluster_name(&cluster);
    let is_watched =
        |name: &String| services.sources.statuses().iter().any(|status| status.cluster == *name);
    let Some(name) = name.filter(is_watched) else {
        return Err(Failure::not_found(format!("no source watches a cluster `{cluster}`"))
            .with_hint("`weir sources list` shows what is watched"));
    };
    Ok(whole(&view, clusters::capabilities(&view, &name)))
}
