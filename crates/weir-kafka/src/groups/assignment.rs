//! What a classic member was assigned, from bytes that brokers pass on unread.
//!
//! Any program may put anything there, so this reads them with its own bounds rather than with
//! the codec.

use std::sync::Arc;

use bytes::Buf;

use super::TopicPartitions;

/// The partitions of a ConsumerProtocolAssignment of any version (all begin alike); none for a
/// member without assignment; `None` for bytes that are something else.
pub(super) fn parse(mut bytes: &[u8]) -> Option<Vec<TopicPartitions>> {
    if bytes.is_empty() {
        return Some(Vec::new());
    }
    let version = bytes.try_get_i16().ok()?;
    if version < 0 {
        return None;
    }
    let count = length(&mut bytes)?;
    let topics: Option<Vec<_>> = (0..count).map(|_| topic(&mut bytes)).collect();
    topics
}

fn topic(bytes: &mut &[u8]) -> Option<TopicPartitions> {
    let name = usize::try_from(bytes.try_get_i16().ok()?).ok()?;
    let (name, rest) = bytes.split_at_checked(name)?;
    let topic = Arc::from(std::str::from_utf8(name).ok()?);
    *bytes = rest;
    let count = length(bytes)?;
    let partitions: Option<Vec<_>> = (0..count).map(|_| bytes.try_get_i32().ok()).collect();
    Some(TopicPartitions { topic, partitions: partitions? })
}

/// A count of things that take at least a byte each, so never more than the bytes left.
fn length(bytes: &mut &[u8]) -> Option<usize> {
    let count = usize::try_from(bytes.try_get_i32().ok()?).ok()?;
    (count <= bytes.len()).then_some(count)
}

#[cfg(test)]
mod tests {
    use kafka_protocol::{
        messages::{
            ConsumerProtocolAssignment, TopicName, consumer_protocol_assignment::TopicPartition,
        },
        protocol::{Encodable, StrBytes},
    };
    use proptest::prelude::*;

    use super::*;

    fn encoded(version: i16, topics: &[(&'static str, &[i32])]) -> Vec<u8> {
        let topic = |&(name, partitions): &(&'static str, &[i32])| {
            TopicPartition::default()
                .with_topic(TopicName(StrBytes::from_static_str(name)))
                .with_partitions(partitions.to_vec())
        };
        let assignment = ConsumerProtocolAssignment::default()
            .with_assigned_partitions(topics.iter().map(topic).collect());
        let mut bytes = version.to_be_bytes().to_vec();
        assignment.encode(&mut bytes, version).unwrap();
        bytes
    }

    #[test]
    fn reads_what_consumers_write_in_every_version() {
        for version in 0..=3 {
            let bytes = encoded(version, &[("orders", &[0, 2]), ("größe", &[7])]);
            let parsed = parse(&bytes).unwrap();
            assert_eq!(
                parsed[0],
                TopicPartitions { topic: "orders".into(), partitions: vec![0, 2] }
            );
            assert_eq!(parsed[1], TopicPartitions { topic: "größe".into(), partitions: vec![7] });
        }
        assert_eq!(parse(&[]), Some(vec![]));
    }

    #[test]
    fn other_bytes_are_no_assignment() {
        assert_eq!(parse(b"{\"tasks\":[1,2,3]}"), None);
        assert_eq!(parse(&[0, 0, 0x7f, 0xff, 0xff, 0xff]), None);
        let whole = encoded(0, &[("orders", &[0, 2])]);
        assert_eq!(parse(&whole[..12]), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = parse(&bytes);
        }
    }
}
