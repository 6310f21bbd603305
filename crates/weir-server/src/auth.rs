//! Who may ask. A key travels in any of the headers New Relic's clients use; on a port that only
//! this machine can reach, the page may read without one, but no other site may make it do so.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use weir_types::{AccountId, ErrorCode};

use crate::error::Failure;
use crate::service::{Access, Identity, LOCAL_USER, Services};

/// `Api-Key` first; the others are what older clients and agents send. Behind them all comes
/// `Authorization: Bearer`, which scrapers can send.
const KEY_HEADERS: [&str; 4] = ["api-key", "x-license-key", "x-insert-key", "x-query-key"];

/// Passed by whoever may read and ask.
#[derive(Debug, Clone)]
pub struct Reader {
    pub account: AccountId,
    /// As [`Identity::user`].
    pub user: Arc<str>,
}

/// Lets a request to `/api/v1` or `/metrics` through with a user key, or without one on a loopback port.
pub async fn guard_rest(
    State(services): State<Services>,
    mut request: Request,
    next: Next,
) -> Response {
    match reader(&services, request.headers()) {
        Ok(reader) => {
            request.extensions_mut().insert(reader);
            next.run(request).await
        }
        Err(failure) => failure.into_response(),
    }
}

/// The key a request presents, if any.
pub fn presented_key(headers: &HeaderMap) -> Option<&str> {
    let bearer = || headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ");
    KEY_HEADERS.iter().find_map(|name| headers.get(*name)?.to_str().ok()).or_else(bearer)
}

/// Whose key it is, or why it opens nothing.
pub fn identify(services: &Services, key: &str) -> Result<Identity, Failure> {
    match services.authenticator.authenticate(key) {
        Ok(Some(identity)) => Ok(identity),
        Ok(None) => Err(Failure::new(ErrorCode::Unauthenticated, "no such key").with_hint(
            "`weir keys list` shows the keys of this server, `weir keys create` makes one",
        )),
        Err(reason) => Err(Failure::new(ErrorCode::Unavailable, reason)),
    }
}

/// Who asks: whoever has a user key, or is on this machine where only this machine can ask.
pub fn reader(services: &Services, headers: &HeaderMap) -> Result<Reader, Failure> {
    if let Some(key) = presented_key(headers) {
        let identity = identify(services, key)?;
        return match identity.access {
            Access::User => Ok(Reader { account: identity.account, user: identity.user }),
            Access::Ingest => Err(Failure::new(
                ErrorCode::PermissionDenied,
                "an ingest key can send events, not read: use a user key",
            )),
        };
    }
    if services.info.loopback_only && is_from_this_page(headers) {
        return Ok(Reader { account: services.info.account, user: LOCAL_USER.into() });
    }
    Err(Failure::new(ErrorCode::Unauthenticated, "a user key is needed in the header `Api-Key`")
        .with_hint("`weir keys create user` on the server makes one"))
}

/// Keyless access is for this machine's own page and tools. A foreign site can point its name at
/// 127.0.0.1 (the Host header then gives it away) or send a cross-site request (the browser then
/// says so in Sec-Fetch-Site or Origin).
fn is_from_this_page(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|v: &header::HeaderValue| v.to_str().ok());
    let Some(host) = text(header::HOST) else { return false };
    let same_origin = match text(header::ORIGIN) {
        Some(origin) => origin.strip_prefix("http://") == Some(host),
        None => true,
    };
    let same_site =
        headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
    is_loopback_host(host) && same_origin && same_site
}

fn is_loopback_host(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl<S: Send + Sync> FromRequestParts<S> for Reader {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts
            .extensions
            .get::<Reader>()
            .cloned()
            .ok_or_else(|| Failure::new(ErrorCode::Internal, "route is not guarded"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect()
    }

    #[test]
    fn the_page_and_curl_of_this_machine_may_read() {
        assert!(is_from_this_page(&headers(&[("host", "127.0.0.1:3000")])));
        assert!(is_from_this_page(&headers(&[("host", "[::1]:3000")])));
        assert!(is_from_this_page(&headers(&[
            ("host", "localhost:3000"),
            ("origin", "http://localhost:3000"),
            ("sec-fetch-site", "same-origin"),
        ])));
    }

    #[test]
    fn a_key_may_come_as_a_bearer() {
        let bearer = ("authorization", "Bearer NRAK-1");
        assert_eq!(presented_key(&headers(&[bearer])), Some("NRAK-1"));
        assert_eq!(presented_key(&headers(&[bearer, ("api-key", "NRAK-2")])), Some("NRAK-2"));
        assert_eq!(presented_key(&headers(&[("authorization", "Basic eDp5")])), None);
    }

    #[test]
    fn foreign_sites_may_not() {
        assert!(!is_from_this_page(&headers(&[("host", "evil.example:3000")])));
        assert!(!is_from_this_page(&headers(&[("host", "127.0.0.1.evil.example")])));
        assert!(!is_from_this_page(&headers(&[
            ("host", "127.0.0.1:3000"),
            ("origin", "http://evil.example"),
        ])));
        assert!(!is_from_this_page(&headers(&[
            ("host", "127.0.0.1:3000"),
            ("sec-fetch-site", "cross-site"),
        ])));
        assert!(!is_from_this_page(&headers(&[])));
    }
}
