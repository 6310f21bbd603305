//! The web UI. Paths that name no file are pages of the UI, which routes them itself.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use weir_ui::Asset;

use crate::service::Services;

pub async fn serve(State(services): State<Services>, uri: Uri, headers: HeaderMap) -> Response {
    if !services.info.with_ui {
        return (StatusCode::NOT_FOUND, "no such path\n").into_response();
    }
    let path = uri.path().trim_start_matches('/');
    if let Some(asset) = weir_ui::asset(path) {
        return asset_response(asset, &headers);
    }
    // A path with an ending was meant to be a file: answering it with a page would hide the fault.
    if path.rsplit('/').next().is_some_and(|name| name.contains('.')) && looks_like_file(path) {
        return (StatusCode::NOT_FOUND, "no such file\n").into_response();
    }
    asset_response(weir_ui::index(), &headers)
}

/// Built files live below `assets/`; entity names in page paths may hold dots.
fn looks_like_file(path: &str) -> bool {
    path.starts_with("assets/") || !path.contains('/')
}

fn asset_response(asset: Asset, headers: &HeaderMap) -> Response {
    let (bytes, etag, encoding) = match asset.brotli.filter(|_| accepts_brotli(headers)) {
        Some(brotli) => (brotli, brotli_etag(&asset.etag), Some("br")),
        None => (asset.bytes, asset.etag, None),
    };
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    if known == Some(etag.as_str()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let cache = if asset.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = Response::builder()
        .header(header::CONTENT_TYPE, asset.content_type)
        .header(header::CACHE_CONTROL, cache)
        .header(header::VARY, "accept-encoding")
        .header(header::ETAG, etag);
    if let Some(encoding) = encoding {
        response = response.header(header::CONTENT_ENCODING, encoding);
    }
    response
        .body(Body::from(bytes))
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok());
    accepted.is_some_and(|list| {
        list.split(',')
            .map(str::trim)
            .any(|one| one == "br" || one.starts_with("br;q=0.") || one == "br;q=1")
    })
}

/// Other bytes need another strong validator.
fn brotli_etag(etag: &str) -> String {
    format!("{}-br\"", etag.trim_end_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(list: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, list.parse().unwrap());
        accepts_brotli(&headers)
    }

    #[test]
    fn brotli_only_for_who_takes_it() {
        assert!(accepts("gzip, deflate, br"));
        assert!(accepts("br;q=0.5"));
        assert!(!accepts("gzip"));
        assert!(!accepts("br;q=0"));
        assert!(!accepts_brotli(&HeaderMap::new()));
        assert_eq!(brotli_etag("\"abc\""), "\"abc-br\"");
    }
}
