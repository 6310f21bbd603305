//! The event schema, for completion and for the schema panel.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EventType {
    pub name: String,
    pub doc: String,
    pub attributes: Vec<Attribute>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Attribute {
    pub name: String,
    /// `identity`, `state` or `measure`.
    pub kind: String,
    /// `string`, `integer`, `number` or `boolean`.
    pub value_type: String,
    /// Empty where there is none.
    pub unit: String,
    pub doc: String,
}
