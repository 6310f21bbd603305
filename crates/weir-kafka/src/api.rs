//! The requests this client sends, and which answer belongs to which.

use std::fmt;

use bytes::{Bytes, BytesMut};
use kafka_protocol::{
    messages::{
        ApiVersionsRequest, ApiVersionsResponse, ConsumerGroupDescribeRequest,
        ConsumerGroupDescribeResponse, DescribeClusterRequest, DescribeClusterResponse,
        DescribeConfigsRequest, DescribeConfigsResponse, DescribeGroupsRequest,
        DescribeGroupsResponse, DescribeLogDirsRequest, DescribeLogDirsResponse,
        DescribeQuorumRequest, DescribeQuorumResponse, ListGroupsRequest, ListGroupsResponse,
        ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse, MetadataRequest,
        OffsetFetchRequest, OffsetFetchResponse, SaslAuthenticateRequest, SaslAuthenticateResponse,
        SaslHandshakeRequest, SaslHandshakeResponse, ShareGroupDescribeRequest,
        ShareGroupDescribeResponse,
    },
    protocol::{Decodable, Encodable, HeaderVersion, Message},
};

use crate::{
    BrokerAddress, Error,
    compact::Failure,
    guard::Guarded,
    messages::{
        DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse,
        StreamsGroupDescribeRequest, StreamsGroupDescribeResponse,
    },
    metadata::MetadataAnswer,
    offsets::{EndsAnswer, ListOffsets},
    wire,
};

/// A kind of request, by its name and key in Kafka's protocol. All of them only read,
/// or say who we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Api {
    ListOffsets = 2,
    Metadata = 3,
    OffsetFetch = 9,
    DescribeGroups = 15,
    ListGroups = 16,
    SaslHandshake = 17,
    ApiVersions = 18,
    DescribeConfigs = 32,
    DescribeLogDirs = 35,
    SaslAuthenticate = 36,
    ListPartitionReassignments = 46,
    DescribeQuorum = 55,
    DescribeCluster = 60,
    ConsumerGroupDescribe = 69,
    ShareGroupDescribe = 77,
    StreamsGroupDescribe = 89,
    DescribeShareGroupOffsets = 90,
}

impl Api {
    /// In the order of their keys.
    pub const ALL: [Api; 17] = [
        Api::ListOffsets,
        Api::Metadata,
        Api::OffsetFetch,
        Api::DescribeGroups,
        Api::ListGroups,
        Api::SaslHandshake,
        Api::ApiVersions,
        Api::DescribeConfigs,
        Api::DescribeLogDirs,
        Api::SaslAuthenticate,
        Api::ListPartitionReassignments,
        Api::DescribeQuorum,
        Api::DescribeCluster,
        Api::ConsumerGroupDescribe,
        Api::ShareGroupDescribe,
        Api::StreamsGroupDescribe,
        Api::DescribeShareGroupOffsets,
    ];

    pub fn key(self) -> i16 {
        self as i16
    }
}

impl fmt::Display for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// A message that can be sent, and the one that answers it.
pub(crate) trait Request: Message + Body + HeaderVersion {
    const API: Api;
    type Response: Answer;
}

/// What goes into a frame behind its header.
pub(crate) trait Body {
    fn put(&self, frame: &mut BytesMut, version: i16) -> Result<(), Failure>;
}

impl<T: Message + HeaderVersion + Encodable> Body for T {
    fn put(&self, frame: &mut BytesMut, version: i16) -> Result<(), Failure> {
        Ok(self.encode(frame, version)?)
    }
}

/// What answers a request, behind the header of the frame.
pub(crate) trait Answer: Message + HeaderVersion {
    fn read(answer: &mut Guarded, version: i16) -> Result<Self, Failure>;
}

impl<T: Message + HeaderVersion + Decodable> Answer for T {
    fn read(answer: &mut Guarded, version: i16) -> Result<Self, Failure> {
        Ok(T::decode(answer, version)?)
    }
}

macro_rules! requests {
    ($($request:ident => $response:ident as $api:ident),* $(,)?) => {
        $(impl Request for $request {
            const API: Api = Api::$api;
            type Response = $response;
        })*

        /// Whatever `version` of the answer to `api` the bytes are, if they are one: for fuzzing.
        pub(crate) fn read_any(api: Api, version: u8, frame: Bytes) -> Result<(), Error> {
            match api {
                $(Api::$api => read::<$request>(version, frame),)*
            }
        }

        /// What [`read_any`] takes for this version, if it is one that is read.
        pub(crate) fn version_byte(api: Api, version: i16) -> Option<u8> {
            match api {
                $(Api::$api => byte_of::<$request>(version),)*
            }
        }
    };
}

requests! {
    ListOffsets => EndsAnswer as ListOffsets,
    MetadataRequest => MetadataAnswer as Metadata,
    OffsetFetchRequest => OffsetFetchResponse as OffsetFetch,
    DescribeGroupsRequest => DescribeGroupsResponse as DescribeGroups,
    ListGroupsRequest => ListGroupsResponse as ListGroups,
    SaslHandshakeRequest => SaslHandshakeResponse as SaslHandshake,
    ApiVersionsRequest => ApiVersionsResponse as ApiVersions,
    DescribeConfigsRequest => DescribeConfigsResponse as DescribeConfigs,
    DescribeLogDirsRequest => DescribeLogDirsResponse as DescribeLogDirs,
    SaslAuthenticateRequest => SaslAuthenticateResponse as SaslAuthenticate,
    ListPartitionReassignmentsRequest => ListPartitionReassignmentsResponse as ListPartitionReassignments,
    DescribeQuorumRequest => DescribeQuorumResponse as DescribeQuorum,
    DescribeClusterRequest => DescribeClusterResponse as DescribeCluster,
    ConsumerGroupDescribeRequest => ConsumerGroupDescribeResponse as ConsumerGroupDescribe,
    ShareGroupDescribeRequest => ShareGroupDescribeResponse as ShareGroupDescribe,
    StreamsGroupDescribeRequest => StreamsGroupDescribeResponse as StreamsGroupDescribe,
    DescribeShareGroupOffsetsRequest => DescribeShareGroupOffsetsResponse as DescribeShareGroupOffsets,
}

fn byte_of<R: Request>(version: i16) -> Option<u8> {
    let known = R::VERSIONS.intersect(&R::Response::VERSIONS);
    let is_known = (known.min..=known.max).contains(&version);
    is_known.then(|| u8::try_from(version - known.min).ok())?
}

/// Takes versions that do not exist for ones that do, round and round.
fn read<R: Request>(version: u8, frame: Bytes) -> Result<(), Error> {
    let known = R::VERSIONS.intersect(&R::Response::VERSIONS);
    let version = known.min + i16::from(version) % (known.max - known.min + 1);
    wire::decode::<R>(&BrokerAddress::new("broker", 9092), version, frame).map(drop)
}
