//! What must happen now and then while the server runs.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use weir_store::Store;
use weir_types::Clock;

use crate::heap;

const MAINTENANCE_INTERVAL: Duration = Duration::from_secs(60);
/// Soon after the end of a cycle, of whichever source; where nothing was freed it costs next to
/// nothing.
const GIVE_BACK_INTERVAL: Duration = Duration::from_secs(1);

/// Gives memory that is free again back to the system, until cancelled.
pub fn give_memory_back(cancel: CancellationToken) -> JoinHandle<Option<()>> {
    tokio::spawn(cancel.run_until_cancelled_owned(async {
        let mut ticks = tokio::time::interval(GIVE_BACK_INTERVAL);
        loop {
            ticks.tick().await;
            // It may wait for a heap's lock: not where others wait for it.
            let _ = tokio::task::spawn_blocking(heap::give_back).await;
        }
    }))
}

/// Lets the store seal, merge and forget, until cancelled.
pub fn maintain_store(
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    cancel: CancellationToken,
) -> JoinHandle<Option<()>> {
    tokio::spawn(cancel.run_until_cancelled_owned(async move {
        let mut ticks = tokio::time::interval(MAINTENANCE_INTERVAL);
        loop {
            ticks.tick().await;
            let (store, now) = (Arc::clone(&store), clock.now());
            // It works on files. What it can't do the store logs itself, and tries again.
            let done = tokio::task::spawn_blocking(move || store.maintain(now).is_ok()).await;
            if let Err(error) = done {
                tracing::error!(%error, "maintaining the store failed");
            }
        }
    }))
}
