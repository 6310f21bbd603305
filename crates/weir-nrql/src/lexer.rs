//! Text to tokens. Findings of this level (an unknown character, a string without its end) do not
//! stop it: the parser still gets every other token.
//!
//! Decided here, as no public source says: a backslash escapes only the quote and itself and stays
//! in front of anything else; a raw string `r'…'` ends at the next quote; a quoted name has no
//! escapes; comments do not nest.

mod sign;

use weir_types::Span;

use crate::ast::Comment;
use crate::code::Code;
use crate::findings::{Findings, Help};
use crate::function;
use crate::keyword;
use crate::token::{Token, TokenKind};
use sign::{begins_word, foreign_operator, is_space, number_length, sign_of, word_length};

/// Tokens, the last of them [`TokenKind::End`], and the comments between them.
pub(crate) struct Lexed {
    pub tokens: Vec<Token>,
    pub comments: Vec<Comment>,
}

pub(crate) fn lex(text: &str, findings: &mut Findings) -> Lexed {
    let mut lexer = Lexer { text, at: 0, depth: 0, tokens: Vec::new(), comments: Vec::new() };
    while let Some(next) = lexer.peek() {
        lexer.step(next, findings);
    }
    lexer.push(TokenKind::End, text.len());
    Lexed { tokens: lexer.tokens, comments: lexer.comments }
}

/// Whether `name` would be read back as one word.
pub(crate) fn is_bare_name(name: &str) -> bool {
    let Some(first) = name.chars().next() else { return false };
    let argument = name.split_once(':').is_some_and(|(name, _)| function::is_argument_name(name));
    let one_word = begins_word(first) && word_length(name) == name.len();
    one_word && !argument && !keyword::quoted_as_name(name)
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    tokens: Vec<Token>,
    comments: Vec<Comment>,
}

impl<'t> Lexer<'t> {
    fn step(&mut self, next: char, findings: &mut Findings) {
        let rest = self.rest();
        let second = rest[next.len_utf8()..].chars().next();
        match (next, second) {
            (space, _) if is_space(space) => self.at += space.len_utf8(),
            ('-', Some('-')) | ('/', Some('/')) => self.line_comment(),
            ('/', Some('*')) => self.block_comment(findings),
            ('r' | 'R', Some('\'')) => self.raw_string(findings),
            ('\'', _) => self.string('\'', findings),
            ('"', _) => self.double_quoted(findings),
            ('`', _) => self.quoted_name(findings),
            ('‘' | '’' | '“' | '”', _) => self.typographic(next, findings),
            (digit, _) if digit.is_ascii_digit() => self.number(findings),
            ('.', Some(digit)) if digit.is_ascii_digit() => self.number(findings),
            (letter, _) if begins_word(letter) => self.word(),
            _ => self.sign(next, second, findings),
        }
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// From `self.at` to `end`.
    fn push(&mut self, kind: TokenKind, end: usize) {
        if kind == TokenKind::RightParen {
            self.depth = self.depth.saturating_sub(1);
        }
        let span = Span::new(self.at, end - self.at);
        let opens = kind == TokenKind::LeftParen;
        self.tokens.push(Token { kind, span, depth: self.depth });
        self.depth += usize::from(opens);
        self.at = end;
    }

    fn line_comment(&mut self) {
        let length = self.rest().find('\n').unwrap_or(self.rest().len());
        self.comment(self.rest()[..length].trim_end().len());
    }

    fn block_comment(&mut self, findings: &mut Findings) {
        match self.rest()[2..].find("*/") {
            Some(length) => self.comment(length + 4),
            None => {
                self.unclosed("comment", Span::new(self.at, 2), "end it with */", findings);
                self.at = self.text.len();
            }
        }
    }

    fn comment(&mut self, length: usize) {
        let before = self.text[..self.at].rsplit('\n').next().unwrap_or_default();
        self.comments.push(Comment {
            text: self.rest()[..length].into(),
            own_line: before.chars().all(is_space),
            span: Span::new(self.at, length),
        });
        self.at += length;
    }

    fn word(&mut self) {
        let mut length = word_length(self.rest());
        if let Some(name) = self.argument_name(&self.rest()[..length]) {
            length = name.len();
        }
        self.push(TokenKind::Word, self.at + length);
    }

    /// `t` of `t:auto` where an argument can begin: there the colon ends the name of the argument.
    fn argument_name<'w>(&self, word: &'w str) -> Option<&'w str> {
        let (name, _) = word.split_once(':')?;
        let last = self.tokens.last().map(|token| &token.kind);
        let at_argument = matches!(last, Some(TokenKind::LeftParen | TokenKind::Comma));
        (at_argument && function::is_argument_name(name)).then_some(name)
    }

    fn number(&mut self, findings: &mut Findings) {
        let length = number_length(self.rest());
        let digits = &self.rest()[..length];
        let kind = match (digits.parse::<i64>(), digits.parse::<f64>()) {
            (Ok(int), _) => TokenKind::Int(int),
            (_, Ok(float)) if float.is_finite() => TokenKind::Float(float),
            _ => {
                let span = Span::new(self.at, length);
                let message = format!("number '{}' is out of range", excerpt(digits));
                findings.error(Code::NumberOutOfRange, message, span, NUMBER_HELP.into());
                TokenKind::Unknown
            }
        };
        self.push(kind, self.at + length);
    }

    /// A string from the quote at `self.at`.
    fn string(&mut self, quote: char, findings: &mut Findings) {
        let mut value = String::new();
        let mut chars = self.rest().char_indices().skip(1).peekable();
        while let Some((offset, c)) = chars.next() {
            if c == quote {
                return self.push(TokenKind::Str(value), self.at + offset + 1);
            }
            let escaped = chars.next_if(|(_, next)| c == '\\' && (*next == quote || *next == '\\'));
            value.push(escaped.map_or(c, |(_, next)| next));
        }
        let help = format!("end it with {quote}; write \\{quote} for a quote inside");
        self.unclosed("string", Span::new(self.at, 1), help, findings);
        self.push(TokenKind::Unknown, self.text.len());
    }

    fn double_quoted(&mut self, findings: &mut Findings) {
        let start = self.at;
        self.string('"', findings);
        if !matches!(self.tokens.last(), Some(Token { kind: TokenKind::Str(_), .. })) {
            return;
        }
        let written = &self.text[start..self.at];
        let help = match written[1..written.len() - 1] {
            ref inner if inner.contains(['\'', '\\']) => "write strings in single quotes".into(),
            ref inner => format!("use single quotes: '{}'", excerpt(inner)),
        };
        let message = format!("string in double quotes: {}", excerpt(written));
        let span = Span::new(start, written.len());
        findings.warning(Code::DoubleQuotes, message, span, help.into());
    }

    fn raw_string(&mut self, findings: &mut Findings) {
        match self.rest()[2..].find('\'') {
            Some(length) => {
                let value = self.rest()[2..2 + length].to_string();
                self.push(TokenKind::Str(value), self.at + length + 3);
            }
            None => {
                self.unclosed("string", Span::new(self.at, 2), "end it with '", findings);
                self.push(TokenKind::Unknown, self.text.len());
            }
        }
    }

    fn quoted_name(&mut self, findings: &mut Findings) {
        match self.rest()[1..].find('`') {
            Some(0) => self.doubly_quoted_name(findings),
            Some(length) => {
                let name = self.rest()[1..1 + length].to_string();
                self.push(TokenKind::Name(name), self.at + length + 2);
            }
            None => {
                self.unclosed("quoted name", Span::new(self.at, 1), "end it with `", findings);
                self.push(TokenKind::Unknown, self.text.len());
            }
        }
    }

    /// ` ``name`` `: a habit from Markdown.
    fn doubly_quoted_name(&mut self, findings: &mut Findings) {
        let name = self.rest()[2..].split_once("``").map(|(name, _)| name);
        let Some(name) = name.filter(|name| !name.is_empty() && !name.contains('`')) else {
            let help = "write a name between the backticks";
            let span = Span::new(self.at, 2);
            findings.error(Code::UnexpectedToken, "unexpected '``'", span, help.into());
            return self.push(TokenKind::Unknown, self.at + 2);
        };
        let span = Span::new(self.at, name.len() + 4);
        let message = format!("name in doubled backticks: {}", excerpt(name));
        findings.warning(
            Code::DoubledBackticks,
            message,
            span,
            "one on each side is enough".into(),
        );
        self.push(TokenKind::Name(name.to_string()), span.end());
    }

    /// Quotes that an office program or a web page has made round.
    fn typographic(&mut self, quote: char, findings: &mut Findings) {
        let rest = self.rest();
        let closing = |c: char| matches!(c, '’' | '”' | '‘' | '“');
        let width = quote.len_utf8();
        let inner = rest[width..].find(closing);
        let end = inner.map_or(rest.len(), |length| width + length + width);
        let span = Span::new(self.at, width);
        let help = "use straight single quotes: '…'";
        let message = format!("unexpected '{quote}'");
        findings.error(Code::UnknownCharacter, message, span, help.into());
        self.push(TokenKind::Unknown, self.at + end);
    }

    fn unclosed(&self, what: &str, span: Span, help: impl Into<Help>, findings: &mut Findings) {
        findings.error(Code::Unclosed, format!("{what} has no end"), span, help.into());
    }

    fn sign(&mut self, next: char, second: Option<char>, findings: &mut Findings) {
        if let Some((written, help)) = foreign_operator(next, second) {
            let span = Span::new(self.at, written.len());
            let message = format!("unexpected '{written}'");
            findings.error(Code::SqlOperator, message, span, help.into());
            return self.push(TokenKind::Unknown, self.at + written.len());
        }
        if let Some((kind, length)) = sign_of(next, second) {
            return self.push(kind, self.at + length);
        }
        let (code, help) = match next {
            '$' => (Code::Placeholder, PLACEHOLDER_HELP.into()),
            '@' | '#' | '^' | '?' | '.' => (Code::UnknownCharacter, NAME_HELP.into()),
            _ => (Code::UnknownCharacter, Help::NONE),
        };
        let span = Span::new(self.at, next.len_utf8());
        findings.error(code, format!("unexpected '{}'", next.escape_debug()), span, help);
        // A run of strange characters is one finding.
        let run = self.rest().find(|c| is_space(c) || begins_word(c) || sign_of(c, None).is_some());
        let length = run.unwrap_or(self.rest().len()).max(next.len_utf8());
        self.push(TokenKind::Unknown, self.at + length);
    }
}

const NUMBER_HELP: &str = "numbers are 64-bit: at most 1.79e308";
pub(crate) const PLACEHOLDER_HELP: &str = "fill in the template variable before sending the query";
const NAME_HELP: &str = "put names with such characters in backticks: `my-name`";

/// A text as a message shows it: one line, bounded.
pub(crate) fn excerpt(text: &str) -> String {
    const MAX_CHARS: usize = 40;
    let mut out: String =
        text.chars().take(MAX_CHARS).map(|c| if c == '\n' { ' ' } else { c }).collect();
    if text.chars().nth(MAX_CHARS).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        let mut findings = Findings::new(text);
        lex(text, &mut findings).tokens.into_iter().map(|token| token.kind).collect()
    }

    fn words(text: &str) -> Vec<&str> {
        let mut findings = Findings::new(text);
        let tokens = lex(text, &mut findings).tokens;
        tokens.iter().map(|t| &text[t.span.offset..t.span.end()]).collect()
    }

    #[test]
    fn names_with_dots_colons_digits_and_wildcards_are_one_word() {
        for name in [
            "provider.bytesInPerSec.Average",
            "kafka.request.time.99p",
            "myApp.%.duration",
            "host.swap%Bytes",
            "%",
            "ns:Event",
            "__x",
        ] {
            assert_eq!(words(name), [name, ""], "{name}");
        }
    }

    #[test]
    fn a_colon_behind_an_argument_name_is_not_part_of_it() {
        assert_eq!(words("apdex(d, t:0.5)"), ["apdex", "(", "d", ",", "t", ":", "0.5", ")", ""]);
        assert_eq!(words("f(seasonality:AUTO)")[2..5], ["seasonality", ":", "AUTO"]);
        assert_eq!(words("f(ns:Event)")[2], "ns:Event");
    }

    #[test]
    fn numbers() {
        use TokenKind::{End, Float, Int};
        assert_eq!(
            kinds("1 1.5 .03125 1e+6 2E3"),
            [Int(1), Float(1.5), Float(0.03125), Float(1e6), Float(2000.0), End]
        );
        assert_eq!(kinds("9223372036854775808")[0], Float(9223372036854775808.0));
        assert_eq!(kinds("1e999")[0], TokenKind::Unknown);
        assert_eq!(words("30minutes 1e"), ["30", "minutes", "1", "e", ""]);
    }

    #[test]
    fn strings_undo_only_quote_and_backslash() {
        let value = |text: &str| match kinds(text).remove(0) {
            TokenKind::Str(value) => value,
            other => panic!("{other:?}"),
        };
        assert_eq!(value(r"'value=\'x\''"), "value='x'");
        assert_eq!(value(r"'a\\b\d'"), r"a\b\d");
        assert_eq!(value(r"r'\d\\'"), r"\d\\");
        assert_eq!(value(r#""%kafka\"%""#), r#"%kafka"%"#);
        assert_eq!(value("''"), "");
        assert_eq!(value("'a -- b // c /* d'"), "a -- b // c /* d");
    }

    #[test]
    fn comments_are_kept_aside() {
        let text = "a -- one\n  // two\nb /* three\nlines */ c";
        let mut findings = Findings::new(text);
        let lexed = lex(text, &mut findings);
        let comments: Vec<_> =
            lexed.comments.iter().map(|c| (c.text.as_str(), c.own_line)).collect();
        assert_eq!(comments, [("-- one", false), ("// two", true), ("/* three\nlines */", false)]);
        assert_eq!(lexed.tokens.len(), 4);
    }
}
