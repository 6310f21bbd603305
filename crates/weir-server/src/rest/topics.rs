//! Topics.

use axum::Json;
use axum::extract::State;
use weir_api::list::List;
use weir_api::topic::Topic;

use super::{ListParams, wanted_cluster, whole_list};
use crate::auth::Reader;
use crate::error::Failure;
use crate::service::Services;
use crate::view::{View, topics};

/// Every topic seen within an hour, worst first
#[utoipa::path(get, operation_id = "list_topics", path = "/api/v1/topics",
    params(("cluster" = Option<String>, Query, description = "only of this cluster")),
    responses((status = 200, body = List<Topic>)))]
pub async fn list(
    reader: Reader,
    State(services): State<Services>,
    params: ListParams,
) -> Result<Json<List<Topic>>, Failure> {
    let cluster = wanted_cluster(params)?;
    let view = View::new(&services, reader.account);
    Ok(whole_list(view, topics::topics(view, cluster.as_deref())))
}
