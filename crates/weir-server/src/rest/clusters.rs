//! Clusters.

use axum::Json;
use axum::extract::{Path, State};
use weir_api::cluster::{Cluster, ClusterDetail};
use weir_api::error::ErrorBody;
use weir_api::list::{List, ListQuery};

use super::list::{ListParams, answer, cluster_name, wanted};
use crate::auth::Reader;
use crate::error::Failure;
use crate::service::Services;
use crate::view::{View, clusters};

/// Every cluster seen within a day, worst first
#[utoipa::path(get, operation_id = "list_clusters", path = "/api/v1/clusters", params(ListQuery),
    responses((status = 200, body = List<Cluster>), (status = 404, body = ErrorBody)))]
pub async fn list(
    reader: Reader,
    State(services): State<Services>,
    params: ListParams,
) -> Result<Json<List<Cluster>>, Failure> {
    let view = View::new(&services, reader.account);
    let query = wanted(&view, params)?;
    let mut clusters = clusters::clusters(&view).await?;
    clusters.retain(|it| query.cluster.as_ref().is_none_or(|name| *name == it.cluster));
    answer(&view, clusters, &query)
}

/// One cluster, by name or by the id it gave itself, with what is worst inside it
#[utoipa::path(get, operation_id = "get_cluster", path = "/api/v1/clusters/{cluster}", params(("cluster" = String, Path)),
    responses((status = 200, body = ClusterDetail), (status = 404, body = ErrorBody)))]
pub async fn get(
    reader: Reader,
    State(services): State<Services>,
    Path(wanted): Path<String>,
) -> Result<Json<ClusterDetail>, Failure> {
    let view = View::new(&services, reader.account);
    let name = cluster_name(&view, &wanted)?;
    let found = clusters::cluster(&view, &name).await?;
    found.map(Json).ok_or_else(|| {
        Failure::not_found(format!("cluster `{wanted}` is watched and was not seen within a day"))
            .with_hint("`weir sources list` says what its source last heard")
    })
}
