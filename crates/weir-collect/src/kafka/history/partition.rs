//! What is remembered of one partition's log.

use weir_types::Timestamp;

use super::super::answers::LogRange;
use super::produced::{Moment, Produced};
use super::trend::StartTrend;
use super::verdict::INTERVALS;

/// Both ends of one log over time.
#[derive(Debug, Clone, Default)]
pub(super) struct PartitionHistory {
    produced: Produced,
    start: Option<StartTrend>,
    /// The log ends of the last polls, newest last, at most [`INTERVALS`].
    log_ends: Vec<i64>,
}

impl PartitionHistory {
    /// An end that was not heard adds nothing.
    pub(super) fn observe(&mut self, log: LogRange, moment: Moment, runs_max: usize) {
        if let Some(end) = log.end {
            self.produced.observe(end, moment, runs_max);
            if self.log_ends.len() == INTERVALS {
                self.log_ends.remove(0);
            }
            self.log_ends.reserve_exact(INTERVALS - self.log_ends.len());
            self.log_ends.push(end);
        }
        match (log.start, &mut self.start) {
            (Some(start), Some(trend)) => trend.observe(start, moment.heard_at),
            (Some(start), none) => *none = Some(StartTrend::first(start)),
            (None, _) => {}
        }
    }

    pub(super) fn produced(&self) -> &Produced {
        &self.produced
    }

    pub(super) fn produced_mut(&mut self) -> &mut Produced {
        &mut self.produced
    }

    pub(super) fn log_ends(&self) -> &[i64] {
        &self.log_ends
    }

    pub(super) fn start_velocity(&self, now: Timestamp) -> Option<f64> {
        self.start?.velocity(now)
    }
}
