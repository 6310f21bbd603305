//! Consumer groups.

use axum::Json;
use axum::extract::{Path, State};
use weir_api::error::ErrorBody;
use weir_api::group::{Group, GroupDetail};
use weir_api::list::List;

use super::{ListParams, wanted_cluster, whole_list};
use crate::auth::Reader;
use crate::error::Failure;
use crate::service::Services;
use crate::view::{View, groups};

/// Every group seen within an hour, worst first
#[utoipa::path(get, operation_id = "list_groups", path = "/api/v1/groups",
    params(("cluster" = Option<String>, Query, description = "only of this cluster")),
    responses((status = 200, body = List<Group>)))]
pub async fn list(
    reader: Reader,
    State(services): State<Services>,
    params: ListParams,
) -> Result<Json<List<Group>>, Failure> {
    let cluster = wanted_cluster(params)?;
    let view = View::new(&services, reader.account);
    let groups = groups::groups(view, cluster.as_deref()).await;
    Ok(whole_list(view, groups.map_err(|e| Failure::from_query(&e, ""))?))
}

/// One group with its partitions, worst lag first
#[utoipa::path(get, operation_id = "get_group", path = "/api/v1/clusters/{cluster}/groups/{group}",
    params(("cluster" = String, Path), ("group" = String, Path)),
    responses((status = 200, body = GroupDetail), (status = 404, body = ErrorBody)))]
pub async fn get(
    reader: Reader,
    State(services): State<Services>,
    Path((cluster, group)): Path<(String, String)>,
) -> Result<Json<GroupDetail>, Failure> {
    let view = View::new(&services, reader.account);
    let found = groups::group(view, &cluster, &group).await;
    found.map_err(|e| Failure::from_query(&e, ""))?.map(Json).ok_or_else(|| {
        Failure::not_found(format!("no group `{group}` of cluster `{cluster}` was seen within an hour"))
            .with_hint("`weir groups list` shows those that were; a missing one may need DESCRIBE on its GROUP")
    })
}
