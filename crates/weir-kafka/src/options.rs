//! What a caller may choose about a client. Every field has a sane default but the addresses.

use std::{path::PathBuf, time::Duration};

use crate::{BrokerAddress, Sasl};

/// How to reach a cluster and how patient to be with it. Start from [`ClientOptions::new`].
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// Tried in turn until one answers; the cluster itself then says where its brokers are.
    pub bootstrap: Vec<BrokerAddress>,
    /// `None` speaks plaintext.
    pub tls: Option<TlsOptions>,
    /// `None` says who we are only by a client certificate, if at all.
    pub sasl: Option<Sasl>,
    /// Named in the brokers' logs, metrics and quotas.
    pub client_id: String,
    /// For everything until a connection may be used: name look-up, TCP, TLS, ApiVersions,
    /// authentication.
    pub connect_timeout: Duration,
    /// For one request on an open connection. When it passes the connection is closed: a broker
    /// answers a connection's requests in order, so whatever follows would be late as well.
    pub request_timeout: Duration,
    /// First pause after a failed connection; doubles with each further failure.
    pub backoff_initial: Duration,
    /// Longest pause between two attempts to connect to one broker.
    pub backoff_max: Duration,
    /// A larger answer is skipped unread and reported as [`crate::Error::ResponseTooLarge`], or
    /// asked for in pieces where the question can be split.
    pub max_response_bytes: usize,
    /// Requests on one connection that may wait for their answers at once.
    pub max_in_flight: usize,
}

/// How to trust a broker's certificate, and which of our own to show.
#[derive(Debug, Clone, Default)]
pub struct TlsOptions {
    /// PEM file of certificate authorities; `None` trusts those of the system.
    pub ca_file: Option<PathBuf>,
    /// The name to expect in every certificate, instead of the host connected to.
    pub server_name: Option<String>,
    /// Shown to brokers that ask for one (mutual TLS).
    pub client_certificate: Option<ClientCertificate>,
}

/// PEM files of a certificate and its key; both may be one file.
#[derive(Debug, Clone)]
pub struct ClientCertificate {
    /// The certificate first, then those that vouch for it.
    pub certificate_file: PathBuf,
    /// PKCS #8, PKCS #1 or SEC 1, without a passphrase. An EC key must carry its public key, as
    /// OpenSSL writes it and Java does not.
    pub key_file: PathBuf,
}

impl ClientOptions {
    pub fn new(bootstrap: Vec<BrokerAddress>) -> Self {
        Self {
            bootstrap,
            tls: None,
            sasl: None,
            client_id: "weir".to_owned(),
            connect_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(15),
            backoff_initial: Duration::from_millis(250),
            backoff_max: Duration::from_secs(30),
            max_response_bytes: 64 << 20,
            max_in_flight: 16,
        }
    }
}
