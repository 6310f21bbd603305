//! Saying who we are to real brokers, in every way they offer, and saying well why not.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, ensure};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use weir_kafka::{
    Api, Client, ClientCertificate, ClientOptions, Credentials, Error, Sasl, TlsOptions,
    sasl::{
        ClientCredentials, Fetching, Form, HttpAnswer, Posting, Token, TokenEndpoint, TokenFile,
        TokenProvider,
    },
};
use weir_testkit::{KafkaEnv, eventually_async};
use weir_types::Secret;

use crate::{addresses, block_on, failure};

const PASSWORD: &str = "weir-tests";

/// What `cluster.sh --secure` adds.
#[derive(Debug, Clone)]
pub struct SecureEnv {
    pub sasl: String,
    sasl_tls: String,
    mtls: String,
    certificate: ClientCertificate,
}

impl SecureEnv {
    /// `None` when the test cluster has no such listeners.
    pub fn from_env() -> Option<Self> {
        let var = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
        Some(Self {
            sasl: var("WEIR_TEST_KAFKA_SASL")?,
            sasl_tls: var("WEIR_TEST_KAFKA_SASL_TLS")?,
            mtls: var("WEIR_TEST_KAFKA_MTLS")?,
            certificate: ClientCertificate {
                certificate_file: var("WEIR_TEST_KAFKA_CLIENT_CERT")?.into(),
                key_file: var("WEIR_TEST_KAFKA_CLIENT_KEY")?.into(),
            },
        })
    }
}

pub fn user(username: &str, password: &str) -> Credentials {
    Credentials { username: username.into(), password: Secret::new(password) }
}

pub fn sasl_client(list: &str, sasl: Option<Sasl>, ca: Option<PathBuf>) -> Result<Client> {
    let mut options = ClientOptions::new(addresses(list));
    options.sasl = sasl;
    options.tls = ca.map(|path| TlsOptions { ca_file: Some(path), ..TlsOptions::default() });
    Ok(Client::new(options)?)
}

/// Every broker answers what only somebody with rights is told.
fn all_answer(client: &Client) -> Result<()> {
    block_on(async {
        client.metadata().await?;
        for broker in client.describe_log_dirs().await? {
            ensure!(!broker.dirs.with_context(|| format!("{client:?}"))?.is_empty());
        }
        Ok(())
    })
}

pub fn mechanisms(env: &KafkaEnv, secure: &SecureEnv) -> Result<()> {
    let weir = || user("weir", PASSWORD);
    for sasl in
        [Sasl::Plain(weir()), Sasl::ScramSha256(weir()), Sasl::ScramSha512(weir()), bearer("weir")?]
    {
        let name = sasl.mechanism();
        all_answer(&sasl_client(&secure.sasl, Some(sasl), None)?).context(name)?;
    }
    for sasl in [Sasl::Plain(weir()), Sasl::ScramSha512(weir())] {
        let name = sasl.mechanism();
        let client = sasl_client(&secure.sasl_tls, Some(sasl), Some(env.ca.clone()))?;
        all_answer(&client).context(name)?;
    }
    Ok(())
}

pub fn wrong_password(_: &KafkaEnv, secure: &SecureEnv) -> Result<()> {
    for sasl in [
        Sasl::Plain(user("weir", "hunter2")),
        Sasl::ScramSha256(user("weir", "hunter2")),
        Sasl::ScramSha512(user("no-such-user", "hunter2")),
    ] {
        let mechanism = sasl.mechanism();
        let client = sasl_client(one(&secure.sasl), Some(sasl), None)?;
        let error = failure(block_on(client.metadata()))?;
        ensure!(matches!(error, Error::AuthenticationFailed { .. }), "{mechanism}: {error}");
        let text = format!("{error} {error:?}");
        ensure!(text.contains(mechanism) && text.contains("Authentication failed"), "{text}");
        ensure!(!text.contains("hunter2"), "{text}");
    }
    Ok(())
}

pub fn mechanism_not_enabled(env: &KafkaEnv, secure: &SecureEnv) -> Result<()> {
    let sasl = Sasl::ScramSha256(user("weir", PASSWORD));
    let client = sasl_client(one(&secure.sasl_tls), Some(sasl), Some(env.ca.clone()))?;
    let error = failure(block_on(client.metadata()))?;
    let Error::MechanismNotEnabled { offered, .. } = &error else { anyhow::bail!("{error}") };
    let mut offered: Vec<_> = offered.iter().map(AsRef::as_ref).collect();
    offered.sort_unstable();
    ensure!(offered == ["PLAIN", "SCRAM-SHA-512"], "{error}");
    Ok(())
}

pub fn cross_purposes(env: &KafkaEnv, secure: &SecureEnv) -> Result<()> {
    let error = failure(block_on(sasl_client(one(&secure.sasl), None, None)?.metadata()))?;
    ensure!(matches!(error, Error::AuthenticationRequired { .. }), "{error}");
    ensure!(error.to_string().contains("set `sasl`"), "{error}");
    let sasl = Some(Sasl::Plain(user("weir", PASSWORD)));
    let error = failure(block_on(sasl_client(one(&env.bootstrap), sasl, None)?.metadata()))?;
    ensure!(matches!(error, Error::AuthenticationUnexpected { .. }), "{error}");
    Ok(())
}

/// The file may hold a token that is no good, and later one that is.
pub fn token_file(_: &KafkaEnv, secure: &SecureEnv) -> Result<()> {
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), token("weir", -60)?)?;
    let sasl = Sasl::OauthBearer(Arc::new(TokenFile { path: file.path().to_owned() }));
    let client = sasl_client(one(&secure.sasl), Some(sasl), None)?;
    block_on(async {
        let error = failure(client.metadata().await)?;
        ensure!(matches!(error, Error::AuthenticationFailed { .. }), "{error}");
        ensure!(error.to_string().contains("invalid_token"), "{error}");
        std::fs::write(file.path(), token("weir", 3600)?)?;
        let asked = async || Ok(client.metadata().await.map(drop)?);
        eventually_async(Duration::from_secs(30), "an answer to the new token", asked).await
    })
}

/// Sessions of three seconds, as the broker has it for this mechanism.
pub fn renewal(_: &KafkaEnv, secure: &SecureEnv) -> Result<()> {
    let sasl = Sasl::ScramSha256(user("weir", PASSWORD));
    outlives_its_sessions(&sasl_client(&secure.sasl, Some(sasl), None)?)
}

/// Sessions as long as their tokens, which is four seconds at most.
pub fn token_renewal(_: &KafkaEnv, secure: &SecureEnv) -> Result<()> {
    let sasl = Sasl::OauthBearer(Arc::new(ShortLived));
    outlives_its_sessions(&sasl_client(&secure.sasl, Some(sasl), None)?)
}

/// Without renewal the brokers would close the connections within the ten seconds this takes.
fn outlives_its_sessions(client: &Client) -> Result<()> {
    block_on(async {
        client.metadata().await?;
        client.list_groups().await?;
        let before = client.stats();
        let deadline = Instant::now() + Duration::from_secs(10);
        while Instant::now() < deadline {
            for broker in client.list_groups().await? {
                broker.groups?;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let after = client.stats();
        let opened = after.connections_opened - before.connections_opened;
        ensure!(opened == 0, "{opened} connections were replaced");
        let renewed =
            after.of(Api::SaslHandshake).requests - before.of(Api::SaslHandshake).requests;
        ensure!((6..=15).contains(&renewed), "{renewed} renewals of 3 connections in 10 s");
        ensure!(after.of(Api::ListGroups).failures == 0, "{after:?}");
        Ok(())
    })
}

/// Renewed even when the session ended long ago, as after a pause in polling.
pub fn late_renewal(_: &KafkaEnv, secure: &SecureEnv) -> Result<()> {
    let sasl = Sasl::ScramSha256(user("weir", PASSWORD));
    let client = sasl_client(one(&secure.sasl), Some(sasl), None)?;
    block_on(async {
        client.metadata().await?;
        tokio::time::sleep(Duration::from_secs(5)).await;
        client.metadata().await?;
        Ok(())
    })
}

pub fn mutual_tls(env: &KafkaEnv, secure: &SecureEnv) -> Result<()> {
    let client = |certificate: Option<ClientCertificate>| {
        let mut options = ClientOptions::new(addresses(&secure.mtls));
        let ca_file = Some(env.ca.clone());
        options.tls =
            Some(TlsOptions { ca_file, client_certificate: certificate, server_name: None });
        Client::new(options)
    };
    all_answer(&client(Some(secure.certificate.clone()))?)?;

    let error = failure(block_on(client(None)?.metadata()))?;
    let required = |error: &Error| matches!(error, Error::ClientCertificateRequired { .. });
    ensure!(each(&error, required), "{error}");

    let made = rcgen::generate_simple_self_signed(["weir".to_owned()])?;
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), made.cert.pem() + &made.signing_key.serialize_pem())?;
    let path = file.path().to_owned();
    let stranger = ClientCertificate { certificate_file: path.clone(), key_file: path };
    let error = failure(block_on(client(Some(stranger))?.metadata()))?;
    let refused = |error: &Error| matches!(error, Error::ClientCertificateRefused { .. });
    ensure!(each(&error, refused), "{error}");
    Ok(())
}

/// Three brokers were tried; each said the same.
fn each(error: &Error, wanted: impl Fn(&Error) -> bool) -> bool {
    match error {
        Error::NoneAnswered { attempts } => attempts.len() == 3 && attempts.iter().all(wanted),
        _ => false,
    }
}

fn one(list: &str) -> &str {
    list.split(',').next().unwrap_or(list)
}

/// An unsigned token, which the test brokers take for want of an identity provider.
fn token(subject: &str, life_secs: i64) -> Result<String> {
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?;
    let (issued, expires) = (now - 120, now + life_secs);
    let claims = format!(r#"{{"sub":"{subject}","iat":{issued},"exp":{expires}}}"#);
    let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
    Ok(format!("{}.{}.", part(r#"{"alg":"none"}"#), part(&claims)))
}

/// Gives out a new token each time, good for four seconds.
#[derive(Debug)]
struct ShortLived;

impl TokenProvider for ShortLived {
    fn token(&self) -> Fetching<'_> {
        let made = token("weir", 4).map(|text| Token(Secret::new(text)));
        Box::pin(async move { made.map_err(|error| error.to_string()) })
    }
}

/// An identity provider of one token.
#[derive(Debug)]
struct Provider(String);

impl TokenEndpoint for Provider {
    fn post(&self, _: Form) -> Posting<'_> {
        let body = format!(r#"{{"access_token":"{}","expires_in":3600}}"#, self.0);
        Box::pin(async move { Ok(HttpAnswer { status: 200, body: Secret::new(body) }) })
    }
}

/// By OAUTHBEARER as whoever.
pub fn bearer(subject: &str) -> Result<Sasl> {
    let provider = Arc::new(Provider(token(subject, 3600)?));
    Ok(Sasl::OauthBearer(Arc::new(client_credentials(provider))))
}

fn client_credentials(provider: Arc<Provider>) -> ClientCredentials {
    let url = "https://id.example/token".to_owned();
    ClientCredentials::new(provider, url, "weir".into(), Secret::new("s"), None)
}
