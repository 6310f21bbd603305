//! [`Text`]: the file as problems quote it, with what may be a secret covered. It is read again from
//! its text alone, so that files too broken for a tree are covered too.

use std::fmt;

use saphyr_parser::{Event, Marker, Parser, Span};

use crate::reference::Reference;

const COVER: &str = "***";

/// Parts of words that name secrets, whatever section they stand in.
const SECRET_WORDS: &[&str] =
    &["pass", "pwd", "secret", "token", "credential", "api_key", "apikey", "private"];

/// Keys of `sasl` whose values may be quoted; all others of that section are covered, so that a
/// misspelt `password` is too.
const OPEN_KEYS: &[&str] = &[
    "mechanism",
    "username",
    "token_file",
    "token_endpoint",
    "client_id",
    "scope",
    "ca_file",
    "region",
    "profile",
];

/// The text of one file. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Text {
    text: String,
    covered: Vec<Covered>,
}

/// Characters of one line (1-based) that are not shown: from a 0-based column up to another.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Covered {
    line: usize,
    from: usize,
    to: usize,
}

/// One line to show, and where the marks under it stand.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    pub line: String,
    pub indent: usize,
    pub width: usize,
}

impl Text {
    pub fn new(text: String) -> Self {
        let covered = Walk::over(&text);
        Text { text, covered }
    }

    /// Line and column are 1-based, the width counts characters.
    pub fn excerpt(&self, line: usize, column: usize, width: usize) -> Excerpt {
        let chars: Vec<char> =
            self.text.lines().nth(line.saturating_sub(1)).unwrap_or_default().chars().collect();
        let shown = |from: usize, to: usize| self.shown(&chars, line, from, to);
        let (start, end) = (column.saturating_sub(1), column.saturating_sub(1) + width);
        let past_the_end = |at: usize| at.saturating_sub(chars.len());
        let indent = shown(0, start).chars().count() + past_the_end(start);
        let marked = shown(start, end).chars().count() + past_the_end(end) - past_the_end(start);
        Excerpt { line: shown(0, chars.len()), indent, width: marked.max(1) }
    }

    fn shown(&self, chars: &[char], line: usize, from: usize, to: usize) -> String {
        let is_covered =
            |at: usize| self.covered.iter().any(|c| c.line == line && (c.from..c.to).contains(&at));
        let mut out = String::new();
        let mut hidden = false;
        for (at, letter) in chars.iter().enumerate().take(to).skip(from) {
            match (is_covered(at), hidden) {
                (true, false) => out.push_str(COVER),
                (true, true) => {}
                (false, _) => out.push(if *letter == '\t' { ' ' } else { *letter }),
            }
            hidden = is_covered(at);
        }
        out
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} lines)", self.text.lines().count())
    }
}

/// An address as it may be shown: without user, password and query.
pub(crate) fn without_secrets(address: &str) -> String {
    let mut shown = address.to_owned();
    for (from, to) in secret_parts(address).into_iter().rev() {
        let (from, to) = (byte_of(address, from), byte_of(address, to));
        shown.replace_range(from..to, COVER);
    }
    shown
}

/// User and password, and the query, as ranges of characters in order.
fn secret_parts(address: &str) -> Vec<(usize, usize)> {
    let count = |text: &str| text.chars().count();
    let query = address.find('?').map_or(address.len(), |at| at + 1);
    let head = &address[..query];
    let authority = head.find("://").map_or(0, |at| at + 3);
    let end = head[authority..].find(['/', '?']).map_or(head.len(), |at| authority + at);
    let user = head[authority..end].rfind('@').map(|at| authority + at);
    let user = user.map(|at| (count(&address[..authority]), count(&address[..at])));
    let query = (query < address.len()).then(|| (count(head), count(address)));
    user.into_iter().chain(query).collect()
}

fn byte_of(text: &str, at: usize) -> usize {
    text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte)
}

fn is_secret(key: &str, in_sasl: bool) -> bool {
    let plain = key.replace('-', "_").to_lowercase();
    let named = SECRET_WORDS.iter().any(|word| plain.contains(word));
    !OPEN_KEYS.contains(&key) && (in_sasl || named)
}

/// A collection that is still open.
struct Level {
    is_map: bool,
    /// The key whose value comes next.
    key: Option<String>,
    /// Everything inside is covered.
    secret: bool,
    in_sasl: bool,
}

/// What is known of a value from its key and the collections around it.
struct Role {
    secret: bool,
    in_sasl: bool,
    is_endpoint: bool,
}

/// Walks the file's events and covers the values of secrets.
struct Walk<'t> {
    lines: Vec<&'t str>,
    open: Vec<Level>,
    covered: Vec<Covered>,
    /// 1-based line and 0-based column behind the last event.
    end: (usize, usize),
}

impl<'t> Walk<'t> {
    fn over(text: &'t str) -> Vec<Covered> {
        let (open, covered) = (Vec::new(), Vec::new());
        let mut walk = Walk { lines: text.lines().collect(), open, covered, end: (1, 0) };
        for event in Parser::new_from_str(text) {
            match event {
                Ok((event, span)) => walk.take(&event, span),
                Err(_) => {
                    walk.cover_rest();
                    break;
                }
            }
        }
        walk.covered
    }

    fn take(&mut self, event: &Event<'_>, span: Span) {
        match event {
            Event::Scalar(text, ..) => {
                let role = self.role(Some(text));
                self.cover_scalar(text, &role, span);
                self.end = at(span.end);
            }
            Event::MappingStart(..) => self.enter(true),
            Event::SequenceStart(..) => self.enter(false),
            Event::MappingEnd | Event::SequenceEnd => {
                self.open.pop();
            }
            Event::Alias(_) => {
                self.role(None);
            }
            _ => {}
        }
    }

    fn enter(&mut self, is_map: bool) {
        let Role { secret, in_sasl, .. } = self.role(None);
        self.open.push(Level { is_map, key: None, secret, in_sasl });
    }

    /// Of the node that starts here; a mapping's key is kept for its value.
    fn role(&mut self, scalar: Option<&str>) -> Role {
        let Some(level) = self.open.last_mut() else {
            return Role { secret: false, in_sasl: false, is_endpoint: false };
        };
        let (mut secret, mut in_sasl, mut is_endpoint) = (level.secret, level.in_sasl, false);
        match level.key.take() {
            Some(key) => {
                secret |= is_secret(&key, level.in_sasl);
                in_sasl |= key == "sasl";
                is_endpoint = key == "token_endpoint";
            }
            None if level.is_map => level.key = Some(scalar.unwrap_or_default().to_owned()),
            None => {}
        }
        Role { secret, in_sasl, is_endpoint }
    }

    fn cover_scalar(&mut self, text: &str, role: &Role, span: Span) {
        let is_reference = matches!(Reference::parse(text), Some(Ok(_)));
        // `password:hunter2` without a space is one word.
        let joined = text.split_once([':', '=']);
        let joined = joined.is_some_and(|(word, _)| !role.is_endpoint && is_secret(word, false));
        if (role.secret || joined) && !is_reference {
            self.cover(at(span.start), at(span.end));
        } else if role.is_endpoint {
            let (line, start) = at(span.start);
            let raw: String = self.line(line).chars().skip(start).collect();
            for (from, to) in secret_parts(&raw) {
                self.covered.push(Covered { line, from: start + from, to: start + to });
            }
        }
    }

    fn cover(&mut self, (first, from): (usize, usize), (last, to): (usize, usize)) {
        for line in first..=last {
            let from = if line == first { from } else { 0 };
            let to = if line == last { to } else { usize::MAX };
            self.covered.push(Covered { line, from, to });
        }
    }

    /// Behind a mistake of YAML nothing is sure: of a secret, or within `sasl`, nothing more is shown,
    /// elsewhere lines lose what follows a secret's key.
    fn cover_rest(&mut self) {
        let is_waited_for = |level: &Level| {
            level.secret || level.key.as_ref().is_some_and(|key| is_secret(key, level.in_sasl))
        };
        if self.open.iter().any(|level| level.in_sasl || is_waited_for(level)) {
            return self.cover(self.end, (self.lines.len(), usize::MAX));
        }
        for line in self.end.0..=self.lines.len() {
            let lower = self.line(line).to_lowercase();
            let word = SECRET_WORDS.iter().filter_map(|word| lower.find(word)).min();
            let colon = word.and_then(|word| lower[word..].find([':', '=']).map(|at| word + at));
            if let Some(colon) = colon {
                let from = lower[..=colon].chars().count();
                self.covered.push(Covered { line, from: from + 1, to: usize::MAX });
            }
        }
    }

    fn line(&self, number: usize) -> &'t str {
        self.lines.get(number.saturating_sub(1)).copied().unwrap_or_default()
    }
}

fn at(marker: Marker) -> (usize, usize) {
    (marker.line(), marker.col())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let lines = text.lines().count();
        let text = Text::new(text.to_owned());
        (1..=lines).map(|line| text.excerpt(line, 1, 1).line + "\n").collect()
    }

    #[test]
    fn values_of_secrets_are_covered_in_every_style() {
        for text in [
            "sasl:\n  password: hunter2\n",
            "sasl:\n  password: 'hunter2'\n",
            "sasl: {username: a, password: hunter2, scope: b}\n",
            "sasl: {\"password\": \"hunter2\"}\n",
            "sasl:\n  password:\n    hunter2\n",
            "sasl:\n  password: >\n    hunter2\n    hunter2\n  username: a\n",
            "sasl:\n  password: [hunter2]\n",
            "sasl:\n  password: {hunter2: a}\n",
            "sasl: {passwrd: hunter2}\n",
            "kafka: {Password: hunter2}\n",
            "sasl: {client-secret: hunter2}\n",
            "sasl: {password:hunter2}\n",
            "password: x${env:hunter2}\n",
            "password: one\npassword: hunter2\n",
        ] {
            let shown = shown(text);
            assert!(!shown.contains("hunter2") && shown.contains("***"), "{shown}");
        }
    }

    #[test]
    fn a_broken_file_is_covered_too() {
        for text in [
            "a: [1\nsasl: {password: hunter2}\n",
            "sasl: {password: hunter2\nb: c\n",
            "password: \"hunter2\n",
            "password:\n  \"hunter2\n",
            "password: hunter2: b\n",
            "sasl: {mechanism: word: hunter2}\n",
            "sasl:\n  username: a\n   password: hunter2\n",
            "\tpassword: hunter2\n",
        ] {
            let shown = shown(text);
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }

    #[test]
    fn what_is_no_secret_is_shown() {
        for text in [
            "sasl: {mechanism: PLAIN, username: a, password: '${env:A}'}\n",
            "sasl: {token_file: /run/token, token_endpoint: https://id.example/token}\n",
            "tls: {ca_file: ca.pem, key_file: key.pem}\n",
            "a:\n\tb: 1\n",
        ] {
            assert_eq!(shown(text), text.replace('\t', " "));
        }
    }

    #[test]
    fn an_endpoint_loses_its_user_and_its_query() {
        let text = "sasl: {token_endpoint: 'https://weir:hunter2@id.example/t?key=hunter2'}\n";
        assert_eq!(shown(text), "sasl: {token_endpoint: 'https://***@id.example/t?***\n");
        assert_eq!(without_secrets("https://a:b@c/d?e=f"), "https://***@c/d?***");
        assert_eq!(without_secrets("c/d?e=f@g"), "c/d?***");
        assert_eq!(without_secrets("https://c/d"), "https://c/d");
    }

    #[test]
    fn the_marks_follow_what_is_shown() {
        let text = Text::new("sasl: {password: hunter2-hunter2, scoop: b}\n".into());
        let line = "sasl: {password: ***, scoop: ***}";
        let at = |word: &str| line.find(word).unwrap();
        assert_eq!(
            text.excerpt(1, 18, 15),
            Excerpt { line: line.into(), indent: at("***"), width: 3 }
        );
        let scoop = text.excerpt(1, 35, 5);
        assert_eq!((scoop.indent, scoop.width), (at("scoop"), 5));
        assert_eq!(text.excerpt(1, 60, 1).width, 1, "behind the end");
        assert!(!format!("{text:?}").contains("hunter2"));
    }
}
