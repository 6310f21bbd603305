//! From a request to its answer: pure functions of the world at one moment, in the shapes and with
//! the error codes of Kafka.

mod cluster;
mod commits;
mod configs;
mod frame;
mod groups;
mod key;
mod listing;
mod log_dirs;
mod metadata;
mod offsets;
mod quorum;
mod reassignments;
mod share_offsets;
mod streams_groups;
mod versions;

use std::net::SocketAddr;

use bytes::Bytes;
use kafka_protocol::messages::{
    ApiKey, BrokerId, SaslAuthenticateResponse, SaslHandshakeResponse, TopicName,
};
use kafka_protocol::protocol::StrBytes;
use weir_kafka::version::KafkaRelease;

pub(crate) use frame::{Request, Unreadable};
pub(crate) use key::{Key, OwnKey};

use crate::release;
use crate::world::Moment;

/// Error codes as they are in answers.
mod code {
    use weir_kafka::KafkaCode;

    pub const NONE: i16 = 0;
    pub const UNKNOWN_TOPIC_OR_PARTITION: i16 = KafkaCode::UNKNOWN_TOPIC_OR_PARTITION.0;
    pub const LEADER_NOT_AVAILABLE: i16 = KafkaCode::LEADER_NOT_AVAILABLE.0;
    pub const NOT_LEADER_OR_FOLLOWER: i16 = KafkaCode::NOT_LEADER_OR_FOLLOWER.0;
    pub const COORDINATOR_NOT_AVAILABLE: i16 = KafkaCode::COORDINATOR_NOT_AVAILABLE.0;
    pub const NOT_COORDINATOR: i16 = KafkaCode::NOT_COORDINATOR.0;
    pub const TOPIC_AUTHORIZATION_FAILED: i16 = KafkaCode::TOPIC_AUTHORIZATION_FAILED.0;
    pub const GROUP_AUTHORIZATION_FAILED: i16 = KafkaCode::GROUP_AUTHORIZATION_FAILED.0;
    pub const CLUSTER_AUTHORIZATION_FAILED: i16 = KafkaCode::CLUSTER_AUTHORIZATION_FAILED.0;
    pub const ILLEGAL_SASL_STATE: i16 = KafkaCode::ILLEGAL_SASL_STATE.0;
    pub const UNSUPPORTED_VERSION: i16 = KafkaCode::UNSUPPORTED_VERSION.0;
    pub const INVALID_REQUEST: i16 = KafkaCode::INVALID_REQUEST.0;
    pub const GROUP_ID_NOT_FOUND: i16 = KafkaCode::GROUP_ID_NOT_FOUND.0;
    pub const UNKNOWN_TOPIC_ID: i16 = KafkaCode::UNKNOWN_TOPIC_ID.0;
}

/// Who is asked, and what there is to say.
pub(crate) struct Broker<'a> {
    pub moment: &'a Moment<'a>,
    /// By index.
    pub asked: usize,
    /// Of every broker, by index.
    pub addresses: &'a [SocketAddr],
    pub release: KafkaRelease,
}

/// Why a connection ends instead of an answer, as with real brokers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("{0:?} version {1} is not spoken by this release, or not by this simulation")]
    Version(Key, i16),
    #[error("{0:?} is announced and never answered: a simulation has no messages to give")]
    NotServed(Key),
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

impl Broker<'_> {
    /// The answer's frame without its length.
    pub(crate) fn answer(&self, request: &Request) -> Result<Bytes, Refusal> {
        let (key, version) = (request.key, request.version);
        let is_in = |(min, max): (i16, i16)| (min..=max).contains(&version);
        let known = key.versions();
        let is_spoken =
            release::range(self.release, key).is_some_and(is_in) && is_in((known.min, known.max));
        if !is_spoken {
            return match key {
                Key::Codec(ApiKey::ApiVersions) => Ok(self.versions_unknown(request)?),
                _ => Err(Refusal::Version(key, version)),
            };
        }
        let key = match key {
            Key::Codec(key) => key,
            Key::Own(OwnKey::StreamsGroupDescribe) => {
                return Ok(request.own_reply(&self.describe_streams_groups(&request.own_body()?))?);
            }
            Key::Own(OwnKey::DescribeShareGroupOffsets) => {
                return Ok(request.own_reply(&self.share_offsets(&request.own_body()?))?);
            }
        };
        let answered = match key {
            ApiKey::ApiVersions => request.reply(&self.versions()),
            // Every listener announces these two; one without SASL refuses them like this.
            ApiKey::SaslHandshake => {
                let refused = SaslHandshakeResponse::default();
                request.reply(&refused.with_error_code(code::ILLEGAL_SASL_STATE))
            }
            ApiKey::SaslAuthenticate => {
                let refused = SaslAuthenticateResponse::default();
                request.reply(&refused.with_error_code(code::ILLEGAL_SASL_STATE))
            }
            ApiKey::Metadata => request.reply(&self.metadata(&request.body()?)),
            ApiKey::DescribeCluster => request.reply(&self.describe_cluster(&request.body()?)),
            ApiKey::DescribeQuorum => request.reply(&self.describe_quorum(version)),
            ApiKey::ListOffsets => request.reply(&self.list_offsets(&request.body()?, version)),
            ApiKey::OffsetFetch => request.reply(&self.offset_fetch(&request.body()?, version)),
            ApiKey::FindCoordinator => {
                request.reply(&self.find_coordinator(&request.body()?, version))
            }
            ApiKey::ListGroups => request.reply(&self.list_groups(&request.body()?, version)),
            ApiKey::DescribeGroups => {
                request.reply(&self.describe_groups(&request.body()?, version))
            }
            ApiKey::ConsumerGroupDescribe => {
                request.reply(&self.describe_consumer_groups(&request.body()?))
            }
            ApiKey::ShareGroupDescribe => {
                request.reply(&self.describe_share_groups(&request.body()?))
            }
            ApiKey::DescribeConfigs => request.reply(&self.describe_configs(&request.body()?)),
            ApiKey::DescribeLogDirs => {
                request.reply(&self.describe_log_dirs(&request.body()?, version))
            }
            ApiKey::ListPartitionReassignments => {
                request.reply(&self.list_reassignments(&request.body()?))
            }
            _ => return Err(Refusal::NotServed(key.into())),
        };
        Ok(answered?)
    }

    fn id(&self, index: usize) -> BrokerId {
        BrokerId(self.moment.world.brokers[index].plan.id)
    }

    fn host(&self, index: usize) -> StrBytes {
        self.addresses.get(index).map(|at| text(&at.ip().to_string())).unwrap_or_default()
    }

    fn port(&self, index: usize) -> i32 {
        self.addresses.get(index).map_or(-1, |at| i32::from(at.port()))
    }

    /// The brokers that are part of the cluster, by index.
    fn registered(&self) -> impl Iterator<Item = usize> {
        (0..self.moment.world.brokers.len()).filter(|at| self.moment.is_registered(*at))
    }
}

fn text(text: &str) -> StrBytes {
    StrBytes::from_string(text.to_owned())
}

fn topic_name(name: &str) -> TopicName {
    TopicName(text(name))
}

fn ids(brokers: &[i32]) -> Vec<BrokerId> {
    brokers.iter().copied().map(BrokerId).collect()
}

#[cfg(test)]
mod seeds;
#[cfg(test)]
mod tests;
