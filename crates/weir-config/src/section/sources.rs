//! `sources`: what is observed, one entry a cluster.

use std::collections::HashMap;

use weir_types::diagnostic::Severity;

use crate::key::Key;
use crate::node::{Node, NodeKind};
use crate::problem::Problem;
use crate::reader::{Reader, find, origin_of};
use crate::section::kafka::{self, KafkaSource};
use crate::units::broker_addresses;

/// One thing to observe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Kafka(KafkaSource),
}

impl Source {
    pub fn name(&self) -> &str {
        match self {
            Source::Kafka(kafka) => &kafka.name,
        }
    }
}

/// Stands for the whole list in the layers above the file.
pub(crate) const KAFKA: Key = Key::new(
    "kafka",
    "host:port, several separated by commas",
    "Not a key of the file: `--kafka` and `WEIR_KAFKA` watch one cluster, named `kafka`, instead \
     of the file's sources.",
)
.flag("--kafka");

/// Entries for the default file and the reference page; a test reads them.
pub(crate) const EXAMPLE: &str = "\
sources:
  - kafka:
      name: orders
      bootstrap: [broker1:9092, broker2:9092]
      interval: 30s
  - kafka:
      name: payments
      bootstrap: [broker3:9093]
      tls:
        ca_file: /etc/weir/payments-ca.pem
      topics:
        exclude: [\"__*\", \"*-retry\"]
";

const KINDS: &[&str] = &["kafka"];
const ENTRY_HELP: &str = "write `- kafka: {name: orders, bootstrap: [broker1:9092]}`";

pub(crate) fn read(reader: &mut Reader<'_>) -> Vec<Source> {
    let from_file = read_file(reader);
    let Some((text, place)) = reader.overlay_text(&KAFKA) else { return from_file };
    reader.settings.retain(|setting| !setting.key.starts_with("sources"));
    reader.note("sources[0].kafka.bootstrap", Some(text.clone()), origin_of(&place));
    if !from_file.is_empty() {
        let message = format!("{text} replaces the {} sources of the file", from_file.len());
        reader.problems.push(Problem::warning(place.clone(), "sources", message));
    }
    match broker_addresses(&text) {
        Ok(bootstrap) => vec![Source::Kafka(KafkaSource::from_bootstrap(bootstrap))],
        Err(wrong) => {
            reader.error(place, "sources", wrong.message, wrong.help);
            Vec::new()
        }
    }
}

fn read_file(reader: &mut Reader<'_>) -> Vec<Source> {
    let Some(entry) = find(reader.root(), "sources").cloned() else { return Vec::new() };
    match entry.value.kind {
        NodeKind::Null => Vec::new(),
        NodeKind::List(items) => {
            let mut names = HashMap::new();
            let read = items.into_iter().enumerate();
            read.filter_map(|(index, item)| sound_entry(reader, item, index, &mut names)).collect()
        }
        other => {
            let message = format!("`sources` takes a list, found {}", other.noun());
            reader.error(entry.value.place, "sources", message, ENTRY_HELP);
            Vec::new()
        }
    }
}

/// Nothing of an entry in which something is wrong: half of it, say one without its password, must
/// not be taken for the whole.
fn sound_entry(
    reader: &mut Reader<'_>,
    item: Node,
    index: usize,
    names: &mut HashMap<String, usize>,
) -> Option<Source> {
    let errors = |reader: &Reader<'_>| {
        reader.problems.iter().filter(|problem| problem.severity == Severity::Error).count()
    };
    let before = errors(reader);
    entry_of(reader, item, index, names).filter(|_| errors(reader) == before)
}

/// `names` holds the line of each name seen so far.
fn entry_of(
    reader: &mut Reader<'_>,
    item: Node,
    index: usize,
    names: &mut HashMap<String, usize>,
) -> Option<Source> {
    let path = format!("sources[{index}]");
    let NodeKind::Map(entries) = item.kind else {
        let message = format!("a source takes keys, found {}", item.kind.noun());
        reader.error(item.place, &path, message, ENTRY_HELP);
        return None;
    };
    if entries.iter().any(|e| kafka::KEYS.iter().any(|key| key.name() == e.key)) {
        let message = "the keys of a source stand beside its kind";
        reader.error(item.place, &path, message, "indent them below `kafka:`");
        return None;
    }
    reader.only_known(&entries, &path, KINDS);
    let entry = find(&entries, "kafka")?.clone();
    let scope = reader.scope(entry, format!("{path}.kafka"), ENTRY_HELP)?;
    let source = kafka::read(reader, &scope)?;
    let place = find(&scope.entries, "name").map_or(scope.place, |e| e.value.place.clone());
    if let Some(line) = names.insert(source.name.clone(), place.line()) {
        let message = format!("two sources are named `{}`", source.name);
        let help = format!("give each its own name; the first is on line {line}");
        reader.error(place, &format!("{path}.kafka.name"), message, help);
    }
    Some(Source::Kafka(source))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::Duration;

    use super::*;
    use crate::config::{File, Flag, Input, load_sources};
    use crate::section::kafka_tls::KafkaTls;
    use crate::testing::{config, config_with, problem, problem_with};

    #[test]
    fn the_example_reads_as_it_looks() {
        let sources = config(EXAMPLE).sources;
        let Source::Kafka(payments) = &sources[1];
        assert_eq!(sources[0].name(), "orders");
        assert_eq!(payments.bootstrap[0].to_string(), "broker3:9093");
        assert_eq!(payments.interval, Duration::from_secs(30));
        let ca_file = Some(PathBuf::from("/etc/weir/payments-ca.pem"));
        assert_eq!(payments.tls, Some(KafkaTls { ca_file, ..KafkaTls::default() }));
    }

    #[test]
    fn a_source_is_there_whole_or_not_at_all() {
        let text = "environment: prod\nlisen: x\nsources:\n  \
                    - kafka: {name: a, bootstrap: [b:1], sasl: {mechanism: PLAIN, username: u, \
                    password: \"${env:UNSET}\"}}\n  \
                    - kafka: {name: b, bootstrap: [b:1]}\n";
        let file = Some(File { name: "weir.yaml".into(), text: text.to_owned() });
        let input = Input { file, flags: &[], env: &|_| None };
        let found = load_sources(&input).unwrap();
        assert_eq!(found.sources.iter().map(Source::name).collect::<Vec<_>>(), ["b"]);
        assert_eq!((found.environment.as_str(), found.report.problems.len()), ("prod", 2));
        let flags = [Flag { key: "kafka", name: "--kafka", value: "c:1".to_owned() }];
        let found = load_sources(&Input { flags: &flags, ..input }).unwrap();
        assert_eq!(found.sources.iter().map(Source::name).collect::<Vec<_>>(), ["kafka"]);
    }

    #[test]
    fn every_mistake_has_its_place_and_fix() {
        let cases = [
            ("sources: {kafka: {}}", "`sources` takes a list, found keys", "write `- kafka"),
            ("sources: [orders]", "a source takes keys, found one value", "write `- kafka"),
            ("sources: [{kafka: {bootstrap: [a:1]}}]", "`name` is missing", "add `name:`"),
            ("sources: [{kafka: {name: a}}]", "`bootstrap` is missing", "add `bootstrap:`"),
            (
                "sources: [{kafka: {name: a, bootstrap: b:1}}]",
                "`bootstrap` takes a list, found one value",
                "[broker1:9092, broker2:9092]",
            ),
            (
                "sources: [{kafka: {name: a, bootstrap: []}}]",
                "`bootstrap` takes a list, found an empty list",
                "[broker1:9092, broker2:9092]",
            ),
            (
                "sources: [{kafka: {name: a, bootstrap: [b]}}]",
                "`b` has no port",
                "write host:port, such as b:9092",
            ),
            (
                "sources: [{kafka: {name: a, bootstrap: [b:1], intervall: 30s}}]",
                "unknown key `intervall`",
                "did you mean `interval`?",
            ),
            (
                "sources: [{kafka: {name: a, bootstrap: [b:1], topics: {only: [c]}}}]",
                "unknown key `only`",
                "include, exclude",
            ),
            (
                "sources: [{kafka: {name: a, bootstrap: [b:1], groups: {include: c}}}]",
                "`include` takes a list, found one value",
                "orders-*",
            ),
            (
                "sources: [{kafka: {name: a, bootstrap: [b:1], groups: {include: ['']}}}]",
                "an empty name meets nothing",
                "write a name",
            ),
            (
                "sources: [{kafka: {name: a, bootstrap: [b:1], tls: true}}]",
                "`tls` takes keys, found one value",
                "write `tls: {}`",
            ),
            (
                "sources: [{kafka: {name: a, bootstrap: [b:1], tls: {cert_file: c}}}]",
                "`cert_file` and `key_file` go together",
                "write both",
            ),
            ("sources: [{aws_msk: {}}]", "unknown key `aws_msk`", "known here: kafka"),
            ("sources: [{kafca: {}}]", "unknown key `kafca`", "did you mean `kafka`?"),
            (
                "sources:\n  - kafka:\n    name: a\n",
                "the keys of a source stand beside its kind",
                "indent them below `kafka:`",
            ),
        ];
        for (text, message, help) in cases {
            let found = problem(text);
            assert_eq!(found.message, message, "{text}");
            assert!(found.help.as_ref().unwrap().contains(help), "{text}: {found:?}");
        }
    }

    #[test]
    fn names_are_unique() {
        let entry = "  - kafka: {name: a, bootstrap: [b:1]}\n";
        let twice = problem(&format!("sources:\n{entry}{entry}"));
        assert_eq!((twice.place.line(), twice.place.column()), (3, 19));
        assert_eq!(twice.help.unwrap(), "give each its own name; the first is on line 2");
    }

    #[test]
    fn the_flag_replaces_the_list() {
        let loaded = config_with(EXAMPLE, "kafka", "--kafka", "a:1,b:2");
        let Source::Kafka(kafka) = &loaded.config.sources[0];
        assert_eq!((loaded.config.sources.len(), kafka.name.as_str()), (1, "kafka"));
        assert_eq!(kafka.bootstrap.len(), 2);
        let warning = &loaded.warnings.problems[0];
        assert_eq!(warning.message, "a:1,b:2 replaces the 2 sources of the file");
        assert_eq!(problem_with("", "kafka", "--kafka", "a").message, "`a` has no port");
    }
}
