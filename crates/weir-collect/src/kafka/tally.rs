//! Counts what a cycle asked and what came of it, and names the right that a refusal asks for.

use std::collections::BTreeMap;

use weir_kafka::{BrokerId, Error, KafkaCode};

use super::capability::{Capability, Question};

/// What we asked about went away while we asked.
const GONE: [KafkaCode; 2] = [KafkaCode::UNKNOWN_TOPIC_OR_PARTITION, KafkaCode::GROUP_ID_NOT_FOUND];

/// One question is one request to one broker; an answer in part counts in part.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    asked: u32,
    answered: f64,
    errors: u64,
    first_error: Option<String>,
    came_of: BTreeMap<Question, Capability>,
}

/// How many items of one question were answered.
#[derive(Default)]
struct Share<'a> {
    good: usize,
    all: usize,
    first: Option<&'a Error>,
}

impl Tally {
    pub(crate) fn answered(&mut self, question: Question) {
        self.asked += 1;
        self.answered += 1.0;
        self.came_of.entry(question).or_insert(Capability::Ok);
    }

    pub(crate) fn failed(&mut self, question: Question, error: &Error) {
        self.asked += 1;
        self.error(question, question.as_str(), error);
    }

    /// The cluster does not know the request: nothing is missing that could be there.
    pub(crate) fn not_supported(&mut self, question: Question, error: &Error) {
        self.came_of.insert(question, Capability::of_error(error));
    }

    /// What one question came to; not supported is no failure.
    pub(crate) fn outcome(&mut self, question: Question, error: Option<&Error>) {
        match error {
            None => self.answered(question),
            Some(error @ Error::UnsupportedApi { .. }) => self.not_supported(question, error),
            Some(error) => self.failed(question, error),
        }
    }

    /// One question whose items fared differently. Things that went away count as answered.
    pub(crate) fn items<'a>(
        &mut self,
        question: Question,
        outcomes: impl Iterator<Item = Option<&'a Error>>,
    ) {
        let mut share = Share::default();
        outcomes.for_each(|outcome| share.add(outcome));
        self.share(question, &share);
    }

    /// As [`Tally::items`], one question for each broker among the outcomes.
    pub(crate) fn items_by_broker<'a>(
        &mut self,
        question: Question,
        outcomes: impl Iterator<Item = (BrokerId, Option<&'a Error>)>,
    ) {
        let mut shares: BTreeMap<BrokerId, Share<'a>> = BTreeMap::new();
        for (broker, outcome) in outcomes {
            shares.entry(broker).or_default().add(outcome);
        }
        for share in shares.values() {
            self.share(question, share);
        }
    }

    /// Something that is wrong although no request failed.
    pub(crate) fn remark(&mut self, text: String) {
        self.errors += 1;
        self.first_error.get_or_insert(text);
    }

    pub(crate) fn merge(&mut self, other: &Tally) {
        self.asked += other.asked;
        self.answered += other.answered;
        self.errors += other.errors;
        for (question, came) in &other.came_of {
            self.came_of.entry(*question).or_insert_with(|| came.clone());
        }
        if self.first_error.is_none() {
            self.first_error.clone_from(&other.first_error);
        }
    }

    pub(crate) fn errors(&self) -> u64 {
        self.errors
    }

    /// Each question asked, and its worst outcome.
    pub(crate) fn came_of(&self) -> &BTreeMap<Question, Capability> {
        &self.came_of
    }

    /// 0 to 1; 0 when nothing was asked.
    pub(crate) fn completeness(&self) -> f64 {
        if self.asked == 0 { 0.0 } else { self.answered / f64::from(self.asked) }
    }

    /// The first failure, and how many more there were.
    pub(crate) fn error_text(&self) -> Option<String> {
        let first = self.first_error.as_ref()?;
        match self.errors {
            0 | 1 => Some(first.clone()),
            errors => Some(format!("{first} (and {} more failures)", errors - 1)),
        }
    }

    fn share(&mut self, question: Question, share: &Share<'_>) {
        if share.all == 0 {
            return;
        }
        self.asked += 1;
        self.answered += share.good as f64 / share.all as f64;
        let Some(error) = share.first else {
            self.came_of.entry(question).or_insert(Capability::Ok);
            return;
        };
        let missed = share.all - share.good;
        let what = match share.all {
            1 => question.to_string(),
            all => format!("{question} ({missed} of {all} not answered)"),
        };
        self.error(question, &what, error);
    }

    fn error(&mut self, question: Question, what: &str, error: &Error) {
        self.errors += 1;
        self.came_of.insert(question, Capability::of_error(error));
        if self.first_error.is_none() {
            let right = missing_right(error).map(|right| format!(": grant {right}"));
            self.first_error = Some(format!("{what}: {error}{}", right.unwrap_or_default()));
        }
    }
}

impl<'a> Share<'a> {
    fn add(&mut self, outcome: Option<&'a Error>) {
        self.all += 1;
        match outcome {
            Some(error) if !is_gone(error) => self.first = self.first.or(Some(error)),
            _ => self.good += 1,
        }
    }
}

/// Whether the topic, partition or group asked about no longer exists.
pub(crate) fn is_gone(error: &Error) -> bool {
    matches!(error, Error::UnknownPartition { .. })
        || error.code().is_some_and(|code| GONE.contains(&code))
}

/// The right that would have answered, in the words of Kafka's ACLs. The code alone says on what
/// kind of resource; configurations have a right of their own.
pub(crate) fn missing_right(error: &Error) -> Option<&'static str> {
    let Error::Broker { code, api, .. } = error else { return None };
    let of_configs = *api == weir_kafka::Api::DescribeConfigs;
    match *code {
        KafkaCode::TOPIC_AUTHORIZATION_FAILED if of_configs => Some("DESCRIBE_CONFIGS on TOPIC *"),
        KafkaCode::CLUSTER_AUTHORIZATION_FAILED if of_configs => {
            Some("DESCRIBE_CONFIGS on CLUSTER")
        }
        KafkaCode::TOPIC_AUTHORIZATION_FAILED => Some("DESCRIBE on TOPIC *"),
        KafkaCode::GROUP_AUTHORIZATION_FAILED => Some("DESCRIBE on GROUP *"),
        KafkaCode::CLUSTER_AUTHORIZATION_FAILED => Some("DESCRIBE on CLUSTER"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weir_kafka::Api;

    fn refused(api: Api, code: i16) -> Error {
        let address = "b:9092".parse().unwrap();
        Error::Broker { address, api, code: KafkaCode(code), message: None }
    }

    #[test]
    fn an_answer_in_part_counts_in_part() {
        let mut tally = Tally::default();
        tally.answered(Question::Metadata);
        let denied = refused(Api::OffsetFetch, 30);
        let outcomes = [None, Some(&denied), Some(&denied), None];
        tally.items(Question::CommittedOffsets, outcomes.into_iter());
        assert_eq!(tally.completeness(), 0.75);
        assert_eq!(tally.errors(), 1);
        let text = tally.error_text().unwrap();
        assert!(text.starts_with("committed offsets (2 of 4 not answered): b:9092"), "{text}");
        assert!(text.ends_with("grant DESCRIBE on GROUP *"), "{text}");
    }

    #[test]
    fn each_broker_is_one_question() {
        let mut tally = Tally::default();
        let lost = Error::UnknownBroker { broker: BrokerId(2) };
        let outcomes = [(BrokerId(1), None), (BrokerId(1), None), (BrokerId(2), Some(&lost))];
        tally.items_by_broker(Question::LogEndOffsets, outcomes.into_iter());
        assert_eq!(tally.completeness(), 0.5);
        tally.failed(Question::MetadataQuorum, &lost);
        assert!(tally.error_text().unwrap().ends_with("(and 1 more failures)"));
    }

    #[test]
    fn what_went_away_is_no_failure() {
        let mut tally = Tally::default();
        let gone = refused(Api::ListOffsets, 3);
        tally.items(Question::LogEndOffsets, [Some(&gone)].into_iter());
        assert_eq!((tally.completeness(), tally.error_text()), (1.0, None));
    }

    #[test]
    fn refusals_name_the_right() {
        let right = |api, code| missing_right(&refused(api, code));
        assert_eq!(right(Api::DescribeConfigs, 29), Some("DESCRIBE_CONFIGS on TOPIC *"));
        assert_eq!(right(Api::DescribeQuorum, 31), Some("DESCRIBE on CLUSTER"));
        assert_eq!(right(Api::ListOffsets, 29), Some("DESCRIBE on TOPIC *"));
        assert_eq!(right(Api::ListOffsets, 6), None);
    }

    #[test]
    fn the_worst_outcome_of_a_question_stands() {
        let mut tally = Tally::default();
        let denied = refused(Api::OffsetFetch, 30);
        tally.items(Question::CommittedOffsets, [Some(&denied)].into_iter());
        tally.items(Question::CommittedOffsets, [None].into_iter());
        let right = "DESCRIBE on GROUP *".to_owned();
        assert_eq!(tally.came_of()[&Question::CommittedOffsets], Capability::Denied { right });
    }

    #[test]
    fn a_request_the_release_does_not_know_is_no_failure() {
        let mut tally = Tally::default();
        let address = "b:9092".parse().unwrap();
        let unknown = Error::UnsupportedApi { address, api: Api::DescribeQuorum };
        tally.outcome(Question::MetadataQuorum, Some(&unknown));
        assert_eq!(tally.errors(), 0);
        let came = &tally.came_of()[&Question::MetadataQuorum];
        assert!(matches!(came, Capability::NotSupported { .. }));
    }
}
