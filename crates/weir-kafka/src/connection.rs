//! One usable connection to one broker: reached, encrypted if asked, versions agreed.
//!
//! Authentication belongs between the agreement on versions and the first request.

use std::{io, sync::Arc};

use bytes::{Buf, Bytes};
use kafka_protocol::{
    messages::{ApiVersionsRequest, ApiVersionsResponse},
    protocol::{Message, StrBytes},
};
use tokio::{
    net::{TcpStream, lookup_host},
    time::{Instant, timeout_at},
};

use crate::{
    Api, ApiVersions, BrokerAddress, ClientOptions, Error,
    api::Request,
    error::KafkaCode,
    pipeline::{Pipeline, PipelineOptions},
    stats::Counters,
    tls::Tls,
    wire,
};

const UNSUPPORTED_VERSION: i16 = 35;
const ILLEGAL_SASL_STATE: i16 = 34;

/// What all connections of a client share.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) options: ClientOptions,
    pub(crate) tls: Option<Tls>,
    pub(crate) client_id: StrBytes,
    pub(crate) counters: Arc<Counters>,
}

#[derive(Debug)]
pub(crate) struct Connection {
    address: BrokerAddress,
    settings: Arc<Settings>,
    pipeline: Pipeline,
    versions: Arc<ApiVersions>,
}

impl Connection {
    pub(crate) async fn open(
        address: &BrokerAddress,
        settings: &Arc<Settings>,
    ) -> Result<Self, Error> {
        let after = settings.options.connect_timeout;
        let deadline = Instant::now() + after;
        let stream = timeout_at(deadline, connect(address))
            .await
            .map_err(|_| Error::ConnectTimeout { address: address.clone(), after })??;
        settings.counters.connected();
        timeout_at(deadline, Self::agree(stream, address, settings))
            .await
            .map_err(|_| Error::HandshakeTimeout { address: address.clone(), after })?
    }

    pub(crate) fn versions(&self) -> Arc<ApiVersions> {
        Arc::clone(&self.versions)
    }

    /// Why nothing can be asked here any more.
    pub(crate) fn closed(&self) -> Option<Error> {
        self.pipeline.closed()
    }

    /// Asks with the highest version both sides speak, at least `floor`; `build` is told which.
    pub(crate) async fn call<R: Request>(
        &self,
        floor: i16,
        build: impl FnOnce(i16) -> R,
    ) -> Result<R::Response, Error> {
        let version = self.versions.choose::<R>(&self.address, floor)?;
        let request = build(version);
        let frame = exchange(&self.pipeline, &self.address, &self.settings, version, &request);
        let answer = wire::decode::<R>(&self.address, version, frame.await?);
        if answer.is_err() {
            self.settings.counters.failed(R::API);
        }
        answer
    }

    async fn agree(
        stream: TcpStream,
        address: &BrokerAddress,
        settings: &Arc<Settings>,
    ) -> Result<Self, Error> {
        let options = pipeline_options(address, settings);
        let pipeline = match &settings.tls {
            Some(tls) => Pipeline::start(tls.handshake(stream, address).await?, options),
            None => Pipeline::start(stream, options),
        };
        let versions = Arc::new(negotiate(&pipeline, address, settings).await?);
        tracing::debug!(%address, encrypted = settings.tls.is_some(), "connected");
        let (address, settings) = (address.clone(), Arc::clone(settings));
        Ok(Self { address, settings, pipeline, versions })
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

async fn connect(address: &BrokerAddress) -> Result<TcpStream, Error> {
    let resolve =
        |reason: String| Error::Resolve { address: address.clone(), reason: reason.into() };
    let found: Vec<_> = lookup_host((address.host(), address.port()))
        .await
        .map_err(|error| resolve(error.to_string()))?
        .collect();
    if found.is_empty() {
        return Err(resolve("no address is known for it".to_owned()));
    }
    let stream =
        TcpStream::connect(found.as_slice()).await.map_err(|error| match error.kind() {
            io::ErrorKind::ConnectionRefused => Error::Refused { address: address.clone() },
            _ => Error::Connect { address: address.clone(), reason: error.to_string().into() },
        })?;
    // Requests are small and each is waited for: never hold one back to fill a packet.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%address, %error, "cannot set TCP_NODELAY");
    }
    Ok(stream)
}

/// Asks which versions the broker speaks. A broker that does not know our version of the question
/// answers in version 0 with its own range (KIP-511), and is asked again in a version it knows.
async fn negotiate(
    pipeline: &Pipeline,
    address: &BrokerAddress,
    settings: &Settings,
) -> Result<ApiVersions, Error> {
    let mut version = ApiVersionsRequest::VERSIONS.max;
    loop {
        let frame = exchange(pipeline, address, settings, version, &introduction(version)).await?;
        let code = error_code(&frame);
        let understood = if code == Some(UNSUPPORTED_VERSION) { 0 } else { version };
        let answer = wire::decode::<ApiVersionsRequest>(address, understood, frame)?;
        match answer.error_code {
            UNSUPPORTED_VERSION if version > 0 => {
                version = known_version(&answer).min(version - 1);
            }
            ILLEGAL_SASL_STATE => {
                return Err(Error::AuthenticationRequired { address: address.clone() });
            }
            code => match KafkaCode::from_answer(code) {
                None => return Ok(ApiVersions::from_answer(&answer)),
                Some(code) => return Err(Error::broker(address, Api::ApiVersions, code, None)),
            },
        }
    }
}

fn introduction(version: i16) -> ApiVersionsRequest {
    if version < 3 {
        return ApiVersionsRequest::default();
    }
    ApiVersionsRequest::default()
        .with_client_software_name(StrBytes::from_static_str("weir"))
        .with_client_software_version(StrBytes::from_static_str(env!("CARGO_PKG_VERSION")))
}

/// The error code stands right behind the correlation id, whatever the version.
fn error_code(frame: &Bytes) -> Option<i16> {
    frame.get(size_of::<i32>()..).and_then(|mut rest| rest.try_get_i16().ok())
}

/// The highest version of ApiVersions the broker says it knows; 0 when it does not say.
fn known_version(answer: &ApiVersionsResponse) -> i16 {
    let own = answer.api_keys.iter().find(|api| api.api_key == Api::ApiVersions.key());
    own.map_or(0, |api| api.max_version.max(0))
}

/// One request and the frame that answers it, counted.
async fn exchange<R: Request>(
    pipeline: &Pipeline,
    address: &BrokerAddress,
    settings: &Settings,
    version: i16,
    request: &R,
) -> Result<Bytes, Error> {
    let api = R::API;
    let encode =
        |id| {
            wire::encode(request, version, id, &settings.client_id)
                .map_err(|reason| Error::Encode { address: address.clone(), api, reason })
        };
    let answer = pipeline.exchange(api, encode).await;
    if answer.is_err() {
        settings.counters.failed(api);
    }
    answer
}
