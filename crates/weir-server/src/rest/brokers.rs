//! Brokers.

use axum::Json;
use axum::extract::{Path, State};
use weir_api::broker::{Broker, BrokerDetail};
use weir_api::error::ErrorBody;
use weir_api::list::{List, ListQuery};

use super::list::{ListParams, answer, cluster_name, not_found, wanted};
use crate::auth::Reader;
use crate::error::Failure;
use crate::service::Services;
use crate::view::list::Listed;
use crate::view::{View, brokers};

/// Every broker seen within an hour, worst first
#[utoipa::path(get, operation_id = "list_brokers", path = "/api/v1/brokers", params(ListQuery),
    responses((status = 200, body = List<Broker>), (status = 404, body = ErrorBody)))]
pub async fn list(
    reader: Reader,
    State(services): State<Services>,
    params: ListParams,
) -> Result<Json<List<Broker>>, Failure> {
    let view = View::new(&services, reader.account);
    let query = wanted(&view, params)?;
    answer(&view, brokers::brokers(&view, query.cluster.as_deref()), &query)
}

/// One broker with what is wrong on it
#[utoipa::path(get, operation_id = "get_broker", path = "/api/v1/clusters/{cluster}/brokers/{broker}",
    params(("cluster" = String, Path), ("broker" = String, Path)),
    responses((status = 200, body = BrokerDetail), (status = 404, body = ErrorBody)))]
pub async fn get(
    reader: Reader,
    State(services): State<Services>,
    Path((cluster, broker)): Path<(String, String)>,
) -> Result<Json<BrokerDetail>, Failure> {
    let view = View::new(&services, reader.account);
    let cluster = cluster_name(&view, &cluster)?;
    brokers::broker(&view, &cluster, &broker).map(Json).ok_or_else(|| {
        let mut known = brokers::brokers(&view, Some(&cluster));
        known.sort_by(Listed::by_name);
        let names: Vec<_> = known.into_iter().map(|b| b.broker_id).collect();
        let message =
            format!("no broker `{broker}` of cluster `{cluster}` was seen within an hour");
        not_found(message, &broker, &[], &format!("there are: {}", names.join(", ")))
    })
}
