//! What a client has asked so far: the request budget is checked against these.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::Api;

/// Counts since the client was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientStats {
    /// Every kind of request the client knows, in the order of their keys.
    pub apis: Vec<(Api, ApiStats)>,
    /// Connections whose TCP handshake succeeded, whether or not they became usable.
    pub connections_opened: u64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ApiStats {
    /// Requests handed to a connection.
    pub requests: u64,
    /// Those that got no readable answer. Error codes inside an answer do not count.
    pub failures: u64,
    /// Bytes of answers, frame lengths included.
    pub response_bytes: u64,
    /// Of the requests those beyond the first of one question, whose answer would be too large.
    pub extra_pieces: u64,
}

impl ClientStats {
    /// All requests together.
    pub fn requests(&self) -> u64 {
        self.apis.iter().map(|(_, stats)| stats.requests).sum()
    }

    pub fn of(&self, api: Api) -> ApiStats {
        let found = self.apis.iter().find(|(one, _)| *one == api);
        found.map(|(_, stats)| *stats).unwrap_or_default()
    }
}

/// The counters behind [`ClientStats`], shared by all connections of a client.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    apis: [ApiCounters; Api::ALL.len()],
    connections_opened: AtomicU64,
}

#[derive(Debug, Default)]
struct ApiCounters {
    requests: AtomicU64,
    failures: AtomicU64,
    response_bytes: AtomicU64,
    extra_pieces: AtomicU64,
}

impl Counters {
    pub(crate) fn requested(&self, api: Api) {
        self.api(api).requests.fetch_add(1, Relaxed);
    }

    pub(crate) fn failed(&self, api: Api) {
        self.api(api).failures.fetch_add(1, Relaxed);
    }

    pub(crate) fn received(&self, api: Api, bytes: usize) {
        self.api(api).response_bytes.fetch_add(bytes as u64, Relaxed);
    }

    /// One question took so many requests.
    pub(crate) fn split(&self, api: Api, pieces: u64) {
        self.api(api).extra_pieces.fetch_add(pieces.saturating_sub(1), Relaxed);
    }

    pub(crate) fn connected(&self) {
        self.connections_opened.fetch_add(1, Relaxed);
    }

    pub(crate) fn snapshot(&self) -> ClientStats {
        let read = |counters: &ApiCounters| ApiStats {
            requests: counters.requests.load(Relaxed),
            failures: counters.failures.load(Relaxed),
            response_bytes: counters.response_bytes.load(Relaxed),
            extra_pieces: counters.extra_pieces.load(Relaxed),
        };
        ClientStats {
            apis: Api::ALL.into_iter().zip(self.apis.iter().map(read)).collect(),
            connections_opened: self.connections_opened.load(Relaxed),
        }
    }

    fn api(&self, api: Api) -> &ApiCounters {
        let at = Api::ALL.iter().position(|one| *one == api);
        &self.apis[at.expect("ALL holds every api")]
    }
}
