//! Configured sources as sources that run.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use weir_collect::{KafkaSource, KafkaSourceOptions, NameFilter, Source};
use weir_config::section::sources as configured;
use weir_config::{Config, KafkaSasl, KafkaUser};
use weir_kafka::sasl::{Credentials, Sasl, TokenFile};
use weir_kafka::{BrokerAddress, ClientCertificate, ClientOptions, TlsOptions};
use weir_store::Snapshot;
use weir_types::{Event, TimeRange, Timestamp};

use super::bridge::ShownCapabilities;

/// Intervals of samples that a source is handed when it starts: they fill its verdict windows.
const RESUMED_INTERVALS: u32 = 12;

/// Sources that are ready to start, and what stays visible of them afterwards.
#[derive(Default)]
pub struct Built {
    pub sources: Vec<Box<dyn Source>>,
    pub capabilities: Vec<ShownCapabilities>,
}

/// Every source of the configuration, in its order, with what it knew before the last stop.
pub fn build(config: &Config, past: &Snapshot, now: Timestamp) -> anyhow::Result<Built> {
    let mut built = Built::default();
    for configured::Source::Kafka(kafka) in &config.sources {
        let options = kafka_options(kafka, &config.environment);
        let (source, cluster) = (options.name.clone(), options.cluster_name.clone());
        let mut running = KafkaSource::new(options)?;
        running.resume(&recent_lag(past, now, kafka.interval * RESUMED_INTERVALS));
        let handle = running.capabilities();
        built.capabilities.push(ShownCapabilities { source, cluster, handle });
        built.sources.push(Box::new(running));
    }
    Ok(built)
}

fn recent_lag(past: &Snapshot, now: Timestamp, window: Duration) -> Vec<Event> {
    let range = TimeRange { begin: now.saturating_sub(window), end: now };
    let mut events = Vec::new();
    for event_type in ["KafkaConsumerSample", "KafkaConsumerGroupSample"] {
        past.scan(event_type, range, &mut |row| {
            events.push(row.to_event(event_type));
            ControlFlow::Continue(())
        });
    }
    events
}

/// What the configuration says of one Kafka source, in the collector's terms.
pub fn kafka_options(source: &configured::KafkaSource, environment: &str) -> KafkaSourceOptions {
    let bootstrap =
        source.bootstrap.iter().map(|at| BrokerAddress::new(at.host.as_str(), at.port)).collect();
    let mut client = ClientOptions::new(bootstrap);
    client.tls = source.tls.as_ref().map(|tls| TlsOptions {
        ca_file: tls.ca_file.clone(),
        server_name: tls.server_name.clone(),
        client_certificate: tls.client_certificate.as_ref().map(|files| ClientCertificate {
            certificate_file: files.cert_file.clone(),
            key_file: files.key_file.clone(),
        }),
    });
    client.sasl = source.sasl.as_ref().map(sasl);
    KafkaSourceOptions {
        interval: source.interval,
        topics: name_filter(&source.topics),
        groups: name_filter(&source.groups),
        ..KafkaSourceOptions::new(source.name.clone(), environment, client)
    }
}

fn sasl(configured: &KafkaSasl) -> Sasl {
    let credentials = |user: &KafkaUser| Credentials {
        username: user.username.clone(),
        password: user.password.clone(),
    };
    match configured {
        KafkaSasl::Plain(user) => Sasl::Plain(credentials(user)),
        KafkaSasl::ScramSha256(user) => Sasl::ScramSha256(credentials(user)),
        KafkaSasl::ScramSha512(user) => Sasl::ScramSha512(credentials(user)),
        KafkaSasl::TokenFile(path) => Sasl::OauthBearer(Arc::new(TokenFile { path: path.clone() })),
    }
}

fn name_filter(globs: &configured::NameGlobs) -> NameFilter {
    NameFilter::new(globs.include.clone(), globs.exclude.clone())
}
