//! A fast and a slow cycle against a broker of an older release: what it tells is as Kafka's own
//! tools show it, and what it can not tell is absent and said.
//!
//! The oldest that runs here is always tried; `WEIR_OLDER_KAFKA=3.3.2` tries another one.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::Trial;
use weir_collect::{Capability, Question};
use weir_testkit::{KafkaEnv, OwnCluster, kafka_trial};
use weir_types::source::SourceState;
use weir_types::{Clock, Event, SystemClock, Value};

use crate::support::{Poller, find, int, number, of_type, rows, same};

/// The first release with KRaft, a preview then; ZooKeeper is not started here.
const OLDEST: &str = "2.8.2";

pub fn trials() -> Vec<Trial> {
    let release = std::env::var("WEIR_OLDER_KAFKA").unwrap_or_else(|_| OLDEST.to_owned());
    let can_run = KafkaEnv::from_env().is_some() && OwnCluster::can_be_of(&release);
    let trial = kafka_trial("older_release::tells_what_it_can", move |_| both_cycles(&release));
    vec![trial.with_ignored_flag(!can_run)]
}

/// Major and minor.
type Release = (u8, u8);

fn both_cycles(version: &str) -> Result<()> {
    let release = parse(version)?;
    let cluster = OwnCluster::of_release(1, version)?;
    cluster.create_topic("orders", 3, &["retention.ms=7200000", "min.insync.replicas=1"])?;
    let lines: Vec<String> = (0..60).map(|n| format!("{n}:message")).collect();
    cluster.produce("orders", &lines)?;
    cluster.reset_offsets("reader", "orders", &["--to-earliest"])?;
    cluster.reset_offsets("reader", "orders", &["--shift-by", "4"])?;
    let properties = ["group.id=reader", "client.id=idler", "enable.auto.commit=false"];
    let _member = cluster.start_consumer("orders", &properties.map(str::to_owned))?;

    let mut poller = Poller::new(&cluster)?;
    poller.poll_until("a member with three partitions", |events| {
        let rows = rows(events, "reader").unwrap_or_default();
        rows.len() == 3 && rows.iter().all(|row| row.consumer_id.is_some() && row.lag.is_some())
    })?;
    // Ten minutes on, every question of the slow cycle is due again.
    let cycle = poller.poll_at(SystemClock.now().saturating_add(Duration::from_secs(600)));
    ensure!(cycle.report.state == SourceState::Ok, "{:?}", cycle.report);
    ensure!(cycle.report.completeness == 1.0, "{:?}", cycle.report);

    same(&cluster.describe_group("reader")?, &rows(&cycle.events, "reader")?)?;
    group_is_counted(&cycle.events)?;
    topic_is_described(&cycle.events)?;
    cluster_tells(release, &cycle.events)?;
    capabilities_say(release, &poller.source().capabilities().get().questions)
}

fn group_is_counted(events: &[Event]) -> Result<()> {
    let group = find(events, "KafkaConsumerGroupSample", "consumerGroup", "reader");
    let group = group.context("no group sample")?;
    ensure!(int(group, "totalLag") == Some(60 - 3 * 4), "{group:?}");
    ensure!(int(group, "memberCount") == Some(1), "{group:?}");
    ensure!(group.get("groupState") == Some(&Value::from("Stable")), "{group:?}");
    ensure!(group.get("groupType") == Some(&Value::from("classic")), "{group:?}");
    ensure!(number(group, "maxLagSeconds").is_some(), "{group:?}");
    Ok(())
}

fn topic_is_described(events: &[Event]) -> Result<()> {
    let topic = find(events, "KafkaTopicSample", "topic", "orders").context("no topic sample")?;
    ensure!(int(topic, "partitionCount") == Some(3), "{topic:?}");
    ensure!(int(topic, "logEndOffsetSum") == Some(60), "{topic:?}");
    ensure!(int(topic, "retentionMs") == Some(7_200_000), "{topic:?}");
    ensure!(int(topic, "minInsyncReplicas") == Some(1), "{topic:?}");
    ensure!(topic.get("cleanupPolicy") == Some(&Value::from("delete")), "{topic:?}");
    ensure!(int(topic, "sizeBytes") > Some(0), "{topic:?}");
    ensure!(int(topic, "underMinIsrPartitions") == Some(0), "{topic:?}");
    ensure!(int(topic, "atMinIsrPartitions") == Some(0), "one replica is all there is: {topic:?}");
    Ok(())
}

/// The size of the disk came with 3.3 (KIP-827), so did a quorum that describes itself (KIP-836),
/// fenced brokers with 4.0 (KIP-1073).
fn cluster_tells(release: Release, events: &[Event]) -> Result<()> {
    let broker = of_type(events, "KafkaBrokerSample").pop().context("no broker sample")?;
    ensure!(number(broker, "requestLatencyMs").is_some(), "{broker:?}");
    ensure!(int(broker, "diskUsedBytes") > Some(0), "{broker:?}");
    ensure!(int(broker, "diskTotalBytes").is_some() == (release >= (3, 3)), "{broker:?}");
    let cluster = of_type(events, "KafkaClusterSample").pop().context("no cluster sample")?;
    ensure!(int(cluster, "brokerCount") == Some(1), "{cluster:?}");
    ensure!(int(cluster, "offlinePartitions") == Some(0), "{cluster:?}");
    ensure!(int(cluster, "activeControllers") == (release >= (3, 3)).then_some(1), "{cluster:?}");
    ensure!(int(cluster, "fencedBrokers").is_some() == (release >= (4, 0)), "{cluster:?}");
    let shown = cluster.get("kafkaVersion").and_then(Value::as_str).context("no version")?;
    // 3.4 raised no request that every broker answers.
    let recognised = if release == (3, 4) { (3, 3) } else { release };
    ensure!(parse(shown)? == recognised, "recognised as {shown}, not {recognised:?}");
    Ok(())
}

/// Committed offsets take a request a group before 3.0.
fn capabilities_say(release: Release, questions: &BTreeMap<Question, Capability>) -> Result<()> {
    for (question, came) in questions {
        let is_told = match question {
            // KRaft could not move partitions in its first release.
            Question::Reassignments => release >= (3, 0),
            Question::MetadataQuorum => release >= (3, 3),
            _ => true,
        };
        match came {
            Capability::Ok => ensure!(is_told, "{question}: {questions:?}"),
            Capability::NotSupported { .. } => ensure!(!is_told, "{question}: {questions:?}"),
            Capability::Costly { .. } => {
                let is_costly = *question == Question::CommittedOffsets && release < (3, 0);
                ensure!(is_costly, "{question}: {questions:?}");
            }
            other => bail!("{question}: {other:?}"),
        }
    }
    let asked = [Question::LogDirs, Question::TopicConfigs, Question::CommittedOffsets];
    ensure!(asked.iter().all(|question| questions.contains_key(question)), "{questions:?}");
    Ok(())
}

fn parse(version: &str) -> Result<Release> {
    let mut numbers = version.split('.').map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => Ok((major, minor)),
        _ => bail!("{version} is no release"),
    }
}
