//! Metadata, offsets, configs, the quorum.

use std::{
    process::Command,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, ensure};
use weir_kafka::{Api, BrokerId, KafkaRelease, Offset, OffsetSpec, TopicOffsets, TopicPartitions};
use weir_testkit::{KafkaEnv, unique_name};

use crate::{block_on, client, failure};

fn partitions(topic: &str, count: i32) -> Vec<TopicPartitions> {
    vec![TopicPartitions { topic: topic.into(), partitions: (0..count).collect() }]
}

fn lines(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("key-{n}:value-{n}")).collect()
}

fn offsets(topic: &TopicOffsets) -> Result<Vec<i64>> {
    topic.partitions.iter().map(|one| Ok(one.offset.clone()?.0)).collect()
}

pub fn metadata(env: &KafkaEnv) -> Result<()> {
    let topic = unique_name("metadata");
    env.create_topic(&topic, 6, &[])?;
    let client = client(&env.bootstrap);
    let metadata = block_on(client.metadata())?;

    let ids: Vec<_> = metadata.brokers.iter().map(|broker| broker.id).collect();
    ensure!(ids == [BrokerId(1), BrokerId(2), BrokerId(3)], "{ids:?}");
    let first = metadata.broker(BrokerId(1)).context("broker 1")?;
    ensure!(env.bootstrap.starts_with(&first.address.to_string()), "{first:?}");
    ensure!(first.rack.as_deref() == Some("rack-1"), "{first:?}");
    ensure!(metadata.cluster_id.as_deref().is_some_and(|id| id.len() == 22));
    let seen = metadata.topic(&topic).context("the topic just made")?;
    ensure!(seen.partitions.len() == 6 && seen.id.is_some() && !seen.is_internal, "{seen:?}");
    for partition in &seen.partitions {
        ensure!(partition.replicas.len() == 3 && partition.isr.len() == 3, "{partition:?}");
        ensure!(partition.leader == partition.replicas.first().copied(), "{partition:?}");
        ensure!(partition.offline_replicas.is_empty() && partition.error.is_none());
    }
    ensure!(client.stats().of(Api::Metadata).requests == 1, "{:?}", client.stats());
    Ok(())
}

pub fn ends(env: &KafkaEnv) -> Result<()> {
    let topic = unique_name("ends");
    env.create_topic(&topic, 12, &[])?;
    env.produce(&topic, &lines(200))?;
    let wanted = partitions(&topic, 12);
    let client = client(&env.bootstrap);
    let (latest, earliest) = block_on(async {
        client.metadata().await?;
        let latest = client.list_offsets(OffsetSpec::Latest, &wanted).await;
        let trimmed = latest[0].partitions.iter().find(|one| matches!(one.offset, Ok(Offset(3..))));
        let trimmed = trimmed.context("some partition got three records")?.partition;
        env.delete_records(&topic, trimmed, 2)?;
        let earliest = client.list_offsets(OffsetSpec::Earliest, &wanted).await;
        anyhow::Ok((latest, earliest))
    })?;
    ensure!(offsets(&latest[0])?.iter().sum::<i64>() == 200, "{latest:?}");
    ensure!(offsets(&earliest[0])?.iter().sum::<i64>() == 2, "{earliest:?}");
    ensure!(client.stats().of(Api::ListOffsets).requests == 6, "{:?}", client.stats());
    ensure!(client.stats().of(Api::Metadata).requests == 1, "{:?}", client.stats());
    Ok(())
}

pub fn moved_leader(env: &KafkaEnv) -> Result<()> {
    let topic = unique_name("moved");
    env.create_topic(&topic, 1, &[])?;
    env.produce(&topic, &lines(5))?;
    let client = client(&env.bootstrap);
    block_on(async {
        let before = client.metadata().await?;
        let partition = before.topic(&topic).and_then(|it| it.partition(0)).context("topic")?;
        let replicas: Vec<_> = partition.replicas.iter().rev().map(ToString::to_string).collect();
        reassign(env, &topic, &replicas.join(","))?;

        let answer = client.list_offsets(OffsetSpec::Latest, &partitions(&topic, 1)).await;
        ensure!(offsets(&answer[0])? == [5], "{answer:?}");
        let now = client.metadata().await?;
        let leader = now.topic(&topic).and_then(|it| it.partition(0)).and_then(|it| it.leader);
        ensure!(leader.is_some() && leader != partition.leader, "leader is {leader:?} still");
        ensure!(client.stats().of(Api::ListOffsets).requests == 2, "{:?}", client.stats());
        Ok(())
    })
}

/// Makes the first of `replicas` the leader of partition 0.
fn reassign(env: &KafkaEnv, topic: &str, replicas: &str) -> Result<()> {
    let plan = format!(
        r#"{{"version":1,"partitions":[{{"topic":"{topic}","partition":0,"replicas":[{replicas}]}}]}}"#
    );
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), plan)?;
    let path = file.path().to_string_lossy().into_owned();
    let reassign = "org.apache.kafka.tools.reassign.ReassignPartitionsCommand";
    env.run(reassign, &["--reassignment-json-file", &path, "--execute"], "")?;
    let elect = "org.apache.kafka.tools.LeaderElectionCommand";
    let args = ["--election-type", "preferred", "--topic", topic, "--partition", "0"];
    env.run(elect, &args, "").map(drop)
}

pub fn unknown_topic(env: &KafkaEnv) -> Result<()> {
    let topic = unique_name("known");
    env.create_topic(&topic, 1, &[])?;
    let client = client(&env.bootstrap);
    let mut wanted = partitions(&topic, 1);
    wanted.extend(partitions("no-such-topic", 1));
    let answer = block_on(client.list_offsets(OffsetSpec::Latest, &wanted));
    ensure!(offsets(&answer[0])? == [0], "{answer:?}");
    let error = failure(answer[1].partitions[0].offset.clone())?.to_string();
    ensure!(error.contains("no-such-topic"), "{error}");
    Ok(())
}

pub fn configs(env: &KafkaEnv) -> Result<()> {
    let (own, inherited) = (unique_name("own"), unique_name("inherited"));
    env.create_topic(&own, 1, &["retention.ms=86400000", "min.insync.replicas=2"])?;
    env.create_topic(&inherited, 1, &[])?;
    let client = client(&env.bootstrap);
    let topics: Vec<Arc<str>> = vec![own.into(), "no-such-topic".into(), inherited.into()];
    let keys = ["retention.ms", "min.insync.replicas"];
    let answers = block_on(client.describe_configs(&topics, &keys));

    let value = |at: usize, key: &str| {
        let entries = answers[at].entries.clone().ok()?;
        let entry = entries.into_iter().find(|entry| &*entry.name == key)?;
        Some((entry.value?.to_string(), entry.is_override))
    };
    ensure!(value(0, "retention.ms") == Some(("86400000".into(), true)), "{answers:?}");
    ensure!(value(0, "min.insync.replicas") == Some(("2".into(), true)), "{answers:?}");
    ensure!(value(2, "retention.ms") == Some(("604800000".into(), false)), "{answers:?}");
    ensure!(answers[0].entries.clone()?.len() == 2, "only the keys asked for: {answers:?}");
    let error = failure(answers[1].entries.clone())?;
    ensure!(error.code().is_some_and(|code| code.name() == "UNKNOWN_TOPIC_OR_PARTITION"));
    ensure!(client.stats().of(Api::DescribeConfigs).requests == 1, "{:?}", client.stats());
    Ok(())
}

pub fn quorum(env: &KafkaEnv) -> Result<()> {
    let quorum = block_on(client(&env.bootstrap).describe_quorum())?;
    ensure!(quorum.leader.is_some_and(|leader| quorum.voters.contains(&leader)), "{quorum:?}");
    ensure!(quorum.voters.len() == 3 && quorum.high_watermark > 0, "{quorum:?}");
    Ok(())
}

/// The jars name the release that runs.
pub fn release(env: &KafkaEnv) -> Result<()> {
    let client = client(&env.bootstrap);
    let versions = block_on(client.api_versions(BrokerId(2)))?;
    let guess = versions.release_at_least().context("a release")?;
    let listing = Command::new("ls").arg(&env.libs).output()?.stdout;
    let listing = String::from_utf8(listing)?;
    let jar = listing.lines().find(|name| name.starts_with("kafka-clients-")).context("jar")?;
    let numbers = jar.trim_start_matches("kafka-clients-").split('.').map(str::parse::<u8>);
    let numbers: Vec<u8> = numbers.take(2).collect::<Result<_, _>>()?;
    let running = KafkaRelease { major: numbers[0], minor: numbers[1] };
    ensure!(guess == running, "guessed {guess}, runs {running}");
    Ok(())
}

pub fn max_timestamp(env: &KafkaEnv) -> Result<()> {
    let topic = unique_name("newest");
    env.create_topic(&topic, 1, &[])?;
    let empty = unique_name("newest-empty");
    env.create_topic(&empty, 1, &[])?;
    env.produce(&topic, &["a:1".into(), "a:2".into(), "a:3".into()])?;
    let client = client(&env.bootstrap);
    let mut wanted = partitions(&topic, 1);
    wanted.extend(partitions(&empty, 1));
    let answer = block_on(client.list_offsets(OffsetSpec::MaxTimestamp, &wanted));
    let newest = &answer[0].partitions[0];
    ensure!((0..3).contains(&newest.offset.clone()?.0), "{answer:?}");
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;
    let age_ms = now - newest.timestamp_ms.context("a timestamp")?;
    ensure!((0..120_000).contains(&age_ms), "{answer:?}");
    let none = &answer[1].partitions[0];
    ensure!(none.offset.clone()?.0 == -1 && none.timestamp_ms.is_none(), "{answer:?}");
    Ok(())
}
