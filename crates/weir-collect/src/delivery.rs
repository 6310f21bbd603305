//! Hands a cycle's events to the sink, patiently but not for ever.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};
use weir_types::{Batch, Sink, SinkError};

const BACKOFF_FIRST: Duration = Duration::from_millis(100);
const BACKOFF_MAX: Duration = Duration::from_secs(2);

/// Why the events of a cycle are gone.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeliveryError {
    #[error("{events} events of this cycle are dropped: {cause}")]
    Refused { events: usize, cause: SinkError },
    #[error(
        "{events} events of this cycle are dropped: they were not stored before the next cycle"
    )]
    TooSlow { events: usize },
}

/// Tries again while the sink is busy and time is left; nothing waits once this returns.
pub(crate) async fn deliver(
    sink: &Arc<dyn Sink>,
    mut batch: Batch,
    deadline: Instant,
) -> Result<(), DeliveryError> {
    let events = batch.events.len();
    let mut backoff = BACKOFF_FIRST;
    loop {
        batch = match timeout_at(deadline, sink.append(batch)).await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(SinkError::Busy { batch, .. })) if Instant::now() + backoff < deadline => batch,
            Ok(Err(cause)) => return Err(DeliveryError::Refused { events, cause }),
            Err(_) => return Err(DeliveryError::TooSlow { events }),
        };
        sleep(backoff).await;
        backoff = (backoff * 2).min(BACKOFF_MAX);
    }
}
