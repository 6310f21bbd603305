//! The lag of a whole group, added up from its positions: of all of them or of none.

use super::super::history::{LagTime, Method};
use super::consumer::Position;

/// What a group has left to consume.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct GroupLag {
    /// `None` also when one of its parts is not known: what is known of the others is not the lag of
    /// the group. `None` without a commit.
    pub total: Option<i64>,
    pub max: Option<i64>,
    pub oldest: Option<OldestAge>,
    /// Whether the lag of every position that has one is known.
    pub is_whole: bool,
}

/// The age of the oldest message that any partition has left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct OldestAge {
    pub seconds: f64,
    /// [`Method::AtLeast`] when another partition may have an older one.
    pub method: Method,
}

impl GroupLag {
    pub(super) fn of(positions: &[Position<'_>]) -> GroupLag {
        let lags = || positions.iter().filter(|position| position.is_counted).map(|it| it.lag);
        let is_whole = lags().all(|lag| lag.is_some());
        let known = || lags().flatten().filter(|_| is_whole);
        GroupLag {
            total: known().reduce(i64::saturating_add),
            max: known().max(),
            oldest: OldestAge::of(positions, is_whole),
            is_whole,
        }
    }
}

impl OldestAge {
    /// Of a group whose lag is not known whole, an age of 0 says nothing at all.
    fn of(positions: &[Position<'_>], is_whole: bool) -> Option<OldestAge> {
        let times = || positions.iter().filter_map(|position| position.standing.lag_time);
        let by_age = |one: &LagTime, other: &LagTime| one.seconds.total_cmp(&other.seconds);
        let oldest = times().max_by(by_age).filter(|oldest| is_whole || oldest.seconds > 0.0)?;
        let may_be_older = !is_whole || times().any(|time| time.method == Method::AtLeast);
        let method = if may_be_older { Method::AtLeast } else { oldest.method };
        Some(OldestAge { seconds: oldest.seconds, method })
    }

    /// As [`LagTime::known_seconds`].
    pub(super) fn known_seconds(self) -> Option<f64> {
        (self.method != Method::AtLeast || self.seconds > 0.0).then_some(self.seconds)
    }
}
