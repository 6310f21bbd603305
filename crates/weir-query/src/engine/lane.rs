//! Turns: a query that has run for long makes room for others and goes on beside them.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::OwnedSemaphorePermit;
use weir_types::QueryError;

use crate::budget::{Cancel, Pace};

/// How often a waiting query looks whether its reader is still there.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Places for queries that have run for long.
pub struct LongLane {
    free: Mutex<usize>,
    changed: Condvar,
}

impl LongLane {
    pub fn new(places: usize) -> Arc<LongLane> {
        Arc::new(LongLane { free: Mutex::new(places), changed: Condvar::new() })
    }

    /// Blocks until there is a place, the reader leaves or the time is over.
    fn enter(
        &self,
        cancel: &Cancel,
        deadline: Instant,
        timeout: Duration,
    ) -> Result<(), QueryError> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free == 0 {
            if cancel.is_cancelled() || Instant::now() >= deadline {
                return Err(QueryError::Timeout(timeout));
            }
            let waited = self.changed.wait_timeout(free, LOOK_EVERY);
            free = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        *free -= 1;
        Ok(())
    }

    fn leave(&self) {
        *self.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.changed.notify_one();
    }
}

/// The turn of one running query: first among the short ones, later among the long ones.
pub struct Turn {
    /// Given back when the query turns out to be long.
    short: Option<OwnedSemaphorePermit>,
    lane: Arc<LongLane>,
    is_long: bool,
    /// When a query is no longer short, if it has looked at so many rows by then: one that merely
    /// waited for the processor stays short.
    long_from: Instant,
    long_rows: u64,
}

impl Turn {
    pub fn new(
        short: OwnedSemaphorePermit,
        lane: Arc<LongLane>,
        long_after: Duration,
        long_rows: u64,
    ) -> Turn {
        let now = Instant::now();
        let long_from = now.checked_add(long_after).unwrap_or(now);
        Turn { short: Some(short), lane, is_long: false, long_from, long_rows }
    }
}

impl Pace for Turn {
    fn keep(
        &mut self,
        rows: u64,
        cancel: &Cancel,
        deadline: Instant,
        timeout: Duration,
    ) -> Result<(), QueryError> {
        if self.is_long || rows < self.long_rows || Instant::now() < self.long_from {
            return Ok(());
        }
        drop(self.short.take());
        self.lane.enter(cancel, deadline, timeout)?;
        self.is_long = true;
        Ok(())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.is_long {
            self.lane.leave();
        }
    }
}
