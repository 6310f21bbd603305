//! What a cluster lets this source know: one verdict for each kind of request.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use weir_kafka::Error;

pub use weir_types::source::Question;

use super::tally::missing_right;

/// What completes a list of topics of which nobody can tell whether it is complete.
const UNCHECKED_TOPICS: &str =
    "DESCRIBE on TOPIC * (which cannot be checked without DESCRIBE on CLUSTER)";

/// What came of asking, the last time it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Capability {
    Ok,
    /// Answered at more cost than elsewhere: what later releases tell in one request, or what fits
    /// into one answer.
    Costly {
        reason: String,
    },
    /// Answered, but brokers leave out what we may not see without saying so.
    MayBePartial {
        right: String,
    },
    /// Refused; the right would answer it.
    Denied {
        right: String,
    },
    /// The release or the service does not know the request.
    NotSupported {
        reason: String,
    },
    /// It should work and does not.
    Failing {
        error: String,
    },
}

/// Every question asked so far and what came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capabilities {
    pub questions: BTreeMap<Question, Capability>,
}

/// Where a running source shows its [`Capabilities`]; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct CapabilityHandle {
    shown: Arc<Mutex<Capabilities>>,
}

impl Capability {
    pub(crate) fn of_error(error: &Error) -> Capability {
        if let Some(right) = missing_right(error) {
            return Capability::Denied { right: right.to_owned() };
        }
        match error {
            Error::UnsupportedApi { .. } | Error::UnsupportedVersion { .. } => {
                Capability::NotSupported { reason: error.to_string() }
            }
            _ => Capability::Failing { error: error.to_string() },
        }
    }
}

impl Capabilities {
    /// Takes over what was asked this time; what was not keeps its last verdict.
    pub(crate) fn update(&mut self, asked: &BTreeMap<Question, Capability>) {
        self.questions.extend(asked.iter().map(|(question, came)| (*question, came.clone())));
    }

    /// Marks an answered list that brokers may have shortened without saying so, at whatever cost.
    pub(crate) fn may_be_partial(&mut self, question: Question, right: &str) {
        if matches!(self.questions.get(&question), Some(Capability::Ok | Capability::Costly { .. }))
        {
            let partial = Capability::MayBePartial { right: right.to_owned() };
            self.questions.insert(question, partial);
        }
    }

    /// Brokers leave topics that we may not describe out of the metadata and out of what groups have
    /// committed, and do not say so. Log directories would show it: where they are refused, nobody
    /// can tell.
    pub(crate) fn doubt_topics(&mut self) {
        let of_dirs = self.questions.get(&Question::LogDirs);
        if matches!(of_dirs, Some(Capability::Denied { .. } | Capability::NotSupported { .. })) {
            self.may_be_partial(Question::Metadata, UNCHECKED_TOPICS);
        }
        let of_topics = self.questions.get(&Question::Metadata).cloned();
        if let Some(Capability::MayBePartial { right }) = of_topics {
            self.may_be_partial(Question::CommittedOffsets, &right);
            self.may_be_partial(Question::ShareGroupOffsets, &right);
        }
    }

    /// Marks an answered question that takes more requests than it should.
    pub(crate) fn costly(&mut self, question: Question, reason: String) {
        if self.questions.get(&question) == Some(&Capability::Ok) {
            self.questions.insert(question, Capability::Costly { reason });
        }
    }

    /// Marks an answered question of which this release leaves out what was wanted.
    pub(crate) fn left_out(&mut self, question: Question, reason: &str) {
        if self.questions.get(&question) == Some(&Capability::Ok) {
            let reason = reason.to_owned();
            self.questions.insert(question, Capability::NotSupported { reason });
        }
    }

    /// Whether a request that needs Describe on the cluster was refused: brokers then list only
    /// the groups we may describe one by one, and do not say so.
    pub(crate) fn refuses_describe_cluster(&self) -> bool {
        let needing = [Question::MetadataQuorum, Question::Reassignments, Question::LogDirs];
        let is_denied = |question: &Question| {
            matches!(self.questions.get(question), Some(Capability::Denied { .. }))
        };
        needing.iter().any(is_denied)
    }
}

impl CapabilityHandle {
    /// As of the last cycle; empty before the first.
    pub fn get(&self) -> Capabilities {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set(&self, capabilities: Capabilities) {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = capabilities;
    }
}

#[cfg(test)]
mod tests {
    use weir_kafka::{Api, KafkaCode};

    use super::*;

    fn error(code: i16) -> Error {
        let address = "b:9092".parse().unwrap();
        Error::Broker { address, api: Api::DescribeQuorum, code: KafkaCode(code), message: None }
    }

    #[test]
    fn a_refusal_names_its_right() {
        let denied = Capability::Denied { right: "DESCRIBE on CLUSTER".into() };
        assert_eq!(Capability::of_error(&error(31)), denied);
        assert!(matches!(Capability::of_error(&error(7)), Capability::Failing { .. }));
        let address = "b:9092".parse().unwrap();
        let unknown = Error::UnsupportedApi { address, api: Api::DescribeQuorum };
        assert!(matches!(Capability::of_error(&unknown), Capability::NotSupported { .. }));
    }

    #[test]
    fn what_was_not_asked_again_keeps_its_verdict() {
        let mut all = Capabilities::default();
        all.update(&BTreeMap::from([(Question::LogDirs, Capability::Ok)]));
        all.update(&BTreeMap::from([(Question::Metadata, Capability::Ok)]));
        assert_eq!(all.questions.len(), 2);
        assert!(!all.refuses_describe_cluster());
    }

    #[test]
    fn only_an_answered_list_may_be_partial() {
        let mut all = Capabilities::default();
        let denied = Capability::of_error(&error(31));
        all.update(&BTreeMap::from([(Question::ListGroups, denied.clone())]));
        all.may_be_partial(Question::ListGroups, "DESCRIBE on CLUSTER");
        assert_eq!(all.questions[&Question::ListGroups], denied);

        all.update(&BTreeMap::from([(Question::ListGroups, Capability::Ok)]));
        all.update(&BTreeMap::from([(Question::LogDirs, denied)]));
        assert!(all.refuses_describe_cluster());
        all.may_be_partial(Question::ListGroups, "DESCRIBE on CLUSTER");
        let right = "DESCRIBE on CLUSTER".into();
        assert_eq!(all.questions[&Question::ListGroups], Capability::MayBePartial { right });
    }

    #[test]
    fn topics_that_nobody_can_count_may_be_more() {
        let answered = |dirs: Capability| {
            let mut all = Capabilities::default();
            all.update(&BTreeMap::from([
                (Question::Metadata, Capability::Ok),
                (Question::CommittedOffsets, Capability::Ok),
                (Question::LogEndOffsets, Capability::Ok),
                (Question::LogDirs, dirs),
            ]));
            all
        };
        let mut refused = answered(Capability::of_error(&error(31)));
        refused.doubt_topics();
        let right = UNCHECKED_TOPICS.to_owned();
        let partial = Capability::MayBePartial { right };
        for question in [Question::Metadata, Question::CommittedOffsets] {
            assert_eq!(refused.questions[&question], partial, "{question}");
        }
        assert_eq!(refused.questions[&Question::LogEndOffsets], Capability::Ok);

        let mut counted = answered(Capability::Ok);
        counted.doubt_topics();
        assert_eq!(counted, answered(Capability::Ok), "none is hidden");
        counted.may_be_partial(Question::Metadata, "DESCRIBE on TOPIC *");
        counted.doubt_topics();
        let right = "DESCRIBE on TOPIC *".to_owned();
        let partial = Capability::MayBePartial { right };
        assert_eq!(counted.questions[&Question::CommittedOffsets], partial);
    }
}
