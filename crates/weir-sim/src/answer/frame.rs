//! Frames to requests and answers to frames, through the generated codec.

use bytes::{Buf, Bytes, BytesMut};
use kafka_protocol::messages::{RequestHeader, ResponseHeader};
use kafka_protocol::protocol::{Decodable, Encodable};
use weir_kafka::guard::Guarded;
use weir_kafka::messages::OwnMessage;

use super::Key;

/// Key, version and correlation id, which no version of the header has elsewhere.
const FIXED_BYTES: usize = 8;

/// A request whose header could be read.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub key: Key,
    pub version: i16,
    pub correlation_id: i32,
    body: Bytes,
}

/// Bytes that are no request, or an answer that can not be put in the version asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("no request has key {0}")]
    Key(i16),
    #[error("a frame of {0} bytes has no room for a header")]
    TooShort(usize),
    #[error("bytes that are no request: {0}")]
    Malformed(String),
    #[error("an answer that has no form in this version: {0}")]
    Answer(String),
}

impl Request {
    /// Reads a frame whose length has been taken off.
    pub(crate) fn read(frame: Bytes) -> Result<Request, Unreadable> {
        let fixed = frame.get(..FIXED_BYTES).ok_or(Unreadable::TooShort(frame.len()))?;
        let number = i16::from_be_bytes([fixed[0], fixed[1]]);
        let version = i16::from_be_bytes([fixed[2], fixed[3]]);
        let correlation_id = i32::from_be_bytes([fixed[4], fixed[5], fixed[6], fixed[7]]);
        let key = Key::of(number).ok_or(Unreadable::Key(number))?;
        let known = key.versions();
        if !(known.min..=known.max).contains(&version) {
            // Its header can not be known; only ApiVersions has an answer to that (KIP-511).
            return Ok(Request { key, version, correlation_id, body: Bytes::new() });
        }
        let header_version = key.request_header_version(version);
        let mut rest = Guarded::new(frame, header_version >= 2);
        RequestHeader::decode(&mut rest, header_version).map_err(malformed)?;
        let body = rest.copy_to_bytes(rest.remaining());
        Ok(Request { key, version, correlation_id, body })
    }

    pub(crate) fn body<R: Decodable>(&self) -> Result<R, Unreadable> {
        let flexible = self.key.request_header_version(self.version) >= 2;
        let mut body = Guarded::new(self.body.clone(), flexible);
        R::decode(&mut body, self.key.form(self.version)).map_err(malformed)
    }

    /// As [`Request::body`], of a message that the codec lacks.
    pub(crate) fn own_body<M: OwnMessage>(&self) -> Result<M, Unreadable> {
        M::read(&mut Guarded::new(self.body.clone(), true), self.version).map_err(malformed)
    }

    /// As [`Request::reply`], of a message that the codec lacks.
    pub(crate) fn own_reply(&self, answer: &impl OwnMessage) -> Result<Bytes, Unreadable> {
        let mut frame = self.begin(self.version)?;
        answer.write(&mut frame, self.version);
        Ok(frame.freeze())
    }

    pub(crate) fn reply(&self, answer: &impl Encodable) -> Result<Bytes, Unreadable> {
        self.reply_in(self.version, answer)
    }

    /// The answer in another version than the question.
    pub(crate) fn reply_in(
        &self,
        version: i16,
        answer: &impl Encodable,
    ) -> Result<Bytes, Unreadable> {
        let mut frame = self.begin(version)?;
        answer.encode(&mut frame, self.key.form(version)).map_err(formless)?;
        Ok(frame.freeze())
    }

    fn begin(&self, version: i16) -> Result<BytesMut, Unreadable> {
        let header = ResponseHeader::default().with_correlation_id(self.correlation_id);
        let mut frame = BytesMut::new();
        header.encode(&mut frame, self.key.response_header_version(version)).map_err(formless)?;
        Ok(frame)
    }
}

fn malformed(error: impl std::fmt::Display) -> Unreadable {
    Unreadable::Malformed(error.to_string().trim_end().to_owned())
}

fn formless(error: impl std::fmt::Display) -> Unreadable {
    Unreadable::Answer(error.to_string().trim_end().to_owned())
}
