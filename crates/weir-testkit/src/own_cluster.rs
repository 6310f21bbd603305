//! A cluster of a test's own, for tests that stop or kill brokers or want an older release.

use std::ops::Deref;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::KafkaEnv;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../dev/kafka/cluster.sh");

/// Brokers that nobody else uses; stopped when dropped.
#[derive(Debug)]
pub struct OwnCluster {
    env: KafkaEnv,
    dir: TempDir,
}

impl OwnCluster {
    /// Starts brokers 1 to `brokers`; takes about ten seconds.
    pub fn up(brokers: u32) -> Result<OwnCluster> {
        OwnCluster::up_with(brokers, &[])
    }

    /// The same with brokers that write down every request: see
    /// [`KafkaEnv::requests_answered`].
    pub fn logging_requests(brokers: u32) -> Result<OwnCluster> {
        OwnCluster::up_with(brokers, &["--request-log"])
    }

    /// The same of another release of Apache Kafka, such as `2.8.2`; its jars are fetched once.
    pub fn of_release(brokers: u32, release: &str) -> Result<OwnCluster> {
        OwnCluster::up_with(brokers, &["--release", release])
    }

    /// Whether [`OwnCluster::of_release`] has the jars it needs, or can fetch them.
    pub fn can_be_of(release: &str) -> bool {
        let check = Command::new(SCRIPT).args(["check", "--release", release]).output();
        check.is_ok_and(|output| output.status.success())
    }

    /// Starts a broker again that was killed, with the data it had; returns when it is ready.
    pub fn restart_broker(&self, broker_id: u32) -> Result<()> {
        let status = Command::new(SCRIPT)
            .args(["restart", "--broker", &broker_id.to_string(), "--dir"])
            .arg(self.dir.path())
            .status()?;
        ensure!(status.success(), "cluster.sh restart failed");
        Ok(())
    }

    fn up_with(brokers: u32, more: &[&str]) -> Result<OwnCluster> {
        let dir = TempDir::new()?;
        let output = Command::new(SCRIPT)
            .args(["up", "--brokers", &brokers.to_string()])
            .args(more)
            .arg("--dir")
            .arg(dir.path())
            .stderr(Stdio::inherit())
            .output()
            .context("cluster.sh could not be started")?;
        ensure!(output.status.success(), "cluster.sh up failed");
        let text = String::from_utf8(output.stdout)?;
        let value = |name: &str| {
            let mut lines = text.lines().filter_map(|line| line.split_once('='));
            let value = lines.find(|(key, _)| *key == name).map(|(_, value)| value);
            value.map(|value| value.trim_matches('\'').to_owned())
        };
        let env = KafkaEnv::from_vars(value).context("cluster.sh printed no environment")?;
        Ok(OwnCluster { env, dir })
    }
}

impl Deref for OwnCluster {
    type Target = KafkaEnv;

    fn deref(&self) -> &KafkaEnv {
        &self.env
    }
}

impl Drop for OwnCluster {
    fn drop(&mut self) {
        let down = Command::new(SCRIPT).args(["down", "--dir"]).arg(self.dir.path()).status();
        debug_assert!(down.is_ok_and(|status| status.success()), "cluster.sh down failed");
    }
}
