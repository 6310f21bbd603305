//! What a caller chooses about one Kafka source.

use std::time::Duration;

use weir_kafka::ClientOptions;

use super::filter::NameFilter;

/// One cluster to watch. Start from [`KafkaSourceOptions::new`].
#[derive(Debug, Clone)]
pub struct KafkaSourceOptions {
    /// Unique among the sources of a process; the `source` of its events.
    pub name: String,
    /// The `clusterName` of its events.
    pub cluster_name: String,
    /// The `environment` of its events.
    pub environment: String,
    /// From the start of one cycle to the start of the next.
    pub interval: Duration,
    /// The topics that are asked about; commits of groups to others are left out.
    pub topics: NameFilter,
    /// The groups that are asked about.
    pub groups: NameFilter,
    pub client: ClientOptions,
}

impl KafkaSourceOptions {
    /// A source that names its cluster after itself and asks every 30 seconds.
    pub fn new(
        name: impl Into<String>,
        environment: impl Into<String>,
        client: ClientOptions,
    ) -> KafkaSourceOptions {
        let name = name.into();
        KafkaSourceOptions {
            cluster_name: name.clone(),
            name,
            environment: environment.into(),
            interval: Duration::from_secs(30),
            topics: NameFilter::default(),
            groups: NameFilter::default(),
            client,
        }
    }

    /// The bootstrap addresses, as they are written in configuration.
    pub(crate) fn target(&self) -> String {
        let addresses: Vec<String> =
            self.client.bootstrap.iter().map(ToString::to_string).collect();
        addresses.join(",")
    }

    /// The client's options with patience cut to the interval. A broker that hangs costs one
    /// request's time-out in the cycle that finds out, one connection's in those after it; with a
    /// second one that is merely slow, the cycle must still end within its share of the interval.
    ///
    /// Its series are stale at most an interval and a fifth after it fell silent (36 s at 30 s, 21 s
    /// on average): an interval until it is asked again, a fifth until its silence is taken for
    /// one. Less would make a broker in a pause look dead. Where it was asked for the metadata and
    /// nobody else is connected, another eighth may pass with the next bootstrap address.
    pub(crate) fn client_within_interval(&self) -> ClientOptions {
        let mut client = self.client.clone();
        client.request_timeout = client.request_timeout.min(self.interval / 5);
        client.connect_timeout = client.connect_timeout.min(self.interval / 8);
        client
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_fits_into_the_interval() {
        let client = ClientOptions::new(vec!["broker:9092".parse().unwrap()]);
        let mut options = KafkaSourceOptions::new("orders", "test", client);
        options.interval = Duration::from_secs(10);
        let cut = options.client_within_interval();
        assert_eq!(cut.request_timeout, Duration::from_secs(2));
        assert_eq!(cut.connect_timeout, Duration::from_millis(1_250));

        options.interval = Duration::from_secs(600);
        let whole = options.client_within_interval();
        assert_eq!(whole.request_timeout, options.client.request_timeout);
        assert_eq!(options.target(), "broker:9092");
    }
}
