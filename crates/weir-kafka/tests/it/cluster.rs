//! Disks, reassignments, registered brokers, configurations of brokers.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result, ensure};
use weir_kafka::{Api, BrokerId, BrokerLogDirs, Client, ClusterDescription};
use weir_testkit::{KafkaEnv, eventually_async, unique_name};

use crate::{block_on, client, reach::Stopped};

pub fn registered(env: &KafkaEnv) -> Result<()> {
    let client = client(&env.bootstrap);
    let (described, metadata) =
        block_on(async { (client.describe_cluster().await, client.metadata().await) });
    let (described, metadata) = (described?, metadata?);
    ensure!(described.lists_fenced && described.brokers.len() == 3, "{described:?}");
    ensure!(metadata.cluster_id.as_deref() == Some(&*described.cluster_id), "{described:?}");
    for (registered, live) in described.brokers.iter().zip(&metadata.brokers) {
        ensure!(!registered.is_fenced && registered.id == live.id, "{described:?}");
        ensure!(registered.address.as_ref() == Some(&live.address), "{described:?}");
        ensure!(registered.rack == live.rack, "{described:?}");
    }
    Ok(())
}

/// A broker the controller no longer hears from stays in the list, fenced.
pub fn fenced(env: &KafkaEnv) -> Result<()> {
    let client = client(&env.bootstrap);
    block_on(client.metadata())?;
    let stopped = Stopped::new(env, 3)?;
    block_on(until(&client, |described| {
        described.brokers.len() == 3 && described.brokers[2].is_fenced
    }))?;
    drop(stopped);
    block_on(until(&client, |described| described.brokers.iter().all(|it| !it.is_fenced)))
}

async fn until(client: &Client, wanted: impl Fn(&ClusterDescription) -> bool) -> Result<()> {
    eventually_async(Duration::from_secs(90), "a controller that has noticed", async || {
        let described = client.describe_cluster().await?;
        ensure!(wanted(&described), "{described:?}");
        Ok(())
    })
    .await
}

/// Bytes of a topic on each broker, future replicas aside.
fn bytes_of(topic: &str, broker: &BrokerLogDirs) -> Result<u64> {
    let dirs = broker.dirs.clone()?;
    let replicas = dirs.iter().flat_map(|dir| &dir.topics).filter(|it| &*it.topic == topic);
    Ok(replicas.flat_map(|it| &it.replicas).map(|it| it.size_bytes).sum())
}

pub fn log_dirs(env: &KafkaEnv) -> Result<()> {
    let topics: Vec<_> = (0..4).map(|n| unique_name(&format!("disk-{n}"))).collect();
    for topic in &topics {
        env.create_topic(topic, 2, &[])?;
    }
    env.produce(&topics[0], &(0..100).map(|n| format!("{n}:{n}")).collect::<Vec<_>>())?;
    let whole = client(&env.bootstrap);
    let brokers = block_on(whole.describe_log_dirs())?;
    ensure!(brokers.len() == 3 && whole.stats().of(Api::DescribeLogDirs).requests == 3);
    for broker in &brokers {
        let dirs = broker.dirs.clone()?;
        ensure!(dirs.len() == 1 && dirs[0].error.is_none(), "{dirs:?}");
        ensure!(dirs[0].path.ends_with(&format!("broker-{}/data", broker.broker)), "{dirs:?}");
        ensure!(dirs[0].usable_bytes > Some(0) && dirs[0].total_bytes > dirs[0].usable_bytes);
        ensure!(bytes_of(&topics[0], broker)? > 0, "{broker:?}");
        ensure!(bytes_of(&topics[1], broker)? == 0, "{broker:?}");
    }
    Ok(())
}

pub fn reassignment(env: &KafkaEnv) -> Result<()> {
    let topic = unique_name("moving");
    let create = ["--create", "--topic", &topic, "--replica-assignment", "1:2"];
    env.run("org.apache.kafka.tools.TopicCommand", &create, "")?;
    let lines: Vec<_> = (0..300).map(|n| format!("{n}:{}", "x".repeat(2_000))).collect();
    env.produce(&topic, &lines)?;
    let plan = format!(
        r#"{{"version":1,"partitions":[{{"topic":"{topic}","partition":0,"replicas":[1,3]}}]}}"#
    );
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), plan)?;
    let path = file.path().to_string_lossy().into_owned();
    let reassign = "org.apache.kafka.tools.reassign.ReassignPartitionsCommand";
    let plan = ["--reassignment-json-file", &path];
    env.run(reassign, &[&plan[..], &["--execute", "--throttle", "1"]].concat(), "")?;

    let client = client(&env.bootstrap);
    let listed = block_on(client.list_reassignments());
    env.run(reassign, &[&plan[..], &["--cancel"]].concat(), "")?;
    let moving = listed?.into_iter().find(|it| *it.topic == topic).context("the reassignment")?;
    ensure!(moving.partition == 0 && moving.adding == [BrokerId(3)], "{moving:?}");
    ensure!(moving.removing == [BrokerId(2)] && moving.replicas.len() == 3, "{moving:?}");
    let left = block_on(client.list_reassignments())?;
    ensure!(left.iter().all(|it| *it.topic != topic), "{left:?}");
    Ok(())
}

pub fn broker_configs(env: &KafkaEnv) -> Result<()> {
    let client = client(&env.bootstrap);
    let keys = ["min.insync.replicas", "broker.rack"];
    let answers = block_on(client.describe_broker_configs(&keys))?;
    ensure!(answers.len() == 3, "{answers:?}");
    for broker in answers {
        let entries = broker.entries.clone()?;
        let rack = entries.iter().find(|entry| &*entry.name == "broker.rack").context("rack")?;
        let expected: Arc<str> = format!("rack-{}", broker.broker).into();
        ensure!(rack.value == Some(expected) && entries.len() == 2, "{entries:?}");
    }
    Ok(())
}
