//! What a cluster lets a source know.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_types::source;

/// One kind of question, and what came of it the last time it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Capability {
    pub cluster: String,
    pub source: String,
    /// What is asked for, named for people.
    pub question: String,
    pub state: CapabilityState,
    /// The right that would answer, or why there is no answer; with `ok`, why the answer costs more
    /// than it would have to.
    pub detail: Option<String>,
}

/// What came of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CapabilityState {
    Ok,
    /// Answered, but brokers leave out what may not be seen without saying so.
    MayBePartial,
    /// Refused; a right is missing.
    Denied,
    /// The release or the service does not know the request.
    NotSupported,
    /// It should work and does not.
    Failing,
}

impl CapabilityState {
    /// As JSON spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            CapabilityState::Ok => "ok",
            CapabilityState::MayBePartial => "may_be_partial",
            CapabilityState::Denied => "denied",
            CapabilityState::NotSupported => "not_supported",
            CapabilityState::Failing => "failing",
        }
    }
}

impl From<source::CapabilityState> for CapabilityState {
    fn from(state: source::CapabilityState) -> Self {
        match state {
            source::CapabilityState::Ok => CapabilityState::Ok,
            source::CapabilityState::MayBePartial => CapabilityState::MayBePartial,
            source::CapabilityState::Denied => CapabilityState::Denied,
            source::CapabilityState::NotSupported => CapabilityState::NotSupported,
            source::CapabilityState::Failing => CapabilityState::Failing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_json() {
        let all = [
            source::CapabilityState::Ok,
            source::CapabilityState::MayBePartial,
            source::CapabilityState::Denied,
            source::CapabilityState::NotSupported,
            source::CapabilityState::Failing,
        ];
        for state in all.map(CapabilityState::from) {
            assert_eq!(serde_json::json!(state), state.as_str());
        }
    }
}
