//! What one query may use: time, rows, groups and memory. Every limit is an error that names it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use weir_types::QueryError;

/// The limits of one query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Rows looked at, all passes and levels together.
    pub rows_inspected_max: u64,
    /// Distinct groups of one FACET, before LIMIT.
    pub groups_max: usize,
    /// What aggregates, groups and result rows hold, roughly.
    pub memory_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { rows_inspected_max: 200_000_000, groups_max: 100_000, memory_bytes_max: 512 << 20 }
    }
}

/// Raised by whoever no longer waits for the answer.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What a running query has left.
#[derive(Debug)]
pub struct Budget {
    limits: Limits,
    timeout: Duration,
    deadline: Instant,
    cancel: Cancel,
    rows: u64,
    bytes: usize,
}

/// The clock is asked once in so many rows.
const ROWS_A_CHECK: u64 = 4_096;

impl Budget {
    /// `started` is when the question arrived: waiting counts.
    pub fn new(limits: Limits, started: Instant, timeout: Duration, cancel: Cancel) -> Self {
        let deadline = started.checked_add(timeout).unwrap_or(started);
        Budget { limits, timeout, deadline, cancel, rows: 0, bytes: 0 }
    }

    /// To be called for every row looked at.
    pub fn inspect_row(&mut self) -> Result<(), QueryError> {
        self.rows += 1;
        if self.rows > self.limits.rows_inspected_max {
            return Err(QueryError::Limit(format!(
                "query looks at more than {} rows: narrow SINCE",
                self.limits.rows_inspected_max
            )));
        }
        if self.rows % ROWS_A_CHECK == 1 { self.check_time() } else { Ok(()) }
    }

    /// To be called where work goes on without rows.
    pub fn check_time(&self) -> Result<(), QueryError> {
        if Instant::now() >= self.deadline || self.cancel.is_cancelled() {
            return Err(QueryError::Timeout(self.timeout));
        }
        Ok(())
    }

    pub fn hold(&mut self, bytes: usize) -> Result<(), QueryError> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > self.limits.memory_bytes_max {
            return Err(QueryError::Limit(format!(
                "query holds more than {} MiB: narrow SINCE, lower LIMIT or take fewer buckets",
                self.limits.memory_bytes_max >> 20
            )));
        }
        Ok(())
    }

    /// Gives back what was held and is no longer.
    pub fn release(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    pub fn check_groups(&self, count: usize) -> Result<(), QueryError> {
        if count > self.limits.groups_max {
            return Err(QueryError::Limit(format!(
                "FACET makes more than {} groups: add WHERE or facet by fewer attributes",
                self.limits.groups_max
            )));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(limits: Limits, timeout: Duration) -> Budget {
        Budget::new(limits, Instant::now(), timeout, Cancel::default())
    }

    #[test]
    fn every_limit_names_itself() {
        let limits = Limits { rows_inspected_max: 1, groups_max: 2, memory_bytes_max: 1 << 20 };
        let mut budget = budget(limits, Duration::from_secs(60));
        assert_eq!(budget.inspect_row(), Ok(()));
        assert!(budget.inspect_row().unwrap_err().to_string().contains("more than 1 rows"));
        assert!(budget.check_groups(3).unwrap_err().to_string().contains("more than 2 groups"));
        assert_eq!(budget.hold(1 << 20), Ok(()));
        assert!(budget.hold(1).unwrap_err().to_string().contains("more than 1 MiB"));
    }

    #[test]
    fn a_spent_deadline_and_a_lost_reader_stop_the_query() {
        let mut late = budget(Limits::default(), Duration::ZERO);
        assert_eq!(late.inspect_row(), Err(QueryError::Timeout(Duration::ZERO)));
        let cancel = Cancel::default();
        let timeout = Duration::from_secs(60);
        let budget = Budget::new(Limits::default(), Instant::now(), timeout, cancel.clone());
        assert_eq!(budget.check_time(), Ok(()));
        cancel.cancel();
        assert_eq!(budget.check_time(), Err(QueryError::Timeout(timeout)));
    }
}
