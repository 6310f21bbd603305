//! `sources`: what is observed, one entry a cluster.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use weir_types::BrokerAddress;

use crate::key::Key;
use crate::node::{Node, NodeKind};
use crate::problem::Problem;
use crate::reader::{Reader, Scope, find, origin_of};
use crate::section::sasl::{self, KafkaSasl};
use crate::units::{Wrong, broker_address, broker_addresses, duration, duration_within, name};

/// One thing to observe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Kafka(KafkaSource),
}

/// A cluster observed through Kafka's own protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KafkaSource {
    /// Unique among sources; also the `clusterName` of its events.
    pub name: String,
    /// Never empty.
    pub bootstrap: Vec<BrokerAddress>,
    /// From the start of one cycle to the start of the next.
    pub interval: Duration,
    /// `None` speaks plaintext.
    pub tls: Option<KafkaTls>,
    /// `None` says no name.
    pub sasl: Option<KafkaSasl>,
    /// Which topics are asked about.
    pub topics: NameGlobs,
    /// Which groups are asked about.
    pub groups: NameGlobs,
}

/// Names that some `include` meets (any name without one) and no `exclude` does. Globs over the
/// whole name: `*` is any run of characters, `?` any one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameGlobs {
    pub include: Vec<String>,
    pub exclude: Vec<String>,
}

/// How to trust the brokers' certificates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KafkaTls {
    /// PEM file of certificate authorities; `None` trusts those of the system.
    pub ca_file: Option<PathBuf>,
    /// The name to expect in every certificate, instead of the host connected to.
    pub server_name: Option<String>,
    /// For brokers that ask who connects.
    pub client_certificate: Option<ClientCertificate>,
}

/// What Weir shows to a broker that wants a certificate; two PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    pub cert_file: PathBuf,
    pub key_file: PathBuf,
}

impl Source {
    pub fn name(&self) -> &str {
        match self {
            Source::Kafka(kafka) => &kafka.name,
        }
    }
}

impl KafkaSource {
    /// The source that `--kafka` and `WEIR_KAFKA` make: named `kafka`, plaintext, every 30 seconds.
    fn from_bootstrap(bootstrap: Vec<BrokerAddress>) -> Self {
        let interval = INTERVAL.default.and_then(|text| duration(text).ok()).unwrap_or_default();
        KafkaSource {
            name: "kafka".to_owned(),
            bootstrap,
            interval,
            tls: None,
            sasl: None,
            topics: NameGlobs::default(),
            groups: NameGlobs::default(),
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

pub(crate) const NAME: Key =
    Key::new("name", "a unique name", "Unique among sources; the `clusterName` of its events.")
        .required();

pub(crate) const BOOTSTRAP: Key = Key::new(
    "bootstrap",
    "a list such as [broker1:9092, broker2:9092]",
    "One or more brokers as host:port; the others are found through them.",
)
.required();

pub(crate) const INTERVAL: Key = Key::new(
    "interval",
    "a duration",
    "From the start of one cycle to the start of the next, from `1s` to `1h`.",
)
.default("30s");

pub(crate) const CA_FILE: Key = Key::new(
    "tls.ca_file",
    "a path",
    "PEM file of the certificate authorities to trust; without it, those of the system.",
);

pub(crate) const SERVER_NAME: Key = Key::new(
    "tls.server_name",
    "a host name",
    "The name every broker's certificate must carry, where it differs from the host.",
);

pub(crate) const CERT_FILE: Key = Key::new(
    "tls.cert_file",
    "a path",
    "PEM file of the certificate Weir shows to brokers that want one, with those that vouch for \
     it; together with `tls.key_file`.",
);

pub(crate) const KEY_FILE: Key = Key::new(
    "tls.key_file",
    "a path",
    "PEM file of that certificate's private key, without a passphrase.",
);

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

/// Keys of one `kafka` source, in the order of the reference page.
pub(crate) const KAFKA_KEYS: &[&Key] = &[
    &NAME,
    &BOOTSTRAP,
    &INTERVAL,
    &CA_FILE,
    &SERVER_NAME,
    &CERT_FILE,
    &KEY_FILE,
    &sasl::MECHANISM,
    &sasl::USERNAME,
    &sasl::PASSWORD,
    &sasl::TOKEN_FILE,
    &sasl::TOKEN_ENDPOINT,
    &sasl::CLIENT_ID,
    &sasl::CLIENT_SECRET,
    &sasl::SCOPE,
    &sasl::CA_FILE,
    &sasl::REGION,
    &sasl::PROFILE,
    &TOPICS_INCLUDE,
    &TOPICS_EXCLUDE,
    &GROUPS_INCLUDE,
    &GROUPS_EXCLUDE,
];

const GLOBS: &str = "a list such as [\"orders-*\", audit]";
const GLOBS_HELP: &str = "write `{include: [\"orders-*\"], exclude: [\"*-internal\"]}`";

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
const TLS_HELP: &str = "write `tls: {}` for the system's authorities, or `tls: {ca_file: ca.pem}`";

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
            read.filter_map(|(index, item)| entry_of(reader, item, index, &mut names)).collect()
        }
        other => {
            let message = format!("`sources` takes a list, found {}", other.noun());
            reader.error(entry.value.place, "sources", message, ENTRY_HELP);
            Vec::new()
        }
    }
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
    if entries.iter().any(|e| KAFKA_KEYS.iter().any(|key| key.name() == e.key)) {
        let message = "the keys of a source stand beside its kind";
        reader.error(item.place, &path, message, "indent them below `kafka:`");
        return None;
    }
    reader.only_known(&entries, &path, KINDS);
    let kafka = find(&entries, "kafka")?.clone();
    let scope = reader.scope(kafka, format!("{path}.kafka"), ENTRY_HELP)?;
    let source = kafka_of(reader, &scope)?;
    let place = find(&scope.entries, "name").map_or(scope.place, |e| e.value.place.clone());
    if let Some(line) = names.insert(source.name.clone(), place.line()) {
        let message = format!("two sources are named `{}`", source.name);
        let help = format!("give each its own name; the first is on line {line}");
        reader.error(place, &format!("{path}.kafka.name"), message, help);
    }
    Some(Source::Kafka(source))
}

fn kafka_of(reader: &mut Reader<'_>, scope: &Scope) -> Option<KafkaSource> {
    let mut known: Vec<&str> = KAFKA_KEYS.iter().map(|key| key.first()).collect();
    known.dedup();
    reader.only_known(&scope.entries, &scope.path, &known);
    let source_name = reader.value_in(scope, &NAME, name);
    let bootstrap = reader.list_in(scope, &BOOTSTRAP, broker_address);
    let interval = reader.value_in(scope, &INTERVAL, |text| duration_within(text, "1s", "1h"));
    let tls = reader.scope_in(scope, "tls", TLS_HELP).map(|tls| tls_of(reader, &tls));
    let sasl = sasl::read(reader, scope);
    let topics = globs_of(reader, scope, "topics", [&TOPICS_INCLUDE, &TOPICS_EXCLUDE]);
    let groups = globs_of(reader, scope, "groups", [&GROUPS_INCLUDE, &GROUPS_EXCLUDE]);
    Some(KafkaSource {
        name: source_name?,
        bootstrap: bootstrap?,
        interval: interval?,
        tls,
        sasl,
        topics,
        groups,
    })
}

fn globs_of(
    reader: &mut Reader<'_>,
    scope: &Scope,
    name: &str,
    [include, exclude]: [&Key; 2],
) -> NameGlobs {
    let Some(scope) = reader.scope_in(scope, name, GLOBS_HELP) else { return NameGlobs::default() };
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

fn tls_of(reader: &mut Reader<'_>, scope: &Scope) -> KafkaTls {
    let known = [&CA_FILE, &SERVER_NAME, &CERT_FILE, &KEY_FILE].map(Key::name);
    reader.only_known(&scope.entries, &scope.path, &known);
    let path = |reader: &mut Reader<'_>, key| reader.value_in(scope, key, |text| Ok(text.into()));
    let (cert_file, key_file) = (path(reader, &CERT_FILE), path(reader, &KEY_FILE));
    if cert_file.is_some() != key_file.is_some() {
        let message = "`cert_file` and `key_file` go together";
        reader.error(scope.place.clone(), &scope.path, message, "write both, or neither");
    }
    KafkaTls {
        ca_file: path(reader, &CA_FILE),
        server_name: reader.value_in(scope, &SERVER_NAME, server_name),
        client_certificate: cert_file
            .zip(key_file)
            .map(|(cert_file, key_file)| ClientCertificate { cert_file, key_file }),
    }
}

fn server_name(text: &str) -> Result<String, Wrong> {
    if text.is_empty() || text.contains([':', '/']) || text.contains(char::is_whitespace) {
        let message = format!("`{text}` is not a host name");
        return Err(Wrong::new(message, "write the name without a port, such as kafka.internal"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn empty_tls_trusts_the_system() {
        let text = "sources: [{kafka: {name: a, bootstrap: [b:1], tls: {}}}]";
        let Source::Kafka(kafka) = &config(text).sources[0];
        assert_eq!(kafka.tls, Some(KafkaTls::default()));
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
