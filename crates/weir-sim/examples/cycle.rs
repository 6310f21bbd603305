//! Times the questions of one cycle, asked by Weir's client of a simulated cluster, and whole cycles
//! of its collector: `cargo run --release -p weir-sim --example cycle -- million`. The cluster is a
//! process of its own, so that what is resident here is the client's and the collector's. With
//! `summary` after the size it asks nothing by hand and prints one line of numbers, for
//! `dev/bench/scale.sh`.

#![allow(clippy::print_stdout, reason = "its output is all it is for")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use weir_collect::{KafkaSource, KafkaSourceOptions};
use weir_kafka::{BrokerAddress, Client, ClientOptions, GroupAt, OffsetSpec, TopicPartitions};
use weir_sim::{Sim, SimOptions, Size, Story};
use weir_types::{Clock, SystemClock};

type Failure = Box<dyn std::error::Error>;

const CYCLES: usize = 3;
/// A small cluster is polled often enough for ticks of 10 ms to tell its cost.
const SUMMED_PARTITIONS: usize = 3_000_000;
const SUMMED_CYCLES_MAX: usize = 60;
/// Linux counts CPU time so on every common machine (`getconf CLK_TCK`).
const TICKS_A_SECOND: f64 = 100.0;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut words = std::env::args().skip(1);
    let size = words.next().unwrap_or_else(|| "small".to_owned());
    let mode = words.next().unwrap_or_default();
    if mode == "serve" {
        return serve(&size).await;
    }
    let (mut cluster, bootstrap) = start(&size)?;
    let measured = match mode.as_str() {
        "summary" => summary(&size, bootstrap).await,
        _ => measure(bootstrap).await,
    };
    cluster.kill()?;
    cluster.wait()?;
    measured
}

/// Size, brokers, partitions, events, cycles, then of one fast cycle: median ms, user and system
/// CPU in ms; then the most memory in MB.
async fn summary(size: &str, bootstrap: BrokerAddress) -> Result<(), Failure> {
    let options = client_options(bootstrap);
    let metadata = Client::new(options.clone())?.metadata().await?;
    let partitions: usize = metadata.topics.iter().map(|topic| topic.partitions.len()).sum();
    let brokers = metadata.brokers.len();
    drop(metadata);
    let mut source = source(options)?;
    // The first cycle also asks what changes slowly, and connects.
    let mut events = source.poll(SystemClock.now()).await.events.len();
    let cycles = (SUMMED_PARTITIONS / partitions.max(1)).clamp(CYCLES, SUMMED_CYCLES_MAX);
    let (before, _) = used();
    let mut millis = Vec::with_capacity(cycles);
    for _ in 0..cycles {
        let started = Instant::now();
        events = source.poll(SystemClock.now()).await.events.len();
        millis.push(started.elapsed().as_secs_f64() * 1e3);
    }
    millis.sort_by(f64::total_cmp);
    let (after, resident_mb) = used();
    let cycle_millis = |at: usize| (after[at] - before[at]) * 1e3 / cycles as f64;
    println!(
        "{size} {brokers} {partitions} {events} {cycles} {:.0} {:.1} {:.1} {resident_mb}",
        millis[cycles / 2],
        cycle_millis(0),
        cycle_millis(1),
    );
    Ok(())
}

fn client_options(bootstrap: BrokerAddress) -> ClientOptions {
    let mut options = ClientOptions::new(vec![bootstrap]);
    options.request_timeout = Duration::from_secs(60);
    options
}

fn source(options: ClientOptions) -> Result<KafkaSource, Failure> {
    let mut options = KafkaSourceOptions::new("sim", "bench", options);
    options.interval = Duration::from_secs(600);
    Ok(KafkaSource::new(options)?)
}

async fn measure(bootstrap: BrokerAddress) -> Result<(), Failure> {
    let options = client_options(bootstrap);
    let client = Client::new(options.clone())?;
    for cycle in 1..=CYCLES {
        println!("client, cycle {cycle}");
        ask(&client).await?;
    }
    drop(client);
    let mut source = source(options)?;
    for cycle in 1..=CYCLES {
        let started = Instant::now();
        let cycle_events = source.poll(SystemClock.now()).await.events.len();
        tell(&format!("collector, cycle {cycle}: {cycle_events} events"), started);
    }
    Ok(())
}

/// The cluster, in another process that prints where it is.
fn start(size: &str) -> Result<(Child, BrokerAddress), Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    let mut child = command.args([size, "serve"]).stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().ok_or("the cluster has no output")?;
    let mut address = String::new();
    BufReader::new(output).read_line(&mut address)?;
    Ok((child, address.trim().parse()?))
}

async fn serve(size: &str) -> Result<(), Failure> {
    let size = match size {
        "small" => Size::Small,
        "large" => Size::Large,
        "10k" => Size::TenThousandTopics,
        "100k" => Size::HundredThousandPartitions,
        "million" => Size::MillionPartitions,
        other => {
            return Err(format!("`{other}` is none of small, large, 10k, 100k, million").into());
        }
    };
    let story = Story::Healthy;
    let options = SimOptions { size, story, ..SimOptions::new(1, Arc::new(SystemClock)) };
    let sim = Sim::start(options).await?;
    println!("{}", sim.bootstrap()[0]);
    std::future::pending::<()>().await;
    drop(sim);
    Ok(())
}

async fn ask(client: &Client) -> Result<(), Failure> {
    let before = client.stats().requests();
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
    tell(&format!("  all: {} requests", client.stats().requests() - before), cycle);
    Ok(())
}

fn tell(what: &str, since: Instant) {
    let ([user_secs, system_secs], resident_mb) = used();
    let millis = since.elapsed().as_secs_f64() * 1e3;
    println!(
        "{what}: {millis:.1} ms; so far {user_secs:.2} + {system_secs:.2} s of CPU (user, system), {resident_mb} MB at most"
    );
}

/// CPU time and most memory of this process so far; 0 where there is no /proc.
fn used() -> ([f64; 2], u64) {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let mut ticks = after_name.split_whitespace().skip(11).map(|word| word.parse::<f64>().ok());
    let mut secs = || ticks.next().flatten().unwrap_or(0.0) / TICKS_A_SECOND;
    let cpu_secs = [secs(), secs()];
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    (cpu_secs, kilobytes.unwrap_or(0) / 1024)
}
