//! The envelope of every list, and what a list can be asked for.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct List<T> {
    /// `weir/v1`: fields are added within it, never changed.
    pub schema: String,
    /// Epoch milliseconds of the moment the answer speaks of.
    pub as_of_ms: i64,
    pub items: Vec<T>,
    /// True when a limit cut the list: what is shown is not all there is.
    pub truncated: bool,
    /// How many meet the question and were cut by the limit.
    #[serde(default)]
    pub left_out_count: u64,
}

impl<T> List<T> {
    /// A list that nothing was cut from.
    pub fn whole(as_of_ms: i64, items: Vec<T>) -> Self {
        List { schema: "weir/v1".into(), as_of_ms, items, truncated: false, left_out_count: 0 }
    }

    /// The first `limit` of `items`.
    pub fn limited(as_of_ms: i64, mut items: Vec<T>, limit: usize) -> Self {
        let left_out = items.len().saturating_sub(limit);
        items.truncate(limit);
        let left_out_count = left_out as u64;
        List { truncated: left_out > 0, left_out_count, ..List::whole(as_of_ms, items) }
    }
}

/// What lists of clusters, brokers, topics and groups take as a query string.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Only of this cluster, by name or by the id it gave itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Only names with this text in them, whatever its case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Only those of this status.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub status: Option<crate::Status>,
    /// `worst` (the default), `name`, or a number's field; `-` before it turns the order round.
    /// What is not known comes last either way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// 1 to 50000; 2000 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}
