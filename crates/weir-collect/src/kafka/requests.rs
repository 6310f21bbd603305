//! What cycles cost in requests, and which questions took several of them because one answer would
//! have been too large.

use std::collections::BTreeMap;

use weir_kafka::{Api, ApiStats, ClientStats};

use super::capability::Question;

/// As counted by the client so far.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    counted: BTreeMap<Api, ApiStats>,
    /// By kind of request, when it was last sent: those beyond the first of a question.
    extra_pieces: BTreeMap<Api, u64>,
}

impl Requests {
    /// Requests since the last look.
    pub(crate) fn count(&mut self, stats: &ClientStats) -> u64 {
        let mut requests = 0;
        for &(api, now) in &stats.apis {
            let before = self.counted.insert(api, now).unwrap_or_default();
            let new = now.requests.saturating_sub(before.requests);
            if new > 0 {
                let pieces = now.extra_pieces.saturating_sub(before.extra_pieces);
                self.extra_pieces.insert(api, pieces);
            }
            requests += new;
        }
        requests
    }

    /// Questions that took more requests than one a broker, and how many more.
    pub(crate) fn in_pieces(&self) -> BTreeMap<Question, u64> {
        let mut questions = BTreeMap::new();
        for (&api, &pieces) in self.extra_pieces.iter().filter(|(_, pieces)| **pieces > 0) {
            if let Some(question) = question(api) {
                *questions.entry(question).or_default() += pieces;
            }
        }
        questions
    }
}

/// What is asked by requests that can be split.
fn question(api: Api) -> Option<Question> {
    match api {
        Api::OffsetFetch => Some(Question::CommittedOffsets),
        Api::DescribeShareGroupOffsets => Some(Question::ShareGroupOffsets),
        Api::DescribeGroups
        | Api::ConsumerGroupDescribe
        | Api::ShareGroupDescribe
        | Api::StreamsGroupDescribe => Some(Question::GroupMembers),
        Api::DescribeConfigs => Some(Question::TopicConfigs),
        Api::DescribeLogDirs => Some(Question::LogDirs),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stats(dirs: (u64, u64), commits: (u64, u64)) -> ClientStats {
        let of =
            |(requests, extra_pieces)| ApiStats { requests, extra_pieces, ..ApiStats::default() };
        let apis = vec![(Api::DescribeLogDirs, of(dirs)), (Api::OffsetFetch, of(commits))];
        ClientStats { apis, connections_opened: 1 }
    }

    #[test]
    fn pieces_are_told_until_the_question_is_asked_again() {
        let mut requests = Requests::default();
        assert_eq!(requests.count(&stats((5, 4), (1, 0))), 6);
        let in_four_more = BTreeMap::from([(Question::LogDirs, 4)]);
        assert_eq!(requests.in_pieces(), in_four_more);
        assert_eq!(requests.count(&stats((5, 4), (2, 0))), 1);
        assert_eq!(requests.in_pieces(), in_four_more, "nobody asked");
        assert_eq!(requests.count(&stats((6, 4), (4, 1))), 3);
        assert_eq!(requests.in_pieces(), BTreeMap::from([(Question::CommittedOffsets, 1)]));
    }
}
