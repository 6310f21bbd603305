//! Media types of the few kinds of files the build makes.

pub const HTML: &str = "text/html; charset=utf-8";

/// `None` for a kind the build does not serve by itself, such as a compressed copy.
pub fn of(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit_once('.')?;
    match extension {
        "html" => Some(HTML),
        "js" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        "woff2" => Some("font/woff2"),
        _ => None,
    }
}
