//! What can go wrong between us and a broker. Variants differ where the next step differs; each
//! message names the address and that step.

use std::{path::PathBuf, sync::Arc, time::Duration};

use crate::{Api, BrokerAddress, BrokerId, KafkaCode};

/// A failure of a client, a connection, a request, or one item of an answer. Cheap to clone, so
/// that one lost broker can be told to each of its partitions.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    #[error("no bootstrap address is given: name at least one broker as host:port")]
    NoBootstrap,
    #[error("cannot read certificate authorities from {}: {reason}: correct the CA file of `tls`", path.display())]
    CaFile { path: PathBuf, reason: Arc<str> },
    #[error(
        "no certificate authorities found on this system: name a PEM file as the CA file of `tls`"
    )]
    NoSystemRoots,
    #[error("cannot use the client certificate or its key from {}: {reason}: correct the client certificate of `tls`", path.display())]
    ClientCertificate { path: PathBuf, reason: Arc<str> },
    #[error("`{name}` is not a name a certificate can carry: correct the server name of `tls`")]
    ServerName { name: Arc<str> },

    #[error("{address}: cannot resolve host `{}` ({reason}): check the name and this machine's DNS", address.host())]
    Resolve { address: BrokerAddress, reason: Arc<str> },
    #[error(
        "{address}: connection refused: check that a broker runs there and that the port is right"
    )]
    Refused { address: BrokerAddress },
    #[error("{address}: no connection within {}: check firewalls and routes between here and there", seconds(.after))]
    ConnectTimeout { address: BrokerAddress, after: Duration },
    #[error("{address}: accepted the connection but did not answer within {}: the broker hangs, or the port is not Kafka's", seconds(.after))]
    HandshakeTimeout { address: BrokerAddress, after: Duration },
    #[error(
        "{address}: no way to it ({reason}): check the address, and this machine's network, routes and firewalls"
    )]
    NoRoute { address: BrokerAddress, reason: Arc<str> },
    #[error(
        "{address}: cannot connect: {reason}: check this machine's network and the limits of this process"
    )]
    Connect { address: BrokerAddress, reason: Arc<str> },

    #[error("{address}: the port speaks TLS and we spoke plaintext: set `tls`")]
    TlsExpected { address: BrokerAddress },
    #[error(
        "{address}: the port does not speak TLS: remove `tls`, or name the TLS listener's port"
    )]
    TlsUnexpected { address: BrokerAddress },
    #[error(
        "{address}: its certificate is not trusted ({reason}): name the PEM file of its authority as the CA file of `tls`"
    )]
    UntrustedCertificate { address: BrokerAddress, reason: Arc<str> },
    #[error(
        "{address}: its certificate is for another name ({reason}): connect by that name, or set the server name of `tls`"
    )]
    CertificateName { address: BrokerAddress, reason: Arc<str> },
    #[error(
        "{address}: wants a certificate from us (mutual TLS): name certificate and key as the client certificate of `tls`"
    )]
    ClientCertificateRequired { address: BrokerAddress },
    #[error(
        "{address}: does not accept our client certificate ({reason}): use one whose authority is in the broker's truststore and that is still valid"
    )]
    ClientCertificateRefused { address: BrokerAddress, reason: Arc<str> },
    #[error(
        "{address}: its certificate {when}: renew the broker's certificate, or check this machine's clock"
    )]
    CertificateOutOfTime { address: BrokerAddress, when: Arc<str> },
    #[error(
        "{address}: its certificate is that of an authority (CA:TRUE), which no server may use as its own: give the broker one that the authority signed, or a self-signed one with CA:FALSE"
    )]
    CertificateOfAuthority { address: BrokerAddress },
    #[error(
        "{address}: no TLS version or cipher in common ({reason}): enable TLS 1.2 or 1.3 there (ssl.enabled.protocols); older ones are not supported"
    )]
    TlsVersion { address: BrokerAddress, reason: Arc<str> },
    #[error("{address}: TLS failed: {reason}: the broker's log may say why")]
    Tls { address: BrokerAddress, reason: Arc<str> },

    #[error("{address}: closed the connection without answering{}", closing_hint(.encrypted))]
    ClosedUnanswered { address: BrokerAddress, encrypted: bool },
    #[error(
        "{address}: closed the connection at our first request: it most likely wants SASL authentication: set `sasl`"
    )]
    AuthenticationRequired { address: BrokerAddress },
    #[error(
        "{address}: the listener takes no SASL authentication: remove `sasl`, or name the port of a SASL listener"
    )]
    AuthenticationUnexpected { address: BrokerAddress },
    #[error(
        "{address}: does not offer {mechanism} on this listener{}: set the mechanism of `sasl` to one it offers", offer(.offered)
    )]
    MechanismNotEnabled { address: BrokerAddress, mechanism: &'static str, offered: Vec<Arc<str>> },
    #[error("{address}: {mechanism} authentication failed: {reason}: {}", proof_hint(mechanism))]
    AuthenticationFailed { address: BrokerAddress, mechanism: &'static str, reason: Arc<str> },
    #[error(
        "{address}: could not prove that it knows our password: something else than the broker may answer there"
    )]
    BrokerUnproven { address: BrokerAddress },
    #[error("{address}: no token or key to authenticate with: {reason}")]
    Token { address: BrokerAddress, reason: Arc<str> },
    #[error("{address}: does not speak Kafka's protocol ({saw}): check the port")]
    NotKafka { address: BrokerAddress, saw: Arc<str> },
    #[error(
        "{address}: speaks {api} only in versions {broker_min} to {broker_max}, we need {our_min} to {our_max}"
    )]
    UnsupportedVersion {
        address: BrokerAddress,
        api: Api,
        broker_min: i16,
        broker_max: i16,
        our_min: i16,
        our_max: i16,
    },
    #[error(
        "{address}: does not know {api}: its Kafka is too old for it, or the service disables it"
    )]
    UnsupportedApi { address: BrokerAddress, api: Api },

    #[error("{address}: no answer to {api} within {}", seconds(.after))]
    Timeout { address: BrokerAddress, api: Api, after: Duration },
    #[error("{address}: connection lost: {reason}")]
    Disconnected { address: BrokerAddress, reason: Arc<str> },
    #[error(
        "{address}: the answer to {api} has {bytes} bytes, more than the {limit} allowed: raise the limit on answers"
    )]
    ResponseTooLarge { address: BrokerAddress, api: Api, bytes: usize, limit: usize },
    #[error("{address}: cannot read its answer to {api}: {reason}")]
    Malformed { address: BrokerAddress, api: Api, reason: Arc<str> },
    #[error("{address}: cannot write {api}: {reason}")]
    Encode { address: BrokerAddress, api: Api, reason: Arc<str> },
    #[error("{cause} (tried again in {})", seconds(.remaining))]
    BackingOff { address: BrokerAddress, remaining: Duration, cause: Arc<Error> },

    #[error("{address}: {api} answered {code}{}", detail(.message))]
    Broker { address: BrokerAddress, api: Api, code: KafkaCode, message: Option<Arc<str>> },
    #[error("{address}: {api} left out what was asked for")]
    Missing { address: BrokerAddress, api: Api },
    #[error("broker {broker} is not part of the cluster as last seen")]
    UnknownBroker { broker: BrokerId },
    #[error("{address}: answered without any broker: the cluster is still starting")]
    NoBrokers { address: BrokerAddress },
    #[error("partition {partition} of {topic} has no leader")]
    NoLeader { topic: Arc<str>, partition: i32 },
    #[error("partition {partition} of {topic} is not part of the cluster as last seen")]
    UnknownPartition { topic: Arc<str>, partition: i32 },
    #[error("broker {broker} advertises {}, which cannot be used from here: {cause}; if the address is wrong for this network, correct advertised.listeners", cause.address_text())]
    Advertised { broker: BrokerId, cause: Arc<Error> },
    #[error("no broker answered: {}", join(.attempts))]
    NoneAnswered { attempts: Vec<Error> },
}

impl Error {
    /// Trying the same again later can help without anyone changing anything.
    pub fn is_retryable(&self) -> bool {
        match self {
            Error::Broker { code, .. } => code.is_retryable(),
            Error::Advertised { cause, .. } | Error::BackingOff { cause, .. } => {
                cause.is_retryable()
            }
            Error::NoneAnswered { attempts } => attempts.iter().any(Error::is_retryable),
            _ => matches!(
                self,
                Error::Resolve { .. }
                    | Error::Refused { .. }
                    | Error::ConnectTimeout { .. }
                    | Error::HandshakeTimeout { .. }
                    | Error::NoRoute { .. }
                    | Error::Connect { .. }
                    | Error::Timeout { .. }
                    | Error::Disconnected { .. }
                    | Error::ClosedUnanswered { .. }
                    | Error::Token { .. }
                    | Error::NoBrokers { .. }
                    | Error::NoLeader { .. }
                    | Error::UnknownBroker { .. }
            ),
        }
    }

    /// The broker refused for want of a right; the message's code says on what.
    pub fn is_denied(&self) -> bool {
        self.code().is_some_and(KafkaCode::is_denied)
    }

    /// The code the broker answered with, if it answered.
    pub fn code(&self) -> Option<KafkaCode> {
        match self {
            Error::Broker { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// The address concerned, where there is one.
    pub fn address(&self) -> Option<&BrokerAddress> {
        match self {
            Error::Resolve { address, .. }
            | Error::Refused { address }
            | Error::ConnectTimeout { address, .. }
            | Error::HandshakeTimeout { address, .. }
            | Error::NoRoute { address, .. }
            | Error::Connect { address, .. }
            | Error::TlsExpected { address }
            | Error::TlsUnexpected { address }
            | Error::UntrustedCertificate { address, .. }
            | Error::CertificateName { address, .. }
            | Error::ClientCertificateRequired { address }
            | Error::ClientCertificateRefused { address, .. }
            | Error::CertificateOutOfTime { address, .. }
            | Error::CertificateOfAuthority { address }
            | Error::TlsVersion { address, .. }
            | Error::Tls { address, .. }
            | Error::ClosedUnanswered { address, .. }
            | Error::AuthenticationRequired { address }
            | Error::AuthenticationUnexpected { address }
            | Error::MechanismNotEnabled { address, .. }
            | Error::AuthenticationFailed { address, .. }
            | Error::BrokerUnproven { address }
            | Error::Token { address, .. }
            | Error::NotKafka { address, .. }
            | Error::UnsupportedVersion { address, .. }
            | Error::UnsupportedApi { address, .. }
            | Error::Timeout { address, .. }
            | Error::Disconnected { address, .. }
            | Error::ResponseTooLarge { address, .. }
            | Error::Malformed { address, .. }
            | Error::Encode { address, .. }
            | Error::BackingOff { address, .. }
            | Error::Broker { address, .. }
            | Error::Missing { address, .. }
            | Error::NoBrokers { address } => Some(address),
            Error::Advertised { cause, .. } => cause.address(),
            _ => None,
        }
    }

    /// There is no way to the address from here, whoever asks for whatever.
    pub(crate) fn is_unreachable(&self) -> bool {
        match self {
            Error::BackingOff { cause, .. } => cause.is_unreachable(),
            _ => matches!(
                self,
                Error::Resolve { .. }
                    | Error::Refused { .. }
                    | Error::ConnectTimeout { .. }
                    | Error::NoRoute { .. }
                    | Error::Connect { .. }
            ),
        }
    }

    /// It says something about this broker or the way to it; another may do better.
    pub(crate) fn is_another_brokers_chance(&self) -> bool {
        !matches!(
            self,
            Error::UnsupportedVersion { .. }
                | Error::UnsupportedApi { .. }
                | Error::ResponseTooLarge { .. }
                | Error::Encode { .. }
        )
    }

    pub(crate) fn broker(
        address: &BrokerAddress,
        api: Api,
        code: KafkaCode,
        message: Option<Arc<str>>,
    ) -> Self {
        Error::Broker { address: address.clone(), api, code, message }
    }

    fn address_text(&self) -> String {
        self.address().map(BrokerAddress::to_string).unwrap_or_default()
    }
}

fn seconds(duration: &Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

fn closing_hint(encrypted: &bool) -> &'static str {
    match encrypted {
        true => ": its log says why",
        false => ", as a port does that speaks TLS: set `tls`, or see the broker's log",
    }
}

/// A signature says when it was made: a clock that is wrong makes it one of another time.
fn proof_hint(mechanism: &str) -> &'static str {
    match mechanism {
        "AWS_MSK_IAM" => {
            "check that the role may do kafka-cluster:Connect, that `region` is the cluster's, and \
             this machine's clock, for a signature holds 15 minutes"
        }
        _ => "check the credentials of `sasl`",
    }
}

fn offer(mechanisms: &[Arc<str>]) -> String {
    match mechanisms {
        [] => String::new(),
        _ => format!(", only {}", mechanisms.join(", ")),
    }
}

fn detail(message: &Option<Arc<str>>) -> String {
    message.as_ref().map(|text| format!(": {text}")).unwrap_or_default()
}

fn join(attempts: &[Error]) -> String {
    let texts: Vec<String> = attempts.iter().map(Error::to_string).collect();
    texts.join("; ")
}
