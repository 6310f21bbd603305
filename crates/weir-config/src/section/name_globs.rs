//! `topics` and `groups` of a Kafka source: which of them are asked about.

use crate::key::Key;
use crate::reader::{Reader, Scope, find};
use crate::units::Wrong;

/// Names that some `include` meets (any name without one) and no `exclude` does. Globs over the
/// whole name: `*` is any run of characters, `?` any one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameGlobs {
    pub include: Vec<String>,
    pub exclude: Vec<String>,
}

pub(crate) const TOPICS_INCLUDE: Key = Key::new(
    "topics.include",
    GLOBS,
    "Watch only topics whose whole name meets one of these: `*` is any run of characters, `?` any \
     one. Applies before anything is fetched; quote what begins with `*`.",
);

pub(crate) const TOPICS_EXCLUDE: Key = Key::new(
    "topics.exclude",
    GLOBS,
    "Leave out topics whose whole name meets one of these, included or not. Brokers and the \
     cluster still count every partition.",
);

pub(crate) const GROUPS_INCLUDE: Key =
    Key::new("groups.include", GLOBS, "Watch only groups whose whole id meets one of these.");

pub(crate) const GROUPS_EXCLUDE: Key = Key::new(
    "groups.exclude",
    GLOBS,
    "Leave out groups whose whole id meets one of these, included or not.",
);

const GLOBS: &str = "a list such as [\"orders-*\", audit]";
const HELP: &str = "write `{include: [\"orders-*\"], exclude: [\"*-internal\"]}`";

pub(crate) fn topics(reader: &mut Reader<'_>, source: &Scope) -> NameGlobs {
    read(reader, source, [&TOPICS_INCLUDE, &TOPICS_EXCLUDE])
}

pub(crate) fn groups(reader: &mut Reader<'_>, source: &Scope) -> NameGlobs {
    read(reader, source, [&GROUPS_INCLUDE, &GROUPS_EXCLUDE])
}

fn read(reader: &mut Reader<'_>, source: &Scope, [include, exclude]: [&Key; 2]) -> NameGlobs {
    let scope = reader.scope_in(source, include.first(), HELP);
    let Some(scope) = scope else { return NameGlobs::default() };
    reader.only_known(&scope.entries, &scope.path, &[include.name(), exclude.name()]);
    let mut globs = |key: &Key| match find(&scope.entries, key.name()) {
        Some(_) => reader.list_in(&scope, key, glob).unwrap_or_default(),
        None => Vec::new(),
    };
    NameGlobs { include: globs(include), exclude: globs(exclude) }
}

/// Kafka allows letters, digits, `.`, `_` and `-` in topics, anything in groups; no name is empty.
fn glob(text: &str) -> Result<String, Wrong> {
    if text.is_empty() {
        return Err(Wrong::new("an empty name meets nothing", "write a name or a glob"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::section::sources::{EXAMPLE, Source};
    use crate::testing::config;

    #[test]
    fn filters_are_globs_and_nothing_is_left_out_without_them() {
        let sources = config(EXAMPLE).sources;
        let (Source::Kafka(orders), Source::Kafka(payments)) = (&sources[0], &sources[1]);
        assert_eq!(orders.topics, NameGlobs::default());
        assert_eq!(payments.topics.exclude, ["__*", "*-retry"]);
        let text = "sources: [{kafka: {name: a, bootstrap: [b:1], groups: {include: ['a?', b]}}}]";
        let Source::Kafka(kafka) = &config(text).sources[0];
        let include = vec!["a?".to_owned(), "b".to_owned()];
        assert_eq!(kafka.groups, NameGlobs { include, exclude: Vec::new() });
    }
}
