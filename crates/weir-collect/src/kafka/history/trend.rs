//! How a few numbers move over time: a group's total lag, a partition's log start.

use std::collections::VecDeque;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::time::Duration;

use weir_types::Timestamp;

use super::verdict::INTERVALS;

/// How long a lag must stand still before a group without members counts as abandoned.
pub(super) const STANDSTILL_AFTER: Duration = Duration::from_secs(600);
/// The pace of a log start is that of the last hour or two.
const ANCHOR_EVERY: Duration = Duration::from_secs(3_600);
/// A pace over less than this says nothing.
const PACE_OVER_MIN: Duration = Duration::from_secs(60);

/// The total lag of a group over the last polls.
#[derive(Debug, Clone, Default)]
pub(crate) struct LagTrend {
    totals: VecDeque<(Timestamp, i64)>,
    /// What the totals are of: a total of other partitions can't be compared. `None` for what an
    /// earlier process told, which is taken to be the same.
    of: Option<u64>,
    unmoved_since: Option<Timestamp>,
}

/// The lag of every partition that a group committed to, added in the order of the answer.
#[derive(Debug, Default)]
pub(crate) struct TotalLag {
    sum: i64,
    is_partial: bool,
    /// Of which partitions.
    fingerprint: Option<DefaultHasher>,
}

/// The log start of a partition. It jumps by whole segments, so its pace is measured from one jump
/// on: from a moment between jumps, the first of them would look like a landslide.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StartTrend {
    last: i64,
    /// Where two jumps led, an hour or so apart; the same one at first.
    older: Option<(Timestamp, i64)>,
    newer: Option<(Timestamp, i64)>,
}

impl LagTrend {
    /// A total without one of its parts tells nothing about where the lag goes, and none of what was
    /// seen before is wrong for it.
    pub(crate) fn observe(&mut self, total: &TotalLag, at: Timestamp) {
        let Some((sum, of)) = total.known() else { return };
        if self.of.is_some_and(|before| before != of) {
            *self = LagTrend::default();
        }
        self.of = Some(of);
        self.add(sum, at);
    }

    /// Adds the total that an earlier process told of a whole cycle, oldest first.
    pub(crate) fn recall(&mut self, total: i64, at: Timestamp) {
        self.add(total, at);
    }

    fn add(&mut self, total: i64, at: Timestamp) {
        let last_at = self.totals.back().map(|&(last_at, _)| last_at);
        if last_at == Some(at) {
            return;
        }
        if last_at.is_some_and(|last_at| at < last_at) {
            *self = LagTrend { of: self.of, ..LagTrend::default() }; // the clock went back
        }
        let last = self.totals.back().copied();
        if self.unmoved_since.is_none() || last.is_none_or(|(_, before)| before != total) {
            self.unmoved_since = Some(at);
        }
        if self.totals.len() == INTERVALS {
            self.totals.pop_front();
        }
        self.totals.push_back((at, total));
    }

    /// Messages a second; negative while the group catches up.
    pub(crate) fn velocity(&self) -> Option<f64> {
        let (&(first_at, first), &(last_at, last)) = (self.totals.front()?, self.totals.back()?);
        let seconds = last_at.since(first_at).as_secs_f64();
        (seconds > 0.0).then(|| last.saturating_sub(first) as f64 / seconds)
    }

    /// Until the lag is gone at this pace; `None` when it does not shrink.
    pub(crate) fn seconds_to_catch_up(&self) -> Option<f64> {
        let &(_, total) = self.totals.back()?;
        if total == 0 {
            return Some(0.0);
        }
        let velocity = self.velocity()?;
        (velocity < 0.0).then(|| total as f64 / -velocity)
    }

    /// There is a lag and it has not moved for ten minutes.
    pub(crate) fn stands_still(&self, now: Timestamp) -> bool {
        let lags = self.totals.back().is_some_and(|&(_, total)| total > 0);
        lags && self.unmoved_since.is_some_and(|since| now.since(since) >= STANDSTILL_AFTER)
    }

    /// Dates the standstill back to what an earlier process saw.
    pub(crate) fn recall_standstill(&mut self, unmoved_since: Timestamp) {
        self.unmoved_since = Some(unmoved_since);
    }
}

impl TotalLag {
    /// `None` for a lag that is not known now.
    pub(crate) fn add(&mut self, topic: &str, partition: i32, lag: Option<i64>) {
        (topic, partition).hash(self.fingerprint.get_or_insert_default());
        match lag {
            Some(lag) => self.sum = self.sum.saturating_add(lag),
            None => self.is_partial = true,
        }
    }

    /// With what it is of; `None` of nothing, or without one of the parts.
    fn known(&self) -> Option<(i64, u64)> {
        let of = self.fingerprint.as_ref()?.finish();
        (!self.is_partial).then_some((self.sum, of))
    }
}

impl StartTrend {
    pub(crate) fn first(start: i64) -> StartTrend {
        StartTrend { last: start, older: None, newer: None }
    }

    pub(crate) fn observe(&mut self, start: i64, at: Timestamp) {
        if start < self.last {
            *self = StartTrend::first(start);
        } else if start > self.last {
            self.last = start;
            if self.newer.is_none_or(|(newer_at, _)| at.since(newer_at) >= ANCHOR_EVERY) {
                self.older = self.newer.or(Some((at, start)));
                self.newer = Some((at, start));
            }
        }
    }

    /// Offsets a second by which the log start moves on; `None` before its second jump.
    pub(crate) fn velocity(&self, now: Timestamp) -> Option<f64> {
        let (at, start) = self.older?;
        let over = now.since(at);
        let moved = self.last.saturating_sub(start);
        (moved > 0 && over >= PACE_OVER_MIN).then(|| moved as f64 / over.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    /// Of so many partitions, of which the first has all of it.
    fn total(lag: impl Into<Option<i64>>, partitions: i32) -> TotalLag {
        let mut total = TotalLag::default();
        total.add("orders", 0, lag.into());
        (1..partitions).for_each(|partition| total.add("orders", partition, Some(0)));
        total
    }

    fn trend(totals: &[i64]) -> LagTrend {
        let mut trend = LagTrend::default();
        for (poll, &lag) in (0..).zip(totals) {
            trend.observe(&total(lag, 3), at(poll * 30));
        }
        trend
    }

    #[test]
    fn a_group_that_catches_up_has_an_end_in_sight() {
        let trend = trend(&[900, 600, 300]);
        assert_eq!(trend.velocity(), Some(-10.0));
        assert_eq!(trend.seconds_to_catch_up(), Some(30.0));
    }

    #[test]
    fn a_growing_lag_has_no_end_and_none_needs_none() {
        assert_eq!(trend(&[0, 300]).seconds_to_catch_up(), None);
        assert_eq!(trend(&[300, 300]).seconds_to_catch_up(), None);
        assert_eq!(trend(&[300, 0]).seconds_to_catch_up(), Some(0.0));
        assert_eq!(trend(&[300]).velocity(), None);
    }

    #[test]
    fn totals_of_other_partitions_are_not_compared() {
        let mut trend = trend(&[900, 600]);
        trend.observe(&total(50, 2), at(60));
        assert_eq!(trend.velocity(), None);
    }

    #[test]
    fn a_missing_part_and_its_return_change_nothing() {
        let mut trend = trend(&[900, 600]);
        trend.observe(&total(None, 3), at(60));
        assert_eq!(trend.velocity(), Some(-10.0));
        trend.observe(&total(0, 3), at(90));
        assert_eq!(trend.velocity(), Some(-10.0));
        trend.observe(&TotalLag::default(), at(120));
        assert_eq!(trend.seconds_to_catch_up(), Some(0.0), "no commit is no lag of 0");
    }

    #[test]
    fn what_an_earlier_process_told_goes_on() {
        let mut trend = LagTrend::default();
        trend.recall(40, at(0));
        trend.observe(&total(40, 3), at(600));
        assert!(trend.stands_still(at(600)));
        trend.observe(&total(40, 2), at(630));
        assert!(!trend.stands_still(at(630)), "of other partitions now");
    }

    #[test]
    fn a_lag_that_stands_still_for_ten_minutes_stands_still() {
        let mut trend = LagTrend::default();
        trend.observe(&total(40, 1), at(0));
        trend.observe(&total(40, 1), at(590));
        assert!(!trend.stands_still(at(590)));
        trend.observe(&total(40, 1), at(600));
        assert!(trend.stands_still(at(600)));
        trend.observe(&total(41, 1), at(630));
        assert!(!trend.stands_still(at(630)));
    }

    #[test]
    fn a_group_without_lag_never_stands_still() {
        let mut trend = LagTrend::default();
        trend.observe(&total(0, 1), at(0));
        trend.observe(&total(0, 1), at(9_000));
        assert!(!trend.stands_still(at(9_000)));
    }

    #[test]
    fn the_log_start_has_a_pace_from_its_second_jump_on() {
        let mut trend = StartTrend::first(1_000);
        trend.observe(1_000, at(300));
        trend.observe(5_000, at(600));
        assert_eq!(trend.velocity(at(700)), None, "one jump after ten quiet minutes");
        trend.observe(9_000, at(1_600));
        assert_eq!(trend.velocity(at(1_600)), Some(4.0));
        assert_eq!(trend.velocity(at(2_600)), Some(2.0), "it fades when nothing follows");
    }

    #[test]
    fn the_pace_of_a_log_start_is_the_recent_one() {
        let mut trend = StartTrend::first(0);
        for minute in 1..=600 {
            trend.observe(minute.min(300) * 60 + (minute - 300).max(0) * 600, at(minute * 60));
        }
        assert!((trend.velocity(at(36_000)).unwrap() - 10.0).abs() < 0.1);
    }

    #[test]
    fn a_log_start_that_went_back_starts_anew() {
        let mut trend = StartTrend::first(0);
        trend.observe(500, at(60));
        trend.observe(900, at(120));
        trend.observe(10, at(180));
        assert_eq!(trend.velocity(at(600)), None);
    }
}
