//! The envelope of every list.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct List<T> {
    /// `weir/v1`: fields are added within it, never changed.
    pub schema: String,
    /// Epoch milliseconds of the moment the answer speaks of.
    pub as_of_ms: i64,
    pub items: Vec<T>,
    /// True when a limit cut the list: what is shown is not all there is.
    pub truncated: bool,
}

impl<T> List<T> {
    pub fn new(as_of_ms: i64, items: Vec<T>, truncated: bool) -> Self {
        List { schema: "weir/v1".into(), as_of_ms, items, truncated }
    }
}
