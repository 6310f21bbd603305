//! The built web UI as bytes inside the binary.
//!
//! `npm run build` in `web/` writes `web/dist`; building this crate embeds whatever is there. The
//! crate also builds when nothing is, and then has a page that says how to get the UI. The server
//! asks for a path and gets bytes with what their headers need; pages other than files are all
//! [`index`], because the routes live in the browser.
//!
//! Layout:
//! - [`asset`], [`index`]: a file of the build, and the page that starts it
//! - [`content_type`]: media types by extension
//!
//! Not here: HTTP, and anything of the workspace, so that no other change embeds the files again.

mod content_type;

use std::borrow::Cow;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

/// Shown in the place of the UI when the binary was built without it.
const NOT_BUILT: &str = include_str!("not_built.html");

/// Names under this folder carry a hash of their content.
const HASHED_FOLDER: &str = "assets/";

/// One file, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    pub bytes: Cow<'static, [u8]>,
    /// The same content, brotli-compressed; for clients that accept `br`.
    pub brotli: Option<Cow<'static, [u8]>>,
    pub content_type: &'static str,
    /// A strong validator with its quotes, as the `ETag` header has it.
    pub etag: String,
    /// True when the name changes with the content, so that a cache may keep it for ever.
    pub immutable: bool,
}

/// Whether the binary was built with the UI.
pub fn is_built() -> bool {
    Dist::get("index.html").is_some()
}

/// The file of the build at `path`, written without a leading slash; `None` when there is none.
pub fn asset(path: &str) -> Option<Asset> {
    let file = Dist::get(path)?;
    Some(Asset {
        bytes: file.data,
        brotli: Dist::get(&format!("{path}.br")).map(|compressed| compressed.data),
        content_type: content_type::of(path)?,
        etag: etag(&file.metadata.sha256_hash()),
        immutable: path.starts_with(HASHED_FOLDER),
    })
}

/// The page that starts the UI, or the one that says that it was not built.
pub fn index() -> Asset {
    asset("index.html").unwrap_or_else(|| Asset {
        bytes: Cow::Borrowed(NOT_BUILT.as_bytes()),
        brotli: None,
        content_type: content_type::HTML,
        etag: format!("\"not-built-{}\"", env!("CARGO_PKG_VERSION")),
        immutable: false,
    })
}

fn etag(hash: &[u8; 32]) -> String {
    let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_there_with_and_without_a_build() {
        let index = index();
        assert_eq!(index.content_type, "text/html; charset=utf-8");
        assert!(!index.immutable);
        let text = String::from_utf8(index.bytes.into_owned()).unwrap();
        assert_eq!(text.contains("was not built"), !is_built());
    }

    #[test]
    fn no_page_asks_for_an_inline_script() {
        let text = String::from_utf8(index().bytes.into_owned()).unwrap();
        for tag in text.split("<script").skip(1) {
            assert!(tag.trim_start().contains("src="), "inline script: <script{tag}");
        }
    }

    #[test]
    fn files_of_the_build_carry_what_their_headers_need() {
        if !is_built() {
            return; // Built without Node: there are no files to look at.
        }
        let files: Vec<Cow<'static, str>> = Dist::iter().filter(|p| !p.ends_with(".br")).collect();
        for path in &files {
            let file = asset(path).unwrap_or_else(|| panic!("no media type for {path}"));
            assert!(file.etag.starts_with('"') && file.etag.ends_with('"'));
            assert_eq!(file.immutable, path.starts_with("assets/"), "{path}");
        }
        assert!(files.iter().any(|path| path.ends_with(".js")));
    }

    #[test]
    fn what_is_no_file_is_not_found() {
        for path in ["", "groups", "../Cargo.toml", "assets/../../../Cargo.toml", "index.html.br"] {
            assert_eq!(asset(path), None, "{path}");
        }
    }
}
