//! Brokers.

use axum::Json;
use axum::extract::State;
use weir_api::broker::Broker;
use weir_api::list::List;

use super::{ListParams, wanted_cluster, whole_list};
use crate::auth::Reader;
use crate::error::Failure;
use crate::service::Services;
use crate::view::{View, brokers};

/// Every broker seen within an hour, worst first
#[utoipa::path(get, operation_id = "list_brokers", path = "/api/v1/brokers",
    params(("cluster" = Option<String>, Query, description = "only of this cluster")),
    responses((status = 200, body = List<Broker>)))]
pub async fn list(
    reader: Reader,
    State(services): State<Services>,
    params: ListParams,
) -> Result<Json<List<Broker>>, Failure> {
    let cluster = wanted_cluster(params)?;
    let view = View::new(&services, reader.account);
    Ok(whole_list(view, brokers::brokers(view, cluster.as_deref())))
}
