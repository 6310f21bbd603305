//! Committed files that are made from the code: pages of the reference, expected answers.

use std::path::Path;

const BLESS: &str = "WEIR_BLESS";

/// Whether whoever runs the tests wants such files written anew.
pub fn is_blessed() -> bool {
    std::env::var_os(BLESS).is_some()
}

/// Compares a committed file with what it should hold; with `WEIR_BLESS=1` writes it first.
///
/// # Panics
/// Where they differ, naming the file and the first line that does.
#[track_caller]
pub fn golden(path: impl AsRef<Path>, made: &str) {
    let path = path.as_ref();
    if is_blessed() {
        let written = std::fs::write(path, made);
        assert!(written.is_ok(), "{}: {written:?}", path.display());
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let Some((line, old, new)) = first_difference(&committed, made) else { return };
    panic!("{} is old from line {line} on (run with {BLESS}=1):\n-{old}\n+{new}", path.display());
}

/// The number of the line and what it is on each side; empty past the end.
fn first_difference<'a>(one: &'a str, other: &'a str) -> Option<(usize, &'a str, &'a str)> {
    if one == other {
        return None;
    }
    let (mut ones, mut others) = (one.split('\n'), other.split('\n'));
    (1..).find_map(|line| match (ones.next(), others.next()) {
        (one, other) if one == other => None,
        (one, other) => Some((line, one.unwrap_or_default(), other.unwrap_or_default())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_named() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb", "a\nc"), Some((2, "b", "c")));
        assert_eq!(first_difference("a\nb", "a\nb\n"), Some((3, "", "")));
        assert_eq!(first_difference("", "a"), Some((1, "", "a")));
    }
}
