//! YAML text as a tree of [`Node`]s that know where they stand. Scalars stay text: what a text
//! means is for the key that holds it to say.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};

use crate::problem::{Place, Problem};

/// Deeper files are refused; ours need five levels.
const DEPTH_MAX: usize = 32;

#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub place: Place,
    pub kind: NodeKind,
}

#[derive(Debug, Clone)]
pub(crate) enum NodeKind {
    /// Nothing, `~` or `null`.
    Null,
    Scalar(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// One key of a mapping with its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub key: String,
    pub key_place: Place,
    pub value: Node,
}

impl NodeKind {
    /// What stands there, in a reader's words.
    pub fn noun(&self) -> &'static str {
        match self {
            NodeKind::Null => "nothing",
            NodeKind::Scalar(_) => "one value",
            NodeKind::List(_) => "a list",
            NodeKind::Map(_) => "keys",
        }
    }
}

/// The one document of `text`; an empty text is [`NodeKind::Null`]. Duplicate keys are reported in
/// `problems` and the first one counts.
pub(crate) fn parse(text: &str, problems: &mut Vec<Problem>) -> Option<Node> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let step = match event {
            Ok((event, span)) => builder.take(event, span),
            Err(error) => Err(syntax_problem(text, &error)),
        };
        if let Err(problem) = step {
            problems.push(problem);
            return None;
        }
    }
    problems.append(&mut builder.duplicates);
    Some(builder.root.unwrap_or(Node { place: Place::file(1, 1, 1), kind: NodeKind::Null }))
}

/// Collections that are still open, innermost last, and what is finished.
#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    root: Option<Node>,
    duplicates: Vec<Problem>,
}

enum Open {
    List { place: Place, items: Vec<Node> },
    Map { place: Place, entries: Vec<Entry>, pending: Option<(String, Place)> },
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        let place = place_of(span);
        match event {
            Event::Scalar(text, style, ..) => {
                let kind = scalar(text.into_owned(), style);
                self.add(Node { place, kind })
            }
            Event::SequenceStart(..) => self.open(Open::List { place, items: Vec::new() }),
            Event::MappingStart(..) => {
                self.open(Open::Map { place, entries: Vec::new(), pending: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(_) => {
                Err(Problem::error(place, "", "an alias (`*name`) is not supported")
                    .with_help("repeat the value"))
            }
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(Problem::error(place, "", "a second document starts here")
                    .with_help("keep one document in the file"))
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, collection: Open) -> Result<(), Problem> {
        if self.open.len() >= DEPTH_MAX {
            let message = format!("nested deeper than {DEPTH_MAX} levels");
            return Err(Problem::error(collection.place(), "", message));
        }
        if let Some(Open::Map { pending: None, .. }) = self.open.last() {
            return Err(not_a_key(collection.place()));
        }
        self.open.push(collection);
        Ok(())
    }

    fn close(&mut self) -> Result<(), Problem> {
        match self.open.pop() {
            Some(Open::List { place, items }) => {
                self.add(Node { place, kind: NodeKind::List(items) })
            }
            Some(Open::Map { place, entries, .. }) => {
                self.report_duplicates(&entries);
                self.add(Node { place, kind: NodeKind::Map(entries) })
            }
            None => Ok(()),
        }
    }

    fn add(&mut self, node: Node) -> Result<(), Problem> {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map { entries, pending, .. }) => match pending.take() {
                Some((key, key_place)) => entries.push(Entry { key, key_place, value: node }),
                None => match node.kind {
                    NodeKind::Scalar(key) => *pending = Some((key, node.place)),
                    _ => return Err(not_a_key(node.place)),
                },
            },
        }
        Ok(())
    }

    fn report_duplicates(&mut self, entries: &[Entry]) {
        let mut first = HashMap::new();
        for entry in entries {
            let Some(line) = first.get(&entry.key).copied() else {
                first.insert(&entry.key, entry.key_place.line());
                continue;
            };
            let message = format!("`{}` stands twice", entry.key);
            let help = format!("keep one of them; the first is on line {line}");
            let problem = Problem::error(entry.key_place.clone(), &entry.key, message);
            self.duplicates.push(problem.with_help(help));
        }
    }
}

impl Open {
    fn place(&self) -> Place {
        match self {
            Open::List { place, .. } | Open::Map { place, .. } => place.clone(),
        }
    }
}

fn scalar(text: String, style: ScalarStyle) -> NodeKind {
    let plain = matches!(style, ScalarStyle::Plain);
    if plain && matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL") {
        return NodeKind::Null;
    }
    NodeKind::Scalar(text)
}

fn not_a_key(place: Place) -> Problem {
    Problem::error(place, "", "a key must be one plain word").with_help("write `key: value`")
}

fn place_of(span: Span) -> Place {
    let (start, end) = (span.start, span.end);
    let width = if start.line() == end.line() { end.col().saturating_sub(start.col()) } else { 1 };
    Place::file(start.line(), start.col() + 1, width.max(1))
}

/// Tabs are the one YAML mistake whose parser message misleads.
fn syntax_problem(text: &str, error: &ScanError) -> Problem {
    for (index, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(at) = line[..indent].find('\t') {
            return Problem::error(
                Place::file(index + 1, at + 1, 1),
                "",
                "a tab in the indentation",
            )
            .with_help("indent with spaces; YAML does not allow tabs here");
        }
    }
    let marker = error.marker();
    let place = Place::file(marker.line(), marker.col() + 1, 1);
    Problem::error(place, "", format!("not valid YAML: {}", error.info()))
        .with_help("check indentation, colons and quotes on this line and the one before")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> Problem {
        let mut problems = Vec::new();
        parse(text, &mut problems);
        problems.remove(0)
    }

    #[test]
    fn nodes_know_where_they_stand() {
        let mut problems = Vec::new();
        let root = parse("a: 1\nb:\n  - x: [y, \"z\"]\n", &mut problems).unwrap();
        let NodeKind::Map(entries) = root.kind else { panic!("not a map") };
        assert_eq!(entries[0].value.place, Place::file(1, 4, 1));
        let NodeKind::List(items) = &entries[1].value.kind else { panic!("not a list") };
        let NodeKind::Map(inner) = &items[0].kind else { panic!("not a map") };
        let NodeKind::List(letters) = &inner[0].value.kind else { panic!("not a list") };
        assert_eq!(letters[1].place, Place::file(3, 12, 3));
        assert!(problems.is_empty());
    }

    #[test]
    fn an_empty_text_is_null() {
        for text in ["", "\n# nothing\n", "---\n"] {
            let root = parse(text, &mut Vec::new()).unwrap();
            assert!(matches!(root.kind, NodeKind::Null), "{text:?}");
        }
    }

    #[test]
    fn mistakes_of_yaml_are_named() {
        assert_eq!(problem("store:\n\tmemory_limit: 1").message, "a tab in the indentation");
        assert!(problem("a: [1").message.starts_with("not valid YAML"));
        assert!(problem("a: &x 1\nb: *x").message.contains("alias"));
        assert!(problem("a: 1\n---\nb: 2\n").message.contains("second document"));
        assert!(problem("[a]: 1").message.contains("one plain word"));
        assert!(problem(&"[".repeat(100)).message.contains("nested deeper than 32"));
        let twice = problem("a: 1\nb: 2\na: 3\n");
        assert_eq!((twice.place.line(), twice.message.as_str()), (3, "`a` stands twice"));
        let on_one_line = problem("{a: 1, b: 2, a: 3}");
        assert_eq!(
            (on_one_line.place.column(), on_one_line.message.as_str()),
            (14, "`a` stands twice")
        );
    }
}
