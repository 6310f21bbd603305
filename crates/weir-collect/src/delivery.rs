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

/// Tries again while the sink is busy and time is left. The events are cloned for every attempt,
/// because the sink keeps what it is given; nothing waits once this returns.
pub(crate) async fn deliver(
    sink: &Arc<dyn Sink>,
    batch: Batch,
    deadline: Instant,
) -> Result<(), DeliveryError> {
    let events = batch.events.len();
    let mut backoff = BACKOFF_FIRST;
    loop {
        let cause = match timeout_at(deadline, sink.append(batch.clone())).await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(cause)) => cause,
            Err(_) => return Err(DeliveryError::TooSlow { events }),
        };
        let again = matches!(cause, SinkError::Busy(_)) && Instant::now() + backoff < deadline;
        if !again {
            return Err(DeliveryError::Refused { events, cause });
        }
        sleep(backoff).await;
        backoff = (backoff * 2).min(BACKOFF_MAX);
    }
}
