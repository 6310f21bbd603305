//! Configured sources as sources that run.

use weir_collect::{Dialects, ExpositionSlot, KafkaSource, KafkaSourceOptions, NameFilter, Source};
use weir_config::{self as configured, Config, Metrics};
use weir_kafka::{ClientCertificate, ClientOptions, TlsOptions};
use weir_server::SourceFilter;
use weir_store::Snapshot;
use weir_types::Timestamp;

use super::bridge::ShownSource;
use super::identity;
use super::past::{self, SourceName};

/// Sources that are ready to start, and what stays visible of them afterwards.
#[derive(Default)]
pub struct Built {
    pub sources: Vec<Box<dyn Source>>,
    pub shown: Vec<ShownSource>,
    /// Where each publishes Kafka's series; none when no exporter's names are wanted.
    pub exposed: Vec<ExpositionSlot>,
}

/// Every source of the configuration, in its order, with what it knew before the last stop. One
/// that can't be set up, say for want of its CA file, fails its cycles and none of the others.
pub fn build(config: &Config, stored: &Snapshot, now: Timestamp) -> Built {
    let mut built = Built::default();
    let options = config
        .sources
        .iter()
        .map(|configured::Source::Kafka(kafka)| (kafka, kafka_options(kafka, &config.environment)));
    let options: Vec<_> = options.collect();
    let name = |(_, it): &(_, KafkaSourceOptions)| (it.name.clone(), it.cluster_name.clone());
    let names: Vec<SourceName> = options.iter().map(name).collect();
    let pasts = past::read(stored, now, &names);
    for ((kafka, options), past) in options.into_iter().zip(pasts) {
        let (source, cluster) = (options.name.clone(), options.cluster_name.clone());
        tracing::info!(source, samples = past.sample_count(), "goes on from what was stored");
        let filters = filters(kafka);
        let mut running = KafkaSource::patient(options);
        running.resume(past);
        let handle = running.capabilities();
        let partitions = running.partitions();
        built.shown.push(ShownSource { source, cluster, filters, handle, partitions });
        if dialects(config.metrics).any() {
            built.exposed.push(running.exposition());
        }
        built.sources.push(Box::new(running));
    }
    built
}

/// Whose names Kafka's series have, in the collector's terms.
pub fn dialects(metrics: Metrics) -> Dialects {
    let Metrics { kafka_exporter, kminion, kafka_lag_exporter } = metrics;
    Dialects { kafka_exporter, kminion, kafka_lag_exporter }
}

/// What the configuration says of one Kafka source, in the collector's terms.
pub fn kafka_options(source: &configured::KafkaSource, environment: &str) -> KafkaSourceOptions {
    let mut client = ClientOptions::new(source.bootstrap.clone());
    client.tls = source.tls.as_ref().map(|tls| TlsOptions {
        ca_file: tls.ca_file.clone(),
        server_name: tls.server_name.clone(),
        client_certificate: tls.client_certificate.as_ref().map(|files| ClientCertificate {
            certificate_file: files.cert_file.clone(),
            key_file: files.key_file.clone(),
        }),
    });
    client.sasl = source.sasl.as_ref().map(identity::sasl);
    KafkaSourceOptions {
        interval: source.interval,
        topics: name_filter(&source.topics),
        groups: name_filter(&source.groups),
        ..KafkaSourceOptions::new(source.name.clone(), environment, client)
    }
}

fn filters(source: &configured::KafkaSource) -> Vec<SourceFilter> {
    let set = [("topics", &source.topics), ("groups", &source.groups)].into_iter();
    let is_set = |globs: &configured::NameGlobs| *globs != configured::NameGlobs::default();
    set.filter(|(_, globs)| is_set(globs))
        .map(|(names, globs)| SourceFilter {
            source: source.name.clone(),
            names,
            include: globs.include.clone(),
            exclude: globs.exclude.clone(),
        })
        .collect()
}

fn name_filter(globs: &configured::NameGlobs) -> NameFilter {
    NameFilter::new(globs.include.clone(), globs.exclude.clone())
}
