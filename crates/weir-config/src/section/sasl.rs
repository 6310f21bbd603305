//! `sasl` of a Kafka source: who Weir says it is.

use std::path::PathBuf;

use weir_types::Secret;

use crate::excerpt::without_secrets;
use crate::key::{Key, suggestion};
use crate::reader::{Reader, Scope, find};
use crate::units::Wrong;

/// How to authenticate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KafkaSasl {
    Plain(KafkaUser),
    ScramSha256(KafkaUser),
    ScramSha512(KafkaUser),
    /// OAUTHBEARER with a token that something else keeps fresh in a file.
    TokenFile(PathBuf),
    /// OAUTHBEARER with tokens that Weir asks for itself (RFC 6749, client credentials).
    ClientCredentials(KafkaOauthClient),
    /// Amazon's own, with keys from where AWS's clients look for them.
    AwsMskIam(KafkaAwsIam),
}

/// A name and what proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KafkaUser {
    pub username: String,
    pub password: Secret,
}

/// Who Weir is to an identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KafkaOauthClient {
    /// `http` or `https`, without user or password in it.
    pub token_endpoint: String,
    pub client_id: String,
    pub client_secret: Secret,
    /// Several parted by spaces.
    pub scope: Option<String>,
    /// PEM file of the authorities that vouch for the endpoint; `None` trusts the system's.
    pub ca_file: Option<PathBuf>,
}

/// Which AWS keys sign for us, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KafkaAwsIam {
    /// Such as `eu-west-1`.
    pub region: String,
    /// Of the shared credentials file; `None` looks everywhere.
    pub profile: Option<String>,
}

#[derive(Clone, Copy)]
enum Mechanism {
    Plain,
    ScramSha256,
    ScramSha512,
    OauthBearer,
    AwsMskIam,
}

pub(crate) const MECHANISM: Key = Key::new(
    "sasl.mechanism",
    "PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER or AWS_MSK_IAM",
    "`PLAIN`, `SCRAM-SHA-256`, `SCRAM-SHA-512`, `OAUTHBEARER` or `AWS_MSK_IAM`. Use it with \
     `tls`: PLAIN and OAUTHBEARER show their secret to whoever can read the network.",
)
.required();

pub(crate) const USERNAME: Key =
    Key::new("sasl.username", "a user name", "For PLAIN and SCRAM.").required();

pub(crate) const PASSWORD: Key = Key::new(
    "sasl.password",
    "a reference such as ${env:KAFKA_PASSWORD}",
    "For PLAIN and SCRAM; only as `${env:NAME}` or `${file:/path}`.",
)
.required();

pub(crate) const TOKEN_FILE: Key = Key::new(
    "sasl.token_file",
    "a path",
    "For OAUTHBEARER: holds the token, and is read again before the token expires. Either this or \
     `token_endpoint`.",
)
.required();

pub(crate) const TOKEN_ENDPOINT: Key = Key::new(
    "sasl.token_endpoint",
    "a URL such as https://id.example.com/oauth2/token",
    "For OAUTHBEARER: gives out tokens by the client credentials grant; asked again before a \
     token expires.",
)
.required();

pub(crate) const CLIENT_ID: Key =
    Key::new("sasl.client_id", "a client id", "With `token_endpoint`.").required();

pub(crate) const CLIENT_SECRET: Key = Key::new(
    "sasl.client_secret",
    "a reference such as ${env:KAFKA_CLIENT_SECRET}",
    "With `token_endpoint`; only as `${env:NAME}` or `${file:/path}`.",
)
.required();

pub(crate) const SCOPE: Key = Key::new(
    "sasl.scope",
    "a scope, several parted by spaces",
    "With `token_endpoint`, where the provider wants one.",
);

pub(crate) const CA_FILE: Key = Key::new(
    "sasl.ca_file",
    "a path",
    "With `token_endpoint`: PEM file of the authorities that vouch for it; without it, those of \
     the system.",
);

pub(crate) const REGION: Key = Key::new(
    "sasl.region",
    "an AWS region such as eu-west-1",
    "For AWS_MSK_IAM: the region of the cluster.",
)
.required();

pub(crate) const PROFILE: Key = Key::new(
    "sasl.profile",
    "the name of a profile",
    "For AWS_MSK_IAM: take the keys of this profile of the shared credentials file. Without it \
     the first of these that is there: the environment (`AWS_ACCESS_KEY_ID`), a web identity \
     (`AWS_WEB_IDENTITY_TOKEN_FILE` and `AWS_ROLE_ARN`, as on EKS), the shared credentials file, \
     the container's endpoint (ECS, EKS Pod Identity), the instance's role (IMDSv2). Not \
     supported: SSO, `credential_process`, and roles that a profile assumes.",
);

const MECHANISMS: [(&str, Mechanism); 5] = [
    ("PLAIN", Mechanism::Plain),
    ("SCRAM-SHA-256", Mechanism::ScramSha256),
    ("SCRAM-SHA-512", Mechanism::ScramSha512),
    ("OAUTHBEARER", Mechanism::OauthBearer),
    ("AWS_MSK_IAM", Mechanism::AwsMskIam),
];

/// What asking for tokens takes.
const CLIENT_KEYS: [&Key; 5] = [&TOKEN_ENDPOINT, &CLIENT_ID, &CLIENT_SECRET, &SCOPE, &CA_FILE];
const HELP: &str =
    "write `sasl: {mechanism: SCRAM-SHA-512, username: weir, password: ${env:KAFKA_PASSWORD}}`";
const OAUTH_HELP: &str = "add `token_endpoint:` with its URL, `client_id:` and `client_secret:` to ask for \
                          tokens, or `token_file:` with a path to read them";

pub(crate) fn read(reader: &mut Reader<'_>, source: &Scope) -> Option<KafkaSasl> {
    let scope = reader.scope_in(source, "sasl", HELP)?;
    let mechanism = reader.value_in(&scope, &MECHANISM, mechanism)?;
    let known: Vec<&str> = keys_of(mechanism).into_iter().map(Key::name).collect();
    reader.only_known(&scope.entries, &scope.path, &known);
    Some(match mechanism {
        Mechanism::Plain => KafkaSasl::Plain(user(reader, &scope)?),
        Mechanism::ScramSha256 => KafkaSasl::ScramSha256(user(reader, &scope)?),
        Mechanism::ScramSha512 => KafkaSasl::ScramSha512(user(reader, &scope)?),
        Mechanism::OauthBearer => oauth(reader, &scope)?,
        Mechanism::AwsMskIam => KafkaSasl::AwsMskIam(aws_iam(reader, &scope)?),
    })
}

fn keys_of(mechanism: Mechanism) -> Vec<&'static Key> {
    match mechanism {
        Mechanism::Plain | Mechanism::ScramSha256 | Mechanism::ScramSha512 => {
            vec![&MECHANISM, &USERNAME, &PASSWORD]
        }
        Mechanism::OauthBearer => {
            [&MECHANISM, &TOKEN_FILE].into_iter().chain(CLIENT_KEYS).collect()
        }
        Mechanism::AwsMskIam => vec![&MECHANISM, &REGION, &PROFILE],
    }
}

/// With an endpoint the client's own keys are read, without one the file.
fn oauth(reader: &mut Reader<'_>, scope: &Scope) -> Option<KafkaSasl> {
    let given = |key: &Key| find(&scope.entries, key.name());
    if let (Some(endpoint), Some(_)) = (given(&TOKEN_ENDPOINT), given(&TOKEN_FILE)) {
        let message = "`token_endpoint` and `token_file` exclude each other";
        let help = "write `token_endpoint` to ask for tokens, `token_file` to read them";
        reader.error(endpoint.key_place.clone(), &scope.path, message, help);
        return None;
    }
    if CLIENT_KEYS.into_iter().all(|key| given(key).is_none()) {
        if given(&TOKEN_FILE).is_none() {
            let message = "`token_endpoint` or `token_file` is missing";
            reader.error(scope.place.clone(), &scope.path, message, OAUTH_HELP);
            return None;
        }
        let path = reader.value_in(scope, &TOKEN_FILE, |text| Ok(text.into()))?;
        return Some(KafkaSasl::TokenFile(path));
    }
    let token_endpoint = reader.value_in(scope, &TOKEN_ENDPOINT, endpoint);
    let client_id = reader.value_in(scope, &CLIENT_ID, |text| Ok(text.to_owned()));
    let client_secret = reader.secret_in(scope, &CLIENT_SECRET);
    let text = |text: &str| Ok(text.to_owned());
    Some(KafkaSasl::ClientCredentials(KafkaOauthClient {
        scope: reader.value_in(scope, &SCOPE, text),
        ca_file: reader.value_in(scope, &CA_FILE, text).map(PathBuf::from),
        token_endpoint: token_endpoint?,
        client_id: client_id?,
        client_secret: client_secret?,
    }))
}

fn aws_iam(reader: &mut Reader<'_>, scope: &Scope) -> Option<KafkaAwsIam> {
    let region = reader.value_in(scope, &REGION, region);
    let profile = reader.value_in(scope, &PROFILE, |text| Ok(text.to_owned()));
    Some(KafkaAwsIam { region: region?, profile })
}

/// Errors name the endpoint without its query; user and password have keys of their own.
fn endpoint(text: &str) -> Result<String, Wrong> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let authority = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    if authority.contains('@') {
        let message = "the URL holds a user or a password";
        return Err(Wrong::new(message, "write them as `client_id` and `client_secret`"));
    }
    if authority.is_empty() || text.contains(char::is_whitespace) {
        let message = format!("`{}` is not a URL", without_secrets(text));
        return Err(Wrong::new(message, format!("write {}", TOKEN_ENDPOINT.expects)));
    }
    Ok(text.to_owned())
}

fn region(text: &str) -> Result<String, Wrong> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.is_empty() || !text.contains('-') || !text.chars().all(is_plain) {
        let message = format!("`{text}` is not a region");
        return Err(Wrong::new(message, "write one such as eu-west-1"));
    }
    Ok(text.to_owned())
}

fn user(reader: &mut Reader<'_>, scope: &Scope) -> Option<KafkaUser> {
    let username = reader.value_in(scope, &USERNAME, |text| Ok(text.to_owned()));
    let password = reader.secret_in(scope, &PASSWORD);
    Some(KafkaUser { username: username?, password: password? })
}

fn mechanism(text: &str) -> Result<Mechanism, Wrong> {
    if let Some((_, mechanism)) = MECHANISMS.iter().find(|(name, _)| *name == text) {
        return Ok(*mechanism);
    }
    if text == "GSSAPI" {
        let help = format!("use {}", MECHANISM.expects);
        return Err(Wrong::new("Kerberos is not supported", help));
    }
    let names = MECHANISMS.map(|(name, _)| name);
    Err(Wrong::new(format!("`{text}` is not a mechanism"), suggestion(text, &names)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{File, Input, load};
    use crate::section::sources::Source;
    use crate::testing::{problem, report};

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
        let flow = format!("{HEAD}{{mechanism: PLAIN, username: a, password: hunter2}}\n");
        assert_eq!(problem(&flow).message, "`password` stands in the file in clear");
        let block = "mechanism: PLAIN\n        username: a\n        password: hunter2";
        for text in [
            flow,
            format!("{HEAD}\n        {block}\n"),
            format!("{HEAD}{{mechanism: PLAIN, scop: a, username: a, pasword: hunter2}}\n"),
            format!("{HEAD}{{mechanism: PLAIN, username: a, password: 'hunter2${{env:A}}'}}\n"),
            format!("{HEAD}{{mechanism: PLAIN, username: a, password:hunter2}}\n"),
            format!("{HEAD}{{mechanism: PLAIN, password: hunter2\n"),
        ] {
            let report = report(&text);
            assert!(!report.to_string().contains("hunter2"), "{report}");
            assert!(!format!("{report:?}").contains("hunter2"), "{report:?}");
        }
    }

    #[test]
    fn what_is_missing_or_not_supported_is_named() {
        let message = |sasl: &str| problem(&format!("{HEAD}{sasl}\n")).message;
        assert_eq!(message("{mechanism: GSSAPI}"), "Kerberos is not supported");
        assert_eq!(message("{mechanism: PLAIN, username: a}"), "`password` is missing");
        assert_eq!(
            message("{mechanism: OAUTHBEARER}"),
            "`token_endpoint` or `token_file` is missing"
        );
        for written in ["scram-sha-512", "SCRAM_SHA_512", "ScramSha512"] {
            let wrong = problem(&format!("{HEAD}{{mechanism: {written}}}\n"));
            assert_eq!(wrong.help.unwrap(), "did you mean `SCRAM-SHA-512`?", "{written}");
        }
        assert_eq!(
            message("{mechanism: OAUTHBEARER, token_file: t, token_endpoint: u}"),
            "`token_endpoint` and `token_file` exclude each other"
        );
        assert_eq!(message("{mechanism: AWS_MSK_IAM}"), "`region` is missing");
        assert_eq!(
            message("{mechanism: AWS_MSK_IAM, region: Ireland}"),
            "`Ireland` is not a region"
        );
        assert_eq!(
            message("{mechanism: PLAIN, username: a, password: \"${env:PASSWORD}\", scope: b}"),
            "unknown key `scope`"
        );
    }

    #[test]
    fn an_oauth_client_asks_an_endpoint() {
        let read = loaded(
            "{mechanism: OAUTHBEARER, token_endpoint: \"https://id.example/token\", \
             client_id: weir, client_secret: \"${env:PASSWORD}\", scope: kafka}",
        );
        let client = KafkaOauthClient {
            token_endpoint: "https://id.example/token".into(),
            client_id: "weir".into(),
            client_secret: Secret::new("hunter2"),
            scope: Some("kafka".into()),
            ca_file: None,
        };
        assert_eq!(read, Some(KafkaSasl::ClientCredentials(client)));
    }

    #[test]
    fn an_endpoint_is_a_url_without_secrets() {
        assert!(endpoint("http://localhost:8080/token").is_ok());
        assert!(endpoint("id.example/token").is_err());
        assert!(endpoint("https://").is_err());
        let wrong = endpoint("https://weir:hunter2@id.example/token").unwrap_err();
        assert!(!format!("{wrong:?}").contains("hunter2"));
        let wrong = endpoint("id.example/token?key=hunter2").unwrap_err();
        assert!(!format!("{wrong:?}").contains("hunter2"));
        let problem = problem(&format!(
            "{HEAD}{{mechanism: OAUTHBEARER, client_id: a, client_secret: \"${{env:PASSWORD}}\"}}\n"
        ));
        assert_eq!(problem.message, "`token_endpoint` is missing");
    }

    #[test]
    fn the_query_of_an_endpoint_is_not_shown() {
        let file = File {
            name: "weir.yaml".into(),
            text: format!(
                "{HEAD}{{mechanism: OAUTHBEARER, token_endpoint: \"https://id.example/t?key=hunter2\", \
                 client_id: a, client_secret: \"${{env:PASSWORD}}\"}}\n"
            ),
        };
        let loaded = load(&Input {
            file: Some(file),
            flags: &[],
            env: &|name| (name == "PASSWORD").then(|| "hush".into()),
        })
        .unwrap();
        let shown = format!("{:?}", loaded.settings);
        assert!(
            shown.contains("https://id.example/t?***") && !shown.contains("hunter2"),
            "{shown}"
        );
    }

    #[test]
    fn aws_takes_a_region_and_perhaps_a_profile() {
        let text = format!("{HEAD}{{mechanism: AWS_MSK_IAM, region: eu-west-1, profile: ops}}\n");
        let Source::Kafka(kafka) = crate::testing::config(&text).sources.remove(0);
        let iam = KafkaAwsIam { region: "eu-west-1".into(), profile: Some("ops".into()) };
        assert_eq!(kafka.sasl, Some(KafkaSasl::AwsMskIam(iam)));
    }
}
