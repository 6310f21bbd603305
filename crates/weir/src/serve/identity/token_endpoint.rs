//! The HTTP side of OAuth's client credentials grant.

use std::path::PathBuf;

use reqwest::Method;
use weir_kafka::sasl::{Form, Posting, TokenEndpoint};
use weir_types::Secret;

use super::http::{Request, exchange};

/// Posts to whatever endpoint the form names.
#[derive(Debug)]
pub(super) struct HttpTokenEndpoint {
    /// The authorities to trust instead of the system's.
    pub ca_file: Option<PathBuf>,
}

impl TokenEndpoint for HttpTokenEndpoint {
    fn post(&self, form: Form) -> Posting<'_> {
        Box::pin(async move {
            let json = Secret::new("application/json");
            let urlencoded = Secret::new("application/x-www-form-urlencoded");
            exchange(Request {
                method: Method::POST,
                url: &form.url,
                headers: vec![
                    ("authorization", form.authorization),
                    ("content-type", urlencoded),
                    ("accept", json),
                ],
                body: form.body,
                ca_file: self.ca_file.as_deref(),
                direct: false,
            })
            .await
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use weir_kafka::sasl::{ClientCredentials, TokenProvider};

    use super::super::stub::Stub;
    use super::*;

    fn client(url: &str, ca_file: Option<PathBuf>) -> ClientCredentials {
        let http = Arc::new(HttpTokenEndpoint { ca_file });
        let secret = Secret::new("hunter2");
        ClientCredentials::new(http, url.into(), "weir".into(), secret, Some("kafka".into()))
    }

    async fn error_of(url: &str, ca_file: Option<PathBuf>) -> String {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let error = client(url, ca_file).token().await.unwrap_err();
        assert!(!error.contains("hunter2") && !error.contains("d2Vpcj"), "{error}");
        error
    }

    #[tokio::test]
    async fn a_token_is_asked_for_as_the_grant_wants_it() {
        let body = r#"{"access_token":"abc","token_type":"Bearer","expires_in":300}"#;
        let stub = Stub::start(move |_| (200, body.into())).await;
        let client = client(&stub.url("/token"), None);
        assert_eq!(client.token().await.unwrap().0.reveal(), "abc");
        assert_eq!(client.token().await.unwrap().0.reveal(), "abc");
        let asked = stub.requests();
        assert_eq!(asked.len(), 1);
        assert!(asked[0].starts_with("POST /token HTTP/1.1"), "{asked:?}");
        assert!(asked[0].contains("authorization: Basic d2VpcjpodW50ZXIy\r\n"), "{asked:?}");
        assert!(asked[0].contains("content-type: application/x-www-form-urlencoded\r\n"));
        assert!(asked[0].ends_with("\r\n\r\ngrant_type=client_credentials&scope=kafka"));
    }

    #[tokio::test]
    async fn the_secret_goes_nowhere_else() {
        let stub = Stub::start(|_| (302, String::new())).await;
        let error = error_of(&stub.url("/token"), None).await;
        assert!(error.contains("(status 302) is no JSON of OAuth's: check that"), "{error}");
        assert_eq!(stub.requests().len(), 1, "a redirection is not followed");
    }

    #[tokio::test]
    async fn why_there_is_no_token_is_told() {
        let stub = Stub::start(|_| (200, "x".repeat(70_000))).await;
        let error = error_of(&stub.url("/token"), None).await;
        assert!(error.ends_with("its answer is larger than 65536 bytes"), "{error}");
        let error = error_of("http://127.0.0.1:1/token", None).await;
        assert!(error.contains("127.0.0.1:1/token: cannot connect: "), "{error}");
        assert!(error.ends_with("check the URL, and that it can be reached from here"), "{error}");
        let missing = Some(PathBuf::from("/no/such/ca.pem"));
        let error = error_of("https://127.0.0.1:1/token", missing).await;
        assert!(error.contains("cannot use the CA file /no/such/ca.pem: "), "{error}");
        assert!(error.ends_with("correct `ca_file` of `sasl`"), "{error}");
        let stub = Stub::start(|_| (405, String::new())).await;
        let error = error_of(&stub.url("/"), None).await;
        assert!(error.contains("status 405") && error.contains("`token_endpoint`"), "{error}");
    }
}
