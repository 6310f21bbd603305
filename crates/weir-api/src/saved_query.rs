//! Queries with names, kept by the server.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SavedQuery {
    pub id: String,
    pub name: String,
    pub nrql: String,
    /// Seen and changed by everyone of the account; one that is not, by whoever saved it alone.
    pub shared: bool,
    /// The id of the key it was saved with; `local` for whoever needs none on the server's machine.
    pub owner: String,
    /// Whether that is who asks.
    pub mine: bool,
    pub updated_at_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SavedQueryBody {
    /// 1 to 80 characters; stands once among the shared queries, and once among one's own.
    pub name: String,
    pub nrql: String,
    #[serde(default)]
    pub shared: bool,
}
