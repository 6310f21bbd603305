//! The web UI as built from `web/`, inside the binary. Without a build there is one plain page
//! that says so and how to get the UI; everything else of Weir works without it.
//!
//! Not here: HTTP. The server turns an [`Asset`] into a response.

use std::borrow::Cow;

use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/dist"]
#[allow_missing = true]
struct Built;

/// One file of the UI.
pub struct Asset {
    pub bytes: Cow<'static, [u8]>,
    pub content_type: String,
    /// Quoted, as HTTP wants it.
    pub etag: String,
    /// True for names that hold a hash of their content.
    pub immutable: bool,
}

/// False when the binary was built without the UI.
pub fn is_built() -> bool {
    Built::get("index.html").is_some()
}

/// The file at a path without a leading slash; directories have none.
pub fn asset(path: &str) -> Option<Asset> {
    Built::get(path).map(|file| to_asset(path, file))
}

/// The page that every route of the UI starts from.
pub fn index() -> Asset {
    asset("index.html").unwrap_or_else(|| Asset {
        bytes: Cow::Borrowed(NOT_BUILT.as_bytes()),
        content_type: "text/html; charset=utf-8".into(),
        etag: "\"not-built\"".into(),
        immutable: false,
    })
}

const NOT_BUILT: &str = include_str!("not_built.html");

fn to_asset(path: &str, file: EmbeddedFile) -> Asset {
    let hash: String =
        file.metadata.sha256_hash()[..12].iter().map(|byte| format!("{byte:02x}")).collect();
    Asset {
        content_type: content_type(path).into(),
        etag: format!("\"{hash}\""),
        immutable: path.starts_with("assets/"),
        bytes: file.data,
    }
}

/// The few kinds that a build of the UI holds.
fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("json" | "webmanifest" | "map") => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_a_page() {
        let page = index();
        assert!(page.content_type.starts_with("text/html"));
        let text = String::from_utf8(page.bytes.into_owned()).unwrap();
        assert!(text.contains("<title>"), "{text}");
        assert_eq!(is_built(), !text.contains("not built"));
    }
}
