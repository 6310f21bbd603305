//! Roll-ups: many events of one series as one row, once they are too old to be kept one by one.
//!
//! A [`Rollup`] stands for the events of a series that lie in one interval and have the same
//! strings and booleans. Those stand in it as they are; every number is a summary from which
//! count, sum, least, greatest, earliest and latest come back exactly. Roll-ups add up: two of the
//! same interval are as good as one of all their events, so late events get a roll-up of their own.
//! How one lies in the columns of a segment is in `columns`, byte by byte in
//! `docs/internals/segment-format.md`.

mod build;
mod columns;
mod decode;
mod encode;
mod float_sum;
mod summary;

use std::fmt;
use std::sync::Arc;

use weir_types::{TimeRange, Timestamp, Value};

pub use build::RollupBuilder;
pub use columns::{CODE_BYTES, Names};
pub use decode::decode;
pub use float_sum::FloatSum;
pub use summary::{NumberSummary, Summary};

/// How finely events are kept; coarser ones are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Resolution {
    /// Event by event.
    Raw,
    FiveMinutes,
    OneHour,
}

impl Resolution {
    pub const ALL: [Resolution; 3] =
        [Resolution::Raw, Resolution::FiveMinutes, Resolution::OneHour];

    /// Length of the intervals, which begin at its multiples since the epoch; 0 for raw events.
    pub fn interval_millis(self) -> i64 {
        match self {
            Resolution::Raw => 0,
            Resolution::FiveMinutes => 5 * 60_000,
            Resolution::OneHour => 60 * 60_000,
        }
    }

    pub(crate) fn of_interval(millis: u64) -> Option<Resolution> {
        let rolled = [Resolution::FiveMinutes, Resolution::OneHour];
        rolled.into_iter().find(|known| known.interval_millis().cast_unsigned() == millis)
    }

    /// Number of the interval that holds the instant.
    pub(crate) fn interval_of(self, millis: i64) -> i64 {
        millis.div_euclid(self.interval_millis().max(1))
    }

    /// The range with every interval that it cuts.
    pub(crate) fn widen(self, range: TimeRange) -> TimeRange {
        TimeRange {
            begin: Timestamp::from_millis(self.floor(range.begin.as_millis())),
            end: Timestamp::from_millis(self.ceil(range.end.as_millis())),
        }
    }

    /// First instant of the interval that holds `millis`.
    pub(crate) fn floor(self, millis: i64) -> i64 {
        let interval = self.interval_millis().max(1);
        millis.checked_sub(millis.rem_euclid(interval)).unwrap_or(i64::MIN)
    }

    /// The first begin of an interval that is not before `millis`.
    pub(crate) fn ceil(self, millis: i64) -> i64 {
        let floor = self.floor(millis);
        if floor == millis { millis } else { floor.saturating_add(self.interval_millis()) }
    }
}

impl fmt::Display for Resolution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Resolution::Raw => "raw",
            Resolution::FiveMinutes => "5-minute",
            Resolution::OneHour => "1-hour",
        })
    }
}

/// Where an event stands in time: by timestamp, then by arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    pub timestamp: Timestamp,
    pub sequence: u64,
}

/// Events of one series and one interval with the same strings and booleans.
#[derive(Debug, Clone, PartialEq)]
pub struct Rollup {
    pub resolution: Resolution,
    /// How many, at least one.
    pub events: u64,
    /// The earliest and the latest of them.
    pub first: Moment,
    pub last: Moment,
    /// Every attribute that at least one of them has, each once, identity included.
    pub attributes: Vec<(Arc<str>, RolledValue)>,
}

/// What an attribute is in the events of a roll-up.
#[derive(Debug, Clone, PartialEq)]
pub enum RolledValue {
    /// The same in all of them.
    Same(Value),
    /// Numbers, in some or all of them.
    Numbers(Arc<NumberSummary>),
}

impl Rollup {
    /// Whether one of its events may lie in the range.
    pub fn overlaps(&self, range: TimeRange) -> bool {
        self.first.timestamp < range.end && self.last.timestamp >= range.begin
    }

    pub fn get(&self, name: &str) -> Option<&RolledValue> {
        self.attributes.iter().find(|(known, _)| **known == *name).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_hold_their_ends_of_time() {
        let five = Resolution::FiveMinutes;
        assert_eq!((five.floor(299_999), five.ceil(299_999)), (0, 300_000));
        assert_eq!((five.floor(-1), five.ceil(-1)), (-300_000, 0));
        assert_eq!((five.floor(300_000), five.ceil(300_000)), (300_000, 300_000));
        assert_eq!((five.floor(i64::MIN), five.ceil(i64::MAX)), (i64::MIN, i64::MAX));
        assert_eq!((Resolution::Raw.floor(7), Resolution::Raw.ceil(7)), (7, 7));
    }
}
