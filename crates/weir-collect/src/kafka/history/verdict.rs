//! Burrow's verdict on one partition of a group: no thresholds, only the shape of a window of
//! commits. The rules and their order are those of Burrow's evaluator, with its defaults
//! `allowed-lag` 0 and `minimum-complete` 0.

use std::time::Duration;

use weir_types::{LagVerdict, Timestamp};

/// Commits a full window holds, and log ends kept beside it (Burrow's `intervals`).
pub(crate) const INTERVALS: usize = 10;

/// A commit as it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Commit {
    pub offset: i64,
    pub at: Timestamp,
    /// Behind the log end known when the commit was seen.
    pub lag: Option<i64>,
}

/// Judges a window, oldest commit first. `log_ends` are the last polled ones, newest last.
pub(crate) fn judge(window: &[Commit], log_ends: &[i64], now: Timestamp) -> LagVerdict {
    let (Some(first), Some(last)) = (window.first(), window.last()) else { return LagVerdict::Ok };
    let Some(&log_end) = log_ends.last() else { return LagVerdict::Ok };
    if log_end <= last.offset {
        return LagVerdict::Ok;
    }
    let silence = now.since(last.at);
    if has_stopped(silence, last.at.since(first.at), last.offset, log_ends) {
        LagVerdict::Stop
    } else if has_rewound(window) {
        LagVerdict::Rewind
    } else if window.iter().any(|commit| commit.lag.is_some_and(|lag| lag <= 0)) {
        LagVerdict::Ok
    } else if window.iter().all(|commit| commit.offset == first.offset) {
        LagVerdict::Stall
    } else if never_shrinks(window) {
        LagVerdict::Warn
    } else {
        LagVerdict::Ok
    }
}

/// Silent for longer than the window spans, and behind at every log end kept.
fn has_stopped(silence: Duration, span: Duration, offset: i64, log_ends: &[i64]) -> bool {
    silence > span && log_ends.iter().all(|&end| offset < end)
}

/// Only the first step back counts.
fn has_rewound(window: &[Commit]) -> bool {
    let drop = window.windows(2).position(|pair| pair[1].offset < pair[0].offset);
    drop.is_some_and(|at| {
        let held_before = window[at].offset;
        window[at + 1..].iter().all(|commit| commit.offset < held_before)
    })
}

fn never_shrinks(window: &[Commit]) -> bool {
    let lags = window.iter().filter_map(|commit| commit.lag);
    lags.is_sorted()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    /// One commit every ten seconds, with these offsets and lags.
    fn window(commits: &[(i64, i64)]) -> Vec<Commit> {
        let commit = |(index, &(offset, lag)): (usize, &(i64, i64))| Commit {
            offset,
            at: at(index as i64 * 10),
            lag: Some(lag),
        };
        commits.iter().enumerate().map(commit).collect()
    }

    /// Judged right at the last commit, behind at every log end.
    fn judged(commits: &[(i64, i64)]) -> LagVerdict {
        let window = window(commits);
        judge(&window, &[10_000], window.last().unwrap().at)
    }

    #[test]
    fn rule_1_no_commits_is_ok() {
        assert_eq!(judge(&[], &[500], at(0)), LagVerdict::Ok);
    }

    #[test]
    fn rule_2_no_lag_now_is_ok_whatever_the_window_says() {
        let stalled = window(&[(100, 5), (100, 5), (100, 5)]);
        assert_eq!(judge(&stalled, &[100], at(500)), LagVerdict::Ok);
        assert_eq!(judge(&stalled, &[90], at(500)), LagVerdict::Ok, "a negative lag is none");
    }

    #[test]
    fn rule_3_silence_longer_than_the_window_is_stop() {
        let window = window(&[(100, 5), (110, 6), (120, 4)]);
        assert_eq!(
            judge(&window, &[200, 210], at(40)),
            LagVerdict::Ok,
            "20 s is not longer than 20 s"
        );
        assert_eq!(judge(&window, &[200, 210], at(41)), LagVerdict::Stop);
    }

    #[test]
    fn rule_3_not_when_it_had_caught_up_lately() {
        let window = window(&[(100, 5), (110, 6), (120, 4)]);
        assert_eq!(judge(&window, &[120, 210], at(500)), LagVerdict::Ok);
    }

    #[test]
    fn rule_3_a_single_commit_stops_as_soon_as_time_passes() {
        let one = window(&[(100, 5)]);
        assert_eq!(judge(&one, &[105], Timestamp::from_millis(1)), LagVerdict::Stop);
    }

    #[test]
    fn rule_4_a_commit_below_the_one_before_is_rewind() {
        assert_eq!(judged(&[(100, 5), (200, 5), (150, 55), (190, 20)]), LagVerdict::Rewind);
    }

    #[test]
    fn rule_4_not_once_the_offset_before_the_drop_is_reached_again() {
        assert_eq!(judged(&[(100, 5), (200, 5), (150, 55), (200, 10)]), LagVerdict::Ok);
    }

    #[test]
    fn rule_4_only_the_first_drop_counts() {
        let recovered_then_fell = [(100, 5), (90, 9), (100, 7), (400, 5), (300, 9)];
        assert_eq!(judged(&recovered_then_fell), LagVerdict::Ok);
    }

    #[test]
    fn rule_5_a_commit_without_lag_in_the_window_is_ok() {
        assert_eq!(judged(&[(100, 0), (110, 10), (120, 20)]), LagVerdict::Ok);
    }

    #[test]
    fn rule_6_equal_offsets_are_stall() {
        assert_eq!(judged(&[(100, 5), (100, 15), (100, 3)]), LagVerdict::Stall);
        assert_eq!(judged(&[(100, 5)]), LagVerdict::Stall, "a window of one");
    }

    #[test]
    fn rule_7_lag_that_never_shrinks_is_warn() {
        assert_eq!(judged(&[(100, 5), (110, 5), (120, 9)]), LagVerdict::Warn);
        assert_eq!(judged(&[(100, 5), (110, 5), (120, 5)]), LagVerdict::Warn, "a constant lag");
    }

    #[test]
    fn rule_7_skips_commits_without_a_lag() {
        let mut commits = window(&[(100, 5), (110, 2), (120, 9)]);
        commits[1].lag = None;
        assert_eq!(judge(&commits, &[10_000], at(20)), LagVerdict::Warn);
    }

    #[test]
    fn rule_8_lag_that_shrank_once_is_ok() {
        assert_eq!(judged(&[(100, 5), (110, 9), (120, 8)]), LagVerdict::Ok);
    }

    #[test]
    fn without_a_log_end_nothing_is_wrong() {
        assert_eq!(judge(&window(&[(100, 5), (100, 5)]), &[], at(99)), LagVerdict::Ok);
    }
}
