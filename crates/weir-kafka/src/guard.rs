//! A view of an answer that refuses lengths the answer cannot hold.
//!
//! The codec reserves room for as many elements as an array claims to have before it reads the
//! first one, so a few bad bytes could ask for more memory than there is. Lengths pass through
//! here first.

use std::ops::Range;

use bytes::{Buf, Bytes, TryGetError};
use kafka_protocol::protocol::buf::ByteBuf;

/// Tag numbers (KIP-482) are read as lengths are; the real ones are far below this.
const LARGEST_TAG: u64 = 64;
/// Before KIP-482 a length looks like any other integer, partitions and epochs among them. So many
/// elements at most may be claimed in vain there: some tens of MiB.
const LARGEST_OLD_LENGTH: usize = 1 << 18;
/// A varint of 32 bits has at most this many bytes.
const VARINT_BYTES: u32 = 5;

/// The answer, read from the front.
pub struct Guarded {
    rest: Bytes,
    /// Lengths are varints, as in every version since KIP-482.
    flexible: bool,
    varint: u64,
    varint_bytes: u32,
}

impl Guarded {
    pub fn new(answer: Bytes, flexible: bool) -> Self {
        Self { rest: answer, flexible, varint: 0, varint_bytes: 0 }
    }

    /// Follows a varint byte by byte; at its last one, compares it with what is left.
    fn check_varint(&mut self, byte: u8) -> Result<(), TryGetError> {
        self.varint |= u64::from(byte & 0x7f) << (7 * self.varint_bytes);
        self.varint_bytes += 1;
        if byte >= 0x80 && self.varint_bytes < VARINT_BYTES {
            return Ok(());
        }
        let length = std::mem::take(&mut self.varint);
        self.varint_bytes = 0;
        let available = self.rest.len();
        if length > available as u64 + LARGEST_TAG {
            let requested = usize::try_from(length).unwrap_or(usize::MAX);
            return Err(TryGetError { requested, available });
        }
        Ok(())
    }
}

impl Buf for Guarded {
    fn remaining(&self) -> usize {
        self.rest.len()
    }

    fn chunk(&self) -> &[u8] {
        &self.rest
    }

    fn advance(&mut self, count: usize) {
        self.rest.advance(count);
    }

    fn copy_to_bytes(&mut self, length: usize) -> Bytes {
        self.rest.copy_to_bytes(length)
    }

    fn try_get_u8(&mut self) -> Result<u8, TryGetError> {
        let byte = self.rest.try_get_u8()?;
        if self.flexible {
            self.check_varint(byte)?;
        }
        Ok(byte)
    }

    fn try_get_i32(&mut self) -> Result<i32, TryGetError> {
        let value = self.rest.try_get_i32()?;
        let available = self.rest.len();
        match usize::try_from(value) {
            Ok(requested) if !self.flexible && requested > available.max(LARGEST_OLD_LENGTH) => {
                Err(TryGetError { requested, available })
            }
            _ => Ok(value),
        }
    }
}

impl ByteBuf for Guarded {
    fn peek_bytes(&mut self, range: Range<usize>) -> Bytes {
        self.rest.slice(range)
    }

    fn get_bytes(&mut self, size: usize) -> Bytes {
        self.rest.split_to(size)
    }
}

#[cfg(test)]
mod tests {
    use kafka_protocol::{
        messages::{ListGroupsResponse, MetadataResponse},
        protocol::Decodable,
    };

    use super::*;

    fn guarded(bytes: &'static [u8], flexible: bool) -> Guarded {
        Guarded::new(Bytes::from_static(bytes), flexible)
    }

    #[test]
    fn an_array_longer_than_the_answer_is_refused_before_memory_is_reserved() {
        // Throttle time, error code, then an array of 2^32 - 2 groups.
        let mut answer = guarded(&[0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f, 0], true);
        let error = ListGroupsResponse::decode(&mut answer, 5).unwrap_err();
        assert!(error.downcast_ref::<TryGetError>().is_some(), "{error:?}");
        // The same in a version without varints.
        for bytes in [&[0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0], &[0, 0, 0, 0x10, 0, 0, 0, 0]] {
            let mut answer = guarded(bytes, false);
            let error = ListGroupsResponse::decode(&mut answer, 0).unwrap_err();
            assert!(error.downcast_ref::<TryGetError>().is_some(), "{error:?}");
            assert!(answer.remaining() > 0, "refused at the length, not at the end");
        }
    }

    #[test]
    fn small_answers_and_trailing_tags_pass() {
        let mut empty = guarded(&[0, 0, 0, 0, 0, 0, 1, 1, 9, 1, 0xaa], true);
        let answer = ListGroupsResponse::decode(&mut empty, 5).unwrap();
        assert_eq!(answer.unknown_tagged_fields.len(), 1);
        assert_eq!(empty.remaining(), 0);
    }

    #[test]
    fn large_broker_ids_are_no_lengths() {
        // One broker whose id is 10.0.0.7 read as a number.
        let answer =
            [0, 0, 0, 0, 2, 10, 0, 0, 7, 2, b'b', 0, 0, 0x23, 0x84, 0, 0, 0, 0, 0, 0, 1, 1, 0];
        let mut answer = Guarded::new(Bytes::copy_from_slice(&answer), true);
        let metadata = MetadataResponse::decode(&mut answer, 12).unwrap();
        assert_eq!(metadata.brokers[0].node_id.0, 0x0a00_0007);
        assert_eq!(answer.remaining(), 0);
    }
}
