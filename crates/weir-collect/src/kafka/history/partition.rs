//! What is remembered of one partition's log.

use weir_types::Timestamp;

use super::super::answers::LogRange;
use super::produced::{Moment, Produced, RUNS_MAX};
use super::trend::StartTrend;
use super::verdict::INTERVALS;

/// Both ends of one log over time.
#[derive(Debug, Clone, Default)]
pub(super) struct PartitionHistory {
    produced: Produced,
    /// What only the lag of a group is judged by: `None` while no group has committed here, as on
    /// most partitions of a large cluster.
    read: Option<Box<ReadHistory>>,
}

#[derive(Debug, Clone, Default)]
struct ReadHistory {
    start: Option<StartTrend>,
    /// The log ends of the last polls, newest last, at most [`INTERVALS`].
    log_ends: Vec<i64>,
}

/// How many runs of [`Produced`] to keep of a partition.
#[derive(Debug, Clone, Copy)]
pub(super) struct RunsMax {
    /// Where a group has committed.
    pub read: usize,
    pub unread: usize,
}

impl PartitionHistory {
    /// An end that was not heard adds nothing.
    pub(super) fn observe(&mut self, log: LogRange, moment: Moment, runs: RunsMax) {
        let runs_max = if self.read.is_some() { runs.read } else { runs.unread };
        if let Some(end) = log.end {
            self.produced.observe(end, moment, runs_max);
        }
        if let Some(read) = &mut self.read {
            read.observe(log, moment.heard_at);
        }
    }

    /// Adds a log end that an earlier process heard, in the order it heard them; the same poll told of
    /// by several groups counts once.
    pub(super) fn recall(&mut self, end: i64, moment: Moment) {
        self.read.get_or_insert_default();
        if self.produced.polled_at() != Some(moment.asked_at) {
            let log = LogRange { end: Some(end), ..LogRange::default() };
            self.observe(log, moment, RunsMax { read: RUNS_MAX, unread: RUNS_MAX });
        }
    }

    /// A group has committed here; `log` is what this cycle heard.
    pub(super) fn is_read_from(&mut self, log: impl FnOnce() -> LogRange) {
        self.read.get_or_insert_with(|| {
            let mut read = Box::new(ReadHistory::default());
            let log = log();
            read.start = log.start.map(StartTrend::first);
            read.log_ends.extend(log.end);
            read
        });
    }

    pub(super) fn produced(&self) -> &Produced {
        &self.produced
    }

    pub(super) fn produced_mut(&mut self) -> &mut Produced {
        &mut self.produced
    }

    pub(super) fn log_ends(&self) -> &[i64] {
        self.read.as_ref().map(|read| &*read.log_ends).unwrap_or_default()
    }

    pub(super) fn start_velocity(&self, now: Timestamp) -> Option<f64> {
        self.read.as_ref()?.start?.velocity(now)
    }
}

impl ReadHistory {
    fn observe(&mut self, log: LogRange, at: Timestamp) {
        if let Some(end) = log.end {
            if self.log_ends.len() == INTERVALS {
                self.log_ends.remove(0);
            }
            self.log_ends.reserve_exact(INTERVALS - self.log_ends.len());
            self.log_ends.push(end);
        }
        match (log.start, &mut self.start) {
            (Some(start), Some(trend)) => trend.observe(start, at),
            (Some(start), none) => *none = Some(StartTrend::first(start)),
            (None, _) => {}
        }
    }
}
