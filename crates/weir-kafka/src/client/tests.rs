//! The client against scripted brokers on real sockets.

use std::{
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
    time::Duration,
};

use kafka_protocol::messages::{
    ApiKey, ApiVersionsResponse, BrokerId as WireBrokerId, GroupId, ListGroupsResponse,
    ListOffsetsRequest, ListOffsetsResponse, MetadataResponse, OffsetFetchRequest,
    OffsetFetchResponse, TopicName,
    list_groups_response::ListedGroup,
    list_offsets_response::{ListOffsetsPartitionResponse, ListOffsetsTopicResponse},
    metadata_response::{MetadataResponsePartition, MetadataResponseTopic},
    offset_fetch_response::{
        OffsetFetchResponseGroup, OffsetFetchResponsePartition, OffsetFetchResponsePartitions,
        OffsetFetchResponseTopic, OffsetFetchResponseTopics,
    },
};

use super::*;
use crate::{
    Api, GroupAt, KafkaCode, Offset, OffsetSpec, TlsOptions, TopicPartitions,
    fake::{FakeBroker, Question, Reply, cluster, ranges},
    wire::str_bytes,
};

const VERSIONS: &[(ApiKey, i16)] = &[
    (ApiKey::ApiVersions, 4),
    (ApiKey::Metadata, 12),
    (ApiKey::ListGroups, 4),
    (ApiKey::ListOffsets, 7),
    (ApiKey::OffsetFetch, 8),
];

fn options(bootstrap: &[&BrokerAddress]) -> ClientOptions {
    let mut options = ClientOptions::new(bootstrap.iter().copied().cloned().collect());
    options.backoff_initial = Duration::from_secs(20);
    options
}

fn client(bootstrap: &[&BrokerAddress]) -> Client {
    Client::new(options(bootstrap)).unwrap()
}

/// An address nothing listens on.
async fn nobody() -> BrokerAddress {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    BrokerAddress::new("127.0.0.1", listener.local_addr().unwrap().port())
}

/// One that says it is broker 1, whatever its address, and answers the rest by `script`.
async fn single(script: impl Fn(&Question) -> Reply + Send + Sync + 'static) -> FakeBroker {
    let own = Arc::new(std::sync::OnceLock::<BrokerAddress>::new());
    let known = Arc::clone(&own);
    let broker = FakeBroker::start(move |question| match question.key {
        ApiKey::ApiVersions => question.versions(VERSIONS),
        ApiKey::Metadata => question.brokers(&[(1, known.get().unwrap())]),
        _ => script(question),
    })
    .await;
    own.set(broker.address.clone()).unwrap();
    broker
}

fn at(group: &str) -> GroupAt {
    GroupAt { group: group.into(), coordinator: BrokerId(1) }
}

#[test]
fn needs_a_bootstrap_address() {
    assert!(matches!(Client::new(options(&[])), Err(Error::NoBootstrap)));
}

#[tokio::test]
async fn versions_are_asked_for_again_in_a_version_the_broker_knows() {
    for known in [3, 0] {
        let broker = FakeBroker::start(move |question| match (question.key, question.version) {
            (ApiKey::ApiVersions, version) if version > known => {
                let own = if known > 0 { ranges(&[(ApiKey::ApiVersions, known)]) } else { vec![] };
                let refusal = ApiVersionsResponse::default().with_error_code(35).with_api_keys(own);
                let mut bytes = Vec::new();
                kafka_protocol::protocol::Encodable::encode(&refusal, &mut bytes, 0).unwrap();
                Reply::Answer(bytes.into())
            }
            (ApiKey::ApiVersions, _) => question.versions(VERSIONS),
            _ => question.brokers(&[(1, &BrokerAddress::new("b", 9092))]),
        })
        .await;
        let client = client(&[&broker.address]);
        assert_eq!(client.metadata().await.unwrap().brokers.len(), 1);
        assert_eq!(client.stats().of(Api::ApiVersions).requests, 2, "known {known}");
    }
}

#[tokio::test]
async fn bootstrap_addresses_are_tried_in_turn() {
    let (nobody, broker) = (nobody().await, single(|_| Reply::HangUp).await);
    let stranger = FakeBroker::start(|_| Reply::Raw(b"HTTP/1.1 400 Bad Request\r\n\r\n")).await;
    let found = client(&[&nobody, &stranger.address, &broker.address]).metadata().await.unwrap();
    assert_eq!(found.brokers[0].id, BrokerId(1));

    let error = client(&[&nobody, &stranger.address]).metadata().await.unwrap_err().to_string();
    assert!(error.contains(&format!("{nobody}: connection refused")), "{error}");
    assert!(error.contains("it answered as an HTTP server"), "{error}");
}

#[tokio::test]
async fn a_failing_broker_is_left_alone_for_a_while() {
    let client = client(&[&nobody().await]);
    let first = client.metadata().await.unwrap_err();
    assert!(matches!(first, Error::Refused { .. }), "{first}");
    let second = client.metadata().await.unwrap_err();
    assert!(matches!(second, Error::BackingOff { .. }), "{second}");
    assert!(second.to_string().contains("connection refused"), "the cause stays: {second}");
    assert!(second.is_retryable());
}

#[tokio::test]
async fn a_listener_that_wants_authentication_is_said_to() {
    let broker = FakeBroker::start(|question| match question.key {
        ApiKey::ApiVersions => question.versions(VERSIONS),
        _ => Reply::HangUp,
    })
    .await;
    let error = client(&[&broker.address]).metadata().await.unwrap_err();
    assert!(matches!(error, Error::AuthenticationRequired { .. }), "{error}");
}

#[tokio::test]
async fn an_advertised_address_that_cannot_be_reached_is_the_clusters_fault() {
    let wrong = nobody().await;
    let advertised = wrong.clone();
    let broker = FakeBroker::start(move |question| match question.key {
        ApiKey::ApiVersions => question.versions(VERSIONS),
        _ => question.brokers(&[(7, &advertised)]),
    })
    .await;
    let listing = client(&[&broker.address]).list_groups().await.unwrap();
    let error = listing[0].groups.as_ref().unwrap_err();
    assert!(matches!(error, Error::Advertised { broker: BrokerId(7), .. }), "{error}");
    assert!(error.to_string().starts_with(&format!("broker 7 advertises {wrong}")), "{error}");
    assert!(error.to_string().contains("advertised.listeners"), "{error}");
}

#[tokio::test]
async fn a_connection_closed_while_idle_is_replaced() {
    let broker = single(|question| match question.connection {
        1 => Reply::HangUp,
        _ => {
            let group = ListedGroup::default().with_group_id(GroupId(str_bytes("g")));
            question.answer(&ListGroupsResponse::default().with_groups(vec![group]))
        }
    })
    .await;
    let client = client(&[&broker.address]);
    client.metadata().await.unwrap();
    let listing = client.list_groups().await.unwrap();
    assert_eq!(&*listing[0].groups.as_ref().unwrap()[0].group, "g");
    assert_eq!(client.stats().connections_opened, 2);
}

/// Says that one partition of `orders` is led by the broker given.
fn orders_led_by(question: &Question, leader: i32, brokers: &[(i32, &BrokerAddress)]) -> Reply {
    let partition = MetadataResponsePartition::default().with_leader_id(WireBrokerId(leader));
    let topic = MetadataResponseTopic::default()
        .with_name(Some(TopicName(str_bytes("orders"))))
        .with_partitions(vec![partition]);
    let answer =
        MetadataResponse::default().with_brokers(cluster(brokers)).with_topics(vec![topic]);
    question.answer(&answer)
}

fn end_of_orders(question: &Question, code: i16, offset: i64) -> Reply {
    let asked: ListOffsetsRequest = question.read();
    assert_eq!((asked.replica_id.0, asked.topics[0].partitions[0].timestamp), (-1, -1));
    let partition =
        ListOffsetsPartitionResponse::default().with_error_code(code).with_offset(offset);
    let topic = ListOffsetsTopicResponse::default()
        .with_name(TopicName(str_bytes("orders")))
        .with_partitions(vec![partition]);
    question.answer(&ListOffsetsResponse::default().with_topics(vec![topic]))
}

#[tokio::test]
async fn a_moved_leader_is_looked_up_and_asked_once_more() {
    let now = FakeBroker::start(|question| match question.key {
        ApiKey::ApiVersions => question.versions(VERSIONS),
        _ => end_of_orders(question, 0, 42),
    })
    .await;
    let (new_leader, asked) = (now.address.clone(), AtomicUsize::new(0));
    let own = Arc::new(std::sync::OnceLock::<BrokerAddress>::new());
    let known = Arc::clone(&own);
    let before = FakeBroker::start(move |question| match question.key {
        ApiKey::ApiVersions => question.versions(VERSIONS),
        ApiKey::Metadata => {
            let leader = if asked.fetch_add(1, SeqCst) == 0 { 1 } else { 2 };
            orders_led_by(question, leader, &[(1, known.get().unwrap()), (2, &new_leader)])
        }
        _ => end_of_orders(question, KafkaCode::NOT_LEADER_OR_FOLLOWER.0, -1),
    })
    .await;
    own.set(before.address.clone()).unwrap();

    let client = client(&[&before.address]);
    let orders = [TopicPartitions { topic: "orders".into(), partitions: vec![0, 9] }];
    let answer = client.list_offsets(OffsetSpec::Latest, &orders).await.remove(0);
    assert_eq!(answer.partitions[0].offset.clone().unwrap(), Offset(42));
    let missing = answer.partitions[1].offset.clone().unwrap_err();
    assert!(matches!(*missing, Error::UnknownPartition { partition: 9, .. }), "{missing}");
    assert_eq!(client.stats().of(Api::Metadata).requests, 2);
    assert_eq!(client.stats().of(Api::ListOffsets).requests, 2);
}

/// Answers that a group has committed 5 on partition 0 of `orders` and nothing on partition 1.
fn commits_of(question: &Question) -> Reply {
    let asked: OffsetFetchRequest = question.read();
    let group = |id: &GroupId| {
        let partition = |index, offset| {
            OffsetFetchResponsePartitions::default()
                .with_partition_index(index)
                .with_committed_offset(offset)
        };
        let topic = OffsetFetchResponseTopics::default()
            .with_name(TopicName(str_bytes("orders")))
            .with_partitions(vec![partition(1, -1), partition(0, 5)]);
        let denied = if &*id.0 == "denied" { 30 } else { 0 };
        OffsetFetchResponseGroup::default()
            .with_group_id(id.clone())
            .with_topics(vec![topic])
            .with_error_code(denied)
    };
    let groups = asked.groups.iter().rev().map(|asked| group(&asked.group_id)).collect();
    question.answer(&OffsetFetchResponse::default().with_groups(groups))
}

#[tokio::test]
async fn one_groups_error_leaves_the_others_alone() {
    let broker = single(commits_of).await;
    let client = client(&[&broker.address]);
    let answers = client.fetch_offsets(&[at("a"), at("denied"), at("b")]).await;
    let topics = answers[2].offsets.as_ref().unwrap();
    assert_eq!((&*topics[0].topic, topics[0].partitions.len()), ("orders", 1));
    assert_eq!(topics[0].partitions[0].offset.clone().unwrap(), Offset(5));
    assert!(answers[0].offsets.is_ok());
    let denied = answers[1].offsets.as_ref().unwrap_err();
    assert!(denied.is_denied() && !denied.is_retryable(), "{denied}");
    assert!(denied.to_string().ends_with("GROUP_AUTHORIZATION_FAILED (30)"), "{denied}");
    assert_eq!(client.stats().of(Api::OffsetFetch).requests, 1);
}

#[tokio::test]
async fn groups_are_asked_in_smaller_pieces_when_an_answer_is_too_large() {
    let broker = single(commits_of).await;
    let mut options = options(&[&broker.address]);
    options.max_response_bytes = 150; // room for two of these groups
    let client = Client::new(options).unwrap();
    let groups: Vec<_> = (0..8).map(|n| at(&format!("group-{n}"))).collect();
    let answers = client.fetch_offsets(&groups).await;
    assert!(answers.iter().all(|answer| answer.offsets.is_ok()), "{answers:?}");
    assert_eq!(
        answers.iter().map(|answer| &answer.group).collect::<Vec<_>>(),
        groups.iter().collect::<Vec<_>>()
    );
    let stats = client.stats();
    assert_eq!(stats.of(Api::OffsetFetch).requests, 1 + 1 + 4);
    assert_eq!(stats.connections_opened, 1);
    client.fetch_offsets(&groups).await;
    let again = client.stats().of(Api::OffsetFetch);
    assert_eq!((again.requests, again.extra_pieces), (1 + 1 + 4 + 4, 5 + 3));
}

#[tokio::test]
async fn brokers_before_kafka_3_0_are_asked_group_by_group() {
    let own = Arc::new(std::sync::OnceLock::<BrokerAddress>::new());
    let known = Arc::clone(&own);
    let broker = FakeBroker::start(move |question| match question.key {
        ApiKey::ApiVersions => question.versions(&[
            (ApiKey::ApiVersions, 3),
            (ApiKey::Metadata, 8),
            (ApiKey::OffsetFetch, 5),
        ]),
        ApiKey::Metadata => question.brokers(&[(1, known.get().unwrap())]),
        _ => {
            let asked: OffsetFetchRequest = question.read();
            let partition = OffsetFetchResponsePartition::default()
                .with_committed_offset(asked.group_id.0.len() as i64);
            let topic = OffsetFetchResponseTopic::default()
                .with_name(TopicName(str_bytes("orders")))
                .with_partitions(vec![partition]);
            question.answer(&OffsetFetchResponse::default().with_topics(vec![topic]))
        }
    })
    .await;
    own.set(broker.address.clone()).unwrap();
    let client = client(&[&broker.address]);
    let answers = client.fetch_offsets(&[at("a"), at("bb"), at("ccc")]).await;
    for (n, answer) in answers.iter().enumerate() {
        let offset = answer.offsets.as_ref().unwrap()[0].partitions[0].offset.clone();
        assert_eq!(offset.unwrap(), Offset(n as i64 + 1));
    }
    assert_eq!(client.stats().of(Api::OffsetFetch).requests, 3);
}

#[tokio::test]
async fn an_api_the_broker_lacks_is_said_so() {
    let broker = single(|_| Reply::HangUp).await;
    let error = client(&[&broker.address]).describe_quorum().await.unwrap_err();
    assert!(matches!(error, Error::UnsupportedApi { api: Api::DescribeQuorum, .. }), "{error}");
}

#[tokio::test]
async fn a_truncated_answer_is_malformed_and_the_connection_stays() {
    let asked = AtomicUsize::new(0);
    let broker = single(move |question| match asked.fetch_add(1, SeqCst) {
        0 => Reply::Answer(bytes::Bytes::from_static(&[0, 0, 0])),
        _ => question.answer(&ListGroupsResponse::default()),
    })
    .await;
    let client = client(&[&broker.address]);
    let listing = client.list_groups().await.unwrap();
    let error = listing[0].groups.as_ref().unwrap_err();
    assert!(matches!(error, Error::Malformed { api: Api::ListGroups, .. }), "{error}");
    assert!(client.list_groups().await.unwrap()[0].groups.is_ok());
    assert_eq!(client.stats().connections_opened, 1);
    assert_eq!(client.stats().of(Api::ListGroups).failures, 1);
}

/// A certificate for `localhost` and 127.0.0.1, the server side of it, and the file to trust it by.
fn certificate() -> (tokio_rustls::TlsAcceptor, tempfile::NamedTempFile) {
    certificate_with(|_| ())
}

/// As [`certificate`], with other parameters.
fn certificate_with(
    change: impl FnOnce(&mut rcgen::CertificateParams),
) -> (tokio_rustls::TlsAcceptor, tempfile::NamedTempFile) {
    let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let mut params = rcgen::CertificateParams::new(names).unwrap();
    change(&mut params);
    let signing_key = rcgen::KeyPair::generate().unwrap();
    let cert = params.self_signed(&signing_key).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), cert.pem()).unwrap();
    (tokio_rustls::TlsAcceptor::from(Arc::new(config)), file)
}

async fn tls_broker(acceptor: tokio_rustls::TlsAcceptor) -> FakeBroker {
    FakeBroker::start_with(Some(acceptor), |question| match question.key {
        ApiKey::ApiVersions => question.versions(VERSIONS),
        _ => question.brokers(&[(1, &BrokerAddress::new("b", 9092))]),
    })
    .await
}

fn tls_client(broker: &FakeBroker, ca: &tempfile::NamedTempFile, name: Option<&str>) -> Client {
    let mut options = options(&[&broker.address]);
    let ca_file = Some(ca.path().to_owned());
    options.tls =
        Some(TlsOptions { ca_file, server_name: name.map(str::to_owned), ..TlsOptions::default() });
    Client::new(options).unwrap()
}

#[tokio::test]
async fn tls_trusts_the_ca_file_and_nothing_else() {
    let (acceptor, ca) = certificate();
    let (_, other_ca) = certificate();
    let broker = tls_broker(acceptor).await;
    tls_client(&broker, &ca, None).metadata().await.unwrap();
    tls_client(&broker, &ca, Some("localhost")).metadata().await.unwrap();

    let error = tls_client(&broker, &other_ca, None).metadata().await.unwrap_err();
    assert!(matches!(error, Error::UntrustedCertificate { .. }), "{error}");
    let error = tls_client(&broker, &ca, Some("kafka.example")).metadata().await.unwrap_err();
    assert!(matches!(error, Error::CertificateName { .. }), "{error}");
}

#[tokio::test]
async fn a_certificate_of_the_wrong_time_or_kind_says_what_to_do() {
    let refusal = async |change: fn(&mut rcgen::CertificateParams)| {
        let (acceptor, ca) = certificate_with(change);
        let broker = tls_broker(acceptor).await;
        tls_client(&broker, &ca, None).metadata().await.unwrap_err().to_string()
    };
    let expired = refusal(|params| params.not_after = rcgen::date_time_ymd(2021, 1, 5)).await;
    assert!(expired.contains("expired on 2021-01-05 00:00 UTC: renew"), "{expired}");
    assert!(expired.contains("this machine's clock"), "{expired}");
    let early = refusal(|params| params.not_before = rcgen::date_time_ymd(3000, 1, 5)).await;
    assert!(early.contains("not valid before 3000-01-05 00:00 UTC"), "{early}");
    let authority =
        refusal(|params| params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained));
    let authority = authority.await;
    assert!(authority.contains("CA:TRUE") && authority.contains("CA:FALSE"), "{authority}");
}

#[tokio::test]
async fn speaking_tls_and_plaintext_at_cross_purposes_is_recognised_both_ways() {
    let (acceptor, ca) = certificate();
    let encrypted = tls_broker(acceptor).await;
    let error = client(&[&encrypted.address]).metadata().await.unwrap_err();
    // The alert that says it surely may be lost when the port hangs up right behind it.
    assert!(error.to_string().contains("set `tls`"), "{error}");

    let plain = single(|_| Reply::HangUp).await;
    let error = tls_client(&plain, &ca, None).metadata().await.unwrap_err();
    assert!(matches!(error, Error::TlsUnexpected { .. }), "{error}");
}

#[test]
fn an_unusable_ca_file_is_named() {
    let broker = BrokerAddress::new("b", 9092);
    let mut options = options(&[&broker]);
    let empty = tempfile::NamedTempFile::new().unwrap();
    for (path, reason) in [
        (empty.path(), "it holds no PEM certificate"),
        (std::path::Path::new("/no/such/ca.pem"), "No such file"),
    ] {
        options.tls = Some(TlsOptions { ca_file: Some(path.to_owned()), ..TlsOptions::default() });
        let error = Client::new(options.clone()).unwrap_err().to_string();
        assert!(error.contains(&path.display().to_string()) && error.contains(reason), "{error}");
    }
}
