//! The way to one broker: its connection, opened when needed, and its pauses after failures.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Mutex, time::Instant};

use crate::{
    ApiVersions, BrokerAddress, Error,
    api::Request,
    backoff::Backoff,
    connection::{Connection, Settings},
};

#[derive(Debug)]
pub(crate) struct Link {
    address: BrokerAddress,
    settings: Arc<Settings>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    connection: Option<Arc<Connection>>,
    backoff: Backoff,
}

/// A connection and whether it was opened just now.
struct Opened {
    connection: Arc<Connection>,
    fresh: bool,
}

impl Link {
    pub(crate) fn new(address: BrokerAddress, settings: Arc<Settings>) -> Self {
        let options = &settings.options;
        let backoff = Backoff::new(options.backoff_initial, options.backoff_max);
        let state = Mutex::new(State { connection: None, backoff });
        Self { address, settings, state }
    }

    pub(crate) fn address(&self) -> &BrokerAddress {
        &self.address
    }

    /// Whether a request could go out at once. One being opened counts as not open.
    pub(crate) fn is_open(&self) -> bool {
        let state = self.state.try_lock();
        let connection = state.as_ref().ok().and_then(|state| state.connection.as_ref());
        connection.is_some_and(|connection| connection.closed().is_none())
    }

    pub(crate) async fn versions(&self) -> Result<Arc<ApiVersions>, Error> {
        Ok(self.connection().await?.connection.versions())
    }

    /// As [`Connection::call`]. A connection that turns out to have been closed while it was idle
    /// is replaced once: every request we send only reads.
    pub(crate) async fn call<R: Request>(
        &self,
        floor: i16,
        build: impl Fn(i16) -> R,
    ) -> Result<R::Response, Error> {
        let opened = self.connection().await?;
        match opened.connection.call(floor, &build).await {
            Err(Error::Disconnected { .. }) if !opened.fresh => {
                self.connection().await?.connection.call(floor, &build).await
            }
            answer => answer,
        }
    }

    /// The open connection, or a new one; whoever else asks meanwhile waits for the same attempt.
    async fn connection(&self) -> Result<Opened, Error> {
        let mut state = self.state.lock().await;
        if let Some(connection) = &state.connection {
            match connection.closed() {
                None => return Ok(Opened { connection: Arc::clone(connection), fresh: false }),
                Some(error) => state.lost(error, &self.settings),
            }
        }
        if let Some((remaining, cause)) = state.backoff.remaining(Instant::now()) {
            let address = self.address.clone();
            return Err(Error::BackingOff { address, remaining, cause });
        }
        let started = Instant::now();
        match Connection::open(&self.address, &self.settings).await {
            Ok(connection) => {
                let connection = Arc::new(connection);
                state.connection = Some(Arc::clone(&connection));
                state.backoff.succeeded();
                Ok(Opened { connection, fresh: true })
            }
            Err(error) => {
                state.pause(started.elapsed(), error.clone());
                Err(error)
            }
        }
    }
}

impl State {
    /// Forgets a closed connection. One that merely ended is replaced at once; one that hung or
    /// was refused would end the same way again.
    fn lost(&mut self, error: Error, settings: &Settings) {
        self.connection = None;
        match error {
            Error::Timeout { .. } => self.pause(settings.options.request_timeout, error),
            Error::AuthenticationRequired { .. } => self.pause(Duration::ZERO, error),
            _ => {}
        }
    }

    fn pause(&mut self, cost: Duration, cause: Error) {
        self.backoff.failed(Instant::now(), cost, cause, rand::random());
    }
}
