//! Topics.

use axum::Json;
use axum::extract::{Path, State};
use weir_api::error::ErrorBody;
use weir_api::list::{List, ListQuery};
use weir_api::topic::{Topic, TopicDetail};

use super::list::{ListParams, answer, cluster_name, not_found, wanted};
use crate::auth::Reader;
use crate::error::Failure;
use crate::service::Services;
use crate::view::{View, topics};

/// Every topic seen within an hour with its two worst groups, worst first
#[utoipa::path(get, operation_id = "list_topics", path = "/api/v1/topics", params(ListQuery),
    responses((status = 200, body = List<Topic>), (status = 404, body = ErrorBody)))]
pub async fn list(
    reader: Reader,
    State(services): State<Services>,
    params: ListParams,
) -> Result<Json<List<Topic>>, Failure> {
    let view = View::new(&services, reader.account);
    let query = wanted(&view, params)?;
    answer(&view, topics::topics(&view, query.cluster.as_deref()), &query)
}

/// One topic with its groups and what is wrong in it
#[utoipa::path(get, operation_id = "get_topic", path = "/api/v1/clusters/{cluster}/topics/{topic}",
    params(("cluster" = String, Path), ("topic" = String, Path)),
    responses((status = 200, body = TopicDetail), (status = 404, body = ErrorBody)))]
pub async fn get(
    reader: Reader,
    State(services): State<Services>,
    Path((cluster, topic)): Path<(String, String)>,
) -> Result<Json<TopicDetail>, Failure> {
    let view = View::new(&services, reader.account);
    let cluster = cluster_name(&view, &cluster)?;
    let found = topics::topic(&view, &cluster, &topic).await?;
    found.map(Json).ok_or_else(|| {
        let known = topics::topics(&view, Some(&cluster));
        let names: Vec<_> = known.into_iter().map(|t| t.topic).collect();
        let message = format!("no topic `{topic}` of cluster `{cluster}` was seen within an hour");
        not_found(message, &topic, &names, MISSING)
    })
}

const MISSING: &str =
    "`weir topics list` shows those that were; a missing one may need DESCRIBE on its TOPIC";
