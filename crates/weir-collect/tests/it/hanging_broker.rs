//! A broker that hangs or dies hides what only it knows, and nothing else; what its absence does to
//! the partitions shows when Kafka's own tools show it.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use weir_testkit::{KafkaEnv, OwnCluster, eventually, kafka_trial};
use weir_types::source::SourceState;
use weir_types::{Event, Value};

use crate::support::{Poller, find, int, number, of_type, options};

const INTERVAL: Duration = Duration::from_secs(10);
/// Of the interval: how long a cycle takes with a silent broker, so that its series are stale one
/// interval and this after it fell silent, at the latest.
const SILENCE_SHARE: f64 = 0.5;

pub fn trials() -> Vec<Trial> {
    vec![kafka_trial("hanging_broker::hides_only_its_own", |_| hides_only_its_own())]
}

fn hides_only_its_own() -> Result<()> {
    let cluster = OwnCluster::up(3)?;
    cluster.create_topic("orders", 3, &["min.insync.replicas=3"])?;
    let lines: Vec<String> = (0..60).map(|n| format!("{n}:message")).collect();
    cluster.produce("orders", &lines)?;
    for group in ["a", "b", "c", "d"] {
        cluster.reset_offsets(group, "orders", &["--to-earliest"])?;
    }
    let mut options = options(&cluster.bootstrap, None)?;
    options.interval = INTERVAL;
    let mut poller = Poller::of(options)?;
    let healthy = poller.poll();
    ensure!(healthy.report.state == SourceState::Ok, "{:?}", healthy.report);
    ensure!(lags(&healthy.events) == 12, "{} lags of 12", lags(&healthy.events));

    let victim = not_the_controller(&healthy.events)?;
    cluster.signal_broker(victim, "STOP")?;
    let hanging = poller.poll();
    ensure!(hanging.report.state == SourceState::Partial, "{:?}", hanging.report);
    ensure!(hanging.report.duration < INTERVAL.mul_f64(SILENCE_SHARE), "{:?}", hanging.report);
    ensure!((0.3..1.0).contains(&hanging.report.completeness), "{:?}", hanging.report);
    ensure!(of_type(&hanging.events, "KafkaTopicSample").len() > 1, "topics are blank");
    ensure!(
        lags(&hanging.events) == 12,
        "{} lags of 12, stale ones included",
        lags(&hanging.events)
    );
    let broker = find(&hanging.events, "KafkaBrokerSample", "brokerId", &victim.to_string());
    ensure!(broker.is_some_and(is_stale), "the silent broker is not stale: {broker:?}");
    let stale = of_type(&hanging.events, "KafkaBrokerSample").into_iter().filter(|b| is_stale(b));
    ensure!(stale.count() == 1, "brokers that answer are stale");
    let fresh = of_type(&hanging.events, "KafkaConsumerSample").into_iter();
    let fresh = fresh.filter(|sample| !is_stale(sample)).count();
    ensure!((1..12).contains(&fresh), "{fresh} of 12 positions are fresh");

    shows_under_replicated_with_kafka(&without(&cluster, victim), &mut poller)?;
    poller.poll_until("a cluster that has noticed", |events| {
        let broker = find(events, "KafkaBrokerSample", "brokerId", &victim.to_string());
        let sick = find(events, "KafkaPartitionSample", "partitionStatus", "UNDER_MIN_ISR");
        broker.is_some_and(|b| b.get("brokerStatus") == Some(&Value::from("FENCED")))
            && of_type(events, "KafkaClusterSample")
                .iter()
                .all(|c| int(c, "brokerCount") == Some(2))
            && sick.is_some()
            && find(events, "KafkaTopicSample", "topic", "orders")
                .is_some_and(|topic| int(topic, "logEndOffsetSum") == Some(60))
    })?;

    cluster.signal_broker(victim, "CONT")?;
    is_whole_again(&cluster, &mut poller)?;

    killed(&cluster, &mut poller, victim)?;
    cluster.restart_broker(victim)?;
    is_whole_again(&cluster, &mut poller)
}

/// As soon as Kafka's own tool lists partitions, so do the samples of the next interval.
fn shows_under_replicated_with_kafka(cluster: &KafkaEnv, poller: &mut Poller) -> Result<()> {
    eventually(Duration::from_secs(120), "a controller that has noticed", || {
        ensure!(!cluster.under_replicated()?.is_empty(), "nothing is under-replicated");
        Ok(())
    })?;
    eventually(INTERVAL, "the same partitions", || {
        let ours = under_replicated(&poller.poll().events);
        let kafkas = cluster.under_replicated()?;
        ensure!(ours == kafkas, "weir: {ours:?}, kafka: {kafkas:?}");
        Ok(())
    })
}

fn is_whole_again(cluster: &OwnCluster, poller: &mut Poller) -> Result<()> {
    poller.poll_until("a cluster that is whole again", |events| {
        let whole = |c: &&Event| {
            int(c, "brokerCount") == Some(3) && int(c, "underReplicatedPartitions") == Some(0)
        };
        of_type(events, "KafkaClusterSample").iter().all(whole)
            && lags(events) == 12
            && !events.iter().any(is_stale)
    })?;
    // The tool gives up after four seconds, which a busy machine may take to start it.
    eventually(Duration::from_secs(60), "a tool of Kafka that lists none", || {
        let listed = cluster.under_replicated()?;
        ensure!(listed.is_empty(), "{listed:?}");
        Ok(())
    })
}

/// The way of Kafka's tools past a broker that would keep them waiting.
fn without(cluster: &KafkaEnv, broker: u32) -> KafkaEnv {
    let others = (1..).zip(cluster.bootstrap.split(',')).filter(|(id, _)| *id != broker);
    let bootstrap: Vec<&str> = others.map(|(_, address)| address).collect();
    KafkaEnv { bootstrap: bootstrap.join(","), ..cluster.clone() }
}

fn under_replicated(events: &[Event]) -> BTreeSet<(String, i64)> {
    let partitions = of_type(events, "KafkaPartitionSample").into_iter();
    let fewer = |p: &&Event| int(p, "isrCount") < int(p, "replicaCount");
    let place = |p: &Event| {
        let topic = p.get("topic").and_then(Value::as_str)?.to_owned();
        Some((topic, int(p, "partition")?))
    };
    partitions.filter(fewer).filter_map(place).collect()
}

/// A process that is gone refuses at once: stale in the very next cycle, and fenced as soon as the
/// controller says so.
fn killed(cluster: &OwnCluster, poller: &mut Poller, victim: u32) -> Result<()> {
    cluster.signal_broker(victim, "KILL")?;
    let cycle = poller.poll();
    let broker = find(&cycle.events, "KafkaBrokerSample", "brokerId", &victim.to_string());
    ensure!(broker.is_some_and(is_stale), "the dead broker is not stale: {broker:?}");
    ensure!(lags(&cycle.events) == 12, "{} lags of 12, stale ones included", lags(&cycle.events));
    shows_under_replicated_with_kafka(&without(cluster, victim), poller)?;
    let cycle = poller.poll_until("a cluster that has noticed", |events| {
        of_type(events, "KafkaClusterSample").iter().all(|c| int(c, "offlineBrokers") == Some(1))
    })?;
    let fenced =
        of_type(&cycle.events, "KafkaClusterSample").first().map(|c| int(c, "fencedBrokers"));
    ensure!(fenced == Some(Some(1)), "told in the cycle that misses it: {fenced:?}");
    let broker = find(&cycle.events, "KafkaBrokerSample", "brokerId", &victim.to_string());
    let status = broker.and_then(|broker| broker.get("brokerStatus")?.as_str());
    ensure!(status == Some("FENCED"), "{broker:?}");
    let score = broker.and_then(|broker| number(broker, "healthScore"));
    ensure!(score == Some(0.0), "{broker:?}");
    Ok(())
}

/// How many consumer samples have a lag.
fn lags(events: &[Event]) -> usize {
    let samples = of_type(events, "KafkaConsumerSample");
    samples.iter().filter(|sample| int(sample, "consumerLag").is_some()).count()
}

fn is_stale(event: &Event) -> bool {
    event.get("stale") == Some(&Value::Bool(true))
}

fn not_the_controller(events: &[Event]) -> Result<u32> {
    let brokers = of_type(events, "KafkaBrokerSample");
    let other = brokers.iter().find(|b| b.get("isController") == Some(&Value::Bool(false)));
    let id = other.and_then(|b| b.get("brokerId")).and_then(Value::as_str);
    Ok(id.context("every broker is the controller")?.parse()?)
}
