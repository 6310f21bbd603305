//! `/metrics`: Weir's own series, then Kafka's in the names that [`Exposition`] gives them. Rendering
//! reads counters and what the sources last published; it touches neither Kafka nor the store.

mod own;

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use http_body::Frame;

use crate::service::{Exposition, Services};

/// The text format that every Prometheus reads.
const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What the server counts about itself.
#[derive(Debug, Default)]
pub struct Counters {
    pub events_ingested: AtomicU64,
    pub events_refused: AtomicU64,
    pub queries: AtomicU64,
    pub queries_failed: AtomicU64,
}

impl Counters {
    pub fn add(counter: &AtomicU64, n: usize) {
        counter.fetch_add(n as u64, Ordering::Relaxed);
    }
}

pub async fn serve(State(services): State<Services>) -> impl IntoResponse {
    let now = services.clock.now();
    let own = own::render(&services, now).into_bytes();
    let exposition: &dyn Exposition = &*services.exposition;
    let chunks = std::iter::once(own).chain(exposition.chunks(now));
    ([(header::CONTENT_TYPE, CONTENT_TYPE)], Body::new(Chunks(Box::new(chunks))))
}

/// A body whose next chunk is made when the one before it has been taken: a slow reader holds one
/// chunk and no thread.
struct Chunks(Box<dyn Iterator<Item = Vec<u8>> + Send>);

impl http_body::Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.next().map(|chunk| Ok(Frame::data(chunk.into()))))
    }
}
