//! SASL: saying who we are, one mechanism a file.
//!
//! A mechanism is a `Conversation`; this drives it through SaslHandshake and SaslAuthenticate
//! (KIP-43, KIP-152) and learns how long the broker lets it stand (KIP-368).

mod client_credentials;
mod msk_iam;
mod oauth;
mod scram;
mod sigv4;

use std::{sync::Arc, time::Duration};

use kafka_protocol::messages::{SaslAuthenticateRequest, SaslHandshakeRequest};
use tokio::time::timeout;
use weir_types::Secret;

pub use client_credentials::{ClientCredentials, Form, HttpAnswer, Posting, TokenEndpoint};
pub use msk_iam::{AwsMskIam, MskIamToken};
pub use oauth::{Fetching, Token, TokenFile, TokenProvider};
pub use sigv4::{AwsCredentials, AwsCredentialsProvider, LoadingCredentials};

use crate::{Api, BrokerAddress, ClientOptions, Error, KafkaCode, channel::Channel, wire};

/// The first handshake behind which SaslAuthenticate carries the mechanism's messages.
const HANDSHAKE_FLOOR: i16 = 1;

/// How we prove to a broker who we are.
#[derive(Debug, Clone)]
pub enum Sasl {
    /// User name and password as they are: only sensible with TLS.
    Plain(Credentials),
    ScramSha256(Credentials),
    ScramSha512(Credentials),
    /// A token of an identity provider (KIP-255), asked for at each authentication.
    OauthBearer(Arc<dyn TokenProvider>),
    /// Amazon MSK's own mechanism, which old MSK clusters need; newer ones also take
    /// [`MskIamToken`] by OAUTHBEARER.
    AwsMskIam(AwsMskIam),
}

#[derive(Debug, Clone)]
pub struct Credentials {
    pub username: String,
    pub password: Secret,
}

/// One side of a mechanism's messages.
trait Conversation: Send {
    /// What we say first.
    fn open(&mut self) -> Vec<u8>;

    /// Our next message, or `None` when the broker's was the last.
    fn reply(&mut self, challenge: &[u8]) -> Result<Option<Vec<u8>>, Refusal>;

    /// What the broker said of a failure in the mechanism's own words.
    fn complaint(&self) -> Option<&str> {
        None
    }
}

/// Why we do not go on with a broker.
#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    /// It said something the mechanism has no room for.
    Nonsense(String),
    /// It denied us in the mechanism's own words.
    Denied(String),
    /// It does not know our password, so it is not who it says.
    Unproven,
}

impl Sasl {
    /// Kafka's name of the mechanism.
    pub fn mechanism(&self) -> &'static str {
        match self {
            Sasl::Plain(_) => "PLAIN",
            Sasl::ScramSha256(_) => "SCRAM-SHA-256",
            Sasl::ScramSha512(_) => "SCRAM-SHA-512",
            Sasl::OauthBearer(_) => "OAUTHBEARER",
            Sasl::AwsMskIam(_) => "AWS_MSK_IAM",
        }
    }
}

/// What we have in hand to authenticate with, once.
pub(crate) struct Claim {
    mechanism: &'static str,
    conversation: Box<dyn Conversation>,
}

/// Gets ready before the broker is involved: whoever gives out tokens may take its time, and that
/// is not the broker's fault. `None` when nothing is asked of us.
pub(crate) async fn prepare(
    address: &BrokerAddress,
    options: &ClientOptions,
) -> Result<Option<Claim>, Error> {
    let Some(sasl) = &options.sasl else { return Ok(None) };
    let no_token =
        |reason: String| Error::Token { address: address.clone(), reason: reason.into() };
    let patience = options.connect_timeout;
    let conversation = timeout(patience, conversation(address, sasl))
        .await
        .unwrap_or_else(|_| Err(format!("none came within {:.1} s", patience.as_secs_f64())))
        .map_err(no_token)?;
    Ok(Some(Claim { mechanism: sasl.mechanism(), conversation }))
}

impl Claim {
    /// Authenticates, for the first time or again; how long that holds, if the broker sets a limit.
    pub(crate) async fn prove(mut self, channel: &Channel) -> Result<Option<Duration>, Error> {
        handshake(channel, self.mechanism).await?;
        let mut message = Some(self.conversation.open());
        let mut lifetime_ms = 0;
        while let Some(bytes) = message {
            let request = |_| SaslAuthenticateRequest::default().with_auth_bytes(bytes.into());
            let answer = channel.ask(0, request).await?;
            if let Some(code) = KafkaCode::from_answer(answer.error_code) {
                let said = answer.error_message.as_ref().map(wire::text);
                return Err(self.denied(&channel.address, code, said));
            }
            lifetime_ms = answer.session_lifetime_ms;
            message = self
                .conversation
                .reply(&answer.auth_bytes)
                .map_err(|refusal| self.refused(&channel.address, refusal))?;
        }
        Ok(u64::try_from(lifetime_ms).ok().filter(|ms| *ms > 0).map(Duration::from_millis))
    }

    fn denied(&self, address: &BrokerAddress, code: KafkaCode, message: Option<Arc<str>>) -> Error {
        if code != KafkaCode::SASL_AUTHENTICATION_FAILED {
            return Error::broker(address, Api::SaslAuthenticate, code, message);
        }
        let message = message.unwrap_or_else(|| Arc::from(code.to_string()));
        let reason = match self.conversation.complaint() {
            Some(complaint) => format!("{message} ({complaint})").into(),
            None => message,
        };
        self.failed(address, reason)
    }

    fn refused(&self, address: &BrokerAddress, refusal: Refusal) -> Error {
        match refusal {
            Refusal::Unproven => Error::BrokerUnproven { address: address.clone() },
            Refusal::Denied(reason) => self.failed(address, reason.into()),
            Refusal::Nonsense(reason) => Error::Malformed {
                address: address.clone(),
                api: Api::SaslAuthenticate,
                reason: format!("{}: {reason}", self.mechanism).into(),
            },
        }
    }

    fn failed(&self, address: &BrokerAddress, reason: Arc<str>) -> Error {
        let (address, mechanism) = (address.clone(), self.mechanism);
        Error::AuthenticationFailed { address, mechanism, reason }
    }
}

async fn conversation(
    address: &BrokerAddress,
    sasl: &Sasl,
) -> Result<Box<dyn Conversation>, String> {
    Ok(match sasl {
        Sasl::Plain(credentials) => Box::new(Plain(credentials.clone())),
        Sasl::ScramSha256(credentials) => Box::new(scram::sha_256(credentials)),
        Sasl::ScramSha512(credentials) => Box::new(scram::sha_512(credentials)),
        Sasl::OauthBearer(provider) => Box::new(oauth::Bearer::new(&provider.token().await?)?),
        Sasl::AwsMskIam(iam) => Box::new(iam.sign(address.host()).await?),
    })
}

async fn handshake(channel: &Channel, mechanism: &'static str) -> Result<(), Error> {
    let request = |_| SaslHandshakeRequest::default().with_mechanism(wire::str_bytes(mechanism));
    let address = channel.address.clone();
    let answer = match channel.ask(HANDSHAKE_FLOOR, request).await {
        Err(Error::UnsupportedApi { .. }) => {
            return Err(Error::AuthenticationUnexpected { address });
        }
        answer => answer?,
    };
    match KafkaCode::from_answer(answer.error_code) {
        None => Ok(()),
        Some(KafkaCode::UNSUPPORTED_SASL_MECHANISM) => {
            let offered = answer.mechanisms.iter().map(wire::text).collect();
            Err(Error::MechanismNotEnabled { address, mechanism, offered })
        }
        Some(KafkaCode::ILLEGAL_SASL_STATE) => Err(Error::AuthenticationUnexpected { address }),
        Some(code) => Err(Error::broker(&address, Api::SaslHandshake, code, None)),
    }
}

/// RFC 4616: everything in one message.
struct Plain(Credentials);

impl Conversation for Plain {
    fn open(&mut self) -> Vec<u8> {
        format!("\0{}\0{}", self.0.username, self.0.password.reveal()).into_bytes()
    }

    fn reply(&mut self, _: &[u8]) -> Result<Option<Vec<u8>>, Refusal> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
