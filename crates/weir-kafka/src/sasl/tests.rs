//! Mechanisms driven against a scripted broker, and sessions that end.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use kafka_protocol::messages::{
    ApiKey, ListGroupsResponse, SaslAuthenticateRequest, SaslAuthenticateResponse,
    SaslHandshakeRequest, SaslHandshakeResponse,
};

use super::*;
use crate::{
    BrokerAddress, Client, ClientOptions,
    dial::Dial,
    fake::{InMemory, Question, Reply},
    fan_out,
    wire::str_bytes,
};

const VERSIONS: &[(ApiKey, i16)] = &[
    (ApiKey::ApiVersions, 4),
    (ApiKey::Metadata, 12),
    (ApiKey::ListGroups, 4),
    (ApiKey::SaslHandshake, 1),
    (ApiKey::SaslAuthenticate, 2),
];

/// A broker that takes each SaslAuthenticate to `script`, with how many came before it.
fn broker(
    script: impl Fn(&Question, usize) -> SaslAuthenticateResponse + Send + Sync + 'static,
) -> Arc<dyn Dial> {
    let count = AtomicUsize::new(0);
    InMemory::new(move |question| match question.key {
        ApiKey::ApiVersions => question.versions(VERSIONS),
        ApiKey::Metadata => question.brokers(&[(1, &address())]),
        ApiKey::SaslHandshake => handshake(question),
        ApiKey::SaslAuthenticate => question.answer(&script(question, count.fetch_add(1, SeqCst))),
        _ => question.answer(&ListGroupsResponse::default()),
    })
}

fn address() -> BrokerAddress {
    BrokerAddress::new("broker", 9092)
}

fn handshake(question: &Question) -> Reply {
    let asked: SaslHandshakeRequest = question.read();
    let offered = ["PLAIN", "OAUTHBEARER"];
    let code = if offered.contains(&asked.mechanism.as_str()) { 0 } else { 33 };
    let answer = SaslHandshakeResponse::default()
        .with_error_code(code)
        .with_mechanisms(offered.map(str_bytes).to_vec());
    question.answer(&answer)
}

fn said(question: &Question) -> Vec<u8> {
    question.read::<SaslAuthenticateRequest>().auth_bytes.to_vec()
}

fn lasting(lifetime_ms: i64) -> SaslAuthenticateResponse {
    SaslAuthenticateResponse::default().with_session_lifetime_ms(lifetime_ms)
}

fn denial(message: &str) -> SaslAuthenticateResponse {
    SaslAuthenticateResponse::default()
        .with_error_code(KafkaCode::SASL_AUTHENTICATION_FAILED.0)
        .with_error_message(Some(str_bytes(message)))
}

fn credentials() -> Credentials {
    Credentials { username: "weir".into(), password: Secret::new("hunter2") }
}

fn client(broker: Arc<dyn Dial>, sasl: Sasl) -> Client {
    let mut options = ClientOptions::new(vec![address()]);
    options.sasl = Some(sasl);
    Client::dialing(options, broker).unwrap()
}

/// Gives `token-0`, then `token-1`, and so on; none while its time is up.
#[derive(Debug, Default)]
struct Tokens {
    given: AtomicUsize,
    broken: std::sync::atomic::AtomicBool,
}

impl TokenProvider for Tokens {
    fn token(&self) -> Fetching<'_> {
        let broken = self.broken.load(SeqCst);
        let at = self.given.fetch_add(1, SeqCst);
        Box::pin(async move {
            if broken {
                return Err("the provider is down".to_owned());
            }
            Ok(Token(Secret::new(format!("token-{at}"))))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn plain_is_one_message() {
    let broker = broker(|question, _| {
        assert_eq!(said(question), b"\0weir\0hunter2");
        lasting(0)
    });
    let client = client(broker, Sasl::Plain(credentials()));
    client.metadata().await.unwrap();
    client.list_groups().await.unwrap().remove(0).groups.unwrap();
    assert_eq!(client.stats().of(Api::SaslAuthenticate).requests, 1);
}

#[tokio::test(start_paused = true)]
async fn a_denial_carries_kafkas_message_and_no_password() {
    let broker = broker(|_, _| denial("Invalid username or password"));
    let error = client(broker, Sasl::Plain(credentials())).metadata().await.unwrap_err();
    assert!(matches!(error, Error::AuthenticationFailed { .. }), "{error}");
    assert!(!error.is_retryable());
    let text = format!("{error} {error:?}");
    assert!(text.contains("PLAIN authentication failed: Invalid username or password"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_mechanism_not_offered_is_told_with_those_that_are() {
    let broker = broker(|_, _| lasting(0));
    let error = client(broker, Sasl::ScramSha512(credentials())).metadata().await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("does not offer SCRAM-SHA-512"), "{text}");
    assert!(text.contains("only PLAIN, OAUTHBEARER"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_told_in_the_brokers_two_ways() {
    let broker = broker(|question, before| match before {
        0 => SaslAuthenticateResponse::default()
            .with_auth_bytes(bytes::Bytes::from_static(br#"{"status":"invalid_token"}"#)),
        _ => {
            assert_eq!(said(question), [1]);
            denial("bad token")
        }
    });
    let sasl = Sasl::OauthBearer(Arc::new(Tokens::default()));
    let text = client(broker, sasl).metadata().await.unwrap_err().to_string();
    assert!(text.contains(r#"bad token ({"status":"invalid_token"})"#), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_session_is_renewed_on_its_connection_before_it_ends() {
    let broker = broker(|question, before| {
        let bytes = said(question);
        assert_eq!(bytes, format!("n,,\x01auth=Bearer token-{before}\x01\x01").into_bytes());
        lasting(200)
    });
    let client = client(broker, Sasl::OauthBearer(Arc::new(Tokens::default())));
    client.metadata().await.unwrap();
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(190)).await;
        let asked = (0..4)
            .map(|_| client.clone())
            .map(|client| async move { client.list_groups().await.unwrap().remove(0).groups });
        for groups in fan_out::all(asked).await {
            groups.unwrap();
        }
    }
    let stats = client.stats();
    assert_eq!(stats.connections_opened, 1);
    assert_eq!(stats.of(Api::SaslAuthenticate).requests, 4);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_is_down_for_a_moment_does_not_end_a_session() {
    let broker = broker(|_, _| lasting(2_000));
    let tokens = Arc::new(Tokens::default());
    let client = client(broker, Sasl::OauthBearer(Arc::clone(&tokens) as _));
    client.metadata().await.unwrap();
    tokens.broken.store(true, SeqCst);
    tokio::time::sleep(Duration::from_millis(1_810)).await;
    client.list_groups().await.unwrap().remove(0).groups.unwrap();
    tokens.broken.store(false, SeqCst);
    tokio::time::sleep(Duration::from_millis(60)).await;
    client.list_groups().await.unwrap().remove(0).groups.unwrap();
    assert_eq!(client.stats().of(Api::SaslAuthenticate).requests, 2);
    assert_eq!(client.stats().connections_opened, 1);

    tokens.broken.store(true, SeqCst);
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    let error = client.list_groups().await.unwrap().remove(0).groups.unwrap_err();
    assert!(matches!(error, Error::Token { .. }), "{error}");
    assert!(error.to_string().ends_with("the provider is down"), "{error}");
}

/// Never gives one.
#[derive(Debug)]
struct Hanging;

impl TokenProvider for Hanging {
    fn token(&self) -> Fetching<'_> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_hangs_is_not_taken_for_a_broker_that_does() {
    let broker = broker(|_, _| lasting(0));
    let sasl = Sasl::OauthBearer(Arc::new(Hanging));
    let error = client(broker, sasl).metadata().await.unwrap_err();
    assert!(matches!(error, Error::Token { .. }), "{error}");
    assert!(error.to_string().ends_with("none came within 5.0 s"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_listener_without_sasl_says_so() {
    let broker = InMemory::new(|question| match question.key {
        ApiKey::ApiVersions => question.versions(VERSIONS),
        _ => question.answer(&SaslHandshakeResponse::default().with_error_code(34)),
    });
    let error = client(broker, Sasl::Plain(credentials())).metadata().await.unwrap_err();
    assert!(matches!(error, Error::AuthenticationUnexpected { .. }), "{error}");
}

#[test]
fn no_secret_is_printed_with_the_options() {
    let mut options = ClientOptions::new(vec![BrokerAddress::new("b", 9092)]);
    options.sasl = Some(Sasl::Plain(credentials()));
    let text = format!("{options:?}");
    assert!(text.contains("weir") && !text.contains("hunter2"), "{text}");
}
