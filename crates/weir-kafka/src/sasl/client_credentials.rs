//! Tokens by OAuth's client credentials grant (RFC 6749, section 4.4). The HTTP client is the
//! caller's.

use std::{fmt, sync::Arc, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Deserialize;
use tokio::{sync::Mutex, time::Instant};
use weir_types::{BoxFuture, Secret};

use super::{Fetching, Token, TokenProvider, sigv4::percent_encoded};

/// A token is used for this share of its life; a session renews itself later than that, and so
/// with a newer one.
const KEPT: f64 = 0.75;
/// A provider that does not say how long its tokens live gets asked again after this.
const UNKNOWN_LIFE: Duration = Duration::from_secs(60);

const CHECK_ENDPOINT: &str = "check that `token_endpoint` is the provider's URL for tokens";

/// An HTTP POST to a token endpoint.
#[derive(Debug)]
pub struct Form {
    pub url: String,
    /// For the `Authorization` header.
    pub authorization: Secret,
    /// `application/x-www-form-urlencoded`.
    pub body: String,
}

#[derive(Debug)]
pub struct HttpAnswer {
    pub status: u16,
    /// At most a few KiB: the caller cuts longer ones off.
    pub body: Secret,
}

/// The answer, or why there is none, as a fragment without secrets.
pub type Posting<'a> = BoxFuture<'a, Result<HttpAnswer, String>>;

/// Whatever can send a [`Form`] within a bounded time.
pub trait TokenEndpoint: fmt::Debug + Send + Sync {
    fn post(&self, form: Form) -> Posting<'_>;
}

/// Asks a token endpoint in the name of a client, and keeps the token for most of its life.
#[derive(Debug)]
pub struct ClientCredentials {
    http: Arc<dyn TokenEndpoint>,
    url: String,
    client_id: String,
    client_secret: Secret,
    scope: Option<String>,
    kept: Mutex<Option<Kept>>,
}

#[derive(Debug)]
struct Kept {
    token: Token,
    until: Instant,
}

/// What endpoints answer, well or not.
#[derive(Deserialize)]
struct Answer {
    access_token: Option<String>,
    expires_in: Option<u64>,
    error: Option<String>,
    error_description: Option<String>,
}

impl ClientCredentials {
    /// `scope` as the provider has it, several parted by spaces.
    pub fn new(
        http: Arc<dyn TokenEndpoint>,
        url: String,
        client_id: String,
        client_secret: Secret,
        scope: Option<String>,
    ) -> Self {
        Self { http, url, client_id, client_secret, scope, kept: Mutex::default() }
    }

    fn form(&self) -> Form {
        let mut body = "grant_type=client_credentials".to_owned();
        if let Some(scope) = &self.scope {
            body.push_str("&scope=");
            body.push_str(&percent_encoded(scope));
        }
        let client = format!(
            "{}:{}",
            percent_encoded(&self.client_id),
            percent_encoded(self.client_secret.reveal())
        );
        let authorization = Secret::new(format!("Basic {}", BASE64_STANDARD.encode(client)));
        Form { url: self.url.clone(), authorization, body }
    }

    async fn fetch(&self) -> Result<Kept, String> {
        // Its query may hold a secret.
        let shown = self.url.split('?').next().unwrap_or_default();
        let failed = |reason: String| format!("{shown}: {reason}");
        let answer = self.http.post(self.form()).await.map_err(failed)?;
        let (token, life) = read(&answer).map_err(failed)?;
        Ok(Kept { token, until: Instant::now() + life.mul_f64(KEPT) })
    }
}

impl TokenProvider for ClientCredentials {
    /// Whoever asks while a token is being fetched waits for that one.
    fn token(&self) -> Fetching<'_> {
        Box::pin(async move {
            let mut kept = self.kept.lock().await;
            if let Some(kept) = kept.as_ref().filter(|kept| Instant::now() < kept.until) {
                return Ok(kept.token.clone());
            }
            let fetched = self.fetch().await?;
            let token = fetched.token.clone();
            *kept = Some(fetched);
            Ok(token)
        })
    }
}

fn read(answer: &HttpAnswer) -> Result<(Token, Duration), String> {
    let status = answer.status;
    let unreadable =
        |_| format!("its answer (status {status}) is no JSON of OAuth's: {CHECK_ENDPOINT}");
    let read: Answer = serde_json::from_str(answer.body.reveal()).map_err(unreadable)?;
    match (read.access_token, read.error) {
        (Some(token), None) if status == 200 => {
            let life = read.expires_in.map_or(UNKNOWN_LIFE, Duration::from_secs);
            Ok((Token(Secret::new(token)), life))
        }
        (_, Some(error)) => {
            let detail = read.error_description.map(|text| format!(": {text}"));
            let (detail, hint) = (detail.unwrap_or_default(), hint(&error));
            Err(format!("it refused with {error}{detail}{hint}"))
        }
        _ => Err(format!("it answered with status {status} and no token: {CHECK_ENDPOINT}")),
    }
}

/// What to do about the errors of RFC 6749, section 5.2, where it is ours to do.
fn hint(error: &str) -> &'static str {
    match error {
        "invalid_client" => ": check the client's id and secret in `sasl`",
        "invalid_scope" => ": check the scope in `sasl`",
        "unauthorized_client" | "unsupported_grant_type" => {
            ": allow this client the client credentials grant at the provider"
        }
        _ => ": the provider's log may say why",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    use super::*;

    /// Answers the same each time; the asking is counted.
    #[derive(Debug)]
    struct Canned {
        status: u16,
        body: &'static str,
        asked: AtomicUsize,
    }

    impl TokenEndpoint for Canned {
        fn post(&self, form: Form) -> Posting<'_> {
            assert_eq!(form.url, "https://id.example/token?key=hush");
            assert_eq!(form.body, "grant_type=client_credentials&scope=kafka%20read");
            // `weir:s%3Acret`: parts are encoded before they are joined (RFC 6749, 2.3.1).
            assert_eq!(form.authorization.reveal(), "Basic d2VpcjpzJTNBY3JldA==");
            self.asked.fetch_add(1, SeqCst);
            let (status, body) = (self.status, Secret::new(self.body));
            Box::pin(async move { Ok(HttpAnswer { status, body }) })
        }
    }

    fn client(status: u16, body: &'static str) -> (Arc<Canned>, ClientCredentials) {
        let http = Arc::new(Canned { status, body, asked: AtomicUsize::new(0) });
        let url = "https://id.example/token?key=hush".to_owned();
        let scope = Some("kafka read".to_owned());
        let secret = Secret::new("s:cret");
        let client =
            ClientCredentials::new(Arc::clone(&http) as _, url, "weir".into(), secret, scope);
        (http, client)
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_kept_for_most_of_its_life() {
        let (http, client) = client(200, r#"{"access_token":"t","expires_in":100,"other":1}"#);
        for (at, asked) in [(0, 1), (70, 1), (10, 2)] {
            tokio::time::advance(Duration::from_secs(at)).await;
            assert_eq!(client.token().await.unwrap().0.reveal(), "t");
            assert_eq!(http.asked.load(SeqCst), asked);
        }
    }

    #[tokio::test]
    async fn a_refusal_is_told_in_the_providers_words() {
        let body = r#"{"error":"invalid_client","error_description":"unknown client"}"#;
        let error = client(401, body).1.token().await.unwrap_err();
        assert_eq!(
            error,
            "https://id.example/token: it refused with invalid_client: unknown client: check the \
             client's id and secret in `sasl`"
        );
        let error = client(502, "<html>").1.token().await.unwrap_err();
        assert!(error.contains("its answer (status 502) is no JSON of OAuth's: check"), "{error}");
        let error = client(200, "{}").1.token().await.unwrap_err();
        assert!(error.contains("status 200 and no token: check that `token_endpoint`"), "{error}");
    }
}
