//! The memory of an earlier process, from the samples it left.

use std::sync::Arc;

use weir_types::Timestamp;

use super::commits::Commits;
use super::partition::PartitionHistory;
use super::past::{Past, PastGroup, PastPoll, PastPosition, Place};
use super::produced::Moment;
use super::trend::STANDSTILL_AFTER;
use super::verdict::Commit;
use super::{GroupHistory, History};

impl History {
    /// Rebuilds what the recent samples of one source tell, of one cycle or of many.
    pub(crate) fn resume(past: Past) -> History {
        let Past { positions, mut groups, .. } = past;
        let mut positions: Vec<(Place, PastPosition)> = positions.into_iter().collect();
        positions.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        for (_, position) in &mut positions {
            position.polls.sort_unstable_by_key(|poll| poll.at);
        }
        let mut history = History::default();
        if let Some(first_at) = positions.iter().map(|(_, it)| it.oldest.at).min() {
            for on_partition in positions.chunk_by(|(one, _), (next, _)| is_same_log(one, next)) {
                history.recall_log(on_partition, first_at);
            }
        }
        positions.iter().for_each(|(place, position)| history.recall_commits(place, position));
        groups.sort_unstable_by_key(|group| group.at);
        groups.iter().for_each(|group| history.recall_group(group));
        history
    }

    /// The ages that the first cycle knew, then the log ends: later ages follow from those.
    fn recall_log(&mut self, on_partition: &[(Place, PastPosition)], first_at: Timestamp) {
        let Some((place, _)) = on_partition.first() else { return };
        let topic = self.topics.entry(Arc::clone(&place.topic)).or_default();
        let partition = topic.partitions.entry(place.partition, PartitionHistory::default);
        let positions = on_partition.iter().map(|(_, position)| position);
        let mut first: Vec<(&PastPosition, &PastPoll)> = positions
            .clone()
            .filter_map(|it| Some((it, it.polls.first().filter(|poll| poll.at == first_at)?)))
            .collect();
        first.sort_unstable_by_key(|(_, poll)| poll.committed); // as it was produced
        for (position, poll) in first {
            let Some(low) = position.oldest.low.filter(|_| poll.lag > Some(0)) else { continue };
            let after = position.oldest.high.map(|high| poll.at.saturating_sub(high));
            let before = poll.heard_at().saturating_sub(low);
            partition.produced_mut().recall(poll.committed, after, before);
        }
        let mut polls: Vec<&PastPoll> = positions.flat_map(|position| &position.polls).collect();
        polls.sort_by_key(|poll| poll.at);
        for poll in polls {
            let moment = Moment { asked_at: poll.at, heard_at: poll.heard_at() };
            poll.log_end.into_iter().for_each(|end| partition.recall(end, moment));
        }
    }

    fn recall_commits(&mut self, place: &Place, position: &PastPosition) {
        let Some((first, later)) = position.polls.split_first() else { return };
        let seen_at = position.newest.at;
        let group = self.groups.entry(Arc::clone(&place.group));
        let group = group.or_insert_with(|| GroupHistory::new(seen_at));
        group.seen_at = group.seen_at.max(seen_at);
        let commit =
            |poll: &PastPoll| Commit { offset: poll.committed, at: poll.at, lag: poll.lag };
        let mut commits = Commits::first(commit(first));
        later.iter().for_each(|poll| commits.observe(commit(poll), poll.is_held));
        let moved_at = position.newest.commit_age.map(|age| seen_at.saturating_sub(age));
        commits.recall(moved_at, position.newest.verdict);
        let on_topic = group.commits.entry(Arc::clone(&place.topic)).or_default();
        on_topic.set(place.partition, commits);
    }

    fn recall_group(&mut self, past: &PastGroup) {
        let Some(history) = self.groups.get_mut(&past.group) else { return };
        if let Some(total) = past.total_lag {
            history.lag.recall(total, past.at);
        }
        if past.is_abandoned {
            history.lag.recall_standstill(past.at.saturating_sub(STANDSTILL_AFTER));
        }
    }
}

fn is_same_log(one: &Place, other: &Place) -> bool {
    (&one.topic, one.partition) == (&other.topic, other.partition)
}
