//! The client against three brokers that fail in every way a broker can, for days of paused time:
//! nothing wrong is ever believed, nothing piles up, and all is well two cycles after a fault ends.

use std::{
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
    time::Duration,
};

use kafka_protocol::messages::{
    ApiKey, ApiVersionsResponse, BrokerId as WireBrokerId, DescribeLogDirsResponse, GroupId,
    ListGroupsResponse, ListOffsetsRequest, ListOffsetsResponse, MetadataResponse,
    OffsetFetchRequest, OffsetFetchResponse, TopicName,
    describe_log_dirs_response::DescribeLogDirsResult,
    list_groups_response::ListedGroup,
    list_offsets_response::{ListOffsetsPartitionResponse, ListOffsetsTopicResponse},
    metadata_response::{MetadataResponsePartition, MetadataResponseTopic},
    offset_fetch_response::{
        OffsetFetchResponseGroup, OffsetFetchResponsePartitions, OffsetFetchResponseTopics,
    },
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use tokio::{
    io::{AsyncWriteExt, DuplexStream, duplex},
    time::sleep,
};

use super::*;
use crate::{
    GroupAt, KafkaCode, Offset, OffsetSpec, TopicPartitions,
    dial::{Dialing, Stream},
    fake::{Question, Reply, cluster},
    wire::str_bytes,
};

const BROKERS: i32 = 3;
const PARTITIONS: i32 = 9;
const INTERVAL: Duration = Duration::from_secs(30);
/// Room for all the right answers, and for none of the oversized ones.
const MAX_RESPONSE_BYTES: usize = 4 << 10;
/// What a broker is to do with a connection that is to hang: longer than any patience.
const FOR_EVER: Duration = Duration::from_secs(3600);

const VERSIONS: &[(ApiKey, i16)] = &[
    (ApiKey::ApiVersions, 4),
    (ApiKey::Metadata, 12),
    (ApiKey::ListGroups, 4),
    (ApiKey::ListOffsets, 7),
    (ApiKey::OffsetFetch, 8),
    (ApiKey::DescribeLogDirs, 4),
];

/// What is wrong with a broker, for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// Nothing listens.
    Refused,
    /// Connecting takes for ever.
    Unreachable,
    /// Each answer takes some seconds, or more than anyone waits.
    Slow,
    /// Takes requests and says nothing.
    Silent,
    /// Says nothing more and still listens.
    HalfClosed,
    /// Hangs up on each request.
    HangsUp,
    /// Announces an answer, sends a part and hangs up.
    BreaksOff,
    /// A frame of the right length with half an answer.
    Truncated,
    /// More bytes than allowed, and really sent.
    Oversized,
    /// Announces two gigabytes.
    Announces,
    /// Answers something that was never asked.
    Unasked,
    /// Does not know the versions it said it knows.
    WrongVersion,
    /// Is a web server.
    Stranger,
}

const FAULTS: [Fault; 13] = [
    Fault::Refused,
    Fault::Unreachable,
    Fault::Slow,
    Fault::Silent,
    Fault::HalfClosed,
    Fault::HangsUp,
    Fault::BreaksOff,
    Fault::Truncated,
    Fault::Oversized,
    Fault::Announces,
    Fault::Unasked,
    Fault::WrongVersion,
    Fault::Stranger,
];

/// The network and the brokers on it, their number the port.
#[derive(Debug)]
struct World {
    faults: Mutex<[Option<Fault>; BROKERS as usize]>,
    rng: Mutex<StdRng>,
    connected: AtomicUsize,
}

#[derive(Debug)]
struct Network(Arc<World>);

impl Dial for Network {
    fn dial<'a>(&'a self, address: &'a BrokerAddress) -> Dialing<'a> {
        let (world, broker) = (Arc::clone(&self.0), usize::from(address.port()) - 1);
        Box::pin(async move {
            match world.fault(broker) {
                Some(Fault::Refused) => Err(Error::Refused { address: address.clone() }),
                Some(Fault::Unreachable) => {
                    sleep(FOR_EVER).await;
                    Err(Error::Refused { address: address.clone() })
                }
                _ => {
                    let (ours, theirs) = duplex(64 << 10);
                    tokio::spawn(serve(world, broker, theirs));
                    Ok(Box::new(ours) as Box<dyn Stream>)
                }
            }
        })
    }
}

impl World {
    fn fault(&self, broker: usize) -> Option<Fault> {
        self.faults.lock().unwrap()[broker]
    }

    fn random<T: rand::distr::uniform::SampleUniform + PartialOrd>(
        &self,
        range: std::ops::Range<T>,
    ) -> T {
        self.rng.lock().unwrap().random_range(range)
    }
}

async fn serve(world: Arc<World>, broker: usize, mut stream: DuplexStream) {
    world.connected.fetch_add(1, SeqCst);
    while let Some(question) = Question::next(&mut stream, 0).await {
        let Reply::Answer(answer) = right_answer(&question) else { break };
        let framed = question.frame(&answer);
        let sent = match world.fault(broker) {
            None | Some(Fault::Unreachable) => stream.write_all(&framed).await,
            Some(Fault::Slow) => {
                sleep(Duration::from_secs(world.random(1..40))).await;
                stream.write_all(&framed).await
            }
            Some(Fault::Silent) => Ok(()),
            Some(Fault::HalfClosed) => stream.shutdown().await,
            Some(Fault::Refused | Fault::HangsUp) => break,
            Some(Fault::BreaksOff) => {
                let _ = stream.write_all(&framed[..world.random(1..framed.len())]).await;
                break;
            }
            Some(Fault::Truncated) => {
                let half = &answer[..world.random(0..answer.len())];
                stream.write_all(&question.frame(half)).await
            }
            Some(Fault::Oversized) => {
                stream.write_all(&question.frame(&vec![7; 5 * MAX_RESPONSE_BYTES])).await
            }
            Some(Fault::Announces) => {
                let mut framed = framed.to_vec();
                framed[..4].copy_from_slice(&i32::MAX.to_be_bytes());
                stream.write_all(&framed).await
            }
            Some(Fault::Unasked) => {
                let mut framed = framed.to_vec();
                framed[4] ^= 0x40;
                stream.write_all(&framed).await
            }
            Some(Fault::WrongVersion) => {
                stream.write_all(&question.frame(&wrong_version(&question))).await
            }
            Some(Fault::Stranger) => stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await,
        };
        if sent.is_err() {
            break;
        }
    }
    world.connected.fetch_sub(1, SeqCst);
}

/// UNSUPPORTED_VERSION, in the version of the question, where the answer has a place for it.
fn wrong_version(question: &Question) -> Vec<u8> {
    const UNSUPPORTED_VERSION: i16 = KafkaCode::UNSUPPORTED_VERSION.0;
    let refusal = match question.key {
        ApiKey::ApiVersions => {
            question.answer(&ApiVersionsResponse::default().with_error_code(UNSUPPORTED_VERSION))
        }
        ApiKey::ListGroups => {
            question.answer(&ListGroupsResponse::default().with_error_code(UNSUPPORTED_VERSION))
        }
        _ => return Vec::new(),
    };
    match refusal {
        Reply::Answer(bytes) => bytes.to_vec(),
        _ => Vec::new(),
    }
}

fn address(broker: i32) -> BrokerAddress {
    BrokerAddress::new("broker", u16::try_from(broker).unwrap())
}

fn right_answer(question: &Question) -> Reply {
    match question.key {
        ApiKey::ApiVersions => question.versions(VERSIONS),
        ApiKey::Metadata => metadata(question),
        ApiKey::ListGroups => {
            let group = ListedGroup::default().with_group_id(GroupId(str_bytes("group")));
            question.answer(&ListGroupsResponse::default().with_groups(vec![group]))
        }
        ApiKey::ListOffsets => ends(question),
        ApiKey::OffsetFetch => commits(question),
        _ => {
            let dir = DescribeLogDirsResult::default().with_log_dir(str_bytes("/data"));
            question.answer(&DescribeLogDirsResponse::default().with_results(vec![dir]))
        }
    }
}

fn metadata(question: &Question) -> Reply {
    let partition = |index: i32| {
        MetadataResponsePartition::default()
            .with_partition_index(index)
            .with_leader_id(WireBrokerId(index % BROKERS + 1))
            .with_replica_nodes(vec![WireBrokerId(index % BROKERS + 1)])
    };
    let topic = MetadataResponseTopic::default()
        .with_name(Some(TopicName(str_bytes("orders"))))
        .with_partitions((0..PARTITIONS).map(partition).collect());
    let addresses: Vec<_> = (1..=BROKERS).map(|id| (id, address(id))).collect();
    let brokers: Vec<_> = addresses.iter().map(|(id, address)| (*id, address)).collect();
    let answer =
        MetadataResponse::default().with_brokers(cluster(&brokers)).with_topics(vec![topic]);
    question.answer(&answer)
}

/// Partition 4 ends at 400.
fn ends(question: &Question) -> Reply {
    let asked: ListOffsetsRequest = question.read();
    let partition = |index: i32| {
        ListOffsetsPartitionResponse::default()
            .with_partition_index(index)
            .with_offset(i64::from(index) * 100)
    };
    let partitions = asked.topics[0].partitions.iter();
    let topic = ListOffsetsTopicResponse::default()
        .with_name(asked.topics[0].name.clone())
        .with_partitions(partitions.map(|it| partition(it.partition_index)).collect());
    question.answer(&ListOffsetsResponse::default().with_topics(vec![topic]))
}

/// Each group has committed 5 on partition 0.
fn commits(question: &Question) -> Reply {
    let asked: OffsetFetchRequest = question.read();
    let group = |id: &GroupId| {
        let topic = OffsetFetchResponseTopics::default()
            .with_name(TopicName(str_bytes("orders")))
            .with_partitions(vec![
                OffsetFetchResponsePartitions::default().with_committed_offset(5),
            ]);
        OffsetFetchResponseGroup::default().with_group_id(id.clone()).with_topics(vec![topic])
    };
    let groups = asked.groups.iter().map(|asked| group(&asked.group_id)).collect();
    question.answer(&OffsetFetchResponse::default().with_groups(groups))
}

/// Asks all there is to ask; the number of failures. An answer that is wrong ends the test.
async fn cycle(client: &Client) -> usize {
    let mut failures = 0;
    let mut count = |failed: bool| failures += usize::from(failed);
    match client.metadata().await {
        Ok(metadata) => {
            assert_eq!(metadata.brokers.len(), BROKERS as usize);
            assert_eq!(metadata.topics[0].partitions.len(), PARTITIONS as usize);
        }
        Err(_) => count(true),
    }
    let Ok(listings) = client.list_groups().await else { return failures + 1 };
    for listing in &listings {
        count(listing.groups.is_err());
        assert!(listing.groups.as_ref().is_ok_and(|it| it.len() == 1) || listing.groups.is_err());
    }
    let disks = client.describe_log_dirs().await;
    count(disks.is_err());
    for broker in disks.into_iter().flatten() {
        count(broker.dirs.is_err());
        assert!(broker.dirs.as_ref().is_ok_and(|it| it.len() == 1) || broker.dirs.is_err());
    }
    let asked = TopicPartitions { topic: "orders".into(), partitions: (0..PARTITIONS).collect() };
    for end in &client.list_offsets(OffsetSpec::Latest, &[asked]).await[0].partitions {
        let expected = Offset(i64::from(end.partition) * 100);
        assert!(end.offset.as_ref().is_ok_and(|it| *it == expected) || end.offset.is_err());
        count(end.offset.is_err());
    }
    let groups = (1..=BROKERS).map(|id| GroupAt { group: "g".into(), coordinator: BrokerId(id) });
    for group in client.fetch_offsets(&groups.collect::<Vec<_>>()).await {
        let right = |it: &Vec<crate::TopicCommits>| {
            it[0].partitions[0].offset.as_ref().is_ok_and(|offset| *offset == Offset(5))
        };
        assert!(group.offsets.as_ref().is_ok_and(right) || group.offsets.is_err());
        count(group.offsets.is_err());
    }
    failures
}

async fn survives(seed: u64, simulated: Duration) {
    let mut rng = StdRng::seed_from_u64(seed);
    let world = Arc::new(World {
        faults: Mutex::default(),
        rng: Mutex::new(StdRng::seed_from_u64(!seed)),
        connected: AtomicUsize::new(0),
    });
    let mut options = ClientOptions::new((1..=BROKERS).map(address).collect());
    options.max_response_bytes = MAX_RESPONSE_BYTES;
    let client = Client::dialing(options, Arc::new(Network(Arc::clone(&world)))).unwrap();
    let mut clock = tokio::time::interval(INTERVAL);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (end, mut failures) = (Instant::now() + simulated, 0);
    clock.tick().await;
    assert_eq!(cycle(&client).await, 0);
    while Instant::now() < end {
        let faults: [Option<Fault>; 3] = std::array::from_fn(|_| {
            rng.random_bool(0.6).then(|| FAULTS[rng.random_range(0..FAULTS.len())])
        });
        *world.faults.lock().unwrap() = faults;
        for _ in 0..rng.random_range(1..8) {
            clock.tick().await;
            failures += cycle(&client).await;
        }
        *world.faults.lock().unwrap() = Default::default();
        clock.tick().await;
        cycle(&client).await;
        clock.tick().await;
        assert_eq!(cycle(&client).await, 0, "not right again after {faults:?} (seed {seed})");
        is_tidy(&client, &world);
    }
    assert!(failures > 1000, "only {failures} failures: the faults were not felt");
}

/// As much is held as after the first cycle, and no more.
fn is_tidy(client: &Client, world: &World) {
    assert_eq!(client.routes().links.len(), BROKERS as usize);
    let alive = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    // One connection a broker: two tasks of ours and one of the broker. Brokers that sleep over an
    // answer notice only afterwards that nobody waits for it.
    let connected = world.connected.load(SeqCst);
    assert!(connected <= 4 * BROKERS as usize, "{connected} connections");
    assert!(alive <= 2 * BROKERS as usize + connected, "{alive} tasks, {connected} connections");
}

#[tokio::test(start_paused = true)]
async fn a_first_day_of_faults() {
    survives(1, Duration::from_secs(24 * 3600)).await;
}

#[tokio::test(start_paused = true)]
async fn a_second_day_of_faults() {
    survives(2, Duration::from_secs(24 * 3600)).await;
}

#[tokio::test(start_paused = true)]
async fn a_third_day_of_faults() {
    survives(3, Duration::from_secs(24 * 3600)).await;
}
