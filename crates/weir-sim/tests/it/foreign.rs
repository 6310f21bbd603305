//! Clients nobody here wrote: kafka-python and confluent-kafka, in a Python environment of their
//! own under the cache folder, and Kafka's own tools where a real Kafka is.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use weir_sim::{PartitionTruth, RequestCounts, Story};
use weir_testkit::python::environment;
use weir_testkit::{GroupRow, KafkaEnv, kafka_trial};

use crate::stage::{Stage, block_on};

const PACKAGES: [&str; 2] = ["kafka-python==3.0.12", "confluent-kafka==2.16.1"];

/// One for each client and each moment; ignored where there is no Python, or no package.
#[allow(clippy::print_stderr, reason = "says why tests are ignored")]
pub fn trials() -> Vec<Trial> {
    let python = environment("python-clients-1", &PACKAGES);
    if let Err(reason) = &python {
        eprintln!("weir-sim: no foreign clients: {reason:#}");
    }
    let ready = python.is_ok();
    let python = python.unwrap_or_default();
    let trial = |name: &str, script: &'static str, secs: i64| {
        let python = python.clone();
        Trial::test(name, move || Ok(read(&python, script, secs)?)).with_ignored_flag(!ready)
    };
    const KAFKA_PYTHON: &str = include_str!("read_kafka_python.py");
    const CONFLUENT: &str = include_str!("read_confluent.py");
    vec![
        kafka_trial("kafkas_own_tools_read_a_healthy_cluster", describe_with_kafkas_tools),
        trial("kafka_python_reads_a_healthy_cluster", KAFKA_PYTHON, 30),
        trial("kafka_python_reads_a_cluster_that_lost_a_broker", KAFKA_PYTHON, 170),
        trial("confluent_kafka_reads_a_healthy_cluster", CONFLUENT, 30),
        trial("confluent_kafka_reads_a_cluster_that_lost_a_broker", CONFLUENT, 170),
    ]
}

/// `kafka-consumer-groups.sh --describe` against the simulation, which stands still meanwhile.
fn describe_with_kafkas_tools(real: &KafkaEnv) -> Result<()> {
    block_on(async {
        const NAME: &str = "orders-enricher";
        let stage = Stage::of(Story::Healthy).await?;
        stage.turn_to(30);
        let servers: Vec<String> = stage.sim.bootstrap().iter().map(ToString::to_string).collect();
        let simulated = KafkaEnv { bootstrap: servers.join(","), ..real.clone() };
        let told = tokio::task::spawn_blocking(move || simulated.describe_group(NAME)).await??;
        let numbers = |row: &GroupRow| (row.current_offset, row.log_end_offset, row.lag);
        let told: Vec<_> = told.iter().map(numbers).collect();
        let truth = stage.sim.world().truth_of(NAME, stage.now());
        let true_numbers =
            |it: &PartitionTruth| (Some(it.committed), Some(it.log_end), Some(it.lag_messages));
        let truth: Vec<_> = truth.iter().map(true_numbers).collect();
        ensure!(told == truth, "told {told:?}, true {truth:?}");
        Ok(())
    })
}

/// Runs a script that prints what it saw as lines of words, and compares with the truth.
fn read(python: &Path, script: &str, secs: i64) -> Result<()> {
    block_on(async {
        let stage = Stage::of(Story::Demo).await?;
        stage.turn_to(secs);
        let live = if secs < 120 { 6 } else { 5 };
        let servers: Vec<String> =
            stage.sim.bootstrap().iter().take(4).map(ToString::to_string).collect();
        let mut command = Command::new(python);
        command.args(["-c", script, &servers.join(",")]);
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        let (said, complained) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        ensure!(output.status.success(), "{said}\n{complained}");
        let mut expected = vec![format!("brokers {live}"), "topics 24".into(), "groups 17".into()];
        expected.push("members 4".into());
        for partition in stage.sim.world().truth_of("orders-enricher", stage.now()) {
            expected.push(format!("committed {} {}", partition.partition, partition.committed));
            expected.push(format!("end {} {}", partition.partition, partition.log_end));
        }
        for line in &expected {
            ensure!(
                said.lines().any(|seen| seen == line),
                "`{line}` is missing:\n{said}\n{complained}"
            );
        }
        ensure!(stage.sim.requests() != RequestCounts::default());
        Ok(())
    })
}
