//! Frames in and out of one stream, many requests under way at once.
//!
//! A writer task sends what is queued, a reader task hands each answer to whoever waits for its
//! correlation id. Every request under way holds a permit until its answer is there or the
//! pipeline is closed, which bounds the queue and the table of waiting requests alike.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::{Buf, BufMut, Bytes, BytesMut};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf},
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot},
    time::timeout,
};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{Api, BrokerAddress, Error, stats::Counters, tls, wire::LENGTH_BYTES};

/// Bytes of a frame's length and of the correlation id behind it.
const PREFIX_BYTES: usize = LENGTH_BYTES + CORRELATION_BYTES;
const CORRELATION_BYTES: usize = 4;
/// Room first made for an answer; a larger one grows as its bytes arrive.
const FIRST_RESERVE_BYTES: usize = 64 << 10;

/// What a pipeline must know beside its stream.
#[derive(Debug, Clone)]
pub(crate) struct PipelineOptions {
    pub(crate) address: BrokerAddress,
    pub(crate) request_timeout: Duration,
    pub(crate) max_response_bytes: usize,
    pub(crate) max_in_flight: usize,
    pub(crate) encrypted: bool,
    pub(crate) counters: Arc<Counters>,
}

/// One open stream. Dropping it closes the stream.
#[derive(Debug)]
pub(crate) struct Pipeline {
    shared: Arc<Shared>,
    outgoing: mpsc::Sender<Bytes>,
    permits: Arc<Semaphore>,
    _stop_when_dropped: DropGuard,
}

#[derive(Debug)]
struct Shared {
    options: PipelineOptions,
    state: Mutex<State>,
    stopped: CancellationToken,
}

#[derive(Debug)]
struct State {
    next_id: i32,
    waiting: HashMap<i32, Waiting>,
    progress: Progress,
    /// Set once; nothing is sent afterwards.
    closed: Option<Error>,
}

#[derive(Debug)]
struct Waiting {
    api: Api,
    answer: oneshot::Sender<Result<Bytes, Error>>,
    _permit: OwnedSemaphorePermit,
}

/// How far the other side has come: what its hanging up means depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Progress {
    Silent,
    Negotiated,
    Working,
}

/// How a frame begins.
struct Prefix {
    /// Of what follows the length itself.
    length: usize,
    id: i32,
    api: Api,
}

impl Pipeline {
    pub(crate) fn start<S>(stream: S, options: PipelineOptions) -> Self
    where
        S: AsyncRead + AsyncWrite + Send + 'static,
    {
        let max_in_flight = options.max_in_flight.max(1);
        let (outgoing, requests) = mpsc::channel(max_in_flight);
        let stopped = CancellationToken::new();
        let state =
            State { next_id: 0, waiting: HashMap::new(), progress: Progress::Silent, closed: None };
        let shared = Arc::new(Shared { options, state: Mutex::new(state), stopped });
        let (read, write) = tokio::io::split(stream);
        tokio::spawn(read_answers(Arc::clone(&shared), read));
        tokio::spawn(write_requests(shared.stopped.clone(), write, requests));
        Self {
            _stop_when_dropped: shared.stopped.clone().drop_guard(),
            shared,
            outgoing,
            permits: Arc::new(Semaphore::new(max_in_flight)),
        }
    }

    /// Sends the frame that `encode` makes for a correlation id, and waits for the frame that
    /// answers it, correlation id included.
    pub(crate) async fn exchange(
        &self,
        api: Api,
        encode: impl FnOnce(i32) -> Result<Bytes, Error>,
    ) -> Result<Bytes, Error> {
        let after = self.shared.options.request_timeout;
        match timeout(after, self.exchange_untimed(api, encode)).await {
            Ok(answer) => answer,
            Err(_) => {
                let address = self.shared.options.address.clone();
                let error = Error::Timeout { address, api, after };
                self.shared.close(&error);
                Err(error)
            }
        }
    }

    /// Why nothing can be sent any more.
    pub(crate) fn closed(&self) -> Option<Error> {
        self.shared.lock().closed.clone()
    }

    /// Ends it for a reason its users learn.
    pub(crate) fn close(&self, error: &Error) {
        self.shared.close(error);
    }

    async fn exchange_untimed(
        &self,
        api: Api,
        encode: impl FnOnce(i32) -> Result<Bytes, Error>,
    ) -> Result<Bytes, Error> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.expect("the semaphore is never closed");
        let (sender, receiver) = oneshot::channel();
        let id = self.shared.next_id();
        let frame = encode(id)?;
        self.shared.expect_answer(id, Waiting { api, answer: sender, _permit: permit })?;
        self.shared.options.counters.requested(api);
        if self.outgoing.try_send(frame).is_err() {
            self.shared.close(&self.shared.disconnected("the stream no longer takes requests"));
        }
        match receiver.await {
            Ok(answer) => answer,
            Err(_) => Err(self.shared.disconnected("it was closed")),
        }
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next_id(&self) -> i32 {
        let mut state = self.lock();
        state.next_id = state.next_id.wrapping_add(1) & i32::MAX;
        state.next_id
    }

    fn expect_answer(&self, id: i32, waiting: Waiting) -> Result<(), Error> {
        let mut state = self.lock();
        if let Some(error) = &state.closed {
            return Err(error.clone());
        }
        state.waiting.insert(id, waiting);
        Ok(())
    }

    /// Which request has this id, if one has, and how far the other side has come.
    fn under_way(&self, id: i32) -> (Option<Api>, Progress) {
        let state = self.lock();
        (state.waiting.get(&id).map(|waiting| waiting.api), state.progress)
    }

    fn answered(&self, id: i32, api: Api, answer: Result<Bytes, Error>) {
        let mut state = self.lock();
        state.progress = match api {
            Api::ApiVersions => state.progress.max(Progress::Negotiated),
            _ => Progress::Working,
        };
        if let Some(waiting) = state.waiting.remove(&id) {
            // A caller that stopped waiting is no failure.
            let _ = waiting.answer.send(answer);
        }
    }

    /// Ends the pipeline: whoever waits gets `error`, or what it means for a bystander.
    fn close(&self, error: &Error) {
        let mut state = self.lock();
        if state.closed.is_some() {
            return;
        }
        state.closed = Some(error.clone());
        let bystander = match error {
            Error::Timeout { .. } => self.disconnected("given up, as another request timed out"),
            other => other.clone(),
        };
        for (_, waiting) in state.waiting.drain() {
            let _ = waiting.answer.send(Err(bystander.clone()));
        }
        self.stopped.cancel();
    }

    /// What it means that the other side hung up now.
    fn hung_up(&self) -> Error {
        let state = self.lock();
        let address = self.options.address.clone();
        match state.progress {
            Progress::Silent => {
                Error::ClosedUnanswered { address, encrypted: self.options.encrypted }
            }
            Progress::Negotiated if !state.waiting.is_empty() => {
                Error::AuthenticationRequired { address }
            }
            _ => self.disconnected("the broker closed it"),
        }
    }

    fn disconnected(&self, reason: &str) -> Error {
        Error::Disconnected { address: self.options.address.clone(), reason: Arc::from(reason) }
    }

    /// The stream ended inside a frame, after these bytes of its prefix.
    fn broke_off(&self, prefix: &[u8]) -> Error {
        match self.lock().progress {
            Progress::Silent => self.stranger(prefix),
            _ => self.disconnected("it broke off inside an answer"),
        }
    }

    /// What the first bytes of a stream say when they begin no answer of Kafka's.
    fn stranger(&self, first: &[u8]) -> Error {
        let address = self.options.address.clone();
        if !self.options.encrypted && looks_like_tls(first) {
            return Error::TlsExpected { address };
        }
        Error::NotKafka { address, saw: describe(first) }
    }
}

async fn write_requests<S>(
    stopped: CancellationToken,
    mut stream: WriteHalf<S>,
    mut requests: mpsc::Receiver<Bytes>,
) where
    S: AsyncWrite,
{
    let write = async {
        while let Some(frame) = requests.recv().await {
            // The reader learns why: a peer that hangs up may have left its reason to be read.
            if stream.write_all(&frame).await.is_err() || stream.flush().await.is_err() {
                break;
            }
        }
        let _ = stream.shutdown().await;
    };
    stopped.run_until_cancelled(write).await;
}

async fn read_answers<S: AsyncRead>(shared: Arc<Shared>, mut stream: ReadHalf<S>) {
    let read = async {
        loop {
            if let Err(error) = read_answer(&shared, &mut stream).await {
                return error;
            }
        }
    };
    if let Some(error) = shared.stopped.run_until_cancelled(read).await {
        tracing::debug!(address = %shared.options.address, %error, "connection closed");
        shared.close(&error);
    }
}

/// Reads one frame and hands it over. An error ends the pipeline.
async fn read_answer<S: AsyncRead>(shared: &Shared, stream: &mut ReadHalf<S>) -> Result<(), Error> {
    let Prefix { length, id, api } = read_prefix(shared, stream).await?;
    let options = &shared.options;
    let answer = if length > options.max_response_bytes {
        skip(shared, stream, length - CORRELATION_BYTES).await?;
        let (address, limit) = (options.address.clone(), options.max_response_bytes);
        Err(Error::ResponseTooLarge { address, api, bytes: length, limit })
    } else {
        Ok(read_body(shared, stream, length, id).await?)
    };
    options.counters.received(api, LENGTH_BYTES + length);
    shared.answered(id, api, answer);
    Ok(())
}

/// Waits for the next frame; an error when it answers no request under way.
async fn read_prefix<S: AsyncRead>(
    shared: &Shared,
    stream: &mut ReadHalf<S>,
) -> Result<Prefix, Error> {
    let mut prefix = BytesMut::with_capacity(PREFIX_BYTES);
    while prefix.len() < PREFIX_BYTES {
        let missing = PREFIX_BYTES - prefix.len();
        match stream.read_buf(&mut (&mut prefix).limit(missing)).await {
            Ok(count) if count > 0 => {}
            Err(error) if !tls::is_closed(&error) => {
                return Err(tls::explain(&shared.options.address, &error));
            }
            _ if prefix.is_empty() => return Err(shared.hung_up()),
            _ => return Err(shared.broke_off(&prefix)),
        }
    }
    let first = prefix.clone();
    let (length, id) = (prefix.get_i32(), prefix.get_i32());
    let (api, progress) = shared.under_way(id);
    match (usize::try_from(length), api) {
        (Ok(length), Some(api)) if length >= CORRELATION_BYTES => Ok(Prefix { length, id, api }),
        _ if progress == Progress::Silent => Err(shared.stranger(&first)),
        (_, None) => Err(shared.disconnected(&format!("it answered request {id}, never sent"))),
        _ => Err(shared.disconnected(&format!("it sent a frame of {length} bytes"))),
    }
}

/// The frame without its length, from the correlation id on.
async fn read_body<S: AsyncRead>(
    shared: &Shared,
    stream: &mut ReadHalf<S>,
    length: usize,
    id: i32,
) -> Result<Bytes, Error> {
    let mut frame = BytesMut::with_capacity(length.min(FIRST_RESERVE_BYTES));
    frame.put_i32(id);
    while frame.len() < length {
        let missing = length - frame.len();
        match stream.read_buf(&mut (&mut frame).limit(missing)).await {
            Ok(count) if count > 0 => {}
            Err(error) if !tls::is_closed(&error) => {
                return Err(tls::explain(&shared.options.address, &error));
            }
            _ => return Err(shared.disconnected("it broke off inside an answer")),
        }
    }
    Ok(frame.freeze())
}

/// Reads past what is too large to keep.
async fn skip<S: AsyncRead>(
    shared: &Shared,
    stream: &mut ReadHalf<S>,
    bytes: usize,
) -> Result<(), Error> {
    let mut rest = stream.take(bytes as u64);
    match tokio::io::copy(&mut rest, &mut tokio::io::sink()).await {
        Ok(skipped) if skipped == bytes as u64 => Ok(()),
        _ => Err(shared.disconnected("it broke off inside an answer")),
    }
}

/// An alert (21) or handshake (22) record of TLS 1.x, which a TLS port may send to plaintext.
fn looks_like_tls(first: &[u8]) -> bool {
    matches!(first, [0x15 | 0x16, 0x03, ..])
}

fn describe(first: &[u8]) -> Arc<str> {
    if first.starts_with(b"HTTP") {
        return Arc::from("it answered as an HTTP server");
    }
    let printable = first.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ');
    let text = match std::str::from_utf8(first) {
        Ok(text) if printable => format!("its answer began with `{text}`"),
        _ => {
            let hex: Vec<String> = first.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("its answer began with the bytes {}", hex.join(" "))
        }
    };
    Arc::from(text)
}

#[cfg(test)]
mod tests;
