//! Sentences in lines: broken at blanks, nothing lost.

/// `text` in lines of at most `width` characters; a word that is longer is broken where it must be.
pub fn wrap(text: &str, width: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text.trim_end();
    while let Some((most, _)) = rest.char_indices().nth(width.max(1)) {
        let cut = if rest[most..].starts_with(' ') { most } else { last_blank(&rest[..most]) };
        lines.push(rest[..cut].trim_end());
        rest = rest[cut..].trim_start();
    }
    lines.push(rest);
    lines
}

/// Where the last word begins; the end where there is one word alone.
fn last_blank(text: &str) -> usize {
    let blank = text.rfind(' ').filter(|at| !text[..*at].trim().is_empty());
    blank.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_blanks_and_lose_nothing() {
        assert_eq!(wrap("the port is right", 8), ["the port", "is right"]);
        assert_eq!(wrap("the port is right", 9), ["the port", "is right"]);
        assert_eq!(wrap("-60  no leader", 80), ["-60  no leader"]);
        assert_eq!(wrap("a 127.0.0.1:9092", 6), ["a", "127.0.", "0.1:90", "92"]);
        assert_eq!(wrap("", 8), [""]);
        assert_eq!(wrap("äöü ß", 3), ["äöü", "ß"]);
    }
}
