//! Health from 0 to 100, each point explained, as every entity carries it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the newest sample says of its own health.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Health {
    /// 100 is best; unknown where too little is known for any score.
    pub health_score: Option<f64>,
    /// The rules that took points, most points first; empty at 100.
    pub health_findings: Vec<Finding>,
    /// Rules that took nothing because this source can't know their value.
    pub health_not_checked: Vec<String>,
}

/// One rule that took points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// An attribute of the sample, or what was looked at.
    pub rule: String,
    /// The value that broke the rule, as text.
    pub value: String,
    pub points: f64,
    /// The finding as a sentence.
    pub text: String,
}
