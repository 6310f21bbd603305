//! How long to leave a failing broker alone.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use crate::Error;

/// Each pause is spread over this share of itself, so that many clients do not return at once.
const JITTER: f64 = 0.25;

/// Doubling pauses, and why the present one began.
#[derive(Debug)]
pub(crate) struct Backoff {
    initial: Duration,
    max: Duration,
    /// Without jitter; zero after a success.
    last_pause: Duration,
    waiting: Option<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    until: Instant,
    cause: Arc<Error>,
}

impl Backoff {
    pub(crate) fn new(initial: Duration, max: Duration) -> Self {
        Self { initial, max, last_pause: Duration::ZERO, waiting: None }
    }

    /// How much of the pause is left, and what it is for.
    pub(crate) fn remaining(&self, now: Instant) -> Option<(Duration, Arc<Error>)> {
        let waiting = self.waiting.as_ref()?;
        let left = waiting.until.checked_duration_since(now).filter(|left| !left.is_zero())?;
        Some((left, Arc::clone(&waiting.cause)))
    }

    /// Begins the next pause. It is no shorter than what the failure `cost`, so that a broker that
    /// hangs takes at most about half of anyone's time. `random` is from 0 to 1.
    pub(crate) fn failed(&mut self, now: Instant, cost: Duration, cause: Error, random: f64) {
        let pause = (self.last_pause * 2).max(self.initial).max(cost).min(self.max);
        self.last_pause = pause;
        let until = now + pause.mul_f64(1.0 - JITTER * random);
        self.waiting = Some(Waiting { until, cause: Arc::new(cause) });
    }

    pub(crate) fn succeeded(&mut self) {
        self.last_pause = Duration::ZERO;
        self.waiting = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn pause(backoff: &mut Backoff, cost: Duration, random: f64) -> Duration {
        let now = Instant::now();
        backoff.failed(now, cost, Error::NoBootstrap, random);
        backoff.remaining(now).unwrap().0
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_start_over_after_a_success() {
        let mut backoff = Backoff::new(250 * MS, 1500 * MS);
        assert!(backoff.remaining(Instant::now()).is_none());
        let pauses: Vec<_> = (0..4).map(|_| pause(&mut backoff, Duration::ZERO, 0.0)).collect();
        assert_eq!(pauses, [250 * MS, 500 * MS, 1000 * MS, 1500 * MS]);
        backoff.succeeded();
        assert!(backoff.remaining(Instant::now()).is_none());
        assert_eq!(pause(&mut backoff, Duration::ZERO, 0.0), 250 * MS);
    }

    #[test]
    fn jitter_shortens_a_pause_by_at_most_a_quarter() {
        let mut backoff = Backoff::new(400 * MS, 1500 * MS);
        assert_eq!(pause(&mut backoff, Duration::ZERO, 1.0), 300 * MS);
    }

    #[test]
    fn a_costly_failure_is_followed_by_a_pause_as_long() {
        let mut backoff = Backoff::new(250 * MS, 30_000 * MS);
        assert_eq!(pause(&mut backoff, 5_000 * MS, 0.0), 5_000 * MS);
        assert_eq!(pause(&mut backoff, 5_000 * MS, 0.0), 10_000 * MS);
    }

    #[test]
    fn a_pause_ends() {
        let mut backoff = Backoff::new(250 * MS, 1500 * MS);
        let now = Instant::now();
        backoff.failed(now, Duration::ZERO, Error::NoBootstrap, 0.0);
        assert!(backoff.remaining(now + 249 * MS).is_some());
        assert!(backoff.remaining(now + 250 * MS).is_none());
    }
}
