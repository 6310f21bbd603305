//! The whole binary against a real Apache Kafka: what Weir says over HTTP and on the command line
//! is what Kafka's own tools say. Without a cluster every test is reported as ignored.

mod listener;
mod mistakes;
mod secure;

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Arguments;
use serde_json::Value as Json;
use weir_testkit::{GroupRow, KafkaEnv, WeirProcess, eventually, kafka_trial, unique_name};

/// What README promises for the first data on the page.
const FIRST_DATA_WITHIN: Duration = Duration::from_secs(60);
const WEIR: &str = env!("CARGO_BIN_EXE_weir");

fn main() {
    let trials = vec![
        kafka_trial("lag_over_http_and_on_the_command_line_is_kafkas_own", lag_is_kafkas_own),
        kafka_trial("tls_from_a_configuration_file", tls_from_a_file),
        secure::trial(
            "oauth_client_credentials_from_a_configuration_file",
            secure::client_credentials,
        ),
        secure::trial("ten_planted_mistakes", mistakes::all_are_named),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn lag_is_kafkas_own(kafka: &KafkaEnv) -> Result<()> {
    let (topic, group) = (unique_name("journey"), unique_name("journey-group"));
    kafka.create_topic(&topic, 3, &[])?;
    let lines = |n: usize| (0..n).map(|i| format!("key-{i}:message {i}")).collect::<Vec<_>>();
    kafka.produce(&topic, &lines(40))?;
    kafka.consume(&group, &topic, 25, &[])?;
    kafka.produce(&topic, &lines(17))?;
    let expected = kafka.describe_group(&group)?;
    ensure!(expected.iter().filter_map(|row| row.lag).sum::<i64>() > 0, "{expected:?}");

    let dir = tempfile::tempdir()?;
    let weir = WeirProcess::start(WEIR, dir.path().join("data"), &["--kafka", &kafka.bootstrap])?;
    let detail = wait_for(&weir, &format!("/api/v1/clusters/kafka/groups/{group}"))?;
    assert_same(&expected, &detail)?;

    let cluster = wait_for(&weir, "/api/v1/clusters/kafka")?;
    ensure!(cluster["broker_count"] == kafka.bootstrap.split(',').count(), "{cluster}");
    ensure!(cluster["active_controllers"] == 1, "{cluster}");

    let capabilities = weir.get("/api/v1/clusters/kafka/capabilities", &[])?.json()?;
    let asked = capabilities["items"].as_array().context("items")?;
    ensure!(asked.iter().any(|c| c["question"] == "metadata" && c["state"] == "ok"), "{asked:?}");

    let table = run(&weir, &["groups", "lag", &group, "--by", "partition"])?;
    ensure!(table.lines().count() == 1 + expected.len(), "{table}");
    let nrql = format!(
        "SELECT sum(consumerLag) FROM KafkaConsumerSample WHERE consumerGroup = '{group}' FACET timestamp"
    );
    let rows: Json = serde_json::from_str(&run(&weir, &["query", "-o", "json", &nrql])?)?;
    let total: i64 = expected.iter().filter_map(|row| row.lag).sum();
    ensure!(rows[0]["sum.consumerLag"] == total, "{rows} is not {total}");
    Ok(())
}

fn tls_from_a_file(kafka: &KafkaEnv) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let file = dir.path().join("weir.yaml");
    let brokers = &kafka.tls_bootstrap;
    let ca_file = kafka.ca.display();
    std::fs::write(
        &file,
        format!(
            "sources:\n  - kafka:\n      name: secure\n      bootstrap: [{brokers}]\n      tls: {{ca_file: {ca_file}}}\n"
        ),
    )?;
    let config = file.to_str().context("the path is UTF-8")?;
    let weir = WeirProcess::start(WEIR, dir.path().join("data"), &["--config", config])?;
    let cluster = wait_for(&weir, "/api/v1/clusters/secure")?;
    // Not the status: the disk below the brokers is this machine's, and may be full.
    ensure!(cluster["completeness"] == 1.0 && cluster["stale"] == false, "{cluster}");
    Ok(())
}

/// Polls until the path answers 200: the first cycle is under way when the server is ready.
fn wait_for(weir: &WeirProcess, path: &str) -> Result<Json> {
    eventually(FIRST_DATA_WITHIN, path, || {
        let response = weir.get(path, &[])?;
        ensure!(response.status == 200, "{}:\n{}", response.status, weir.stderr()?);
        response.json()
    })
}

fn assert_same(expected: &[GroupRow], detail: &Json) -> Result<()> {
    let key = |topic: &str, partition: i64| format!("{topic}/{partition}");
    let expected: BTreeMap<_, _> = expected
        .iter()
        .map(|row| {
            let offsets = (row.current_offset, row.log_end_offset, row.lag);
            (key(&row.topic, row.partition.into()), offsets)
        })
        .collect();
    let partitions = detail["partitions"].as_array().context("partitions")?;
    let found: BTreeMap<_, _> = partitions
        .iter()
        .map(|row| {
            let number = |name: &str| row[name].as_i64();
            let offsets =
                (number("committed_offset"), number("log_end_offset"), number("lag_messages"));
            let topic = row["topic"].as_str().unwrap_or_default();
            (key(topic, row["partition"].as_i64().unwrap_or(-1)), offsets)
        })
        .collect();
    ensure!(found == expected, "weir: {found:?}\nkafka: {expected:?}");
    Ok(())
}

fn run(weir: &WeirProcess, args: &[&str]) -> Result<String> {
    let output = Command::new(WEIR)
        .args(args)
        .env("WEIR_SERVER", weir.url())
        .env("WEIR_CREDENTIALS", weir.credentials())
        .output()?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "weir {args:?}: {stderr}");
    Ok(String::from_utf8(output.stdout)?)
}
