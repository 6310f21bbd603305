//! Requests to frames and frames to answers, through the generated codec.

use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};
use kafka_protocol::{
    messages::{RequestHeader, ResponseHeader},
    protocol::{Decodable, Encodable, HeaderVersion, StrBytes},
};

use crate::{
    BrokerAddress, Error,
    api::{Answer, Request},
    guard::Guarded,
};

/// Bytes of the length in front of every frame.
pub(crate) const LENGTH_BYTES: usize = 4;

/// The frame of a request, its length in front.
pub(crate) fn encode<R: Request>(
    request: &R,
    version: i16,
    correlation_id: i32,
    client_id: &StrBytes,
) -> Result<Bytes, Arc<str>> {
    let header = RequestHeader::default()
        .with_request_api_key(R::API.key())
        .with_request_api_version(version)
        .with_correlation_id(correlation_id)
        .with_client_id(Some(client_id.clone()));
    let mut frame = BytesMut::new();
    frame.put_i32(0);
    header.encode(&mut frame, R::header_version(version)).map_err(reason)?;
    request.put(&mut frame, version).map_err(reason)?;
    let length = i32::try_from(frame.len() - LENGTH_BYTES).map_err(|e| Arc::from(e.to_string()))?;
    frame[..LENGTH_BYTES].copy_from_slice(&length.to_be_bytes());
    Ok(frame.freeze())
}

/// The answer in a frame whose length has been taken off.
pub(crate) fn decode<R: Request>(
    address: &BrokerAddress,
    version: i16,
    frame: Bytes,
) -> Result<R::Response, Error> {
    let flexible = R::header_version(version) >= 2;
    let mut answer = Guarded::new(frame, flexible);
    let malformed =
        |reason: Arc<str>| Error::Malformed { address: address.clone(), api: R::API, reason };
    ResponseHeader::decode(&mut answer, R::Response::header_version(version))
        .map_err(|e| malformed(reason(e)))?;
    R::Response::read(&mut answer, version).map_err(|e| malformed(reason(e)))
}

/// Kafka's strings as ours.
pub(crate) fn text(text: &StrBytes) -> Arc<str> {
    Arc::from(text.as_str())
}

/// Ours as Kafka's.
pub(crate) fn str_bytes(text: &str) -> StrBytes {
    StrBytes::from_string(text.to_owned())
}

/// The codec's errors end in a line break now and then.
fn reason(error: impl std::fmt::Display) -> Arc<str> {
    Arc::from(error.to_string().trim_end())
}

#[cfg(test)]
mod tests {
    use kafka_protocol::messages::ListGroupsRequest;
    use proptest::prelude::*;

    use super::*;
    use crate::{Api, api::read_any};

    #[test]
    fn a_frame_begins_with_its_length_and_header() {
        let request = ListGroupsRequest::default();
        let frame = encode(&request, 0, 7, &StrBytes::from_static_str("weir")).unwrap();
        assert_eq!(frame[..], [0, 0, 0, 14, 0, 16, 0, 0, 0, 0, 0, 7, 0, 4, b'w', b'e', b'i', b'r']);
    }

    #[test]
    fn a_field_the_version_lacks_cannot_be_sent() {
        let request = ListGroupsRequest::default().with_states_filter(vec![str_bytes("Stable")]);
        assert!(encode(&request, 0, 7, &StrBytes::default()).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_decoding_panic(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
            for api in Api::ALL {
                for version in 0..20 {
                    let _ = read_any(api, version, Bytes::copy_from_slice(&bytes));
                }
            }
        }
    }
}
