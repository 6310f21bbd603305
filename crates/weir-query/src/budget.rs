//! What one query may use: time, rows, groups and memory. Every limit is an error that names it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
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
    /// Enough groups for each partition of a large fleet; memory ends most queries before that.
    fn default() -> Self {
        Limits {
            rows_inspected_max: 200_000_000,
            groups_max: 2_000_000,
            memory_bytes_max: 512 << 20,
        }
    }
}

/// Raised by whoever no longer waits for the answer.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What all running queries may hold together.
#[derive(Debug)]
pub struct MemoryPool {
    bytes_max: usize,
    taken: AtomicUsize,
}

impl MemoryPool {
    pub fn new(bytes_max: usize) -> Arc<MemoryPool> {
        Arc::new(MemoryPool { bytes_max, taken: AtomicUsize::new(0) })
    }

    fn take(&self, bytes: usize) -> Result<(), QueryError> {
        let fits = |taken: usize| taken.checked_add(bytes).filter(|sum| *sum <= self.bytes_max);
        let taken = self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits);
        taken.map(drop).map_err(|_| {
            QueryError::Busy(format!(
                "all queries together hold {} MiB, the limit: try again",
                self.bytes_max >> 20
            ))
        })
    }

    fn give_back(&self, bytes: usize) {
        self.taken.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// Who says whether a query may go on now; may block until it may.
pub trait Pace: Send {
    /// `rows` is how many were looked at so far.
    fn keep(
        &mut self,
        rows: u64,
        cancel: &Cancel,
        deadline: Instant,
        timeout: Duration,
    ) -> Result<(), QueryError>;
}

/// What a running query has left.
pub struct Budget {
    limits: Limits,
    timeout: Duration,
    deadline: Instant,
    cancel: Cancel,
    rows: u64,
    bytes: usize,
    memory: Option<Arc<MemoryPool>>,
    /// Bytes of `memory` that are ours, in whole portions.
    portion_bytes: usize,
    pace: Option<Box<dyn Pace>>,
}

/// What each query may hold without asking the pool: heavy queries that hold all of it do not shut
/// out a dashboard.
const RESERVED_BYTES: usize = 2 << 20;
/// Memory is taken from the pool in portions of this size.
const PORTION_BYTES: usize = 1 << 20;
/// The clock is asked once in so many rows.
const ROWS_A_CHECK: u64 = 4_096;

impl Budget {
    /// `started` is when the question arrived: waiting counts.
    pub fn new(limits: Limits, started: Instant, timeout: Duration, cancel: Cancel) -> Self {
        let deadline = started.checked_add(timeout).unwrap_or(started);
        Budget {
            limits,
            timeout,
            deadline,
            cancel,
            rows: 0,
            bytes: 0,
            memory: None,
            portion_bytes: 0,
            pace: None,
        }
    }

    /// What is held beyond a small part counts towards the pool too, until the budget is dropped.
    pub fn with_memory(mut self, pool: Arc<MemoryPool>) -> Self {
        self.memory = Some(pool);
        self
    }

    /// Asked whenever the clock is.
    pub fn with_pace(mut self, pace: Box<dyn Pace>) -> Self {
        self.pace = Some(pace);
        self
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
    pub fn check_time(&mut self) -> Result<(), QueryError> {
        if Instant::now() >= self.deadline || self.cancel.is_cancelled() {
            return Err(QueryError::Timeout(self.timeout));
        }
        match &mut self.pace {
            Some(pace) => pace.keep(self.rows, &self.cancel, self.deadline, self.timeout),
            None => Ok(()),
        }
    }

    pub fn hold(&mut self, bytes: usize) -> Result<(), QueryError> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > self.limits.memory_bytes_max {
            return Err(QueryError::Limit(format!(
                "query holds more than {} MiB: narrow SINCE, lower LIMIT or take fewer buckets",
                self.limits.memory_bytes_max >> 20
            )));
        }
        let pooled = self.bytes.saturating_sub(RESERVED_BYTES);
        if let Some(pool) = self.memory.as_ref().filter(|_| pooled > self.portion_bytes) {
            let missing = (pooled - self.portion_bytes).div_ceil(PORTION_BYTES) * PORTION_BYTES;
            pool.take(missing)?;
            self.portion_bytes += missing;
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

impl Drop for Budget {
    fn drop(&mut self) {
        if let Some(pool) = &self.memory {
            pool.give_back(self.portion_bytes);
        }
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
    fn all_queries_share_one_pool() {
        let pool = MemoryPool::new(3 << 20);
        let share = || budget(Limits::default(), Duration::from_secs(60)).with_memory(pool.clone());
        let (mut first, mut second) = (share(), share());
        assert_eq!(first.hold(RESERVED_BYTES + (3 << 19)), Ok(()));
        assert_eq!(second.hold(RESERVED_BYTES + 1), Ok(()));
        let refused = second.hold(1 << 20);
        assert!(matches!(refused, Err(QueryError::Busy(_))), "{refused:?}");
        // A third one still has its own part.
        assert_eq!(share().hold(RESERVED_BYTES), Ok(()));
        drop(first);
        assert_eq!(second.hold(1), Ok(()));
    }

    #[test]
    fn a_spent_deadline_and_a_lost_reader_stop_the_query() {
        let mut late = budget(Limits::default(), Duration::ZERO);
        assert_eq!(late.inspect_row(), Err(QueryError::Timeout(Duration::ZERO)));
        let cancel = Cancel::default();
        let timeout = Duration::from_secs(60);
        let mut budget = Budget::new(Limits::default(), Instant::now(), timeout, cancel.clone());
        assert_eq!(budget.check_time(), Ok(()));
        cancel.cancel();
        assert_eq!(budget.check_time(), Err(QueryError::Timeout(timeout)));
    }
}
