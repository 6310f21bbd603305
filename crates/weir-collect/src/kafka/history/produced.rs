//! When the offsets of one partition were produced, as far as polls of its log end can tell.

use weir_types::Timestamp;

/// Most runs of one partition, where the cluster is small enough for it.
pub(super) const RUNS_MAX: usize = 48;
/// Before all times: nothing is known before the run that follows.
const NEVER: Timestamp = Timestamp::from_millis(i64::MIN);

/// The log ends of one partition over time, oldest first. When it is full, the poll that is missed
/// least goes: the error grows with the age of what is looked up, so a day fits in a few dozen
/// runs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Produced {
    runs: Vec<Run>,
}

/// The log had reached `end` by `reached_by`, and had not passed it at `not_passed_at`.
#[derive(Debug, Clone, Copy)]
struct Run {
    end: i64,
    reached_by: Timestamp,
    not_passed_at: Timestamp,
}

/// When a log end was asked for and when the answer came: it held at some moment between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    pub asked_at: Timestamp,
    pub heard_at: Timestamp,
}

/// When an offset was produced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProducedAt {
    /// Between two polls, most likely at `at`.
    Between { after: Timestamp, at: Timestamp, before: Timestamp },
    /// Before the first poll we know of.
    Before(Timestamp),
    /// The log has not reached the offset.
    NotYet,
}

impl Produced {
    /// Adds a poll and keeps at most `runs_max` runs, two or more. A log that shrank (unclean
    /// election) forgets the offsets it lost; a clock that went back forgets everything.
    pub(crate) fn observe(&mut self, end: i64, moment: Moment, runs_max: usize) {
        if self.runs.last().is_some_and(|run| moment.asked_at < run.not_passed_at) {
            self.runs.clear();
        }
        while self.runs.last().is_some_and(|run| run.end > end) {
            self.runs.pop();
        }
        match self.runs.last_mut() {
            Some(run) if run.end == end => run.not_passed_at = moment.asked_at,
            _ => self.push(end, moment.heard_at, moment.asked_at),
        }
        while self.runs.len() > runs_max {
            self.forget_one(moment.heard_at);
        }
    }

    /// Adds what an earlier process found out about one offset; call it before any poll.
    pub(crate) fn recall(&mut self, offset: i64, after: Option<Timestamp>, before: Timestamp) {
        if self.runs.last().is_some_and(|run| run.end > offset || run.not_passed_at > before) {
            return;
        }
        if let Some(after) = after {
            self.push(offset, before, after);
        }
        self.push(offset.saturating_add(1), before, after.unwrap_or(NEVER));
    }

    pub(crate) fn when(&self, offset: i64) -> ProducedAt {
        let at = self.runs.partition_point(|run| run.end <= offset);
        let Some(run) = self.runs.get(at) else { return ProducedAt::NotYet };
        let known = at.checked_sub(1).map(|before| self.runs[before]);
        match known.filter(|earlier| earlier.not_passed_at != NEVER) {
            Some(earlier) => between(&earlier, run, offset),
            None => ProducedAt::Before(run.reached_by),
        }
    }

    /// When the log end was last asked for.
    pub(crate) fn polled_at(&self) -> Option<Timestamp> {
        self.runs.last().map(|run| run.not_passed_at)
    }

    /// By when the newest message was there; `None` for a log never seen.
    pub(crate) fn newest_by(&self) -> Option<Timestamp> {
        self.runs.last().map(|run| run.reached_by)
    }

    fn push(&mut self, end: i64, reached_by: Timestamp, not_passed_at: Timestamp) {
        if self.runs.len() == self.runs.capacity() {
            self.runs.reserve_exact(self.runs.len().clamp(1, 8));
        }
        self.runs.push(Run { end, reached_by, not_passed_at });
    }

    /// Drops the inner run whose neighbours leave the narrowest bracket, seen from its age.
    fn forget_one(&mut self, now: Timestamp) {
        let cost = |at: usize| {
            let (before, after) = (&self.runs[at - 1], &self.runs[at + 1]);
            let width = after.reached_by.since(before.not_passed_at).as_secs_f64();
            width / (now.since(after.reached_by).as_secs_f64() + 1.0)
        };
        let inner = 1..self.runs.len() - 1;
        let cheapest = inner.min_by(|&one, &other| cost(one).total_cmp(&cost(other)));
        self.runs.remove(cheapest.unwrap_or(0));
    }
}

/// Messages of one poll interval are taken to have come evenly.
fn between(earlier: &Run, later: &Run, offset: i64) -> ProducedAt {
    let (after, before) = (earlier.not_passed_at, later.reached_by);
    let share = (offset.saturating_sub(earlier.end) as f64 + 0.5)
        / later.end.saturating_sub(earlier.end).max(1) as f64;
    let at = after.saturating_add(before.since(after).mul_f64(share.clamp(0.0, 1.0)));
    ProducedAt::Between { after, at, before }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn moment(seconds: i64) -> Moment {
        Moment { asked_at: at(seconds), heard_at: at(seconds) }
    }

    fn polled(polls: &[(i64, i64)]) -> Produced {
        let mut produced = Produced::default();
        for &(seconds, end) in polls {
            produced.observe(end, moment(seconds), RUNS_MAX);
        }
        produced
    }

    #[test]
    fn an_offset_lies_between_the_polls_around_it() {
        let produced = polled(&[(0, 100), (10, 200), (20, 300)]);
        let expected = ProducedAt::Between {
            after: at(10),
            at: Timestamp::from_millis(15_050),
            before: at(20),
        };
        assert_eq!(produced.when(250), expected);
        assert_eq!(produced.when(50), ProducedAt::Before(at(0)));
        assert_eq!(produced.when(300), ProducedAt::NotYet);
    }

    #[test]
    fn an_idle_stretch_ends_where_it_was_last_seen_idle() {
        let produced = polled(&[(0, 100), (10, 100), (600, 100), (610, 101)]);
        assert!(
            matches!(produced.when(100), ProducedAt::Between { after, .. } if after == at(600))
        );
    }

    #[test]
    fn a_log_that_shrank_gives_its_offsets_anew() {
        let produced = polled(&[(0, 100), (10, 200), (20, 150), (30, 220)]);
        let ProducedAt::Between { after, before, .. } = produced.when(160) else { panic!() };
        assert_eq!((after, before), (at(20), at(30)));
        let ProducedAt::Between { after, before, .. } = produced.when(120) else { panic!() };
        assert_eq!((after, before), (at(0), at(20)));
    }

    #[test]
    fn a_clock_that_went_back_starts_anew() {
        let mut produced = polled(&[(0, 100), (10, 200)]);
        produced.observe(300, moment(5), RUNS_MAX);
        assert_eq!(produced.when(150), ProducedAt::Before(at(5)));
    }

    #[test]
    fn what_was_known_before_a_restart_counts() {
        let mut produced = Produced::default();
        produced.recall(500, Some(at(10)), at(20));
        produced.observe(900, moment(300), RUNS_MAX);
        let ProducedAt::Between { after, before, .. } = produced.when(500) else { panic!() };
        assert_eq!((after, before), (at(10), at(20)));
        let ProducedAt::Between { after, before, .. } = produced.when(700) else { panic!() };
        assert_eq!((after, before), (at(10), at(300)));
        assert_eq!(produced.when(499), ProducedAt::Before(at(20)));

        let mut unbounded = Produced::default();
        unbounded.recall(500, None, at(20));
        unbounded.observe(900, moment(300), RUNS_MAX);
        assert_eq!(unbounded.when(500), ProducedAt::Before(at(20)));
        assert_eq!(unbounded.when(700), ProducedAt::Before(at(300)));
    }

    #[test]
    fn a_day_at_a_steady_rate_stays_small_and_sharp() {
        let mut produced = Produced::default();
        for poll in 0..2_880 {
            produced.observe(poll * 300, moment(poll * 30), RUNS_MAX);
        }
        assert_eq!(produced.runs.len(), RUNS_MAX);
        let now = 2_879 * 30;
        for age in [60, 600, 3_600, 6 * 3_600, 20 * 3_600] {
            let offset = (now - age) * 10;
            let ProducedAt::Between { after, at: when, before } = produced.when(offset) else {
                panic!("{age}")
            };
            assert!(before.since(after).as_secs_f64() < 60.0_f64.max(age as f64 * 0.5), "{age}");
            assert!((when.as_millis() - (now - age) * 1_000).abs() <= 1_000, "{age}");
        }
    }

    proptest! {
        /// Whatever the traffic and however much is forgotten, the truth lies in the bracket.
        #[test]
        fn the_truth_is_inside_the_bracket(
            counts in prop::collection::vec(0i64..50, 2..120),
            runs_max in 3usize..20,
        ) {
            let mut produced = Produced::default();
            let mut made_at = Vec::new();
            for (poll, &count) in counts.iter().enumerate() {
                let end_of_poll = poll as i64 * 10_000;
                for message in 0..count {
                    made_at.push(end_of_poll - 10_000 + (message + 1) * 10_000 / (count + 1));
                }
                produced.observe(made_at.len() as i64, moment(poll as i64 * 10), runs_max);
            }
            prop_assert!(produced.runs.len() <= runs_max);
            for (offset, &truth) in made_at.iter().enumerate() {
                match produced.when(offset as i64) {
                    ProducedAt::Between { after, at, before } => {
                        prop_assert!(after <= at && at <= before);
                        prop_assert!(after.as_millis() <= truth && truth <= before.as_millis());
                    }
                    ProducedAt::Before(before) => prop_assert!(truth <= before.as_millis()),
                    ProducedAt::NotYet => prop_assert!(false, "{offset} was produced"),
                }
            }
        }
    }
}
