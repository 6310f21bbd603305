//! Configured sources as sources that run.

use weir_collect::{KafkaSource, KafkaSourceOptions, Source};
use weir_config::Config;
use weir_config::section::sources as configured;
use weir_kafka::{BrokerAddress, ClientOptions, TlsOptions};

/// Every source of the configuration, in its order.
pub fn build(config: &Config) -> anyhow::Result<Vec<Box<dyn Source>>> {
    config
        .sources
        .iter()
        .map(|configured::Source::Kafka(kafka)| {
            let source = KafkaSource::new(kafka_options(kafka, &config.environment))?;
            Ok(Box::new(source) as Box<dyn Source>)
        })
        .collect()
}

/// What the configuration says of one Kafka source, in the collector's terms.
pub fn kafka_options(source: &configured::KafkaSource, environment: &str) -> KafkaSourceOptions {
    let bootstrap =
        source.bootstrap.iter().map(|at| BrokerAddress::new(at.host.as_str(), at.port)).collect();
    let mut client = ClientOptions::new(bootstrap);
    client.tls = source.tls.as_ref().map(|tls| TlsOptions {
        ca_file: tls.ca_file.clone(),
        server_name: tls.server_name.clone(),
    });
    KafkaSourceOptions {
        interval: source.interval,
        ..KafkaSourceOptions::new(source.name.clone(), environment, client)
    }
}
