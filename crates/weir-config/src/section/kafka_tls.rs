//! `tls` of a Kafka source: whom it trusts, and what it shows of itself.

use std::path::PathBuf;

use crate::key::Key;
use crate::reader::{Reader, Scope};
use crate::units::Wrong;

/// How to trust the brokers' certificates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KafkaTls {
    /// PEM file of certificate authorities; `None` trusts those of the system.
    pub ca_file: Option<PathBuf>,
    /// The name to expect in every certificate, instead of the host connected to.
    pub server_name: Option<String>,
    /// For brokers that ask who connects.
    pub client_certificate: Option<ClientCertificate>,
}

/// What Weir shows to a broker that wants a certificate; two PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    pub cert_file: PathBuf,
    pub key_file: PathBuf,
}

pub(crate) const CA_FILE: Key = Key::new(
    "tls.ca_file",
    "a path",
    "PEM file of the certificate authorities to trust; without it, those of the system.",
);

pub(crate) const SERVER_NAME: Key = Key::new(
    "tls.server_name",
    "a host name",
    "The name every broker's certificate must carry, where it differs from the host.",
);

pub(crate) const CERT_FILE: Key = Key::new(
    "tls.cert_file",
    "a path",
    "PEM file of the certificate Weir shows to brokers that want one, with those that vouch for \
     it; together with `tls.key_file`.",
);

pub(crate) const KEY_FILE: Key = Key::new(
    "tls.key_file",
    "a path",
    "PEM file of that certificate's private key, without a passphrase.",
);

const HELP: &str = "write `tls: {}` for the system's authorities, or `tls: {ca_file: ca.pem}`";

pub(crate) fn read(reader: &mut Reader<'_>, source: &Scope) -> Option<KafkaTls> {
    let scope = &reader.scope_in(source, CA_FILE.first(), HELP)?;
    let known = [&CA_FILE, &SERVER_NAME, &CERT_FILE, &KEY_FILE].map(Key::name);
    reader.only_known(&scope.entries, &scope.path, &known);
    let path = |reader: &mut Reader<'_>, key| reader.value_in(scope, key, |text| Ok(text.into()));
    let (cert_file, key_file) = (path(reader, &CERT_FILE), path(reader, &KEY_FILE));
    if cert_file.is_some() != key_file.is_some() {
        let message = "`cert_file` and `key_file` go together";
        reader.error(scope.place.clone(), &scope.path, message, "write both, or neither");
    }
    Some(KafkaTls {
        ca_file: path(reader, &CA_FILE),
        server_name: reader.value_in(scope, &SERVER_NAME, server_name),
        client_certificate: cert_file
            .zip(key_file)
            .map(|(cert_file, key_file)| ClientCertificate { cert_file, key_file }),
    })
}

fn server_name(text: &str) -> Result<String, Wrong> {
    if text.is_empty() || text.contains([':', '/']) || text.contains(char::is_whitespace) {
        let message = format!("`{text}` is not a host name");
        return Err(Wrong::new(message, "write the name without a port, such as kafka.internal"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::section::sources::Source;
    use crate::testing::config;

    #[test]
    fn empty_tls_trusts_the_system() {
        let text = "sources: [{kafka: {name: a, bootstrap: [b:1], tls: {}}}]";
        let Source::Kafka(kafka) = &config(text).sources[0];
        assert_eq!(kafka.tls, Some(KafkaTls::default()));
    }
}
