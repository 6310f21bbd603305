//! What every source is to the runner, and what one of its cycles brings.

use std::time::Duration;

use weir_types::source::SourceState;
use weir_types::{BoxFuture, Event, Timestamp};

/// Something that is polled on an interval.
pub trait Source: Send {
    fn info(&self) -> SourceInfo;

    /// Asks once and returns what was heard; failures are part of the [`Cycle`], not an error.
    /// Dropped half-way when the cycle's deadline passes: only a whole cycle may change what the
    /// source remembers.
    fn poll(&mut self, now: Timestamp) -> BoxFuture<'_, Cycle>;
}

/// What a source is called and how often it asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceInfo {
    pub name: String,
    /// As weir.yaml names it: `kafka`.
    pub kind: &'static str,
    /// What it talks to, without secrets.
    pub target: String,
    pub cluster: String,
    pub interval: Duration,
}

/// The events of one cycle and how the cycle went.
#[derive(Debug, Clone)]
pub struct Cycle {
    pub events: Vec<Event>,
    pub report: CycleReport,
}

/// How one cycle went.
#[derive(Debug, Clone, PartialEq)]
pub struct CycleReport {
    /// `Ok`, `Partial` or `Failing`.
    pub state: SourceState,
    pub duration: Duration,
    pub requests: u64,
    /// 0 to 1: share of what was asked that was answered.
    pub completeness: f64,
    /// The first failure with its next step, and how many more there were.
    pub error: Option<String>,
}
