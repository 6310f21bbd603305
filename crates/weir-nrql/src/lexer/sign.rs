//! Characters: which signs there are, which characters make words and numbers.

use crate::token::TokenKind;

pub(super) fn foreign_operator(
    next: char,
    second: Option<char>,
) -> Option<(&'static str, &'static str)> {
    Some(match (next, second) {
        ('=', Some('=')) => ("==", "NRQL compares with a single ="),
        ('&', Some('&')) => ("&&", "write AND"),
        ('|', Some('|')) => ("||", "write OR, or concat(a, b) to join strings"),
        ('=', Some('~')) => ("=~", "write RLIKE r'…' for a regular expression"),
        ('!', Some('~')) => ("!~", "write NOT RLIKE r'…' for a regular expression"),
        ('!', second) if second != Some('=') => ("!", "write NOT"),
        _ => return None,
    })
}

pub(super) fn sign_of(next: char, second: Option<char>) -> Option<(TokenKind, usize)> {
    Some(match (next, second) {
        ('!', Some('=')) | ('<', Some('>')) => (TokenKind::NotEqual, 2),
        ('<', Some('=')) => (TokenKind::LessOrEqual, 2),
        ('>', Some('=')) => (TokenKind::GreaterOrEqual, 2),
        ('=', _) => (TokenKind::Equal, 1),
        ('<', _) => (TokenKind::Less, 1),
        ('>', _) => (TokenKind::Greater, 1),
        ('+', _) => (TokenKind::Plus, 1),
        ('-', _) => (TokenKind::Minus, 1),
        ('*', _) => (TokenKind::Star, 1),
        ('/', _) => (TokenKind::Slash, 1),
        ('(', _) => (TokenKind::LeftParen, 1),
        (')', _) => (TokenKind::RightParen, 1),
        ('[', _) => (TokenKind::LeftBracket, 1),
        (']', _) => (TokenKind::RightBracket, 1),
        ('{', _) => (TokenKind::LeftBrace, 1),
        ('}', _) => (TokenKind::RightBrace, 1),
        (',', _) => (TokenKind::Comma, 1),
        (':', _) => (TokenKind::Colon, 1),
        (';', _) => (TokenKind::Semicolon, 1),
        _ => return None,
    })
}

/// Also what comes along when a query is copied from a web page: non-breaking and zero-width.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// `%` is the wildcard of metric names, alone or inside a name; it is never an operator.
pub(super) fn begins_word(c: char) -> bool {
    c.is_alphabetic() || c == '_' || c == '%'
}

fn within_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '%'
}

/// Bytes of the word that begins `text`; a dot or colon belongs to it when a segment follows.
pub(super) fn word_length(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((offset, c)) = chars.next() {
        let joins = matches!(c, '.' | ':') && chars.peek().is_some_and(|(_, n)| within_word(*n));
        if !within_word(c) && !joins {
            return offset;
        }
    }
    text.len()
}

pub(super) fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut length = digits(0);
    if bytes.get(length) == Some(&b'.') {
        let fraction = digits(length + 1);
        length += if fraction > 0 { fraction + 1 } else { 0 };
    }
    if let Some(b'e' | b'E') = bytes.get(length) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let exponent = digits((length + 1 + sign).min(bytes.len()));
        length += if exponent > 0 { 1 + sign + exponent } else { 0 };
    }
    length
}
