//! What a cluster lets Weir know.

use axum::Json;
use axum::extract::{Path, State};
use weir_api::capability::Capability;
use weir_api::error::ErrorBody;
use weir_api::list::List;
use weir_types::SourceCapability;

use super::whole_list;
use crate::auth::Reader;
use crate::error::Failure;
use crate::service::Services;
use crate::view::View;

/// Every kind of question to one cluster and what came of it, with the missing rights
#[utoipa::path(get, operation_id = "list_capabilities",
    path = "/api/v1/clusters/{cluster}/capabilities", params(("cluster" = String, Path)),
    responses((status = 200, body = List<Capability>), (status = 404, body = ErrorBody)))]
pub async fn list(
    reader: Reader,
    State(services): State<Services>,
    Path(cluster): Path<String>,
) -> Result<Json<List<Capability>>, Failure> {
    let is_watched = services.sources.statuses().iter().any(|status| status.cluster == cluster);
    if !is_watched {
        return Err(Failure::not_found(format!("no source watches a cluster `{cluster}`"))
            .with_hint("`weir sources list` shows what is watched"));
    }
    let known = services.sources.capabilities().into_iter();
    let items = known.filter(|capability| capability.cluster == cluster).map(to_wire).collect();
    Ok(whole_list(View::new(&services, reader.account), items))
}

fn to_wire(capability: SourceCapability) -> Capability {
    Capability {
        cluster: capability.cluster,
        source: capability.source,
        question: capability.question.into(),
        state: capability.state.into(),
        detail: capability.detail,
    }
}
