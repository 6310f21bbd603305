//! What one group committed on one partition lately.

use weir_types::{LagVerdict, Timestamp};

use super::verdict::{Commit, INTERVALS, judge};

/// The window of [`judge`], filled from polled offsets.
///
/// A poll tells the offset, not whether it was committed anew. An offset that moved is a commit.
/// One that did not is taken for a commit again where a live member holds the partition (consumers
/// commit their position periodically, moved or not), and for silence where none does.
#[derive(Debug, Clone)]
pub(crate) struct Commits {
    /// Oldest first, at most [`INTERVALS`].
    window: Vec<Commit>,
    /// `None` until the offset is seen to move: nobody knows since when it stands there.
    moved_at: Option<Timestamp>,
    /// The verdict of an earlier process, as long as the window it needs is growing again.
    recalled: Option<LagVerdict>,
}

impl Commits {
    /// The first sight of a committed offset.
    pub(crate) fn first(commit: Commit) -> Commits {
        Commits { window: vec![commit], moved_at: None, recalled: None }
    }

    /// What an earlier process knew of the commit last seen: since when it stands there, and the
    /// verdict. That stands until the window is full, the offset moves or a poll adds nothing to the
    /// window: silence is judged on what there is.
    pub(crate) fn recall(&mut self, moved_at: Option<Timestamp>, verdict: Option<LagVerdict>) {
        self.moved_at = moved_at;
        self.recalled = verdict;
    }

    /// Adds a poll. `is_held`: a live member has the partition.
    pub(crate) fn observe(&mut self, commit: Commit, is_held: bool) {
        let last = self.window.last().copied();
        if last.is_some_and(|last| commit.at < last.at) {
            *self = Commits::first(commit); // the clock went back
            return;
        }
        if last.is_some_and(|last| commit.at == last.at) {
            return;
        }
        let moved = last.is_none_or(|last| last.offset != commit.offset);
        if moved {
            self.moved_at = Some(commit.at);
        }
        if moved || !is_held {
            self.recalled = None;
        }
        if moved || is_held {
            if self.window.len() == INTERVALS {
                self.window.remove(0);
            }
            self.window.reserve_exact(INTERVALS - self.window.len());
            self.window.push(commit);
        }
    }

    /// `None` where no log end was ever heard, and while the window of a group that commits is not
    /// full: one commit alone would be called a stall. A group that fell silent is judged on what
    /// there is.
    pub(crate) fn verdict(&self, log_ends: &[i64], now: Timestamp) -> Option<LagVerdict> {
        let is_full = self.window.len() == INTERVALS;
        let is_silent = self.window.last().is_some_and(|last| last.at < now);
        if log_ends.is_empty() || (!is_full && self.recalled.is_some()) {
            return self.recalled;
        }
        (is_full || is_silent).then(|| judge(&self.window, log_ends, now))
    }

    /// Since when the offset stands where it is; `None` for one that was never seen to move.
    pub(crate) fn moved_at(&self) -> Option<Timestamp> {
        self.moved_at
    }

    /// The oldest commit of the window.
    pub(crate) fn oldest(&self) -> Option<Commit> {
        self.window.first().copied()
    }

    /// Offsets a second over the window and up to now; `None` at first sight.
    pub(crate) fn velocity(&self, now: Timestamp) -> Option<f64> {
        let (first, last) = (self.window.first()?, self.window.last()?);
        let seconds = now.since(first.at).as_secs_f64();
        (seconds > 0.0).then(|| last.offset.saturating_sub(first.offset) as f64 / seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(poll: i64) -> Timestamp {
        Timestamp::from_millis(poll * 30_000)
    }

    fn commit(poll: i64, offset: i64) -> Commit {
        Commit { offset, at: at(poll), lag: Some(1_000 - offset) }
    }

    /// One poll after another; the verdict after each.
    fn verdicts(offsets: &[i64], is_held: bool) -> Vec<Option<LagVerdict>> {
        let mut commits = Commits::first(commit(0, offsets[0]));
        let mut verdicts = vec![commits.verdict(&[1_000], at(0))];
        for (poll, &offset) in (1..).zip(&offsets[1..]) {
            commits.observe(commit(poll, offset), is_held);
            verdicts.push(commits.verdict(&[1_000], at(poll)));
        }
        verdicts
    }

    #[test]
    fn a_member_that_does_not_move_stalls_once_the_window_is_full() {
        let verdicts = verdicts(&[7; 12], true);
        assert!(verdicts[..9].iter().all(Option::is_none), "{verdicts:?}");
        assert!(verdicts[9..].iter().all(|v| *v == Some(LagVerdict::Stall)), "{verdicts:?}");
    }

    #[test]
    fn without_a_member_standing_still_is_stop() {
        assert_eq!(
            verdicts(&[7; 3], false),
            [None, Some(LagVerdict::Stop), Some(LagVerdict::Stop)]
        );
    }

    #[test]
    fn a_member_that_keeps_up_is_ok() {
        let offsets: Vec<i64> = (0..12).map(|poll| poll * 10).collect();
        assert_eq!(verdicts(&offsets, true)[11], Some(LagVerdict::Ok));
    }

    #[test]
    fn an_earlier_verdict_stands_until_the_offset_moves() {
        let mut commits = Commits::first(commit(0, 7));
        commits.recall(Some(at(-30)), Some(LagVerdict::Stall));
        commits.observe(commit(1, 7), true);
        assert_eq!(commits.verdict(&[1_000], at(1)), Some(LagVerdict::Stall));
        assert_eq!(commits.moved_at(), Some(at(-30)));
        commits.observe(commit(2, 8), true);
        assert_eq!(commits.verdict(&[1_000], at(2)), None);
        assert_eq!(commits.moved_at(), Some(at(2)));
    }

    #[test]
    fn an_earlier_verdict_ends_with_the_first_silent_poll() {
        let caught_up = Commit { lag: Some(0), ..commit(0, 7) };
        let mut commits = Commits::first(caught_up);
        commits.recall(Some(at(-30)), Some(LagVerdict::Ok));
        assert_eq!(commits.verdict(&[7], at(0)), Some(LagVerdict::Ok));
        commits.observe(commit(1, 7), false);
        assert_eq!(commits.verdict(&[7, 1_000], at(1)), Some(LagVerdict::Ok), "it had caught up");
        assert_eq!(commits.verdict(&[1_000], at(1)), Some(LagVerdict::Stop));
    }

    #[test]
    fn without_a_log_end_there_is_no_verdict() {
        let mut commits = Commits::first(commit(0, 7));
        commits.observe(commit(1, 7), false);
        commits.observe(commit(2, 7), false);
        assert_eq!(commits.verdict(&[], at(2)), None);
    }

    #[test]
    fn a_clock_that_went_back_starts_the_window_anew() {
        let mut commits = Commits::first(commit(100, 7));
        commits.observe(commit(5, 8), true);
        assert_eq!((commits.moved_at(), commits.oldest()), (None, Some(commit(5, 8))));
    }

    #[test]
    fn velocity_counts_the_silence_too() {
        let mut commits = Commits::first(commit(0, 0));
        assert_eq!(commits.velocity(at(0)), None);
        commits.observe(commit(1, 300), false);
        commits.observe(commit(2, 300), false);
        assert_eq!(commits.velocity(at(2)), Some(5.0));
    }
}
