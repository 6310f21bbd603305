//! Log directories of scripted brokers.

use kafka_protocol::messages::ApiKey;

use super::*;
use crate::{
    Broker, ClientOptions, Partition, Topic,
    fake::{FakeBroker, Question, Reply},
    wire::str_bytes,
};

const VERSIONS: &[(ApiKey, i16)] = &[(ApiKey::ApiVersions, 4), (ApiKey::DescribeLogDirs, 4)];

/// A cluster of broker 1, which has a replica of each topic, and broker 2, which has another's.
fn cluster(own: &BrokerAddress, topics: &[&str]) -> Arc<ClusterMetadata> {
    let topic = |name: &str, broker: i32| Topic {
        name: name.into(),
        id: None,
        is_internal: false,
        partitions: vec![Partition {
            index: 0,
            leader: None,
            leader_epoch: None,
            replicas: [BrokerId(broker)].into(),
            isr: [].into(),
            offline_replicas: [].into(),
            error: None,
        }],
        error: None,
    };
    let elsewhere = topic("elsewhere", 2);
    Arc::new(ClusterMetadata {
        cluster_id: None,
        controller_id: None,
        brokers: vec![Broker { id: BrokerId(1), address: own.clone(), rack: None }],
        topics: topics.iter().map(|name| topic(name, 1)).chain([elsewhere]).collect(),
    })
}

/// All that was asked about, in two directories by turns.
fn disks(question: &Question) -> Reply {
    let asked: DescribeLogDirsRequest = question.read();
    let names: Vec<_> = match asked.topics {
        Some(topics) => topics.iter().map(|it| it.topic.0.to_string()).collect(),
        None => TOPICS.iter().map(|name| (*name).to_owned()).collect(),
    };
    let dir = |path: &str, rest: usize| {
        let topics = names.iter().filter(|name| name.len() % 2 == rest).map(|name| {
            let size = DescribeLogDirsPartition::default().with_partition_size(7);
            DescribeLogDirsTopic::default()
                .with_name(TopicName(str_bytes(name)))
                .with_partitions(vec![size])
        });
        DescribeLogDirsResult::default()
            .with_log_dir(str_bytes(path))
            .with_total_bytes(100)
            .with_usable_bytes(40)
            .with_topics(topics.collect())
    };
    let dirs = vec![dir("/even", 0), dir("/odd", 1)];
    question.answer(&DescribeLogDirsResponse::default().with_results(dirs))
}

const TOPICS: &[&str] = &["a", "bb", "ccc", "dddd", "eeeee", "ffffff", "ggggggg", "hhhhhhhh"];

/// Five requests: about all, four of them, four more that are too many, two, two; and four, two
/// each, the next time.
#[tokio::test]
async fn a_broker_with_too_much_to_say_is_asked_topic_by_topic() {
    let broker = FakeBroker::start(|question| match question.key {
        ApiKey::ApiVersions => question.versions(VERSIONS),
        _ => disks(question),
    })
    .await;
    for (bound, requests) in [(64 << 20, [1, 2]), (180, [5, 9])] {
        let mut options = ClientOptions::new(vec![broker.address.clone()]);
        options.max_response_bytes = bound;
        let client = Client::new(options).unwrap();
        client.remember(&cluster(&broker.address, TOPICS));
        let dirs = client.describe_log_dirs().await.unwrap().remove(0).dirs.unwrap();
        let paths: Vec<_> = dirs.iter().map(|dir| (&*dir.path, dir.topics.len())).collect();
        assert_eq!(paths, [("/even", 4), ("/odd", 4)]);
        assert_eq!((dirs[0].total_bytes, dirs[0].usable_bytes), (Some(100), Some(40)));
        assert_eq!(client.stats().of(Api::DescribeLogDirs).requests, requests[0], "{bound}");
        client.describe_log_dirs().await.unwrap();
        assert_eq!(client.stats().of(Api::DescribeLogDirs).requests, requests[1], "{bound}");
    }
}

/// Without Describe on any topic nothing is left to ask piece by piece: no directories known is not
/// the same as no directories.
#[tokio::test]
async fn an_answer_too_large_stands_when_no_topic_is_known() {
    let broker = FakeBroker::start(|question| match question.key {
        ApiKey::ApiVersions => question.versions(VERSIONS),
        _ => disks(question),
    })
    .await;
    let mut options = ClientOptions::new(vec![broker.address.clone()]);
    options.max_response_bytes = 100;
    let client = Client::new(options).unwrap();
    client.remember(&cluster(&broker.address, &[]));
    let error = client.describe_log_dirs().await.unwrap().remove(0).dirs.unwrap_err();
    assert!(matches!(error, Error::ResponseTooLarge { .. }), "{error}");
}

/// Before Kafka 3.2 there is no code for the whole answer.
#[tokio::test]
async fn no_directory_is_a_refusal() {
    let broker = FakeBroker::start(|question| match question.key {
        ApiKey::ApiVersions => {
            question.versions(&[(ApiKey::ApiVersions, 3), (ApiKey::DescribeLogDirs, 2)])
        }
        _ => question.answer(&DescribeLogDirsResponse::default()),
    })
    .await;
    let client = Client::new(ClientOptions::new(vec![broker.address.clone()])).unwrap();
    client.remember(&cluster(&broker.address, TOPICS));
    let error = client.describe_log_dirs().await.unwrap().remove(0).dirs.unwrap_err();
    assert!(error.is_denied(), "{error}");
}
