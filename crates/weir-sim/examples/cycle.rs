//! Times the questions of one cycle, asked by Weir's client of a simulated cluster:
//! `cargo run --release -p weir-sim --example cycle -- million`.

#![allow(clippy::print_stdout, reason = "its output is all it is for")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use weir_kafka::{BrokerAddress, Client, ClientOptions, GroupAt, OffsetSpec, TopicPartitions};
use weir_sim::{Sim, SimOptions, Size, Story};
use weir_types::SystemClock;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let size = match std::env::args().nth(1).as_deref() {
        None | Some("small") => Size::Small,
        Some("large") => Size::Large,
        Some("10k") => Size::TenThousandTopics,
        Some("million") => Size::MillionPartitions,
        Some(other) => {
            return Err(format!("`{other}` is none of small, large, 10k, million").into());
        }
    };
    let started = Instant::now();
    let story = Story::Healthy;
    let options = SimOptions { size, story, ..SimOptions::new(1, Arc::new(SystemClock)) };
    let sim = Sim::start(options).await?;
    tell("start", started);
    let first = sim.bootstrap()[0];
    let mut options =
        ClientOptions::new(vec![BrokerAddress::new(first.ip().to_string(), first.port())]);
    options.request_timeout = Duration::from_secs(60);
    let client = Client::new(options)?;
    for cycle in 1..=3 {
        println!("cycle {cycle}");
        ask(&client, &sim).await?;
    }
    Ok(())
}

async fn ask(client: &Client, sim: &Sim) -> Result<(), Box<dyn std::error::Error>> {
    let before = sim.requests();
    let cycle = Instant::now();
    let started = Instant::now();
    let metadata = client.metadata().await?;
    tell("  metadata", started);
    let started = Instant::now();
    let mut groups = Vec::new();
    for broker in client.list_groups().await? {
        let coordinator = broker.broker;
        let listed = broker.groups?.into_iter();
        groups.extend(listed.map(|group| GroupAt { group: group.group, coordinator }));
    }
    let commits = client.fetch_offsets(&groups).await;
    let committed: usize = commits
        .iter()
        .flat_map(|group| group.offsets.iter().flatten())
        .map(|topic| topic.partitions.len())
        .sum();
    tell(&format!("  {} groups, {committed} commits", groups.len()), started);
    let all = |topic: &weir_kafka::Topic| TopicPartitions {
        topic: Arc::clone(&topic.name),
        partitions: topic.partitions.iter().map(|partition| partition.index).collect(),
    };
    let asked: Vec<_> = metadata.topics.iter().map(all).collect();
    for spec in [OffsetSpec::Latest, OffsetSpec::Earliest, OffsetSpec::MaxTimestamp] {
        let started = Instant::now();
        let answers = client.list_offsets(spec, &asked).await;
        let known =
            answers.iter().flat_map(|topic| &topic.partitions).filter(|it| it.offset.is_ok());
        tell(&format!("  {} offsets ({spec:?})", known.count()), started);
    }
    let started = Instant::now();
    let dirs = client.describe_log_dirs().await?;
    tell(&format!("  log dirs of {} brokers", dirs.len()), started);
    tell(&format!("  all: {} requests", sim.requests().since(&before).total()), cycle);
    Ok(())
}

fn tell(what: &str, since: Instant) {
    println!(
        "{what}: {:.1} ms, {} MB resident",
        since.elapsed().as_secs_f64() * 1e3,
        resident_mb()
    );
}

/// Of this process, client included; 0 where there is no /proc.
fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1024
}
