//! Cluster, broker and topic samples, and what a cycle costs.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use weir_collect::{Capability, NameFilter};
use weir_testkit::{KafkaEnv, kafka_trial, unique_name};
use weir_types::source::SourceState;
use weir_types::{Timestamp, Value};

use crate::support::{Poller, find, int, number, of_type, options};

pub fn trials() -> Vec<Trial> {
    vec![
        kafka_trial("cluster::samples_of_a_healthy_cluster", samples_of_a_healthy_cluster),
        kafka_trial("cluster::messages_per_second_from_two_polls", messages_per_second),
        kafka_trial("cluster::the_same_over_tls", the_same_over_tls),
        kafka_trial("cluster::disks_and_sizes", disks_and_sizes),
        kafka_trial("cluster::capabilities_of_a_super_user", capabilities_of_a_super_user),
        kafka_trial("cluster::only_what_is_watched", only_what_is_watched),
        kafka_trial("cluster::a_steady_cycle_stays_within_its_requests", requests_of_a_cycle),
        Trial::test("cluster::nobody_there", || Ok(nobody_there().map_err(|e| format!("{e:#}"))?)),
    ]
}

fn samples_of_a_healthy_cluster(env: &KafkaEnv) -> Result<()> {
    let topic = unique_name("settings");
    env.create_topic(&topic, 3, &["retention.ms=7200000", "min.insync.replicas=2"])?;
    let cycle = Poller::new(env)?.poll();
    ensure!(cycle.report.state == SourceState::Ok, "{:?}", cycle.report);
    ensure!(cycle.report.completeness == 1.0, "{:?}", cycle.report);

    let clusters = of_type(&cycle.events, "KafkaClusterSample");
    let brokers = of_type(&cycle.events, "KafkaBrokerSample");
    let bootstrap = env.bootstrap.split(',').count() as i64;
    let cluster = clusters.first().context("no cluster sample")?;
    ensure!(int(cluster, "brokerCount") == Some(bootstrap), "{cluster:?}");
    ensure!(int(cluster, "activeControllers") == Some(1), "{cluster:?}");
    ensure!(int(cluster, "offlinePartitions") == Some(0), "{cluster:?}");
    ensure!(int(cluster, "underMinIsrPartitions") == Some(0), "{cluster:?}");
    ensure!(cluster.get("kafkaVersion").is_some(), "{cluster:?}");
    ensure!(brokers.len() as i64 == bootstrap, "{} broker samples", brokers.len());
    let is_controller = |b: &&&weir_types::Event| b.get("isController") == Some(&Value::Bool(true));
    ensure!(brokers.iter().filter(is_controller).count() == 1, "not one controller: {brokers:?}");
    ensure!(brokers.iter().all(|b| b.get("requestLatencyMs").is_some()), "{brokers:?}");

    let sample = find(&cycle.events, "KafkaTopicSample", "topic", &topic).context("no topic")?;
    ensure!(int(sample, "partitionCount") == Some(3), "{sample:?}");
    ensure!(int(sample, "retentionMs") == Some(7_200_000), "{sample:?}");
    ensure!(int(sample, "minInsyncReplicas") == Some(2), "{sample:?}");
    ensure!(sample.get("cleanupPolicy") == Some(&Value::from("delete")), "{sample:?}");
    Ok(())
}

fn messages_per_second(env: &KafkaEnv) -> Result<()> {
    let topic = unique_name("rates");
    env.create_topic(&topic, 2, &[])?;
    let mut poller = Poller::new(env)?;
    let first_began = Instant::now();
    let first = poller.poll();
    let first_ended = Instant::now();
    let sample = find(&first.events, "KafkaTopicSample", "topic", &topic).context("no topic")?;
    ensure!(sample.get("messagesInPerSec").is_none(), "a rate from one poll: {sample:?}");

    let lines: Vec<String> = (0..500).map(|n| format!("{n}:message")).collect();
    env.produce(&topic, &lines)?;
    let second_began = Instant::now();
    let second = poller.poll();
    let sample = find(&second.events, "KafkaTopicSample", "topic", &topic).context("no topic")?;
    let rate = sample.get("messagesInPerSec").and_then(Value::as_f64).context("no rate")?;
    // Each leader answers somewhere within a poll, so this much lies between two of its answers.
    let least = second_began.duration_since(first_ended).as_secs_f64();
    let most = first_began.elapsed().as_secs_f64();
    let possible = lines.len() as f64 / most * 0.99..lines.len() as f64 / least * 1.01;
    ensure!(possible.contains(&rate), "{rate}/s, not in {possible:?} (500 in {least} to {most} s)");
    Ok(())
}

fn the_same_over_tls(env: &KafkaEnv) -> Result<()> {
    let mut poller = Poller::of(options(&env.tls_bootstrap, Some(env.ca.clone()))?)?;
    let cycle = poller.poll();
    ensure!(cycle.report.state == SourceState::Ok, "{:?}", cycle.report);
    let cluster = of_type(&cycle.events, "KafkaClusterSample");
    ensure!(int(cluster[0], "brokerCount") > Some(0), "{cluster:?}");
    Ok(())
}

/// Ten minutes of cycles, counted at the client: metadata and quorum once, listing, commits, both
/// log ends and two descriptions a broker; and twice the slow cycle's questions.
fn requests_of_a_cycle(env: &KafkaEnv) -> Result<()> {
    const CYCLES: u64 = 20;
    let mut poller = Poller::new(env)?;
    poller.poll_at(Timestamp::from_millis(0));
    let brokers = env.bootstrap.split(',').count() as u64;
    let (fast, slow) = (2 + 6 * brokers, 2 + 4 * brokers);
    let mut total = 0;
    for cycle in 1..=CYCLES {
        let now = Timestamp::from_millis(cycle as i64 * 30_000);
        let requests = poller.poll_at(now).report.requests;
        ensure!(requests <= fast + slow, "{requests} requests in cycle {cycle}");
        total += requests;
    }
    let allowed = CYCLES * fast + 2 * slow;
    ensure!(total <= allowed, "{total} requests in {CYCLES} cycles, {allowed} allowed");
    Ok(())
}

fn disks_and_sizes(env: &KafkaEnv) -> Result<()> {
    let topic = unique_name("sized");
    env.create_topic(&topic, 2, &[])?;
    let lines: Vec<String> = (0..200).map(|n| format!("{n}:message")).collect();
    env.produce(&topic, &lines)?;
    let events = Poller::new(env)?.poll().events;
    for broker in of_type(&events, "KafkaBrokerSample") {
        let bytes = |name| int(broker, name).with_context(|| format!("no {name}: {broker:?}"));
        let (used, total) = (bytes("diskUsedBytes")?, bytes("diskTotalBytes")?);
        ensure!(0 < used && used < total && bytes("diskFreeBytes")? < total, "{broker:?}");
        ensure!(number(broker, "healthScore").is_some(), "{broker:?}");
    }
    let sample = find(&events, "KafkaTopicSample", "topic", &topic).context("no topic")?;
    ensure!(int(sample, "sizeBytes") > Some(0), "{sample:?}");
    ensure!(int(sample, "reassigningPartitions") == Some(0), "{sample:?}");
    ensure!(int(sample, "underMinIsrPartitions") == Some(0), "{sample:?}");
    let cluster = of_type(&events, "KafkaClusterSample");
    ensure!(int(cluster[0], "fencedBrokers") == Some(0), "{cluster:?}");
    ensure!(int(cluster[0], "offlineBrokers") == Some(0), "{cluster:?}");
    Ok(())
}

/// The super user of the test cluster may know everything.
fn capabilities_of_a_super_user(env: &KafkaEnv) -> Result<()> {
    let mut poller = Poller::new(env)?;
    let shown = poller.source().capabilities();
    ensure!(shown.get().questions.is_empty(), "known before the first cycle");
    poller.poll();
    let questions = shown.get().questions;
    ensure!(questions.len() >= 9, "{questions:?}");
    ensure!(questions.values().all(|came| *came == Capability::Ok), "{questions:?}");
    Ok(())
}

fn only_what_is_watched(env: &KafkaEnv) -> Result<()> {
    let (kept, left) = (unique_name("kept"), unique_name("left"));
    for topic in [&kept, &left] {
        env.create_topic(topic, 1, &[])?;
        env.produce(topic, &["1:message".to_owned()])?;
        env.reset_offsets(topic, topic, &["--to-earliest"])?;
    }
    let mut options = options(&env.bootstrap, None)?;
    options.topics = NameFilter::new(vec!["kept-*".to_owned()], Vec::new());
    options.groups = NameFilter::new(Vec::new(), vec!["left-*".to_owned()]);
    let cycle = Poller::of(options)?.poll();
    ensure!(cycle.report.state == SourceState::Ok, "{:?}", cycle.report);
    let find = |event_type, name, is| find(&cycle.events, event_type, name, is);
    ensure!(find("KafkaTopicSample", "topic", &kept).is_some(), "{kept} is not there");
    ensure!(find("KafkaTopicSample", "topic", &left).is_none(), "{left} is there");
    ensure!(find("KafkaConsumerGroupSample", "consumerGroup", &kept).is_some(), "no group");
    ensure!(find("KafkaConsumerGroupSample", "consumerGroup", &left).is_none(), "{left} is there");
    Ok(())
}

/// What a cycle says when nobody answers.
fn nobody_there() -> Result<()> {
    let addr = weir_testkit::weir::free_address()?;
    let cycle = Poller::of(options(&addr.to_string(), None)?)?.poll();
    ensure!(cycle.report.state == SourceState::Failing, "{:?}", cycle.report);
    let error = cycle.report.error.context("no error")?;
    ensure!(error.contains(&addr.to_string()) && error.contains("refused"), "{error}");
    ensure!(cycle.events.len() == 1, "{:?}", cycle.events);
    ensure!(&*cycle.events[0].event_type == "WeirCollection", "{:?}", cycle.events);
    Ok(())
}
