//! One HTTP exchange, bounded in time and size, that follows nobody elsewhere: what is sent and
//! what comes back are secrets.

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Method};
use weir_kafka::sasl::HttpAnswer;
use weir_types::Secret;

/// Less than a connection to a broker may take, so that the reason comes from here.
const TIMEOUT: Duration = Duration::from_secs(4);
/// Tokens and keys are a few KiB.
const ANSWER_BYTES_MAX: usize = 64 << 10;

/// What to ask, and how far to trust who answers.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub method: Method,
    pub url: &'a str,
    pub headers: Vec<(&'static str, Secret)>,
    pub body: String,
    /// The authorities to trust instead of the system's.
    pub ca_file: Option<&'a Path>,
    /// Not through the environment's proxy: for services of this very machine.
    pub direct: bool,
}

impl<'a> Request<'a> {
    /// To a service of this very machine.
    pub(super) fn local(method: Method, url: &'a str) -> Request<'a> {
        let (headers, body) = (Vec::new(), String::new());
        Request { method, url, headers, body, ca_file: None, direct: true }
    }

    pub(super) fn with_header(mut self, name: &'static str, value: Secret) -> Request<'a> {
        self.headers.push((name, value));
        self
    }
}

/// The answer whatever its status, or why there is none. A client is made for each exchange: they
/// are rare, and a renewed CA file is read.
pub(super) async fn exchange(request: Request<'_>) -> Result<HttpAnswer, String> {
    let client = client(&request)?;
    let mut sent = client.request(request.method, request.url).body(request.body);
    for (name, value) in &request.headers {
        sent = sent.header(*name, value.reveal());
    }
    let mut answer = sent.send().await.map_err(|error| told(&error))?;
    let status = answer.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| told(&error))? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(format!("its answer is larger than {ANSWER_BYTES_MAX} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    let body = String::from_utf8(body).map_err(|_| "its answer is no text".to_owned())?;
    Ok(HttpAnswer { status, body: Secret::new(body) })
}

fn client(request: &Request<'_>) -> Result<Client, String> {
    let mut builder = Client::builder().timeout(TIMEOUT).redirect(Policy::none());
    if request.direct {
        builder = builder.no_proxy();
    }
    if let Some(path) = request.ca_file {
        let unusable = |reason: String| {
            format!(
                "cannot use the CA file {}: {reason}: correct `ca_file` of `sasl`",
                path.display()
            )
        };
        let pem = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
        let authorities =
            Certificate::from_pem_bundle(&pem).map_err(|error| unusable(error.to_string()))?;
        if authorities.is_empty() {
            return Err(unusable("it holds no certificate".to_owned()));
        }
        builder = builder.tls_certs_only(authorities);
    }
    builder.build().map_err(|error| told(&error))
}

/// The innermost reason; neither URL nor headers are in it.
fn told(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        let within = TIMEOUT.as_secs_f64();
        return format!(
            "no answer within {within:.1} s: check firewalls and routes between here and there"
        );
    }
    let mut reason: &dyn Error = error;
    while let Some(inner) = reason.source() {
        reason = inner;
    }
    if error.source().is_none() {
        return "cannot be asked: check the URL".to_owned();
    }
    let reason = reason.to_string();
    match error.is_connect() {
        true if reason.contains("certificate") => {
            format!(
                "not trusted: {reason}: name the PEM file of its authority as `ca_file` of `sasl`"
            )
        }
        true => {
            format!("cannot connect: {reason}: check the URL, and that it can be reached from here")
        }
        false => format!("the exchange failed: {reason}"),
    }
}
