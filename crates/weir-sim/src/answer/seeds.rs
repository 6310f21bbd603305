//! Seeds for the fuzz target `read_answer`: what the brokers of every release answer to what Weir
//! asks, in the versions it would ask in. `WEIR_BLESS=1 cargo test -p weir-sim seeds` writes those
//! that are missing into `fuzz/corpus/read_answer` as `sim-…`.

use std::collections::BTreeMap;
use std::path::Path;

use bytes::BytesMut;
use kafka_protocol::messages::describe_configs_request::DescribeConfigsResource;
use kafka_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use kafka_protocol::messages::offset_fetch_request::OffsetFetchRequestGroup;
use kafka_protocol::messages::*;
use kafka_protocol::protocol::Encodable;
use weir_kafka::messages::{
    DescribeShareGroupOffsetsRequest, OwnMessage, StreamsGroupDescribeRequest,
};
use weir_kafka::{Api, fuzzing};
use weir_types::Timestamp;

use super::*;
use crate::{Size, Story, World, company};

const BEGIN: Timestamp = Timestamp::from_millis(1_767_600_000_000);
/// One of each type.
const GROUPS: [&str; 4] =
    ["orders-enricher", "orders-fulfilment", "email-sender", "pricing-engine"];
#[test]
fn every_release_has_its_seeds() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/read_answer");
    let is_blessed = std::env::var_os("WEIR_BLESS").is_some();
    let seeds = seeds();
    assert!(seeds.len() > 30, "{:?}", seeds.keys());
    for (name, seed) in seeds {
        let read = fuzzing::read_answer(&seed);
        assert!(matches!(read, Some(Ok(()))), "{name}: {read:?}");
        let file = corpus.join(&name);
        if is_blessed && !file.exists() {
            std::fs::write(&file, &seed).unwrap();
        }
        assert!(file.exists(), "no seed {name}: WEIR_BLESS=1 cargo test -p weir-sim seeds");
    }
}

/// By the name of their file, as the fuzz target takes them.
fn seeds() -> BTreeMap<String, Vec<u8>> {
    let world = World::new(small_plan(), &Story::Healthy.script(), 1, BEGIN);
    let mut seeds = BTreeMap::new();
    for release in releases() {
        for api in Api::ALL {
            let key = Key::of(api.key()).unwrap();
            let Some((min, max)) = release::range(release, key) else { continue };
            let read = |at| Some((at, fuzzing::version_byte(api, at)?));
            let Some((version, byte)) = (min..=max).rev().find_map(read) else { continue };
            let seed = || {
                let mut seed = vec![u8::try_from(api.key()).unwrap(), byte];
                seed.extend(longest_answer(&world, release, &frame(api, key, version)));
                seed
            };
            seeds.entry(format!("sim-{api}-v{version}")).or_insert_with(seed);
        }
    }
    seeds
}

/// From [`release::OLDEST`] to [`release::NEWEST`].
fn releases() -> impl Iterator<Item = KafkaRelease> {
    let of = |major, minors: std::ops::RangeInclusive<u8>| {
        minors.map(move |minor| KafkaRelease { major, minor })
    };
    of(2, 8..=8).chain(of(3, 0..=9)).chain(of(4, 0..=2))
}

fn small_plan() -> crate::Plan {
    let mut plan = company::plan(Size::Small);
    plan.brokers.truncate(3);
    plan.groups.retain(|group| GROUPS.contains(&&*group.name));
    let read: Vec<_> = plan.groups.iter().flat_map(|group| group.topics.clone()).collect();
    plan.topics.retain(|topic| read.contains(&topic.name));
    plan
}

/// Only a group's coordinator has much to say of it.
fn longest_answer(world: &World, release: KafkaRelease, request: &Bytes) -> Bytes {
    let moment = world.at(BEGIN);
    let addresses = vec!["127.0.0.1:9092".parse().unwrap(); world.brokers.len()];
    let answer = |asked| {
        let broker = Broker { moment: &moment, asked, addresses: &addresses, release };
        broker.answer(&Request::read(request.clone()).unwrap()).unwrap()
    };
    (0..world.brokers.len()).map(answer).max_by_key(Bytes::len).unwrap()
}

fn frame(api: Api, key: Key, version: i16) -> Bytes {
    let mut frame = BytesMut::new();
    RequestHeader::default()
        .with_request_api_key(api.key())
        .with_request_api_version(version)
        .with_correlation_id(7)
        .with_client_id(Some(text("weir")))
        .encode(&mut frame, key.request_header_version(version))
        .unwrap();
    frame.extend(question(api, version));
    frame.freeze()
}

/// As much as one request can ask for.
fn question(api: Api, version: i16) -> BytesMut {
    let groups = || GROUPS.map(|name| GroupId(text(name))).to_vec();
    match api {
        Api::ListOffsets => {
            let partition =
                |at| ListOffsetsPartition::default().with_partition_index(at).with_timestamp(-1);
            let topic = ListOffsetsTopic::default()
                .with_name(topic_name("orders"))
                .with_partitions((0..12).map(partition).collect());
            body(&ListOffsetsRequest::default().with_topics(vec![topic]), version)
        }
        Api::Metadata => body(&MetadataRequest::default().with_topics(None), version),
        Api::OffsetFetch => {
            let asked = OffsetFetchRequest::default();
            let of = |id| OffsetFetchRequestGroup::default().with_group_id(id).with_topics(None);
            let asked = match version {
                ..8 => asked.with_group_id(groups().remove(0)).with_topics(None),
                _ => asked.with_groups(groups().into_iter().map(of).collect()),
            };
            body(&asked, version)
        }
        Api::DescribeGroups => {
            body(&DescribeGroupsRequest::default().with_groups(groups()), version)
        }
        Api::ListGroups => body(&ListGroupsRequest::default(), version),
        Api::SaslHandshake => body(&SaslHandshakeRequest::default(), version),
        Api::ApiVersions => body(&ApiVersionsRequest::default(), version),
        Api::DescribeConfigs => {
            let topic = DescribeConfigsResource::default()
                .with_resource_type(2)
                .with_resource_name(text("orders"))
                .with_configuration_keys(Some(vec![text("retention.ms")]));
            body(&DescribeConfigsRequest::default().with_resources(vec![topic]), version)
        }
        Api::DescribeLogDirs => body(&DescribeLogDirsRequest::default().with_topics(None), version),
        Api::SaslAuthenticate => body(&SaslAuthenticateRequest::default(), version),
        Api::ListPartitionReassignments => {
            body(&ListPartitionReassignmentsRequest::default().with_topics(None), version)
        }
        Api::DescribeQuorum => body(&DescribeQuorumRequest::default(), version),
        Api::DescribeCluster => {
            body(&DescribeClusterRequest::default().with_endpoint_type(1), version)
        }
        Api::ConsumerGroupDescribe => {
            body(&ConsumerGroupDescribeRequest::default().with_group_ids(groups()), version)
        }
        Api::ShareGroupDescribe => {
            body(&ShareGroupDescribeRequest::default().with_group_ids(groups()), version)
        }
        Api::StreamsGroupDescribe => own_body(
            &StreamsGroupDescribeRequest { groups: vec!["pricing-engine".into()] },
            version,
        ),
        Api::DescribeShareGroupOffsets => own_body(
            &DescribeShareGroupOffsetsRequest { groups: vec![("email-sender".into(), None)] },
            version,
        ),
    }
}

fn body(question: &impl Encodable, version: i16) -> BytesMut {
    let mut bytes = BytesMut::new();
    question.encode(&mut bytes, version).unwrap();
    bytes
}

fn own_body(question: &impl OwnMessage, version: i16) -> BytesMut {
    let mut bytes = BytesMut::new();
    question.write(&mut bytes, version);
    bytes
}
