//! The DescribeCluster request: every registered broker, those fenced off included.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use kafka_protocol::messages::{
    DescribeClusterRequest, DescribeClusterResponse,
    describe_cluster_response::DescribeClusterBroker,
};

use crate::{Api, BrokerAddress, BrokerId, Client, Error, KafkaCode, metadata::known_id, wire};

/// The first version that can ask for fenced brokers (KIP-1073, Kafka 4.0).
const FENCED_BROKERS: i16 = 2;

/// The cluster's members, as the controller has registered them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterDescription {
    pub cluster_id: Arc<str>,
    /// On KRaft any live broker, not the active controller: see [`Client::describe_quorum`].
    pub controller_id: Option<BrokerId>,
    /// Whether `brokers` includes fenced ones (Kafka 4.0); otherwise a broker that is down is
    /// merely absent.
    pub lists_fenced: bool,
    /// By id.
    pub brokers: Vec<RegisteredBroker>,
}

/// A broker the cluster knows, whether or not it is up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredBroker {
    pub id: BrokerId,
    /// The listener it advertises to us; `None` when it names none that can be used, as a fenced
    /// broker may.
    pub address: Option<BrokerAddress>,
    pub rack: Option<Arc<str>>,
    /// The controller takes it for down or still starting: it leads nothing (KIP-500).
    pub is_fenced: bool,
}

impl Client {
    /// Asks any broker; Kafka 2.8 or newer.
    ///
    /// # Errors
    /// [`Error::UnsupportedApi`] before Kafka 2.8, or why no broker answered.
    pub async fn describe_cluster(&self) -> Result<ClusterDescription, Error> {
        let lists_fenced = AtomicBool::new(false);
        let with_fenced = |version| {
            lists_fenced.store(version >= FENCED_BROKERS, Relaxed);
            DescribeClusterRequest::default().with_include_fenced_brokers(version >= FENCED_BROKERS)
        };
        let (address, answer) = self.call_any(0, with_fenced).await?;
        if let Some(code) = KafkaCode::from_answer(answer.error_code) {
            let message = answer.error_message.as_ref().map(wire::text);
            return Err(Error::broker(&address, Api::DescribeCluster, code, message));
        }
        Ok(description(answer, lists_fenced.into_inner()))
    }
}

fn description(answer: DescribeClusterResponse, lists_fenced: bool) -> ClusterDescription {
    let mut brokers: Vec<_> = answer.brokers.into_iter().map(registered).collect();
    brokers.sort_unstable_by_key(|broker| broker.id);
    ClusterDescription {
        cluster_id: wire::text(&answer.cluster_id),
        controller_id: known_id(answer.controller_id.0),
        lists_fenced,
        brokers,
    }
}

fn registered(answer: DescribeClusterBroker) -> RegisteredBroker {
    let port = u16::try_from(answer.port).ok().filter(|port| *port > 0);
    let port = port.filter(|_| !answer.host.is_empty());
    RegisteredBroker {
        id: BrokerId(answer.broker_id.0),
        address: port.map(|port| BrokerAddress::new(answer.host.as_str(), port)),
        rack: answer.rack.as_ref().map(wire::text),
        is_fenced: answer.is_fenced,
    }
}
