//! One usable connection to one broker: reached, encrypted if asked, versions agreed, and we
//! authenticated if asked, for as long as it is used.

use std::{sync::Arc, time::Duration};

use kafka_protocol::protocol::StrBytes;
use tokio::{
    sync::{RwLock, RwLockReadGuard},
    time::{Instant, timeout_at},
};

use crate::{
    ApiVersions, BrokerAddress, ClientOptions, Error,
    api::Request,
    channel::Channel,
    dial::{Dial, Stream},
    pipeline::{Pipeline, PipelineOptions},
    sasl::{self, Claim},
    stats::Counters,
    tls::Tls,
};

/// When in a session's life to authenticate again; the span keeps many connections from doing so
/// at once.
const RENEWAL: std::ops::Range<f64> = 0.80..0.90;
/// The share of a session's life to wait before asking again for a token that was not to be had.
const TOKEN_RETRY: f64 = 0.02;

/// What all connections of a client share.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) options: ClientOptions,
    pub(crate) tls: Option<Tls>,
    pub(crate) dial: Arc<dyn Dial>,
    pub(crate) client_id: StrBytes,
    pub(crate) counters: Arc<Counters>,
}

#[derive(Debug)]
pub(crate) struct Connection {
    channel: Channel,
    /// Read by requests, written while we authenticate again: a broker takes nothing else then.
    session: RwLock<Session>,
}

/// How long the broker takes us for who we said we are.
#[derive(Debug, Clone, Copy)]
struct Session {
    lifetime: Option<Duration>,
    renew_at: Option<Instant>,
    expires_at: Option<Instant>,
}

impl Connection {
    pub(crate) async fn open(
        address: &BrokerAddress,
        settings: &Arc<Settings>,
    ) -> Result<Self, Error> {
        let claim = sasl::prepare(address, &settings.options).await?;
        let after = settings.options.connect_timeout;
        let deadline = Instant::now() + after;
        let stream = timeout_at(deadline, settings.dial.dial(address))
            .await
            .map_err(|_| Error::ConnectTimeout { address: address.clone(), after })??;
        settings.counters.connected();
        timeout_at(deadline, Self::agree(stream, address, settings, claim))
            .await
            .map_err(|_| Error::HandshakeTimeout { address: address.clone(), after })?
    }

    pub(crate) fn versions(&self) -> Arc<ApiVersions> {
        Arc::clone(&self.channel.versions)
    }

    /// Why nothing can be asked here any more.
    pub(crate) fn closed(&self) -> Option<Error> {
        self.channel.pipeline.closed()
    }

    /// Asks with the highest version both sides speak, at least `floor`; `build` is told which.
    pub(crate) async fn call<R: Request>(
        &self,
        floor: i16,
        build: impl FnOnce(i16) -> R,
    ) -> Result<R::Response, Error> {
        let _session = self.valid_session().await?;
        self.channel.ask(floor, build).await
    }

    async fn agree(
        stream: Box<dyn Stream>,
        address: &BrokerAddress,
        settings: &Arc<Settings>,
        claim: Option<Claim>,
    ) -> Result<Self, Error> {
        let options = pipeline_options(address, settings);
        let pipeline = match &settings.tls {
            Some(tls) => Pipeline::start(tls.handshake(stream, address).await?, options),
            None => Pipeline::start(stream, options),
        };
        let channel = Channel::negotiate(pipeline, address.clone(), Arc::clone(settings)).await?;
        let session = authenticate(&channel, claim).await?;
        tracing::debug!(
            %address,
            encrypted = settings.tls.is_some(),
            session_secs = session.lifetime.map(|lifetime| lifetime.as_secs()),
            "connected"
        );
        Ok(Self { channel, session: RwLock::new(session) })
    }

    /// Authenticates again when it is time (KIP-368), after the requests under way.
    async fn valid_session(&self) -> Result<RwLockReadGuard<'_, Session>, Error> {
        let session = self.session.read().await;
        if !session.is_due() {
            return Ok(session);
        }
        drop(session);
        let mut session = self.session.write().await;
        if session.is_due() {
            *session = self.renew(*session).await?;
        }
        Ok(session.downgrade())
    }

    async fn renew(&self, before: Session) -> Result<Session, Error> {
        let (address, options) = (&self.channel.address, &self.channel.settings.options);
        let claim = match sasl::prepare(address, options).await {
            Err(error) if before.is_valid() => {
                tracing::warn!(%address, %error, "the session runs on for now");
                return Ok(before.asked_in_vain());
            }
            claim => claim,
        };
        let renewed = match claim {
            Ok(claim) => authenticate(&self.channel, claim).await,
            Err(error) => Err(error),
        };
        // A broker that heard half of it takes nothing else on this connection.
        renewed.inspect_err(|error| self.channel.pipeline.close(error))
    }
}

impl Session {
    fn new(lifetime: Option<Duration>) -> Self {
        let now = Instant::now();
        let share = rand::random_range(RENEWAL);
        Self {
            lifetime,
            renew_at: lifetime.map(|lifetime| now + lifetime.mul_f64(share)),
            expires_at: lifetime.map(|lifetime| now + lifetime),
        }
    }

    fn is_due(&self) -> bool {
        self.renew_at.is_some_and(|renew_at| renew_at <= Instant::now())
    }

    fn is_valid(&self) -> bool {
        self.expires_at.is_none_or(|expires_at| Instant::now() < expires_at)
    }

    fn asked_in_vain(self) -> Self {
        let pause = self.lifetime.unwrap_or_default().mul_f64(TOKEN_RETRY);
        Self { renew_at: self.renew_at.map(|_| Instant::now() + pause), ..self }
    }
}

async fn authenticate(channel: &Channel, claim: Option<Claim>) -> Result<Session, Error> {
    match claim {
        Some(claim) => Ok(Session::new(claim.prove(channel).await?)),
        None => Ok(Session::new(None)),
    }
}

fn pipeline_options(address: &BrokerAddress, settings: &Settings) -> PipelineOptions {
    PipelineOptions {
        address: address.clone(),
        request_timeout: settings.options.request_timeout,
        max_response_bytes: settings.options.max_response_bytes,
        max_in_flight: settings.options.max_in_flight,
        encrypted: settings.tls.is_some(),
        counters: Arc::clone(&settings.counters),
    }
}
