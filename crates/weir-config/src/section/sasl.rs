//! `sasl` of a Kafka source: who Weir says it is.

use std::path::PathBuf;

use weir_types::Secret;

use crate::key::Key;
use crate::reader::{Reader, Scope};
use crate::units::Wrong;

/// How to authenticate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KafkaSasl {
    Plain(KafkaUser),
    ScramSha256(KafkaUser),
    ScramSha512(KafkaUser),
    /// OAUTHBEARER with a token that something else keeps fresh in a file.
    TokenFile(PathBuf),
}

/// A name and what proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KafkaUser {
    pub username: String,
    pub password: Secret,
}

#[derive(Clone, Copy)]
enum Mechanism {
    Plain,
    ScramSha256,
    ScramSha512,
    OauthBearer,
}

pub(crate) const MECHANISM: Key = Key {
    path: "sasl.mechanism",
    expects: "PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER",
    default: None,
    required: true,
    flag: None,
    doc: "`PLAIN`, `SCRAM-SHA-256`, `SCRAM-SHA-512` or `OAUTHBEARER`. Use it with `tls`: PLAIN and \
          OAUTHBEARER show their secret to whoever can read the network.",
};

pub(crate) const USERNAME: Key = Key {
    path: "sasl.username",
    expects: "a user name",
    default: None,
    required: true,
    flag: None,
    doc: "For PLAIN and SCRAM.",
};

pub(crate) const PASSWORD: Key = Key {
    path: "sasl.password",
    expects: "a reference such as ${env:KAFKA_PASSWORD}",
    default: None,
    required: true,
    flag: None,
    doc: "For PLAIN and SCRAM; only as `${env:NAME}` or `${file:/path}`.",
};

pub(crate) const TOKEN_FILE: Key = Key {
    path: "sasl.token_file",
    expects: "a path",
    default: None,
    required: true,
    flag: None,
    doc: "For OAUTHBEARER: holds the token, and is read again before the token expires.",
};

const HELP: &str =
    "write `sasl: {mechanism: SCRAM-SHA-512, username: weir, password: ${env:KAFKA_PASSWORD}}`";

pub(crate) fn read(reader: &mut Reader<'_>, source: &Scope) -> Option<KafkaSasl> {
    let scope = reader.scope_in(source, "sasl", HELP)?;
    let mechanism = reader.value_in(&scope, &MECHANISM, mechanism)?;
    let mut known = vec![MECHANISM.name()];
    known.extend_from_slice(match mechanism {
        Mechanism::OauthBearer => &["token_file"],
        _ => &["username", "password"],
    });
    reader.only_known(&scope.entries, &scope.path, &known, &["token_endpoint"]);
    if let Mechanism::OauthBearer = mechanism {
        let path = reader.value_in(&scope, &TOKEN_FILE, |text| Ok(text.into()))?;
        return Some(KafkaSasl::TokenFile(path));
    }
    let user = user(reader, &scope)?;
    Some(match mechanism {
        Mechanism::Plain => KafkaSasl::Plain(user),
        Mechanism::ScramSha256 => KafkaSasl::ScramSha256(user),
        Mechanism::ScramSha512 | Mechanism::OauthBearer => KafkaSasl::ScramSha512(user),
    })
}

fn user(reader: &mut Reader<'_>, scope: &Scope) -> Option<KafkaUser> {
    let username = reader.value_in(scope, &USERNAME, |text| Ok(text.to_owned()));
    let password = reader.secret_in(scope, &PASSWORD);
    Some(KafkaUser { username: username?, password: password? })
}

fn mechanism(text: &str) -> Result<Mechanism, Wrong> {
    match text {
        "PLAIN" => Ok(Mechanism::Plain),
        "SCRAM-SHA-256" => Ok(Mechanism::ScramSha256),
        "SCRAM-SHA-512" => Ok(Mechanism::ScramSha512),
        "OAUTHBEARER" => Ok(Mechanism::OauthBearer),
        "GSSAPI" => {
            Err(Wrong::new("Kerberos is not supported", format!("use {}", MECHANISM.expects)))
        }
        _ => Err(Wrong::new(
            format!("`{text}` is not a mechanism"),
            format!("use {}", MECHANISM.expects),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{File, Input, load};
    use crate::section::sources::Source;
    use crate::testing::problem;

    const HEAD: &str = "sources:\n  - kafka:\n      name: a\n      bootstrap: [b:1]\n      sasl: ";

    fn loaded(sasl: &str) -> Option<KafkaSasl> {
        let file = File { name: "weir.yaml".into(), text: format!("{HEAD}{sasl}\n") };
        let env = |name: &str| (name == "PASSWORD").then(|| "hunter2".to_owned());
        let loaded = load(&Input { file: Some(file), flags: &[], env: &env }).unwrap();
        let shown = format!("{:?}", loaded.settings);
        assert!(shown.contains("${env:PASSWORD}") && !shown.contains("hunter2"), "{shown}");
        let Source::Kafka(kafka) = loaded.config.sources.into_iter().next().unwrap();
        kafka.sasl
    }

    #[test]
    fn a_password_comes_by_reference() {
        let user = KafkaUser { username: "weir".into(), password: Secret::new("hunter2") };
        let read =
            loaded("{mechanism: SCRAM-SHA-512, username: weir, password: \"${env:PASSWORD}\"}");
        assert_eq!(read, Some(KafkaSasl::ScramSha512(user)));
    }

    #[test]
    fn a_password_in_clear_is_refused_and_not_repeated() {
        let wrong =
            problem(&format!("{HEAD}{{mechanism: PLAIN, username: a, password: hunter2}}\n"));
        assert_eq!(wrong.message, "`password` stands in the file in clear");
        assert!(!format!("{wrong:?}").contains("hunter2"));
    }

    #[test]
    fn what_is_missing_or_not_supported_is_named() {
        let message = |sasl: &str| problem(&format!("{HEAD}{sasl}\n")).message;
        assert_eq!(message("{mechanism: GSSAPI}"), "Kerberos is not supported");
        assert_eq!(message("{mechanism: PLAIN, username: a}"), "`password` is missing");
        assert_eq!(message("{mechanism: OAUTHBEARER}"), "`token_file` is missing");
        assert_eq!(
            message("{mechanism: OAUTHBEARER, token_file: t, token_endpoint: u}"),
            "`token_endpoint` is not supported yet"
        );
    }
}
