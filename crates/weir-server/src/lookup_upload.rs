//! What both interfaces to lookup tables do, Weir's own and New Relic's: a body within its bounds, a
//! store that is asked where waiting is allowed, and failures with what to do.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use weir_types::{AccountId, ErrorCode};

use crate::error::{Failure, blocking};
use crate::rest::list::not_found;
use crate::service::{LookupError, LookupStore, Services};

/// Largest body of an upload; a table itself has a smaller limit, which is told in its own words.
pub const UPLOAD_BYTES_MAX: usize = 16 << 20;

/// Asks the tables on a thread that may wait; what fails is told with what to do.
pub async fn on_disk<T: Send + 'static>(
    services: &Services,
    account: AccountId,
    ask: impl FnOnce(&dyn LookupStore) -> Result<T, LookupError> + Send + 'static,
) -> Result<T, Failure> {
    let store = Arc::clone(&services.lookups);
    let asked = blocking(move || {
        ask(&*store).map_err(|error| {
            let known = store.list(account).unwrap_or_default();
            failure(&error, known.into_iter().map(|table| table.name).collect())
        })
    });
    asked.await?
}

/// What arrived, or that it was too much.
pub fn whole_body(body: Result<Bytes, BytesRejection>) -> Result<Bytes, Failure> {
    body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let message = format!("body is over {UPLOAD_BYTES_MAX} bytes: upload a smaller table");
            Failure::new(ErrorCode::LimitExceeded, message)
        }
        _ => Failure::new(ErrorCode::InvalidRequest, rejection.body_text()),
    })
}

fn failure(error: &LookupError, known: Vec<String>) -> Failure {
    let message = error.to_string();
    match error {
        LookupError::NotFound(wanted) => {
            not_found(message, wanted, &known, "`weir lookups list` shows those there are")
        }
        LookupError::BadTable(_) => Failure::new(error.code(), message)
            .with_hint("nothing was changed; mend the file and upload it again"),
        _ => Failure::new(error.code(), message),
    }
}
