//! Kinds of requests: those of the codec, and those that it lacks.

use kafka_protocol::messages::ApiKey;
use kafka_protocol::protocol::VersionRange;
use weir_kafka::messages::{
    DescribeShareGroupOffsetsRequest, OwnMessage, REQUEST_HEADER, RESPONSE_HEADER,
    StreamsGroupDescribeRequest,
};

/// One more than the codec has, in the form of the one before: it allows one more special timestamp.
const LIST_OFFSETS_MAX: i16 = 11;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Codec(ApiKey),
    Own(OwnKey),
}

/// Written by hand, all of it in compact encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OwnKey {
    StreamsGroupDescribe = 89,
    DescribeShareGroupOffsets = 90,
}

impl Key {
    /// `None` for a number that stands for nothing.
    pub(crate) fn of(number: i16) -> Option<Key> {
        let own = [OwnKey::StreamsGroupDescribe, OwnKey::DescribeShareGroupOffsets];
        let own = own.into_iter().find(|key| *key as i16 == number).map(Key::Own);
        own.or_else(|| ApiKey::try_from(number).ok().map(Key::Codec))
    }

    pub(crate) fn number(self) -> i16 {
        match self {
            Key::Codec(key) => key as i16,
            Key::Own(key) => key as i16,
        }
    }

    /// The versions that can be read and written here.
    pub(crate) fn versions(self) -> VersionRange {
        match self {
            Key::Codec(ApiKey::ListOffsets) => {
                VersionRange { max: LIST_OFFSETS_MAX, ..ApiKey::ListOffsets.valid_versions() }
            }
            Key::Codec(key) => key.valid_versions(),
            Key::Own(OwnKey::StreamsGroupDescribe) => {
                VersionRange { min: 0, max: StreamsGroupDescribeRequest::HIGHEST }
            }
            Key::Own(OwnKey::DescribeShareGroupOffsets) => {
                VersionRange { min: 0, max: DescribeShareGroupOffsetsRequest::HIGHEST }
            }
        }
    }

    /// The version of the codec that has the form of `version`.
    pub(crate) fn form(self, version: i16) -> i16 {
        match self {
            Key::Codec(key) => version.min(key.valid_versions().max),
            Key::Own(_) => version,
        }
    }

    pub(crate) fn request_header_version(self, version: i16) -> i16 {
        match self {
            Key::Codec(key) => key.request_header_version(self.form(version)),
            Key::Own(_) => REQUEST_HEADER,
        }
    }

    pub(crate) fn response_header_version(self, version: i16) -> i16 {
        match self {
            Key::Codec(key) => key.response_header_version(self.form(version)),
            Key::Own(_) => RESPONSE_HEADER,
        }
    }
}

impl From<ApiKey> for Key {
    fn from(key: ApiKey) -> Key {
        Key::Codec(key)
    }
}
