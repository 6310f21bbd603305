//! The status of one source, kept from cycle to cycle. A change is logged once; a failure that
//! stays is repeated rarely.

use std::time::Duration;

use weir_types::source::SourceState;
use weir_types::{SourceStatus, Timestamp};

use crate::delivery::DeliveryError;
use crate::source::{CycleReport, SourceInfo};

/// How often a failure that does not change is logged again.
const REPEAT_AFTER: Duration = Duration::from_secs(600);

/// What the last cycles came to, and what was said about them.
#[derive(Debug)]
pub(crate) struct Journal {
    status: SourceStatus,
    warned_at: Option<Timestamp>,
}

impl Journal {
    pub(crate) fn new(info: &SourceInfo) -> Journal {
        let status = SourceStatus {
            name: info.name.clone(),
            kind: info.kind.to_owned(),
            target: info.target.clone(),
            cluster: info.cluster.clone(),
            interval_secs: info.interval.as_secs(),
            state: SourceState::Starting,
            last_cycle_at: None,
            last_success_at: None,
            last_cycle_ms: None,
            last_events_count: 0,
            last_error: None,
            completeness: None,
            cycles_total: 0,
            failed_cycles_total: 0,
            requests_total: 0,
        };
        Journal { status, warned_at: None }
    }

    pub(crate) fn status(&self) -> &SourceStatus {
        &self.status
    }

    /// A cycle ended and its events were stored.
    pub(crate) fn cycle(&mut self, at: Timestamp, report: &CycleReport, events: usize) {
        self.count(at, report);
        self.status.last_events_count = events as u64;
        if report.state != SourceState::Failing {
            self.status.last_success_at = Some(at);
        }
        self.become_state(at, report.state, report.error.clone());
    }

    /// A cycle ended but its events are gone.
    pub(crate) fn dropped(&mut self, at: Timestamp, report: &CycleReport, error: &DeliveryError) {
        let status = &self.status;
        tracing::error!(source = %status.name, cluster = %status.cluster, %error, "events dropped");
        self.count(at, report);
        self.status.last_events_count = 0;
        self.become_state(at, SourceState::Failing, Some(error.to_string()));
    }

    /// A cycle did not end in time.
    pub(crate) fn overran(&mut self, at: Timestamp, allowed: Duration) {
        let error = format!(
            "the cycle did not end within {:.1} s: raise `interval`, or see which broker is slow",
            allowed.as_secs_f64()
        );
        let report = CycleReport {
            state: SourceState::Failing,
            duration: allowed,
            requests: 0,
            completeness: 0.0,
            error: Some(error),
        };
        self.cycle(at, &report, 0);
    }

    fn count(&mut self, at: Timestamp, report: &CycleReport) {
        let status = &mut self.status;
        status.last_cycle_at = Some(at);
        status.last_cycle_ms = u64::try_from(report.duration.as_millis()).ok();
        status.completeness = Some(report.completeness);
        status.cycles_total += 1;
        status.requests_total += report.requests;
    }

    fn become_state(&mut self, at: Timestamp, state: SourceState, error: Option<String>) {
        let changed = self.status.state != state;
        self.status.state = state;
        self.status.last_error = error;
        if state == SourceState::Failing {
            self.status.failed_cycles_total += 1;
        }
        self.log(at, changed);
    }

    fn log(&mut self, at: Timestamp, changed: bool) {
        let SourceStatus { name, cluster, target, .. } = &self.status;
        let Some(error) = &self.status.last_error else {
            if changed {
                tracing::info!(source = %name, %cluster, %target, "source answers in full");
            }
            self.warned_at = None;
            return;
        };
        let due = self.warned_at.is_none_or(|last| at.since(last) >= REPEAT_AFTER);
        if changed || due {
            let what = match self.status.state {
                SourceState::Partial => "source answers in part",
                _ => "source fails",
            };
            tracing::warn!(source = %name, %cluster, %target, %error, "{what}");
            self.warned_at = Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal() -> Journal {
        Journal::new(&SourceInfo {
            name: "orders".into(),
            kind: "kafka",
            target: "broker:9092".into(),
            cluster: "orders".into(),
            interval: Duration::from_secs(30),
        })
    }

    fn report(state: SourceState, error: Option<&str>) -> CycleReport {
        CycleReport {
            state,
            duration: Duration::from_millis(12),
            requests: 7,
            completeness: if error.is_some() { 0.5 } else { 1.0 },
            error: error.map(str::to_owned),
        }
    }

    #[test]
    fn an_error_stays_until_a_whole_cycle() {
        let mut journal = journal();
        journal.cycle(
            Timestamp::from_millis(1),
            &report(SourceState::Partial, Some("broker 2 silent")),
            9,
        );
        let status = journal.status();
        assert_eq!(status.last_error.as_deref(), Some("broker 2 silent"));
        assert_eq!(status.last_success_at, Some(Timestamp::from_millis(1)));
        assert_eq!((status.last_events_count, status.failed_cycles_total), (9, 0));

        journal.cycle(Timestamp::from_millis(2), &report(SourceState::Ok, None), 10);
        let status = journal.status();
        assert_eq!((status.state, &status.last_error), (SourceState::Ok, &None));
        assert_eq!((status.cycles_total, status.requests_total), (2, 14));
    }

    #[test]
    fn a_failed_cycle_is_no_success() {
        let mut journal = journal();
        journal.overran(Timestamp::from_millis(5), Duration::from_secs(24));
        let status = journal.status();
        assert_eq!(status.state, SourceState::Failing);
        assert_eq!((status.last_success_at, status.failed_cycles_total), (None, 1));
        assert!(status.last_error.as_deref().is_some_and(|e| e.contains("24.0 s")));
    }

    #[test]
    fn dropped_events_make_the_cycle_fail() {
        let mut journal = journal();
        let error = DeliveryError::TooSlow { events: 40 };
        journal.dropped(Timestamp::from_millis(5), &report(SourceState::Ok, None), &error);
        assert_eq!(journal.status().state, SourceState::Failing);
        assert_eq!(journal.status().last_events_count, 0);
        assert!(journal.status().last_error.as_deref().is_some_and(|e| e.starts_with("40 events")));
    }

    #[test]
    fn a_failure_that_stays_is_repeated_rarely() {
        let mut journal = journal();
        let failing = report(SourceState::Failing, Some("refused"));
        journal.cycle(Timestamp::from_millis(0), &failing, 0);
        journal.cycle(Timestamp::from_millis(30_000), &failing, 0);
        assert_eq!(journal.warned_at, Some(Timestamp::from_millis(0)));
        journal.cycle(Timestamp::from_millis(600_000), &failing, 0);
        assert_eq!(journal.warned_at, Some(Timestamp::from_millis(600_000)));
    }
}
