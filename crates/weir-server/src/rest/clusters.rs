//! Clusters.

use axum::Json;
use axum::extract::{Path, State};
use weir_api::cluster::Cluster;
use weir_api::error::ErrorBody;
use weir_api::list::List;

use super::whole_list;
use crate::auth::Reader;
use crate::error::Failure;
use crate::service::Services;
use crate::view::{View, clusters};

/// Every cluster seen within a day, worst first
#[utoipa::path(get, operation_id = "list_clusters", path = "/api/v1/clusters", responses((status = 200, body = List<Cluster>)))]
pub async fn list(
    reader: Reader,
    State(services): State<Services>,
) -> Result<Json<List<Cluster>>, Failure> {
    let view = View::new(&services, reader.account);
    let clusters = clusters::clusters(view).await.map_err(|e| Failure::from_query(&e, ""))?;
    Ok(whole_list(view, clusters))
}

/// One cluster, by name or by the id it gave itself
#[utoipa::path(get, operation_id = "get_cluster", path = "/api/v1/clusters/{cluster}", params(("cluster" = String, Path)),
    responses((status = 200, body = Cluster), (status = 404, body = ErrorBody)))]
pub async fn get(
    reader: Reader,
    State(services): State<Services>,
    Path(wanted): Path<String>,
) -> Result<Json<Cluster>, Failure> {
    let view = View::new(&services, reader.account);
    let clusters = clusters::clusters(view).await.map_err(|e| Failure::from_query(&e, ""))?;
    clusters
        .into_iter()
        .find(|c| c.cluster == wanted || c.cluster_id.as_deref() == Some(&wanted))
        .map(Json)
        .ok_or_else(|| {
            Failure::not_found(format!("no cluster `{wanted}` was seen within a day"))
                .with_hint("`weir clusters list` shows those that were")
        })
}
