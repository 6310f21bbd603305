//! Every request, in every version, of every release; and bytes that are no request.

use bytes::{BufMut, BytesMut};
use kafka_protocol::messages::*;
use kafka_protocol::protocol::{Decodable, Encodable, Message, VersionRange};
use proptest::prelude::*;
use weir_kafka::guard::Guarded;
use weir_kafka::messages::{
    DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse, OwnMessage,
    REQUEST_HEADER, RESPONSE_HEADER, StreamsGroupDescribeRequest, StreamsGroupDescribeResponse,
};
use weir_types::Timestamp;

use super::*;
use crate::{Size, Story, World, company};

const BEGIN: i64 = 1_767_600_000_000;

fn world(story: Story) -> World {
    World::new(company::plan(Size::Small), &story.script(), 1, Timestamp::from_millis(BEGIN))
}

fn kafka(major: u8, minor: u8) -> KafkaRelease {
    KafkaRelease { major, minor }
}

fn frame(key: ApiKey, version: i16, body: &impl Encodable) -> Bytes {
    let mut frame = BytesMut::new();
    RequestHeader::default()
        .with_request_api_key(key as i16)
        .with_request_api_version(version)
        .with_correlation_id(7)
        .with_client_id(Some(text("test")))
        .encode(&mut frame, Key::from(key).request_header_version(version))
        .unwrap();
    body.encode(&mut frame, Key::from(key).form(version)).unwrap();
    frame.freeze()
}

fn ask(world: &World, asked: usize, release: KafkaRelease, frame: Bytes) -> Result<Bytes, Refusal> {
    let moment = world.at(Timestamp::from_millis(BEGIN + 130_000));
    let addresses = vec!["127.0.0.1:9092".parse().unwrap(); world.brokers.len()];
    let broker = Broker { moment: &moment, asked, addresses: &addresses, release };
    broker.answer(&Request::read(frame)?)
}

fn decoded<R: Decodable>(key: ApiKey, version: i16, mut answer: Bytes) -> R {
    let key = Key::from(key);
    let header = ResponseHeader::decode(&mut answer, key.response_header_version(version)).unwrap();
    assert_eq!(header.correlation_id, 7);
    let decoded = R::decode(&mut answer, key.form(version)).unwrap();
    assert!(answer.is_empty(), "{key:?} {version}: {} bytes too many", answer.len());
    decoded
}

/// Asks in every version the release speaks, and hands over what came back.
fn each<Q: Message + Encodable, R: Decodable>(
    key: ApiKey,
    release: KafkaRelease,
    question: impl Fn(i16) -> Q,
    mut check: impl FnMut(i16, R),
) {
    let world = world(Story::Demo);
    let VersionRange { min, max } = Q::VERSIONS;
    let max = if key == ApiKey::ListOffsets { Key::from(key).versions().max } else { max };
    let (spoken_min, spoken_max) = release::range(release, key).unwrap();
    for version in min.max(spoken_min)..=max.min(spoken_max) {
        let answer = ask(&world, 0, release, frame(key, version, &question(version))).unwrap();
        check(version, decoded(key, version, answer));
    }
}

const RELEASES: [(u8, u8); 5] = [(2, 8), (3, 0), (3, 9), (4, 0), (4, 2)];

#[test]
fn metadata_in_every_version() {
    for (major, minor) in RELEASES {
        let all = |version| {
            let topics = if version == 0 { Some(Vec::new()) } else { None };
            MetadataRequest::default().with_topics(topics)
        };
        each(ApiKey::Metadata, kafka(major, minor), all, |version, answer: MetadataResponse| {
            assert_eq!(answer.brokers.len(), 5, "broker 5 is down");
            if version > 0 {
                assert_eq!(answer.topics.len(), 24);
                let offline = answer.topics.iter().flat_map(|topic| &topic.partitions);
                assert_eq!(offline.filter(|partition| partition.leader_id == -1).count(), 1);
            }
        });
    }
}

#[test]
fn offsets_in_every_version() {
    use list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
    for (major, minor) in RELEASES {
        for timestamp in [-1, -2, -3, BEGIN] {
            let all = |_| {
                let partition = |index| {
                    ListOffsetsPartition::default()
                        .with_partition_index(index)
                        .with_timestamp(timestamp)
                };
                let topic = ListOffsetsTopic::default()
                    .with_name(topic_name("orders"))
                    .with_partitions((0..13).map(partition).collect());
                ListOffsetsRequest::default().with_topics(vec![topic])
            };
            each(
                ApiKey::ListOffsets,
                kafka(major, minor),
                all,
                |_, answer: ListOffsetsResponse| {
                    let codes = |code| {
                        answer.topics[0].partitions.iter().filter(|p| p.error_code == code).count()
                    };
                    assert_eq!(codes(code::UNKNOWN_TOPIC_OR_PARTITION), 1);
                    assert!((1..4).contains(&codes(code::NONE)), "broker 1 leads a sixth of them");
                    assert_eq!(codes(code::NONE) + codes(code::NOT_LEADER_OR_FOLLOWER), 12);
                },
            );
        }
    }
}

#[test]
fn commits_in_every_version() {
    use offset_fetch_request::OffsetFetchRequestGroup;
    let groups: Vec<GroupId> =
        company::plan(Size::Small).groups.iter().map(|group| GroupId(text(&group.name))).collect();
    for (major, minor) in RELEASES {
        let mut answered = 0;
        let many = |version| {
            let request = OffsetFetchRequest::default();
            if version < 8 {
                let topics = (version < 2).then(Vec::new);
                return request.with_group_id(groups[0].clone()).with_topics(topics);
            }
            let group = |group: &GroupId| {
                OffsetFetchRequestGroup::default().with_group_id(group.clone()).with_topics(None)
            };
            request.with_groups(groups.iter().map(group).collect())
        };
        each(ApiKey::OffsetFetch, kafka(major, minor), many, |_, answer: OffsetFetchResponse| {
            answered += answer.groups.iter().filter(|group| group.error_code == 0).count();
            assert!(answer.groups.iter().all(|group| matches!(group.error_code, 0 | 16)));
        });
        assert_eq!(answered > 0, (major, minor) >= (3, 0), "{major}.{minor}");
    }
}

#[test]
fn groups_in_every_version() {
    let names = || vec![GroupId(text("orders-enricher")), GroupId(text("nobody"))];
    for (major, minor) in RELEASES {
        let at = kafka(major, minor);
        let list = |_| ListGroupsRequest::default();
        each(ApiKey::ListGroups, at, list, |version, answer: ListGroupsResponse| {
            assert!(!answer.groups.is_empty());
            assert!(
                answer.groups.iter().all(|group| group.group_state.is_empty() == (version < 4))
            );
        });
        let describe = |_| DescribeGroupsRequest::default().with_groups(names());
        each(ApiKey::DescribeGroups, at, describe, |version, answer: DescribeGroupsResponse| {
            let unknown = &answer.groups[1];
            let expected = if version < 6 { (0, "Dead") } else { (code::GROUP_ID_NOT_FOUND, "") };
            assert_eq!((unknown.error_code, unknown.group_state.as_str()), expected);
        });
        let find = |version| match version {
            0..4 => FindCoordinatorRequest::default().with_key(text("orders-enricher")),
            _ => {
                FindCoordinatorRequest::default().with_coordinator_keys(vec![text("a"), text("b")])
            }
        };
        each(ApiKey::FindCoordinator, at, find, |version, answer: FindCoordinatorResponse| {
            assert_eq!(answer.coordinators.len(), if version < 4 { 0 } else { 2 });
            assert_eq!(answer.port, if version < 4 { 9092 } else { 0 });
        });
    }
    let describe = |_| ConsumerGroupDescribeRequest::default().with_group_ids(names());
    let seen = |_, answer: ConsumerGroupDescribeResponse| assert_eq!(answer.groups.len(), 2);
    each(ApiKey::ConsumerGroupDescribe, crate::NEWEST, describe, seen);
    let describe = |_| ShareGroupDescribeRequest::default().with_group_ids(names());
    let seen = |_, answer: ShareGroupDescribeResponse| assert_eq!(answer.groups.len(), 2);
    each(ApiKey::ShareGroupDescribe, crate::NEWEST, describe, seen);
}

#[test]
fn the_rest_in_every_version() {
    use describe_configs_request::DescribeConfigsResource;
    for (major, minor) in RELEASES {
        let at = kafka(major, minor);
        let dirs = |_| DescribeLogDirsRequest::default().with_topics(None);
        each(ApiKey::DescribeLogDirs, at, dirs, |version, answer: DescribeLogDirsResponse| {
            assert_eq!(answer.results[0].total_bytes > 0, version >= 4);
            assert!(answer.results[0].topics.len() > 15);
        });
        let moving = |_| ListPartitionReassignmentsRequest::default().with_topics(None);
        let none =
            |_, answer: ListPartitionReassignmentsResponse| assert!(answer.topics.is_empty());
        each(ApiKey::ListPartitionReassignments, at, moving, none);
        let configs = |_| {
            let resource = DescribeConfigsResource::default()
                .with_resource_type(2)
                .with_resource_name(text("orders"))
                .with_configuration_keys(Some(vec![text("retention.ms"), text("no.such")]));
            DescribeConfigsRequest::default().with_resources(vec![resource])
        };
        each(ApiKey::DescribeConfigs, at, configs, |_, answer: DescribeConfigsResponse| {
            assert_eq!(answer.results[0].configs.len(), 1);
        });
        let cluster = |version| {
            DescribeClusterRequest::default()
                .with_endpoint_type(1)
                .with_include_fenced_brokers(version >= 2)
        };
        each(ApiKey::DescribeCluster, at, cluster, |version, answer: DescribeClusterResponse| {
            let fenced = answer.brokers.iter().filter(|broker| broker.is_fenced).count();
            assert_eq!((answer.brokers.len(), fenced), if version < 2 { (5, 0) } else { (6, 1) });
        });
        if release::has_quorum(at) {
            let quorum = |_| DescribeQuorumRequest::default();
            each(ApiKey::DescribeQuorum, at, quorum, |_, answer: DescribeQuorumResponse| {
                assert_eq!(answer.topics[0].partitions[0].current_voters.len(), 3);
            });
        }
    }
}

#[test]
fn an_unknown_version_of_the_versions_is_answered_in_the_oldest() {
    let mut unknown = BytesMut::new();
    unknown.put_i16(18);
    unknown.put_i16(99);
    unknown.put_i32(7);
    let answer = ask(&world(Story::Healthy), 0, crate::NEWEST, unknown.freeze()).unwrap();
    let answer: ApiVersionsResponse = decoded(ApiKey::ApiVersions, 0, answer);
    assert_eq!(answer.error_code, code::UNSUPPORTED_VERSION);
    assert_eq!(answer.api_keys.len(), 1);
}

#[test]
fn what_the_release_lacks_is_refused() {
    let world = world(Story::Healthy);
    let quorum = frame(ApiKey::DescribeQuorum, 0, &DescribeQuorumRequest::default());
    let refused = ask(&world, 0, crate::OLDEST, quorum).unwrap_err();
    assert_eq!(refused, Refusal::Version(ApiKey::DescribeQuorum.into(), 0));
    let fetch = frame(ApiKey::Fetch, 12, &FetchRequest::default());
    assert_eq!(ask(&world, 0, crate::NEWEST, fetch), Err(Refusal::NotServed(ApiKey::Fetch.into())));
}

#[test]
fn denied_rights_show_as_in_kafka() {
    let list = || frame(ApiKey::ListGroups, 5, &ListGroupsRequest::default());
    let listed = |story| {
        let world = world(story);
        let answers = (0..6).map(|at| ask(&world, at, crate::NEWEST, list()).unwrap());
        let groups =
            answers.map(|answer| decoded::<ListGroupsResponse>(ApiKey::ListGroups, 5, answer));
        groups.map(|answer| answer.groups.len()).sum::<usize>()
    };
    assert_eq!(listed(Story::Healthy), 19);
    assert_eq!(listed(Story::GroupsDenied), 19, "the cluster right lists them all the same");

    let metadata = frame(ApiKey::Metadata, 12, &MetadataRequest::default().with_topics(None));
    let answer = ask(&world(Story::TopicsDenied), 0, crate::NEWEST, metadata).unwrap();
    let answer: MetadataResponse = decoded(ApiKey::Metadata, 12, answer);
    assert_eq!(answer.topics.len(), 21, "three are left out without a word");

    let quorum = frame(ApiKey::DescribeQuorum, 1, &DescribeQuorumRequest::default());
    let answer = ask(&world(Story::ClusterDenied), 0, crate::NEWEST, quorum).unwrap();
    let answer: DescribeQuorumResponse = decoded(ApiKey::DescribeQuorum, 1, answer);
    assert_eq!(answer.error_code, code::CLUSTER_AUTHORIZATION_FAILED);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        key in 0i16..95, version in 0i16..14, rest in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut frame = BytesMut::new();
        frame.put_i16(key);
        frame.put_i16(version);
        frame.put_slice(&rest);
        let _ = ask(&world(Story::Healthy), 0, crate::NEWEST, frame.freeze());
    }
}

/// As [`frame`] and [`decoded`], of messages that the codec lacks.
fn own<Q: OwnMessage, R: OwnMessage>(key: OwnKey, version: i16, question: &Q, asked: usize) -> R {
    let mut bytes = BytesMut::new();
    RequestHeader::default()
        .with_request_api_key(key as i16)
        .with_request_api_version(version)
        .with_client_id(Some(text("test")))
        .encode(&mut bytes, REQUEST_HEADER)
        .unwrap();
    question.write(&mut bytes, version);
    let mut answer = ask(&world(Story::Healthy), asked, crate::NEWEST, bytes.freeze()).unwrap();
    ResponseHeader::decode(&mut answer, RESPONSE_HEADER).unwrap();
    R::read(&mut Guarded::new(answer, true), version).unwrap()
}

#[test]
fn a_share_group_tells_its_lag_from_4_2_on() {
    let lags = |version| {
        let question =
            DescribeShareGroupOffsetsRequest { groups: vec![("email-sender".into(), None)] };
        let answers =
            (0..6).map(|asked| own(OwnKey::DescribeShareGroupOffsets, version, &question, asked));
        let answers: Vec<DescribeShareGroupOffsetsResponse> = answers.collect();
        let told = answers.iter().flat_map(|it| &it.groups).flat_map(|it| &it.topics);
        told.flat_map(|it| &it.partitions).map(|it| it.lag).collect::<Vec<_>>()
    };
    assert_eq!(lags(0), [-1; 6]);
    assert!(lags(1).iter().all(|lag| *lag >= 0) && lags(1).len() == 6);
    assert_eq!(
        release::range(kafka(4, 1), Key::Own(OwnKey::DescribeShareGroupOffsets)),
        Some((0, 0))
    );
    assert_eq!(release::range(kafka(4, 0), Key::Own(OwnKey::StreamsGroupDescribe)), None);
}

#[test]
fn members_of_a_streams_group_have_tasks() {
    let question = StreamsGroupDescribeRequest { groups: vec!["pricing-engine".into()] };
    let answers = (0..6).map(|asked| own(OwnKey::StreamsGroupDescribe, 0, &question, asked));
    let answers: Vec<StreamsGroupDescribeResponse> = answers.collect();
    let found: Vec<_> =
        answers.iter().flat_map(|it| &it.groups).filter(|it| it.error_code == 0).collect();
    assert_eq!((found.len(), found[0].members.len(), &*found[0].state), (1, 3, "Stable"));
    let tasks = found[0].members.iter().flat_map(|member| &member.active_tasks);
    let mut tasks: Vec<i32> = tasks.flat_map(|it| it.partitions.iter().copied()).collect();
    tasks.sort_unstable();
    assert!(tasks.into_iter().eq(0..12), "inventory.changes has twelve partitions");
}
