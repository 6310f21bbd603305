//! Lookup tables: what NRQL's `lookup(name)` reads.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// An uploaded table, without its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LookupTable {
    pub name: String,
    /// Empty when none was given.
    pub description: String,
    /// Stays the same when the table is replaced.
    pub guid: String,
    /// In the order of the file.
    pub columns: Vec<String>,
    /// Without the header.
    pub row_count: u64,
    /// Of the CSV text.
    pub size_bytes: u64,
    /// The id of the key it was uploaded with; `local` for whoever needs none on the server's machine.
    pub updated_by: String,
    pub updated_at_ms: i64,
}

/// What an upload takes as a query string.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct LookupUploadQuery {
    /// What the table is for; when absent, a replaced table keeps what it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}
