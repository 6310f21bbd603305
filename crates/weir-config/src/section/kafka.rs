//! `kafka` of a source: a cluster, how it is reached and how often it is asked.

use std::time::Duration;

use weir_types::BrokerAddress;

use crate::key::Key;
use crate::reader::{Reader, Scope};
use crate::section::kafka_tls::{self, KafkaTls};
use crate::section::name_globs::{self, NameGlobs};
use crate::section::sasl::{self, KafkaSasl};
use crate::units::{broker_address, duration, duration_within, name};

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

impl KafkaSource {
    /// The source that `--kafka` and `WEIR_KAFKA` make: named `kafka`, plaintext, every 30 seconds.
    pub(crate) fn from_bootstrap(bootstrap: Vec<BrokerAddress>) -> Self {
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

/// Keys of one `kafka` source, in the order of the reference page.
pub(crate) const KEYS: &[&Key] = &[
    &NAME,
    &BOOTSTRAP,
    &INTERVAL,
    &kafka_tls::CA_FILE,
    &kafka_tls::SERVER_NAME,
    &kafka_tls::CERT_FILE,
    &kafka_tls::KEY_FILE,
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
    &name_globs::TOPICS_INCLUDE,
    &name_globs::TOPICS_EXCLUDE,
    &name_globs::GROUPS_INCLUDE,
    &name_globs::GROUPS_EXCLUDE,
];

pub(crate) fn read(reader: &mut Reader<'_>, scope: &Scope) -> Option<KafkaSource> {
    let mut known: Vec<&str> = KEYS.iter().map(|key| key.first()).collect();
    known.dedup();
    reader.only_known(&scope.entries, &scope.path, &known);
    let source_name = reader.value_in(scope, &NAME, name);
    let bootstrap = reader.list_in(scope, &BOOTSTRAP, broker_address);
    let interval = reader.value_in(scope, &INTERVAL, |text| duration_within(text, "1s", "1h"));
    let tls = kafka_tls::read(reader, scope);
    let sasl = sasl::read(reader, scope);
    let topics = name_globs::topics(reader, scope);
    let groups = name_globs::groups(reader, scope);
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
