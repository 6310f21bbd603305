//! [`Reader`]: looks a key up in its layers (flag, environment, file, default), parses it, and notes
//! where it came from and what is wrong with it.

use std::fmt;

use weir_types::Secret;

use crate::config::Input;
use crate::excerpt::without_secrets;
use crate::key::{Key, suggestion};
use crate::node::{Entry, Node, NodeKind};
use crate::problem::{Place, Problem};
use crate::reference::Reference;
use crate::units::Wrong;

/// Which layer a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Default,
    /// 1-based line.
    File {
        line: usize,
    },
    Env(String),
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File { line } => write!(f, "file, line {line}"),
            Origin::Env(name) => write!(f, "environment, {name}"),
            Origin::Flag(name) => write!(f, "flag, {name}"),
        }
    }
}

/// One value as `weir config show` prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub key: String,
    /// As written: a reference stays a reference, an address loses its secrets. `None` when unset.
    pub value: Option<String>,
    pub origin: Origin,
}

pub(crate) struct Reader<'a> {
    root: Vec<Entry>,
    input: &'a Input<'a>,
    pub problems: Vec<Problem>,
    pub settings: Vec<Setting>,
}

/// A text with its layer, before it is parsed.
struct Raw {
    text: Secret,
    /// As written; an address without its secrets.
    shown: String,
    by_reference: bool,
    place: Place,
}

/// A mapping of the file outside the layers: one source, or a part of one.
pub(crate) struct Scope {
    /// Dotted path of the mapping.
    pub path: String,
    pub place: Place,
    pub entries: Vec<Entry>,
}

impl<'a> Reader<'a> {
    /// `root` must be a mapping or nothing; anything else is a problem and reads as nothing.
    pub fn new(root: Node, input: &'a Input<'a>, problems: Vec<Problem>) -> Self {
        let mut reader = Reader { root: Vec::new(), input, problems, settings: Vec::new() };
        match root.kind {
            NodeKind::Map(entries) => reader.root = entries,
            NodeKind::Null => {}
            other => {
                let message = format!("the file must hold keys, found {}", other.noun());
                reader.error(root.place, "", message, "write `key: value` lines");
            }
        }
        reader
    }

    /// The value of `key` from the highest layer that has it, else its default.
    pub fn value<T>(&mut self, key: &Key, parse: impl Fn(&str) -> Result<T, Wrong>) -> Option<T> {
        let raw = self.overlay(key).or_else(|| {
            let node = self.in_file(key.path)?.clone();
            self.raw(&node, key.path)
        });
        self.parsed(raw, key, key.path, &parse)
    }

    /// Like [`Reader::value`] for a key whose default is always there.
    pub fn value_or_default<T>(
        &mut self,
        key: &Key,
        parse: impl Fn(&str) -> Result<T, Wrong>,
    ) -> T {
        let default = key.default.map(&parse).and_then(Result::ok);
        self.value(key, parse).or(default).expect("defaults parse: the default file's test")
    }

    /// What a flag or the environment sets for `key`, unparsed, and where.
    pub fn overlay_text(&self, key: &Key) -> Option<(String, Place)> {
        self.overlay(key).map(|raw| (raw.shown, raw.place))
    }

    /// The value of `key` within one mapping of the file; a missing required one is a problem.
    pub fn value_in<T>(
        &mut self,
        scope: &Scope,
        key: &Key,
        parse: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Option<T> {
        let path = format!("{}.{}", scope.path, key.name());
        let node = find(&scope.entries, key.name()).map(|entry| entry.value.clone());
        if key.required && node.as_ref().is_none_or(|n| matches!(n.kind, NodeKind::Null)) {
            self.missing(scope, key, &path);
            return None;
        }
        let raw = node.and_then(|node| self.raw(&node, &path));
        self.parsed(raw, key, &path, &parse)
    }

    /// A secret within one mapping: only by reference, so that the file can be shown and kept.
    pub fn secret_in(&mut self, scope: &Scope, key: &Key) -> Option<Secret> {
        let path = format!("{}.{}", scope.path, key.name());
        let node = find(&scope.entries, key.name()).map(|entry| entry.value.clone());
        let Some(node) = node.filter(|node| !matches!(node.kind, NodeKind::Null)) else {
            self.missing(scope, key, &path);
            return None;
        };
        let is_reference = |text: &str| matches!(Reference::parse(text), Some(Ok(_)));
        if matches!(&node.kind, NodeKind::Scalar(text) if !is_reference(text)) {
            let message = format!("`{}` stands in the file in clear", key.name());
            self.error(
                node.place,
                &path,
                message,
                "write `${env:NAME}` or `${file:/path}` instead",
            );
            return None;
        }
        let raw = self.raw(&node, &path)?;
        self.note(path, Some(raw.shown), origin_of(&raw.place));
        Some(raw.text)
    }

    /// The items of a list of values within one mapping; `None` when missing or not a list.
    pub fn list_in<T>(
        &mut self,
        scope: &Scope,
        key: &Key,
        parse: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Option<Vec<T>> {
        let path = format!("{}.{}", scope.path, key.name());
        let node = find(&scope.entries, key.name()).map(|entry| entry.value.clone());
        let items = match node.as_ref().map(|n| &n.kind) {
            Some(NodeKind::List(items)) if !items.is_empty() => items.clone(),
            None | Some(NodeKind::Null) => {
                self.missing(scope, key, &path);
                return None;
            }
            Some(other) => {
                let noun =
                    if matches!(other, NodeKind::List(_)) { "an empty list" } else { other.noun() };
                let message = format!("`{}` takes a list, found {noun}", key.name());
                let place = node.as_ref().map_or(scope.place.clone(), |n| n.place.clone());
                self.error(place, &path, message, format!("write {}", key.expects));
                return None;
            }
        };
        let values = items.iter().enumerate().map(|(index, item)| {
            let path = format!("{path}[{index}]");
            let raw = self.raw(item, &path);
            self.parsed(raw, key, &path, &parse)
        });
        values.collect()
    }

    /// The mapping under `name` within `scope`.
    pub fn scope_in(&mut self, scope: &Scope, name: &str, help: &str) -> Option<Scope> {
        let entry = find(&scope.entries, name)?.clone();
        self.scope(entry, format!("{}.{name}", scope.path), help)
    }

    /// The value of `entry` as a mapping; anything else is a problem.
    pub fn scope(&mut self, entry: Entry, path: String, help: &str) -> Option<Scope> {
        match entry.value.kind {
            NodeKind::Map(entries) => Some(Scope { path, place: entry.key_place, entries }),
            other => {
                let message = format!("`{}` takes keys, found {}", entry.key, other.noun());
                self.error(entry.value.place, &path, message, help);
                None
            }
        }
    }

    /// Reports keys that are not in `known`.
    pub fn only_known(&mut self, entries: &[Entry], path: &str, known: &[&str]) {
        for entry in entries.iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            // Behind a colon may stand a secret.
            let word = entry.key.split(':').next().unwrap_or_default();
            let path = if path.is_empty() { word.to_owned() } else { format!("{path}.{word}") };
            let (message, help) = if word == entry.key {
                (format!("unknown key `{word}`"), suggestion(word, known))
            } else {
                let message = format!("`{word}:` and its value are written as one word");
                (message, format!("write `{word}: value`, with a space"))
            };
            self.error(entry.key_place.clone(), &path, message, help);
        }
    }

    pub fn root(&self) -> &[Entry] {
        &self.root
    }

    pub fn error(
        &mut self,
        place: Place,
        key: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.problems.push(Problem::error(place, key, message).with_help(help));
    }

    pub fn note(&mut self, key: impl Into<String>, value: Option<String>, origin: Origin) {
        self.settings.push(Setting { key: key.into(), value, origin });
    }

    fn missing(&mut self, scope: &Scope, key: &Key, path: &str) {
        let message = format!("`{}` is missing", key.name());
        let help = format!("add `{}:` with {}", key.name(), key.expects);
        self.error(scope.place.clone(), path, message, help);
    }

    fn overlay(&self, key: &Key) -> Option<Raw> {
        let raw = |text: String, place| Raw {
            text: Secret::new(text.as_str()),
            shown: text,
            by_reference: false,
            place,
        };
        if let Some(flag) = self.input.flags.iter().find(|flag| flag.key == key.path) {
            return Some(raw(flag.value.clone(), Place::Flag(flag.name.to_owned())));
        }
        let name = key.env();
        (self.input.env)(&name).filter(|text| !text.is_empty()).map(|t| raw(t, Place::Env(name)))
    }

    fn in_file(&self, path: &str) -> Option<&Node> {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let node = &find(&self.root, first)?.value;
        match (&node.kind, rest) {
            (_, "") => Some(node),
            (NodeKind::Map(entries), rest) => find(entries, rest).map(|entry| &entry.value),
            _ => None,
        }
    }

    /// The text of a scalar, through its reference if it is one; other shapes are problems.
    fn raw(&mut self, node: &Node, path: &str) -> Option<Raw> {
        let place = node.place.clone();
        let shown = match &node.kind {
            NodeKind::Null => return None,
            NodeKind::Scalar(text) => text.clone(),
            other => {
                let message = format!("`{path}` takes one value, found {}", other.noun());
                self.error(place, path, message, format!("write `{}: value`", last(path)));
                return None;
            }
        };
        let resolved = match Reference::parse(&shown) {
            None => {
                let text = Secret::new(shown.as_str());
                let shown = if shown.contains("://") { without_secrets(&shown) } else { shown };
                return Some(Raw { text, shown, by_reference: false, place });
            }
            Some(reference) => reference.and_then(|r| r.resolve(self.input.env)),
        };
        match resolved {
            Ok(text) => Some(Raw { text, shown, by_reference: true, place }),
            Err(wrong) => {
                self.error(place, path, wrong.message, wrong.help);
                None
            }
        }
    }

    fn parsed<T>(
        &mut self,
        raw: Option<Raw>,
        key: &Key,
        path: &str,
        parse: &impl Fn(&str) -> Result<T, Wrong>,
    ) -> Option<T> {
        let Some(raw) = raw else {
            self.note(path, key.default.map(str::to_owned), Origin::Default);
            return key.default.and_then(|text| parse(text).ok());
        };
        self.note(path, Some(raw.shown.clone()), origin_of(&raw.place));
        match parse(raw.text.reveal()) {
            Ok(value) => Some(value),
            Err(_) if raw.by_reference => {
                let message = format!("what `{}` holds is not {}", raw.shown, key.expects);
                self.error(raw.place, path, message, "correct what the reference points to");
                None
            }
            Err(wrong) => {
                self.error(raw.place, path, wrong.message, wrong.help);
                None
            }
        }
    }
}

/// The first entry of that name.
pub(crate) fn find<'e>(entries: &'e [Entry], name: &str) -> Option<&'e Entry> {
    entries.iter().find(|entry| entry.key == name)
}

pub(crate) fn origin_of(place: &Place) -> Origin {
    match place {
        Place::File { line, .. } => Origin::File { line: *line },
        Place::Flag(name) => Origin::Flag(name.clone()),
        Place::Env(name) => Origin::Env(name.clone()),
    }
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}
