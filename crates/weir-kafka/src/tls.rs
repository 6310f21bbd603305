//! TLS to a broker: whom to trust, who we are, and what its failures mean.

use std::{io, path::Path, sync::Arc};

use rustls::{
    AlertDescription, CertificateError, ClientConfig, RootCertStore,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::{BrokerAddress, Error, TlsOptions, calendar, dial::Stream, options::ClientCertificate};

/// How the verifier, which is no dependency of ours, calls an authority's certificate in a server's
/// hands. A test breaks when it changes.
const CA_AS_SERVER: &str = "CaUsedAsEndEntity";

/// Trust, read once, for all connections of a client.
pub(crate) struct Tls {
    connector: TlsConnector,
    server_name: Option<ServerName<'static>>,
}

impl Tls {
    pub(crate) fn new(options: &TlsOptions) -> Result<Self, Error> {
        let roots = match &options.ca_file {
            Some(path) => roots_of_file(path)?,
            None => roots_of_system()?,
        };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring supports the default protocol versions")
            .with_root_certificates(roots);
        let config = match &options.client_certificate {
            Some(files) => {
                let (chain, key) = (certificates(files)?, key(files)?);
                let config = config.with_client_auth_cert(chain, key);
                config.map_err(|error| unusable(&files.key_file, error.to_string()))?
            }
            None => config.with_no_client_auth(),
        };
        let server_name = options.server_name.as_deref().map(parse_name).transpose()?;
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), server_name })
    }

    pub(crate) async fn handshake(
        &self,
        stream: Box<dyn Stream>,
        address: &BrokerAddress,
    ) -> Result<TlsStream<Box<dyn Stream>>, Error> {
        let name = match &self.server_name {
            Some(name) => name.clone(),
            None => parse_name(address.host())?,
        };
        self.connector.connect(name, stream).await.map_err(|error| {
            if is_closed(&error) {
                // A plaintext broker takes our greeting for a frame far too large and hangs up.
                return Error::TlsUnexpected { address: address.clone() };
            }
            explain(address, &error)
        })
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls").field("server_name", &self.server_name).finish_non_exhaustive()
    }
}

/// The other side hung up, politely or not.
pub(crate) fn is_closed(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

/// What an I/O error of a TLS stream means; plain I/O errors are a lost connection.
pub(crate) fn explain(address: &BrokerAddress, error: &io::Error) -> Error {
    let address = address.clone();
    let reason: Arc<str> = Arc::from(error.to_string());
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match inner {
        None => Error::Disconnected { address, reason },
        Some(rustls::Error::InvalidMessage(_)) => Error::TlsUnexpected { address },
        Some(rustls::Error::InvalidCertificate(cause)) => {
            explain_certificate(address, cause, reason)
        }
        Some(rustls::Error::AlertReceived(
            AlertDescription::CertificateRequired | AlertDescription::BadCertificate,
        )) => Error::ClientCertificateRequired { address },
        Some(rustls::Error::AlertReceived(
            AlertDescription::CertificateUnknown
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRevoked
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied,
        )) => Error::ClientCertificateRefused { address, reason },
        Some(
            rustls::Error::AlertReceived(
                AlertDescription::HandshakeFailure
                | AlertDescription::ProtocolVersion
                | AlertDescription::InsufficientSecurity,
            )
            | rustls::Error::PeerIncompatible(_),
        ) => Error::TlsVersion { address, reason },
        Some(_) => Error::Tls { address, reason },
    }
}

fn explain_certificate(
    address: BrokerAddress,
    cause: &CertificateError,
    reason: Arc<str>,
) -> Error {
    let out_of_time =
        |when: String| Error::CertificateOutOfTime { address: address.clone(), when: when.into() };
    match cause {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Error::CertificateName { address, reason }
        }
        CertificateError::Expired => out_of_time("has expired".to_owned()),
        CertificateError::NotValidYet => out_of_time("is not valid yet".to_owned()),
        CertificateError::ExpiredContext { not_after, .. } => {
            out_of_time(format!("expired on {}", calendar::minute(not_after.as_secs())))
        }
        CertificateError::NotValidYetContext { not_before, .. } => {
            out_of_time(format!("is not valid before {}", calendar::minute(not_before.as_secs())))
        }
        CertificateError::Other(other) if other.to_string() == CA_AS_SERVER => {
            Error::CertificateOfAuthority { address }
        }
        _ => Error::UntrustedCertificate { address, reason },
    }
}

fn parse_name(name: &str) -> Result<ServerName<'static>, Error> {
    ServerName::try_from(name.to_owned()).map_err(|_| Error::ServerName { name: Arc::from(name) })
}

fn roots_of_file(path: &Path) -> Result<RootCertStore, Error> {
    let failed = |reason: String| Error::CaFile { path: path.to_owned(), reason: reason.into() };
    let certificates: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| failed(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    for certificate in certificates {
        roots.add(certificate).map_err(|error| failed(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(failed("it holds no PEM certificate".to_owned()));
    }
    Ok(roots)
}

fn roots_of_system() -> Result<RootCertStore, Error> {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "some certificate authorities of the system cannot be read");
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() { Err(Error::NoSystemRoots) } else { Ok(roots) }
}

fn certificates(files: &ClientCertificate) -> Result<Vec<CertificateDer<'static>>, Error> {
    let path = &files.certificate_file;
    let found: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| unusable(path, error.to_string()))?;
    if found.is_empty() {
        return Err(unusable(path, "it holds no PEM certificate".to_owned()));
    }
    Ok(found)
}

fn key(files: &ClientCertificate) -> Result<PrivateKeyDer<'static>, Error> {
    use rustls::pki_types::pem::Error::NoItemsFound;
    let path = &files.key_file;
    PrivateKeyDer::from_pem_file(path).map_err(|error| match error {
        NoItemsFound => {
            unusable(path, "it holds no PEM private key without a passphrase".to_owned())
        }
        error => unusable(path, error.to_string()),
    })
}

fn unusable(path: &Path, reason: String) -> Error {
    Error::ClientCertificate { path: path.to_owned(), reason: reason.into() }
}

#[cfg(test)]
mod tests {
    use rustls::PeerIncompatible;

    use super::*;

    fn said(error: rustls::Error) -> String {
        let error = io::Error::new(io::ErrorKind::InvalidData, error);
        explain(&BrokerAddress::new("b", 9093), &error).to_string()
    }

    #[test]
    fn a_port_with_old_versions_alone_says_what_to_enable() {
        for error in [
            rustls::Error::AlertReceived(AlertDescription::HandshakeFailure),
            rustls::Error::AlertReceived(AlertDescription::ProtocolVersion),
            rustls::Error::PeerIncompatible(
                PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
            ),
        ] {
            assert!(said(error).contains("enable TLS 1.2 or 1.3 there"));
        }
    }
}
