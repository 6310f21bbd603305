//! A pipeline whose requests are typed, in versions the broker speaks.

use std::sync::Arc;

use bytes::{Buf, Bytes};
use kafka_protocol::{
    messages::{ApiVersionsRequest, ApiVersionsResponse},
    protocol::{Message, StrBytes},
};

use crate::{
    Api, ApiVersions, BrokerAddress, Error, KafkaCode, api::Request, connection::Settings,
    pipeline::Pipeline, wire,
};

#[derive(Debug)]
pub(crate) struct Channel {
    pub(crate) address: BrokerAddress,
    pub(crate) settings: Arc<Settings>,
    pub(crate) versions: Arc<ApiVersions>,
    pub(crate) pipeline: Pipeline,
}

impl Channel {
    /// Agrees with the broker on versions.
    pub(crate) async fn negotiate(
        pipeline: Pipeline,
        address: BrokerAddress,
        settings: Arc<Settings>,
    ) -> Result<Self, Error> {
        let versions = Arc::new(negotiate(&pipeline, &address, &settings).await?);
        Ok(Self { address, settings, versions, pipeline })
    }

    /// Asks with the highest version both sides speak, at least `floor`; `build` is told which.
    pub(crate) async fn ask<R: Request>(
        &self,
        floor: i16,
        build: impl FnOnce(i16) -> R,
    ) -> Result<R::Response, Error> {
        let version = self.versions.choose::<R>(&self.address, floor)?;
        let request = build(version);
        let frame = exchange(&self.pipeline, &self.address, &self.settings, version, request);
        let answer = wire::decode::<R>(&self.address, version, frame.await?);
        if answer.is_err() {
            self.settings.counters.failed(R::API);
        }
        answer
    }
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
        let frame = exchange(pipeline, address, settings, version, introduction(version)).await?;
        let is_unknown = error_code(&frame) == Some(KafkaCode::UNSUPPORTED_VERSION);
        let understood = if is_unknown { 0 } else { version };
        let answer = wire::decode::<ApiVersionsRequest>(address, understood, frame)?;
        match KafkaCode::from_answer(answer.error_code) {
            None => return Ok(ApiVersions::from_answer(&answer)),
            Some(KafkaCode::UNSUPPORTED_VERSION) if version > 0 => {
                version = known_version(&answer).min(version - 1);
            }
            Some(KafkaCode::ILLEGAL_SASL_STATE) => {
                return Err(Error::AuthenticationRequired { address: address.clone() });
            }
            Some(code) => return Err(Error::broker(address, Api::ApiVersions, code, None)),
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
fn error_code(frame: &Bytes) -> Option<KafkaCode> {
    let code = frame.get(size_of::<i32>()..).and_then(|mut rest| rest.try_get_i16().ok());
    code.and_then(KafkaCode::from_answer)
}

/// The highest version of ApiVersions the broker says it knows; 0 when it does not say.
fn known_version(answer: &ApiVersionsResponse) -> i16 {
    let own = answer.api_keys.iter().find(|api| api.api_key == Api::ApiVersions.key());
    own.map_or(0, |api| api.max_version.max(0))
}

/// One request and the frame that answers it, counted. The request goes once it is encoded: large
/// ones would else wait beside their answers.
async fn exchange<R: Request>(
    pipeline: &Pipeline,
    address: &BrokerAddress,
    settings: &Settings,
    version: i16,
    request: R,
) -> Result<Bytes, Error> {
    let api = R::API;
    let encode =
        move |id| {
            wire::encode(&request, version, id, &settings.client_id)
                .map_err(|reason| Error::Encode { address: address.clone(), api, reason })
        };
    let answer = pipeline.exchange(api, encode).await;
    if answer.is_err() {
        settings.counters.failed(api);
    }
    answer
}
