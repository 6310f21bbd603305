//! What must happen now and then while the server runs.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use weir_store::Store;
use weir_types::Clock;

const MAINTENANCE_INTERVAL: Duration = Duration::from_secs(60);

/// Lets the store seal, merge and forget, until cancelled.
pub fn start(
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
