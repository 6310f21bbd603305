//! One task a source: polls at once, then on the interval, never twice at a time, and never longer
//! than the interval.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::RngExt;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout_at};
use tokio_util::sync::CancellationToken;
use weir_types::{AccountId, Batch, Clock, Sink, SourceStatus};

use crate::delivery::deliver;
use crate::journal::Journal;
use crate::source::Source;

/// Share of the interval a poll may take; the rest is for delivery.
const POLL_SHARE: f64 = 0.8;
/// The second poll comes this share of an interval after the first, at the earliest: sources that
/// start together spread out.
const SPREAD_FROM: f64 = 0.8;

/// The running sources. Dropping it aborts them; [`Sources::stopped`] waits for their end.
#[derive(Debug)]
pub struct Sources {
    journals: Vec<Arc<Mutex<Journal>>>,
    tasks: JoinSet<()>,
}

/// What all sources of a process share.
#[derive(Clone)]
pub struct Surroundings {
    pub sink: Arc<dyn Sink>,
    pub clock: Arc<dyn Clock>,
    /// Whose events these are.
    pub account: AccountId,
    /// Ends every source: a poll under way is dropped.
    pub cancel: CancellationToken,
}

impl Sources {
    /// Starts one task a source; needs a Tokio runtime around it.
    pub fn start(sources: Vec<Box<dyn Source>>, surroundings: &Surroundings) -> Sources {
        let mut running = Sources { journals: Vec::new(), tasks: JoinSet::new() };
        for source in sources {
            let journal = Arc::new(Mutex::new(Journal::new(&source.info())));
            running.journals.push(Arc::clone(&journal));
            running.tasks.spawn(run(source, journal, surroundings.clone()));
        }
        running
    }

    /// The state of every source, in the order given at the start.
    pub fn statuses(&self) -> Vec<SourceStatus> {
        self.journals.iter().map(|journal| lock(journal).status().clone()).collect()
    }

    /// Returns when every task has ended after its cancellation.
    pub async fn stopped(mut self) {
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a source's task ended badly");
            }
        }
    }
}

async fn run(mut source: Box<dyn Source>, journal: Arc<Mutex<Journal>>, around: Surroundings) {
    let interval = source.info().interval;
    let spread = rand::rng().random_range(SPREAD_FROM..=1.0);
    let mut ticks = interval_at(Instant::now() + interval.mul_f64(spread), interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let work = async {
        loop {
            cycle(source.as_mut(), interval, &journal, &around).await;
            ticks.tick().await;
        }
    };
    around.cancel.run_until_cancelled(work).await;
}

async fn cycle(
    source: &mut dyn Source,
    interval: Duration,
    journal: &Mutex<Journal>,
    around: &Surroundings,
) {
    let started = Instant::now();
    let allowed = interval.mul_f64(POLL_SHARE);
    let polled = timeout_at(started + allowed, source.poll(around.clock.now())).await;
    let Ok(cycle) = polled else {
        lock(journal).overran(around.clock.now(), allowed);
        return;
    };
    let events = cycle.events.len();
    let batch = Batch { account: around.account, events: cycle.events };
    let delivered = deliver(&around.sink, batch, started + interval).await;
    let ended_at = around.clock.now();
    match delivered {
        Ok(()) => lock(journal).cycle(ended_at, &cycle.report, events),
        Err(error) => lock(journal).dropped(ended_at, &cycle.report, &error),
    }
}

/// A journal is whole after each of its calls, so a panic elsewhere leaves nothing to fear.
fn lock(journal: &Mutex<Journal>) -> MutexGuard<'_, Journal> {
    journal.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use weir_types::source::SourceState;
    use weir_types::{BoxFuture, Event, SinkError, Timestamp};

    use super::*;
    use crate::source::{Cycle, CycleReport, SourceInfo};

    const INTERVAL: Duration = Duration::from_secs(10);

    /// Takes `poll_takes` for a cycle of one event; counts cycles, and those under way at once.
    struct Scripted {
        poll_takes: Duration,
        seen: Arc<Seen>,
    }

    #[derive(Default)]
    struct Seen {
        started: AtomicU32,
        under_way: AtomicU32,
        overlapped: AtomicU32,
    }

    impl Source for Scripted {
        fn info(&self) -> SourceInfo {
            SourceInfo {
                name: "scripted".into(),
                kind: "test",
                target: "nowhere".into(),
                cluster: "none".into(),
                interval: INTERVAL,
            }
        }

        fn poll(&mut self, now: Timestamp) -> BoxFuture<'_, Cycle> {
            Box::pin(async move {
                self.seen.started.fetch_add(1, Ordering::SeqCst);
                if self.seen.under_way.fetch_add(1, Ordering::SeqCst) > 0 {
                    self.seen.overlapped.fetch_add(1, Ordering::SeqCst);
                }
                tokio::time::sleep(self.poll_takes).await;
                self.seen.under_way.fetch_sub(1, Ordering::SeqCst);
                let report = CycleReport {
                    state: SourceState::Ok,
                    duration: self.poll_takes,
                    requests: 3,
                    completeness: 1.0,
                    error: None,
                };
                Cycle { events: vec![Event::new("WeirCollection", now)], report }
            })
        }
    }

    /// Busy for the first `busy` attempts, then takes everything.
    struct ScriptedSink {
        busy: u32,
        attempts: AtomicU32,
        stored: AtomicU32,
    }

    impl Sink for ScriptedSink {
        fn append(&self, batch: Batch) -> BoxFuture<'_, Result<(), SinkError>> {
            Box::pin(async move {
                if self.attempts.fetch_add(1, Ordering::SeqCst) < self.busy {
                    return Err(SinkError::Busy { waiting: 1_000, batch });
                }
                self.stored.fetch_add(batch.events.len() as u32, Ordering::SeqCst);
                Ok(())
            })
        }
    }

    struct FixedClock;

    impl Clock for FixedClock {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(42)
        }
    }

    struct Stage {
        sources: Sources,
        sink: Arc<ScriptedSink>,
        seen: Arc<Seen>,
        cancel: CancellationToken,
    }

    fn start(poll_takes: Duration, busy: u32) -> Stage {
        let seen = Arc::new(Seen::default());
        let source = Scripted { poll_takes, seen: Arc::clone(&seen) };
        let sink =
            Arc::new(ScriptedSink { busy, attempts: AtomicU32::new(0), stored: AtomicU32::new(0) });
        let cancel = CancellationToken::new();
        let surroundings = Surroundings {
            sink: Arc::clone(&sink) as Arc<dyn Sink>,
            clock: Arc::new(FixedClock),
            account: AccountId::DEFAULT,
            cancel: cancel.clone(),
        };
        let sources = Sources::start(vec![Box::new(source)], &surroundings);
        Stage { sources, sink, seen, cancel }
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_poll_comes_at_once_then_one_an_interval() {
        let stage = start(Duration::from_millis(100), 0);
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(stage.seen.started.load(Ordering::SeqCst), 1);
        let status = &stage.sources.statuses()[0];
        assert_eq!((status.state, status.last_events_count), (SourceState::Ok, 1));
        tokio::time::sleep(INTERVAL * 10).await;
        assert_eq!(stage.seen.started.load(Ordering::SeqCst), 11);
        assert_eq!(stage.sink.stored.load(Ordering::SeqCst), 11);
    }

    #[tokio::test(start_paused = true)]
    async fn a_poll_that_hangs_ends_with_its_interval() {
        let stage = start(Duration::from_secs(3_600), 0);
        tokio::time::sleep(INTERVAL * 3).await;
        let status = &stage.sources.statuses()[0];
        assert_eq!(status.state, SourceState::Failing);
        assert!(status.failed_cycles_total >= 2);
        assert!(status.last_error.as_deref().is_some_and(|error| error.contains("8.0 s")));
        assert_eq!(stage.sink.attempts.load(Ordering::SeqCst), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn polls_never_overlap() {
        let stage = start(Duration::from_millis(7_900), 0);
        tokio::time::sleep(INTERVAL * 20).await;
        assert!(stage.seen.started.load(Ordering::SeqCst) > 15);
        assert_eq!(stage.seen.overlapped.load(Ordering::SeqCst), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_busy_sink_is_tried_again_within_the_cycle() {
        let stage = start(Duration::from_millis(100), 3);
        tokio::time::sleep(Duration::from_secs(5)).await;
        assert_eq!(stage.sink.stored.load(Ordering::SeqCst), 1);
        assert_eq!(stage.sources.statuses()[0].state, SourceState::Ok);
    }

    #[tokio::test(start_paused = true)]
    async fn a_sink_that_stays_busy_loses_the_cycle_and_says_so() {
        let stage = start(Duration::from_millis(100), u32::MAX);
        tokio::time::sleep(INTERVAL).await;
        let status = &stage.sources.statuses()[0];
        assert_eq!(status.state, SourceState::Failing);
        assert!(status.last_error.as_deref().is_some_and(|e| e.contains("1 events of this cycle")));
        assert_eq!(status.last_success_at, None);
    }

    #[tokio::test(start_paused = true)]
    async fn cancellation_ends_a_poll_under_way() {
        let stage = start(Duration::from_secs(3_600), 0);
        tokio::time::sleep(Duration::from_secs(1)).await;
        stage.cancel.cancel();
        let before = Instant::now();
        stage.sources.stopped().await;
        assert!(before.elapsed() < Duration::from_secs(1));
    }
}
