//! Why there is no data: one answer, for the page and for `weir why`.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What is asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WhyQuery {
    /// Event type.
    pub event: String,
    /// Attribute of it; the whole event when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attr: Option<String>,
    /// Cluster by name or by the id it gave itself; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Begin of the window that looks empty, epoch milliseconds; an hour before `to_ms` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_ms: Option<i64>,
    /// End of that window; now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_ms: Option<i64>,
}

/// Where on the way from a source to the page the data is missing, in the order of that way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhyStep {
    /// No such event type, and none was ever sent.
    UnknownEvent,
    /// The event type has no such attribute.
    UnknownAttribute,
    /// Nothing is configured that could give it, or nothing watches that cluster.
    NoSource,
    /// The source is starting: its first cycle has not ended.
    NotPolledYet,
    /// The last cycle got no answer.
    SourceFailing,
    /// This kind of source can't know it.
    NotFromThisSource,
    /// The cluster refuses the request; a right is missing.
    RightMissing,
    /// The release or the service does not know the request.
    NotSupported,
    /// The request that would tell fails.
    RequestFailing,
    /// The include and exclude filters of the source leave it out.
    FilteredOut,
    /// Everything was asked and answered: the cluster has none.
    NoneThere,
    /// Samples are there, without this attribute.
    AttributeAbsent,
    /// There is data, and none of it in the window or since the source went silent.
    Stale,
    /// It is there.
    Available,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Why {
    pub schema: String,
    pub as_of_ms: i64,
    pub event: String,
    pub attribute: Option<String>,
    pub cluster: Option<String>,
    pub step: WhyStep,
    /// What was found, as a sentence.
    pub text: String,
    /// The next step; null when there is nothing to do.
    pub action: Option<String>,
    /// The source that is spoken of, where it is one.
    pub source: Option<String>,
    /// Epoch milliseconds of the newest data there is, in the window or before it.
    pub newest_at_ms: Option<i64>,
}
