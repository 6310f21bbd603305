//! The requests this client sends, and which answer belongs to which.

use std::fmt;

use kafka_protocol::{
    messages::{
        ApiVersionsRequest, ApiVersionsResponse, ConsumerGroupDescribeRequest,
        ConsumerGroupDescribeResponse, DescribeConfigsRequest, DescribeConfigsResponse,
        DescribeGroupsRequest, DescribeGroupsResponse, DescribeQuorumRequest,
        DescribeQuorumResponse, ListGroupsRequest, ListGroupsResponse, ListOffsetsRequest,
        ListOffsetsResponse, MetadataRequest, MetadataResponse, OffsetFetchRequest,
        OffsetFetchResponse,
    },
    protocol::{Decodable, Encodable, HeaderVersion, Message},
};

/// A kind of request, by its name and key in Kafka's protocol. All of them only read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Api {
    ListOffsets = 2,
    Metadata = 3,
    OffsetFetch = 9,
    DescribeGroups = 15,
    ListGroups = 16,
    ApiVersions = 18,
    DescribeConfigs = 32,
    DescribeQuorum = 55,
    ConsumerGroupDescribe = 69,
}

impl Api {
    /// In the order of their keys.
    pub const ALL: [Api; 9] = [
        Api::ListOffsets,
        Api::Metadata,
        Api::OffsetFetch,
        Api::DescribeGroups,
        Api::ListGroups,
        Api::ApiVersions,
        Api::DescribeConfigs,
        Api::DescribeQuorum,
        Api::ConsumerGroupDescribe,
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

/// A message of the codec that can be sent, and the one that answers it.
pub(crate) trait Request: Message + Encodable + HeaderVersion {
    const API: Api;
    type Response: Message + Decodable + HeaderVersion;
}

macro_rules! requests {
    ($($request:ident => $response:ident as $api:ident),* $(,)?) => {
        $(impl Request for $request {
            const API: Api = Api::$api;
            type Response = $response;
        })*
    };
}

requests! {
    ListOffsetsRequest => ListOffsetsResponse as ListOffsets,
    MetadataRequest => MetadataResponse as Metadata,
    OffsetFetchRequest => OffsetFetchResponse as OffsetFetch,
    DescribeGroupsRequest => DescribeGroupsResponse as DescribeGroups,
    ListGroupsRequest => ListGroupsResponse as ListGroups,
    ApiVersionsRequest => ApiVersionsResponse as ApiVersions,
    DescribeConfigsRequest => DescribeConfigsResponse as DescribeConfigs,
    DescribeQuorumRequest => DescribeQuorumResponse as DescribeQuorum,
    ConsumerGroupDescribeRequest => ConsumerGroupDescribeResponse as ConsumerGroupDescribe,
}
