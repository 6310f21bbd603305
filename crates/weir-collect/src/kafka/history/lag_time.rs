//! Lag in seconds: the age of the oldest message a group has not consumed, and how sure that is.

use weir_types::Timestamp;

use super::produced::{Produced, ProducedAt};

/// The age of the oldest message not yet consumed that the log still holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LagTime {
    pub seconds: f64,
    pub low: f64,
    /// `None`: it may be older than anything we have seen.
    pub high: Option<f64>,
    pub method: Method,
}

/// How a [`LagTime`] was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// Nothing is left to consume.
    Exact,
    /// Between two polls of the log end.
    Interpolated,
    /// Older than our first poll: its age is a lower bound, never a guess.
    AtLeast,
}

impl LagTime {
    /// Of a group that has consumed all there is.
    pub(crate) const NONE_LEFT: LagTime =
        LagTime { seconds: 0.0, low: 0.0, high: Some(0.0), method: Method::Exact };

    /// `None` where it is only known that the age is not negative, as of a group that is behind at
    /// the first sight: "at least nothing" is unknown.
    pub(crate) fn known_seconds(self) -> Option<f64> {
        (self.method != Method::AtLeast || self.seconds > 0.0).then_some(self.seconds)
    }
}

impl Method {
    /// As `KafkaConsumerSample.lagSecondsMethod` spells it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Method::Exact => "exact",
            Method::Interpolated => "interpolated",
            Method::AtLeast => "at_least",
        }
    }
}

/// The age of the message at `offset`, the first one not consumed.
///
/// With `may_be_compacted` the message may be gone and the next that is left be newer, though not
/// newer than the newest, which compaction keeps: that is the lower end then.
pub(crate) fn lag_time(
    produced: &Produced,
    offset: i64,
    may_be_compacted: bool,
    now: Timestamp,
) -> Option<LagTime> {
    let newest_by = produced.newest_by()?;
    let age = |at: Timestamp| now.since(at).as_secs_f64();
    let low = |before| if may_be_compacted { age(newest_by) } else { age(before) };
    Some(match produced.when(offset) {
        ProducedAt::NotYet => LagTime::NONE_LEFT,
        ProducedAt::Between { after, at, before } => LagTime {
            seconds: age(at),
            low: low(before),
            high: Some(age(after)),
            method: Method::Interpolated,
        },
        ProducedAt::Before(before) => {
            LagTime { seconds: low(before), low: low(before), high: None, method: Method::AtLeast }
        }
    })
}

#[cfg(test)]
mod tests;
