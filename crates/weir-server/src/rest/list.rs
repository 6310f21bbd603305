//! What the lists of clusters, brokers, topics and groups have in common on the wire.

use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use weir_api::list::{List, ListQuery};
use weir_types::ErrorCode;
use weir_types::suggest::nearest;

use crate::error::Failure;
use crate::view::View;
use crate::view::list::{Listed, UnknownOrder, arrange};

const LIMIT_DEFAULT: usize = 2_000;
const LIMIT_MAX: usize = 50_000;

/// The query string, or a failure in our own body where it has an unknown key.
pub type ListParams = Result<Query<ListQuery>, QueryRejection>;

/// The query, with the cluster it names by its name.
pub fn wanted(view: &View<'_>, params: ListParams) -> Result<ListQuery, Failure> {
    let Query(mut query) = params.map_err(|rejection| {
        Failure::new(ErrorCode::InvalidRequest, rejection.body_text())
            .with_hint("lists take cluster, q, status, sort and limit")
    })?;
    if let Some(limit) = query.limit.filter(|limit| !(1..=LIMIT_MAX).contains(limit)) {
        let message = format!("limit is {limit}, it can be 1 to {LIMIT_MAX}");
        return Err(Failure::new(ErrorCode::InvalidRequest, message));
    }
    if let Some(cluster) = &query.cluster {
        query.cluster = Some(cluster_name(view, cluster)?);
    }
    Ok(query)
}

/// Filters, sorts and cuts; a cut list counts what it leaves out.
pub fn answer<T: Listed>(
    view: &View<'_>,
    rows: Vec<T>,
    query: &ListQuery,
) -> Result<Json<List<T>>, Failure> {
    let rows = arrange(rows, query).map_err(unknown_order)?;
    let limit = query.limit.unwrap_or(LIMIT_DEFAULT);
    Ok(Json(List::limited(view.now.as_millis(), rows, limit)))
}

pub fn whole<T>(view: &View<'_>, rows: Vec<T>) -> Json<List<T>> {
    Json(List::whole(view.now.as_millis(), rows))
}

/// The name of the cluster that is meant, or that there is none and which come near.
pub fn cluster_name(view: &View<'_>, wanted: &str) -> Result<String, Failure> {
    view.cluster_name(wanted).ok_or_else(|| {
        let message = format!("no cluster `{wanted}` is watched, and none was seen within a day");
        not_found(
            message,
            wanted,
            &view.cluster_names(),
            "`weir clusters list` shows those there are",
        )
    })
}

/// What is not there, with the nearest name there is, or where to look.
pub fn not_found(message: String, wanted: &str, known: &[String], otherwise: &str) -> Failure {
    let hint = match nearest(wanted, known.iter().map(String::as_str)) {
        Some(name) => format!("did you mean `{name}`?"),
        None => otherwise.to_owned(),
    };
    Failure::not_found(message).with_hint(hint)
}

fn unknown_order(error: UnknownOrder) -> Failure {
    let hint = format!("sort by one of: {}", error.known.join(", "));
    Failure::new(ErrorCode::InvalidRequest, error.to_string()).with_hint(hint)
}
