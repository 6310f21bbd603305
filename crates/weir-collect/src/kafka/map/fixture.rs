//! A small cluster for tests: two live brokers and a dead one, a sick topic, one group.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use weir_kafka::offsets::{CommittedOffset, TopicCommits};
use weir_kafka::{
    Broker, BrokerId, BrokerLogDirs, ClientOptions, ClusterMetadata, GroupDescription, GroupMember,
    GroupType, KafkaRelease, LogDir, Offset, Partition, ReplicaSize, Topic, TopicPartitions,
    TopicReplicas,
};
use weir_types::Timestamp;

use super::super::answers::{Answers, GroupAnswer, LogOffsets, LogRange};
use super::super::fetch::disks::{Disks, DisksReading};
use super::super::fetch::topic_config::TopicConfig;
use super::super::history::{History, Moment};
use super::super::options::KafkaSourceOptions;
use super::super::throughput::Rates;
use super::Sampler;

pub(crate) fn sampler() -> Sampler {
    sampler_at(0)
}

/// Of a cycle so long after that of [`answers`].
pub(crate) fn sampler_at(seconds: i64) -> Sampler {
    let options = KafkaSourceOptions::new("orders", "test", ClientOptions::new(Vec::new()));
    let took = Duration::from_millis(250);
    let now = Timestamp::from_millis((1 + seconds) * 1_000);
    Sampler::new(&options, Some(&"cluster-1".into()), now, took, 0.9)
}

/// Healthy topics on brokers 1 and 2; the first replica leads.
pub(crate) fn metadata(topics: &[(&str, i32)]) -> ClusterMetadata {
    let broker = |id: i32| Broker {
        id: BrokerId(id),
        address: format!("host-{id}:9092").parse().unwrap(),
        rack: Some(format!("rack-{id}").into()),
    };
    let topic = |&(name, partitions): &(&str, i32)| Topic {
        name: name.into(),
        id: None,
        is_internal: false,
        partitions: (0..partitions).map(partition).collect(),
        error: None,
    };
    ClusterMetadata {
        cluster_id: Some("cluster-1".into()),
        controller_id: Some(BrokerId(1)),
        brokers: vec![broker(1), broker(2)],
        topics: topics.iter().map(topic).collect(),
    }
}

/// `orders` has an offline partition (1 and 2 sit on dead broker 3) and one led by its second
/// replica; `audit` is healthy.
pub(crate) fn answers() -> Answers {
    let mut metadata = metadata(&[("audit", 1), ("orders", 3)]);
    let orders = &mut metadata.topics[1].partitions;
    orders[1].replicas = [BrokerId(3), BrokerId(2)].into();
    orders[1].isr = [BrokerId(2)].into();
    orders[1].leader = Some(BrokerId(2));
    orders[2].replicas = [BrokerId(3), BrokerId(1)].into();
    orders[2].isr = [].into();
    orders[2].leader = None;
    let metadata = Arc::new(metadata);
    Answers {
        watched: Arc::clone(&metadata),
        metadata,
        release: Some(KafkaRelease { major: 4, minor: 2 }),
        controller: Some(Some(BrokerId(1))),
        latencies: BTreeMap::from([(BrokerId(1), Duration::from_micros(1_500))]),
        groups: vec![group()],
        listing_brokers: BTreeSet::from([BrokerId(1), BrokerId(2)]),
        groups_complete: true,
        groups_waiting: 0,
        hidden_topics: 0,
        log: log(&[("orders", 0, 100, 150), ("orders", 1, 0, 70), ("audit", 0, 8, 48)]),
        moment: Moment {
            asked_at: Timestamp::from_millis(1_100),
            heard_at: Timestamp::from_millis(1_200),
        },
        configs: HashMap::from([("audit".into(), config()), ("orders".into(), config())]),
        disks: None,
        registered: None,
        registered_at: None,
        reassigning: None,
    }
}

/// One poll 500 ms before [`answers`], with 90 messages less in `orders` 0, and none of it since.
pub(crate) fn history() -> History {
    let mut history = History::default();
    let before = answers();
    let log = log(&[("orders", 0, 100, 110), ("orders", 1, 0, 70), ("audit", 0, 8, 28)]);
    let moment = |asked, heard| Moment {
        asked_at: Timestamp::from_millis(asked),
        heard_at: Timestamp::from_millis(heard),
    };
    history.observe_logs(&before.watched, &log, moment(600, 700));
    history.observe_groups(&before.groups, true, &log, Timestamp::from_millis(700));
    history.observe_logs(&before.watched, &before.log, moment(900, 1_000));
    history
}

/// Broker 1 alone, with 3 of its 7 thousand bytes used.
pub(crate) fn disks() -> Disks {
    let replicas = |topic: &str, sizes: &[u64]| TopicReplicas {
        topic: topic.into(),
        replicas: (0..)
            .zip(sizes)
            .map(|(partition, &size_bytes)| ReplicaSize {
                partition,
                size_bytes,
                lag_messages: 0,
                is_future: false,
            })
            .collect(),
    };
    let dir = LogDir {
        path: "/data".into(),
        error: None,
        total_bytes: Some(7_000),
        usable_bytes: Some(4_000),
        topics: vec![replicas("audit", &[1_000]), replicas("orders", &[2_000])],
    };
    read_disks(BrokerLogDirs { broker: BrokerId(1), dirs: Ok(vec![dir]) })
}

/// As asked at 1 s.
pub(crate) fn read_disks(answer: BrokerLogDirs) -> Disks {
    let mut reading = DisksReading::new(Timestamp::from_millis(1_000), None, &|_| true);
    reading.add(&answer);
    reading.finish()
}

pub(crate) fn rates() -> Rates {
    Rates { topics: HashMap::from([("audit".into(), 2.5)]), cluster: Some(12.5) }
}

fn partition(index: i32) -> Partition {
    Partition {
        index,
        leader: Some(BrokerId(1)),
        leader_epoch: Some(0),
        replicas: [BrokerId(1), BrokerId(2)].into(),
        isr: [BrokerId(1), BrokerId(2)].into(),
        offline_replicas: [].into(),
        error: None,
    }
}

fn config() -> TopicConfig {
    TopicConfig {
        min_insync_replicas: Some(1),
        retention_ms: Some(3_600_000),
        cleanup_policy: Some("delete".into()),
    }
}

fn log(ranges: &[(&str, i32, i64, i64)]) -> LogOffsets {
    let mut log = LogOffsets::default();
    for &(topic, partition, start, end) in ranges {
        let range = LogRange { start: Some(start), end: Some(end), stale_since: None };
        log.set(&topic.into(), partition, range);
    }
    log
}

/// Assigned to two partitions of `orders`, committed on one of them, on `audit` before its log
/// start, and on a topic that is gone.
fn group() -> GroupAnswer {
    let commits = |topic: &str, offset| TopicCommits {
        topic: topic.into(),
        partitions: vec![CommittedOffset {
            partition: 0,
            offset: Ok(Offset(offset)),
            leader_epoch: None,
            lag_messages: None,
        }],
    };
    let member = GroupMember {
        member_id: "enricher-1-uuid".into(),
        instance_id: None,
        client_id: "enricher-1".into(),
        client_host: "/10.0.0.7".into(),
        assignment: Some(vec![TopicPartitions { topic: "orders".into(), partitions: vec![0, 1] }]),
        member_type: GroupType::Classic,
    };
    GroupAnswer {
        group: "enricher".into(),
        group_type: GroupType::Classic,
        protocol_type: "consumer".into(),
        state: Some("Stable".into()),
        coordinator: BrokerId(1),
        description: Some(GroupDescription {
            group: "enricher".into(),
            group_type: GroupType::Classic,
            state: "Stable".into(),
            assignor: "range".into(),
            epoch: None,
            assignment_epoch: None,
            members: vec![member],
        }),
        described_at: Some(Timestamp::from_millis(1_000)),
        commits_heard_at: None,
        stale_since: None,
        commits: Some(vec![commits("audit", 3), commits("deleted", 9), commits("orders", 120)]),
    }
}
