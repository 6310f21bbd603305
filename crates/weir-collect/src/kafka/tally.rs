//! Counts what a cycle asked and what came of it, and names the right that a refusal asks for.

use std::collections::BTreeMap;

use weir_kafka::{BrokerId, Error, KafkaCode};

/// UNKNOWN_TOPIC_OR_PARTITION, GROUP_ID_NOT_FOUND: what we asked about went away while we asked.
const GONE: [KafkaCode; 2] = [KafkaCode(3), KafkaCode(69)];

/// One question is one request to one broker; an answer in part counts in part.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    asked: u32,
    answered: f64,
    errors: u64,
    first_error: Option<String>,
}

/// How many items of one question were answered.
#[derive(Default)]
struct Share<'a> {
    good: usize,
    all: usize,
    first: Option<&'a Error>,
}

impl Tally {
    pub(crate) fn answered(&mut self) {
        self.asked += 1;
        self.answered += 1.0;
    }

    pub(crate) fn failed(&mut self, what: &str, error: &Error) {
        self.asked += 1;
        self.error(what, error);
    }

    /// One question whose items fared differently. Things that went away count as answered.
    pub(crate) fn items<'a>(
        &mut self,
        what: &str,
        outcomes: impl Iterator<Item = Option<&'a Error>>,
    ) {
        let mut share = Share::default();
        outcomes.for_each(|outcome| share.add(outcome));
        self.share(what, &share);
    }

    /// As [`Tally::items`], one question for each broker among the outcomes.
    pub(crate) fn items_by_broker<'a>(
        &mut self,
        what: &str,
        outcomes: impl Iterator<Item = (BrokerId, Option<&'a Error>)>,
    ) {
        let mut shares: BTreeMap<BrokerId, Share<'a>> = BTreeMap::new();
        for (broker, outcome) in outcomes {
            shares.entry(broker).or_default().add(outcome);
        }
        for share in shares.values() {
            self.share(what, share);
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
        if self.first_error.is_none() {
            self.first_error.clone_from(&other.first_error);
        }
    }

    pub(crate) fn errors(&self) -> u64 {
        self.errors
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

    fn share(&mut self, what: &str, share: &Share<'_>) {
        if share.all == 0 {
            return;
        }
        self.asked += 1;
        self.answered += share.good as f64 / share.all as f64;
        if let Some(error) = share.first {
            let missed = share.all - share.good;
            match share.all {
                1 => self.error(what, error),
                all => self.error(&format!("{what} ({missed} of {all} not answered)"), error),
            }
        }
    }

    fn error(&mut self, what: &str, error: &Error) {
        self.errors += 1;
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
    match code.0 {
        29 if of_configs => Some("DESCRIBE_CONFIGS on TOPIC *"),
        31 if of_configs => Some("DESCRIBE_CONFIGS on CLUSTER"),
        29 => Some("DESCRIBE on TOPIC *"),
        30 => Some("DESCRIBE on GROUP *"),
        31 => Some("DESCRIBE on CLUSTER"),
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
        tally.answered();
        let denied = refused(Api::OffsetFetch, 30);
        let outcomes = [None, Some(&denied), Some(&denied), None];
        tally.items("committed offsets", outcomes.into_iter());
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
        tally.items_by_broker("log end offsets", outcomes.into_iter());
        assert_eq!(tally.completeness(), 0.5);
        tally.failed("quorum", &lost);
        assert!(tally.error_text().unwrap().ends_with("(and 1 more failures)"));
    }

    #[test]
    fn what_went_away_is_no_failure() {
        let mut tally = Tally::default();
        let gone = refused(Api::ListOffsets, 3);
        tally.items("log end offsets", [Some(&gone)].into_iter());
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
}
