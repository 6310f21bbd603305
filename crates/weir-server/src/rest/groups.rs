//! Consumer groups.

use axum::Json;
use axum::extract::{Path, State};
use weir_api::error::ErrorBody;
use weir_api::group::{Group, GroupDetail};
use weir_api::list::{List, ListQuery};

use super::list::{ListParams, answer, cluster_name, not_found, wanted};
use crate::auth::Reader;
use crate::error::Failure;
use crate::service::Services;
use crate::view::{View, groups};

/// Every group seen within an hour, worst first and resting ones last
#[utoipa::path(get, operation_id = "list_groups", path = "/api/v1/groups", params(ListQuery),
    responses((status = 200, body = List<Group>), (status = 404, body = ErrorBody)))]
pub async fn list(
    reader: Reader,
    State(services): State<Services>,
    params: ListParams,
) -> Result<Json<List<Group>>, Failure> {
    let view = View::new(&services, reader.account);
    let query = wanted(&view, params)?;
    let groups = groups::groups(&view, query.cluster.as_deref()).await?;
    answer(&view, groups, &query)
}

/// One group with its members and its partitions, worst lag first
#[utoipa::path(get, operation_id = "get_group", path = "/api/v1/clusters/{cluster}/groups/{group}",
    params(("cluster" = String, Path), ("group" = String, Path)),
    responses((status = 200, body = GroupDetail), (status = 404, body = ErrorBody)))]
pub async fn get(
    reader: Reader,
    State(services): State<Services>,
    Path((cluster, group)): Path<(String, String)>,
) -> Result<Json<GroupDetail>, Failure> {
    let view = View::new(&services, reader.account);
    let cluster = cluster_name(&view, &cluster)?;
    if let Some(detail) = groups::group(&view, &cluster, &group).await? {
        return Ok(Json(detail));
    }
    let known = groups::groups(&view, Some(&cluster)).await?;
    let names: Vec<_> = known.into_iter().map(|g| g.group).collect();
    let message = format!("no group `{group}` of cluster `{cluster}` was seen within an hour");
    Err(not_found(message, &group, &names, MISSING))
}

const MISSING: &str =
    "`weir groups list` shows those that were; a missing one may need DESCRIBE on its GROUP";
