//! Messages that the codec lacks, both directions: the client sends the questions, a simulated broker
//! the answers. Fields that nobody here reads are written empty and skipped.

mod share_offsets;
mod streams_groups;

use bytes::BytesMut;
use kafka_protocol::protocol::{HeaderVersion, Message, VersionRange};

use crate::{
    api::{Answer, Body},
    compact::Failure,
    guard::Guarded,
};

pub use share_offsets::{
    DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse, ShareGroupOffsets,
    SharePartitionOffset, ShareTopicOffsets,
};
pub use streams_groups::{
    StreamsGroup, StreamsGroupDescribeRequest, StreamsGroupDescribeResponse, StreamsMember,
    Subtopology, Tasks,
};

/// One of these messages.
pub trait OwnMessage: Sized {
    /// The highest version; the lowest is 0, and all have compact encoding.
    const HIGHEST: i16;

    fn write(&self, to: &mut BytesMut, version: i16);

    /// # Errors
    /// Why the bytes are no such message.
    fn read(
        from: &mut Guarded,
        version: i16,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>>;
}

/// Header versions of messages with compact encoding.
pub const REQUEST_HEADER: i16 = 2;
pub const RESPONSE_HEADER: i16 = 1;

macro_rules! own_messages {
    ($header:ident: $($message:ty),* $(,)?) => {
        $(impl Message for $message {
            const VERSIONS: VersionRange =
                VersionRange { min: 0, max: <$message as OwnMessage>::HIGHEST };
            const DEPRECATED_VERSIONS: Option<VersionRange> = None;
        }

        impl HeaderVersion for $message {
            fn header_version(_: i16) -> i16 {
                $header
            }
        })*
    };
}

own_messages!(REQUEST_HEADER: DescribeShareGroupOffsetsRequest, StreamsGroupDescribeRequest);
own_messages!(RESPONSE_HEADER: DescribeShareGroupOffsetsResponse, StreamsGroupDescribeResponse);

impl Body for DescribeShareGroupOffsetsRequest {
    fn put(&self, frame: &mut BytesMut, version: i16) -> Result<(), Failure> {
        self.write(frame, version);
        Ok(())
    }
}

impl Body for StreamsGroupDescribeRequest {
    fn put(&self, frame: &mut BytesMut, version: i16) -> Result<(), Failure> {
        self.write(frame, version);
        Ok(())
    }
}

impl Answer for DescribeShareGroupOffsetsResponse {
    fn read(answer: &mut Guarded, version: i16) -> Result<Self, Failure> {
        OwnMessage::read(answer, version)
    }
}

impl Answer for StreamsGroupDescribeResponse {
    fn read(answer: &mut Guarded, version: i16) -> Result<Self, Failure> {
        OwnMessage::read(answer, version)
    }
}
