//! Events to the store, in batches, a few under way.

use std::collections::VecDeque;

use weir_store::Store;
use weir_types::{AccountId, Batch, BoxFuture, Event, Sink, SinkError};

use crate::failure::Failure;

/// Events of a batch, and batches under way: the store makes a few commits of them.
const BATCH_EVENTS: usize = 1_000;
const BATCHES_WAITING: usize = 16;

pub struct Sender<'a> {
    store: &'a Store,
    batch: Option<Batch>,
    waiting: VecDeque<(u64, BoxFuture<'a, Result<(), SinkError>>)>,
    stored: u64,
    has_failed: bool,
}

impl<'a> Sender<'a> {
    pub fn new(store: &'a Store) -> Self {
        Sender { store, batch: None, waiting: VecDeque::new(), stored: 0, has_failed: false }
    }

    /// Events that are stored, from the first one on without a gap.
    pub fn stored(&self) -> u64 {
        self.stored
    }

    pub async fn push(&mut self, account: AccountId, event: Event) -> Result<(), Failure> {
        let ends = |batch: &Batch| batch.account != account || batch.events.len() == BATCH_EVENTS;
        if self.batch.as_ref().is_some_and(ends) {
            self.send().await?;
        }
        let batch = self.batch.get_or_insert_with(|| Batch { account, events: Vec::new() });
        batch.events.push(event);
        Ok(())
    }

    /// Waits for everything that was pushed.
    pub async fn finish(&mut self) -> Result<(), Failure> {
        let mut sent = self.send().await;
        while !self.waiting.is_empty() {
            sent = sent.and(self.wait_for_one().await);
        }
        sent
    }

    async fn send(&mut self) -> Result<(), Failure> {
        if self.waiting.len() == BATCHES_WAITING {
            self.wait_for_one().await?;
        }
        if let Some(batch) = self.batch.take() {
            let events = batch.events.len() as u64;
            self.waiting.push_back((events, self.store.append(batch)));
        }
        Ok(())
    }

    async fn wait_for_one(&mut self) -> Result<(), Failure> {
        let Some((events, stored)) = self.waiting.pop_front() else { return Ok(()) };
        match stored.await {
            Ok(()) if !self.has_failed => self.stored += events,
            Ok(()) => {}
            Err(error) => {
                self.has_failed = true;
                return Err(Failure::new(error.code(), error.to_string()));
            }
        }
        Ok(())
    }
}
