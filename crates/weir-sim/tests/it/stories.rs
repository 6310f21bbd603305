//! Every story through Weir's own collector: what it counts and how far it says groups are behind
//! is so in the world, whatever happens there.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::task::JoinSet;
use weir_collect::{Cycle, KafkaSource, KafkaSourceOptions};
use weir_kafka::ClientOptions;
use weir_sim::{Durability, Story};
use weir_types::{Event, Value};

use crate::stage::{Stage, block_on};

/// Before the stories, in them, behind them; in RollingRestart broker 1 is away, then 2, then 3.
const MOMENTS: [i64; 8] = [30, 66, 100, 180, 235, 270, 400, 500];
/// A broker that hangs costs patience of real time, which is cut to the interval.
const INTERVAL: Duration = Duration::from_secs(4);

pub fn every_one() -> Result<()> {
    block_on(async {
        let mut told = JoinSet::new();
        for story in Story::ALL {
            told.spawn(async move { tell(story).await.with_context(|| format!("{story:?}")) });
        }
        let mut compared = 0;
        while let Some(done) = told.join_next().await {
            compared += done??;
        }
        ensure!(compared > 10_000, "only {compared} positions");
        Ok(())
    })
}

/// How many positions were compared.
async fn tell(story: Story) -> Result<usize> {
    let stage = Stage::of(story).await?;
    let mut options = KafkaSourceOptions::new("sim", "test", ClientOptions::new(stage.addresses()));
    options.interval = INTERVAL;
    let mut source = KafkaSource::new(options)?;
    let mut compared = 0;
    for secs in MOMENTS {
        stage.turn_to(secs);
        let cycle = source.poll(stage.now()).await;
        durability(&stage, &cycle).with_context(|| format!("after {secs} s"))?;
        compared += positions(&stage, &cycle).with_context(|| format!("after {secs} s"))?;
    }
    Ok(compared)
}

fn durability(stage: &Stage, cycle: &Cycle) -> Result<()> {
    let is_cluster = |event: &&Event| &*event.event_type == "KafkaClusterSample";
    let told = cycle.events.iter().find(is_cluster).context("no sample of the cluster")?;
    let count = |name| number(told, name).map_or(usize::MAX, |count| count as usize);
    let told = Durability {
        brokers: count("brokerCount"),
        topics: count("topicCount"),
        partitions: count("partitionCount"),
        offline: count("offlinePartitions"),
        under_replicated: count("underReplicatedPartitions"),
    };
    let truth = stage.sim.world().durability(stage.now());
    ensure!(told == truth, "{told:?} is told, {truth:?} is so");
    Ok(())
}

/// Those that are not repeated from before.
fn positions(stage: &Stage, cycle: &Cycle) -> Result<usize> {
    let truth = stage.sim.world().truth(stage.now());
    let place = |group: &str, topic: &str, partition| format!("{group} {topic} {partition}");
    let truth: HashMap<String, i64> = truth
        .iter()
        .map(|one| (place(&one.group, &one.topic, i64::from(one.partition)), one.lag_messages))
        .collect();
    let fresh = cycle.events.iter().filter(|event| {
        &*event.event_type == "KafkaConsumerSample"
            && event.get("stale") != Some(&Value::Bool(true))
    });
    let mut compared = 0;
    for event in fresh {
        let Some(lag) = number(event, "consumerLag") else { continue };
        let text = |name| event.get(name).and_then(Value::as_str).unwrap_or_default();
        let partition = number(event, "partition").unwrap_or(-1.0) as i64;
        let place = place(text("consumerGroup"), text("topic"), partition);
        ensure!(truth.get(&place).is_some_and(|truth| *truth as f64 == lag), "{lag}: {event:?}");
        compared += 1;
    }
    Ok(compared)
}

fn number(event: &Event, name: &str) -> Option<f64> {
    event.get(name).and_then(Value::as_f64)
}
