//! What must happen now and then while the server runs.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use weir_store::Store;
use weir_types::Clock;

const RETENTION_INTERVAL: Duration = Duration::from_secs(60);

/// Lets the store forget what is past its retention, until cancelled.
pub fn start(
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    cancel: CancellationToken,
) -> JoinHandle<Option<()>> {
    tokio::spawn(cancel.run_until_cancelled_owned(async move {
        let mut ticks = tokio::time::interval(RETENTION_INTERVAL);
        loop {
            ticks.tick().await;
            let (store, now) = (Arc::clone(&store), clock.now());
            // It unlinks files, which can block.
            let done = tokio::task::spawn_blocking(move || store.enforce_retention(now)).await;
            if let Err(error) = done {
                tracing::error!(%error, "enforcing the retention failed");
            }
        }
    }))
}
