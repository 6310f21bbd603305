//! What a cluster lets a source know.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One kind of question, and what came of it the last time it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Capability {
    pub cluster: String,
    pub source: String,
    /// What is asked for, named for people.
    pub question: String,
    /// `ok`, `may_be_partial`, `denied`, `not_supported` or `failing`.
    pub state: String,
    /// The right that would answer, or why there is no answer.
    pub detail: Option<String>,
}
