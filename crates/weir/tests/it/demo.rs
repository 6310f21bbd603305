//! A real `weir demo`: a machine without Kafka shows a sick cluster.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::ensure;
use serde_json::Value as Json;
use weir_testkit::weir::free_address;
use weir_testkit::{eventually, http};

const WEIR: &str = env!("CARGO_BIN_EXE_weir");
const PATIENCE: Duration = Duration::from_secs(60);

struct Demo {
    process: Child,
    url: String,
    credentials: std::path::PathBuf,
    _dir: tempfile::TempDir,
}

impl Demo {
    fn start(more: &[&str]) -> Demo {
        let dir = tempfile::tempdir().unwrap();
        let address = free_address().unwrap().to_string();
        let credentials = dir.path().join("credentials.json");
        let process = Command::new(WEIR)
            .args(["demo", "--listen", &address])
            .args(more)
            .env("WEIR_CREDENTIALS", &credentials)
            .env("TMPDIR", dir.path())
            .env("WEIR_KAFKA", "ignored.example:9092")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Demo { process, url: format!("http://{address}"), credentials, _dir: dir }
    }

    /// The rows of a query; none while the server is not there yet.
    fn query(&self, nrql: &str) -> Vec<Json> {
        let output = Command::new(WEIR)
            .args(["query", nrql, "-o", "json", "--server", &self.url])
            .env("WEIR_CREDENTIALS", &self.credentials)
            .output()
            .unwrap();
        let answer: Json = serde_json::from_slice(&output.stdout).unwrap_or_default();
        answer["results"].as_array().or(answer.as_array()).cloned().unwrap_or_default()
    }

    /// The page of `/metrics` once it holds the line; empty while the server is not there yet.
    fn metrics_with(&self, line: &str) -> String {
        let address = self.url.trim_start_matches("http://").parse().unwrap();
        let page = eventually(PATIENCE, line, || {
            let page = http::get(address, "/metrics", &[])?.body;
            ensure!(page.lines().any(|one| one.starts_with(line)), "{page}");
            Ok(page)
        });
        page.unwrap()
    }

    fn eventually(&self, nrql: &str, holds: impl Fn(&Json) -> bool) {
        let asked = eventually(PATIENCE, nrql, || {
            let rows = self.query(nrql);
            ensure!(rows.first().is_some_and(&holds), "{rows:?}");
            Ok(())
        });
        asked.unwrap();
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended by itself, which the test has seen already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn number(row: &Json) -> f64 {
    let fields = row.as_object().into_iter().flatten();
    fields.filter_map(|(_, value)| value.as_f64()).next().unwrap_or(f64::NAN)
}

#[test]
fn three_minutes_into_the_story_a_broker_is_broken_and_a_group_lags() {
    let demo = Demo::start(&["--at", "170s", "--seed", "7"]);
    demo.eventually(
        "SELECT latest(offlinePartitions) FROM KafkaClusterSample WHERE environment = 'demo'",
        |row| number(row) == 1.0,
    );
    demo.eventually("SELECT latest(underReplicatedPartitions) FROM KafkaClusterSample", |row| {
        number(row) > 50.0
    });
    let lag = "SELECT max(consumerLag) FROM KafkaConsumerSample WHERE consumerGroup = \
               'orders-enricher'";
    demo.eventually(lag, |row| number(row) > 500.0);
}

#[test]
fn metrics_speak_the_names_of_three_exporters() {
    let demo = Demo::start(&["--at", "170s", "--seed", "7"]);
    let lag_secs =
        "kafka_consumergroup_group_lag_seconds{cluster_name=\"demo\",group=\"orders-enricher\"";
    // It is behind at the first sight: its age is known from the second cycle on, when the source's
    // own state, which comes behind the series of its cycle, is there as well.
    let page = demo.metrics_with(lag_secs);
    for series in [
        "weir_source_stale_partitions{source=\"demo\",cluster=\"demo\"} 1",
        "kafka_brokers 5",
        "kafka_consumergroup_lag{consumergroup=\"orders-enricher\",topic=\"",
        "kminion_kafka_cluster_info{cluster_version=\"4.",
        "weir_source_stale{source=\"demo\",cluster=\"demo\"} 0",
    ] {
        assert!(page.lines().any(|line| line.starts_with(series)), "no {series}");
    }
}
