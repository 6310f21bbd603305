//! The brokers that `dev/kafka/cluster.sh` started, and Kafka's own command line tools on them.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;

use crate::describe::{self, GroupRow};

const TOPICS: &str = "org.apache.kafka.tools.TopicCommand";
const CONFIGS: &str = "kafka.admin.ConfigCommand";
const GROUPS: &str = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";
const PRODUCER: &str = "org.apache.kafka.tools.ConsoleProducer";
const CONSUMER: &str = "org.apache.kafka.tools.consumer.ConsoleConsumer";
const DELETE_RECORDS: &str = "org.apache.kafka.tools.DeleteRecordsCommand";

/// Where the test cluster is.
#[derive(Debug, Clone)]
pub struct KafkaEnv {
    /// `host:port,…` of the plaintext listeners.
    pub bootstrap: String,
    /// `host:port,…` of the TLS listeners.
    pub tls_bootstrap: String,
    /// The authority that signed the brokers' certificate, PEM.
    pub ca: PathBuf,
    /// Kafka's jars.
    pub libs: PathBuf,
    /// The cluster's folder; `broker-N/pid` is the process of broker N.
    pub dir: PathBuf,
}

/// A Java client that runs until it is dropped.
#[derive(Debug)]
pub struct RunningClient {
    child: Child,
    log: PathBuf,
}

impl RunningClient {
    /// Freezes it: it sends nothing, and stays in its groups until its sessions time out (45 s).
    pub fn pause(&self) -> Result<()> {
        send_signal(&self.child.id().to_string(), "STOP")
    }

    /// What it wrote to its standard error: why it failed, if it did.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for RunningClient {
    /// Killed, so that it neither commits nor leaves its group.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl KafkaEnv {
    /// `None` when no test cluster was started.
    pub fn from_env() -> Option<KafkaEnv> {
        KafkaEnv::from_vars(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    pub(crate) fn from_vars(var: impl Fn(&str) -> Option<String>) -> Option<KafkaEnv> {
        Some(KafkaEnv {
            bootstrap: var("WEIR_TEST_KAFKA")?,
            tls_bootstrap: var("WEIR_TEST_KAFKA_TLS")?,
            ca: var("WEIR_TEST_KAFKA_CA")?.into(),
            libs: var("WEIR_TEST_KAFKA_LIBS")?.into(),
            dir: var("WEIR_TEST_KAFKA_DIR")?.into(),
        })
    }

    /// Makes a topic, replicated as the cluster's default says. `configs` are `key=value`.
    pub fn create_topic(&self, name: &str, partitions: u32, configs: &[&str]) -> Result<()> {
        let partitions = partitions.to_string();
        let mut args = vec!["--create", "--topic", name, "--partitions", &partitions];
        for config in configs {
            args.extend(["--config", config]);
        }
        self.run(TOPICS, &args, "").map(drop)
    }

    /// Adds partitions, empty ones, up to a number.
    pub fn grow_topic(&self, name: &str, partitions: u32) -> Result<()> {
        let partitions = partitions.to_string();
        let args = ["--alter", "--topic", name, "--partitions", &partitions];
        self.run(TOPICS, &args, "").map(drop)
    }

    /// Sets `key=value` on a topic.
    pub fn configure_topic(&self, name: &str, configs: &[&str]) -> Result<()> {
        let configs = configs.join(",");
        let args =
            ["--alter", "--entity-type", "topics", "--entity-name", name, "--add-config", &configs];
        self.run(CONFIGS, &args, "").map(drop)
    }

    pub fn delete_topic(&self, name: &str) -> Result<()> {
        self.run(TOPICS, &["--delete", "--topic", name], "").map(drop)
    }

    /// Produces `key:value` lines; the key alone decides the partition.
    pub fn produce(&self, topic: &str, lines: &[String]) -> Result<()> {
        let args = [
            "--topic",
            topic,
            "--reader-property",
            "parse.key=true",
            "--reader-property",
            "key.separator=:",
            // Brokers of 2.8 without ZooKeeper know no idempotent producers.
            "--command-property",
            "enable.idempotence=false",
        ];
        self.run(PRODUCER, &args, &lines.join("\n")).map(drop)
    }

    /// Deletes what lies before an offset, as retention would.
    pub fn delete_records(&self, topic: &str, partition: i32, before: i64) -> Result<()> {
        let json = serde_json::json!({
            "version": 1,
            "partitions": [{"topic": topic, "partition": partition, "offset": before}],
        });
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(json.to_string().as_bytes())?;
        let args = [OsStr::new("--offset-json-file"), file.path().as_os_str()];
        self.run(DELETE_RECORDS, &args, "").map(drop)
    }

    /// Commits for a group without members: `to` as the tool has it, `--to-offset 5` for example.
    /// `topic` may name partitions: `orders:0,2`.
    pub fn reset_offsets(&self, group: &str, topic: &str, to: &[&str]) -> Result<()> {
        let mut args = vec!["--reset-offsets", "--execute", "--group", group, "--topic", topic];
        args.extend(to);
        self.run(GROUPS, &args, "").map(drop)
    }

    /// `kafka-consumer-groups.sh --describe` of one group.
    pub fn describe_group(&self, group: &str) -> Result<Vec<GroupRow>> {
        describe::parse(&self.run(GROUPS, &["--describe", "--group", group], "")?)
    }

    /// `kafka-consumer-groups.sh --describe` of every group of the cluster.
    pub fn describe_all_groups(&self) -> Result<Vec<GroupRow>> {
        describe::parse(&self.run(GROUPS, &["--describe", "--all-groups"], "")?)
    }

    /// What `kafka-topics.sh --describe --under-replicated-partitions` lists: topic and partition.
    /// It asks the controller of the metadata, which is any live broker: while that one hangs
    /// and nobody has noticed, the tool fails after a few seconds.
    pub fn under_replicated(&self) -> Result<BTreeSet<(String, i64)>> {
        let mut patience = tempfile::NamedTempFile::new()?;
        writeln!(patience, "request.timeout.ms=2000\ndefault.api.timeout.ms=4000")?;
        let args = ["--describe", "--under-replicated-partitions", "--command-config"];
        let mut args: Vec<&OsStr> = args.iter().map(OsStr::new).collect();
        args.push(patience.path().as_os_str());
        let output = self.run(TOPICS, &args, "")?;
        let cell = |line: &str, name: &str| {
            let mut cells = line.split('\t').filter_map(|cell| cell.trim().split_once(": "));
            cells.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
        };
        let place =
            |line: &str| Some((cell(line, "Topic")?, cell(line, "Partition")?.parse().ok()?));
        let lines = output.lines().filter(|line| !line.trim().is_empty());
        lines.map(|line| place(line).with_context(|| format!("unknown line: {line}"))).collect()
    }

    /// Reads `messages` messages with a group and commits where it ended.
    pub fn consume(&self, group: &str, topic: &str, messages: u32, more: &[&str]) -> Result<()> {
        let messages = messages.to_string();
        let mut args = vec!["--topic", topic, "--group", group, "--max-messages", &messages];
        args.extend(["--from-beginning", "--timeout-ms", "30000"]);
        args.extend(more);
        self.run(CONSUMER, &args, "").map(drop)
    }

    /// Starts a consumer that stays. `properties` are `key=value`: `group.id=g`,
    /// `group.protocol=consumer` and so on.
    pub fn start_consumer(&self, topic: &str, properties: &[String]) -> Result<RunningClient> {
        let mut command = self.tool(CONSUMER);
        command.args(["--topic", topic]);
        for property in properties {
            command.args(["--command-property", property]);
        }
        self.start(command, "consumer")
    }

    /// Starts the traffic of `dev/kafka/Traffic.java`: producers, classic and KIP-848 consumers.
    /// Its topics and groups have fixed names; [`KafkaEnv::describe_all_groups`] finds them.
    pub fn start_traffic(&self) -> Result<RunningClient> {
        // The launcher compiles the file in the same heap.
        let mut command = self.java_with_heap("256m");
        command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../dev/kafka/Traffic.java"));
        command.args(["--bootstrap", &self.bootstrap]);
        self.start(command, "traffic")
    }

    /// Starts `dev/kafka/StreamsMember.java`: the one member of a streams group, reading a topic.
    pub fn start_streams_member(&self, group: &str, topic: &str) -> Result<RunningClient> {
        let mut command = self.java_with_heap("256m");
        command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../dev/kafka/StreamsMember.java"));
        command.args(["--bootstrap", &self.bootstrap, "--group", group, "--topic", topic]);
        self.start(command, "streams-member")
    }

    /// Starts `dev/kafka/Fill.java`, which fills the cluster to a size; `args` are its own.
    pub fn start_fill(&self, args: &[&str]) -> Result<RunningClient> {
        let mut command = self.java_with_heap("256m");
        command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../dev/kafka/Fill.java"));
        command.args(["--bootstrap", &self.bootstrap]).args(args);
        self.start(command, "fill")
    }

    /// How many requests of each kind the brokers have answered to a client id, by their own
    /// request logs; the kinds are spelled as Kafka's `ApiKeys`. What a broker forwards to the
    /// controller counts once. Only for clusters that keep such logs.
    pub fn requests_answered(&self, client_id: &str) -> Result<BTreeMap<String, u64>> {
        let mut counts = BTreeMap::new();
        for broker in 1..=self.bootstrap.split(',').count() {
            let path = self.dir.join(format!("broker-{broker}/requests.log"));
            let log = std::fs::read_to_string(&path)
                .with_context(|| format!("read {}", path.display()))?;
            for line in log.lines().filter(|line| !line.contains("\"isForwarded\":true")) {
                if text_field(line, "clientId") == Some(client_id) {
                    let api =
                        text_field(line, "requestApiKeyName").context("a nameless request")?;
                    *counts.entry(api.to_owned()).or_default() += 1;
                }
            }
        }
        Ok(counts)
    }

    /// Sends a signal to a broker: `STOP`, `CONT`, `KILL`. Only for brokers of a test's own.
    pub fn signal_broker(&self, broker_id: u32, signal: &str) -> Result<()> {
        let path = self.dir.join(format!("broker-{broker_id}/pid"));
        let pid =
            std::fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
        send_signal(pid.trim(), signal)
    }

    /// Runs one of Kafka's tools to its end and gives its standard output.
    pub fn run(&self, class: &str, args: &[impl AsRef<OsStr>], stdin: &str) -> Result<String> {
        let mut command = self.tool(class);
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().context("java could not be started")?;
        let mut pipe = child.stdin.take().context("the tool has no standard input")?;
        pipe.write_all(stdin.as_bytes())?;
        drop(pipe);
        let output = child.wait_with_output()?;
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let stderr = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{class} failed: {stdout}{stderr}");
        Ok(stdout)
    }

    fn tool(&self, class: &str) -> Command {
        let mut command = self.java();
        command.args([class, "--bootstrap-server", &self.bootstrap]);
        command
    }

    fn start(&self, mut command: Command, what: &str) -> Result<RunningClient> {
        let log = self.dir.join(format!("{}.log", unique_name(what)));
        let stderr = File::create(&log).with_context(|| format!("create {}", log.display()))?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(stderr);
        Ok(RunningClient { child: command.spawn().context("java could not be started")?, log })
    }

    fn java(&self) -> Command {
        self.java_with_heap("128m")
    }

    fn java_with_heap(&self, most: &str) -> Command {
        let log = concat!(env!("CARGO_MANIFEST_DIR"), "/../../dev/kafka/log4j2.xml");
        let mut command = Command::new("java");
        command
            .arg(format!("-Xmx{most}"))
            .args(["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"])
            .arg(format!("-Dlog4j2.configurationFile={log}"))
            .arg("-cp")
            .arg(self.libs.join("*"));
        command
    }
}

/// The first text of that name in a line of JSON; those looked for come before all free text.
fn text_field<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = line.split_once(&format!("\"{name}\":\""))?;
    after.split('"').next()
}

fn send_signal(pid: &str, signal: &str) -> Result<()> {
    let status = Command::new("kill").args([&format!("-{signal}"), pid]).status()?;
    ensure!(status.success(), "kill -{signal} {pid} failed");
    Ok(())
}

/// A test on the test cluster; ignored, and so reported by name, when there is none.
pub fn kafka_trial(
    name: &str,
    test: impl FnOnce(&KafkaEnv) -> Result<()> + Send + 'static,
) -> Trial {
    let env = KafkaEnv::from_env();
    let missing = env.is_none();
    Trial::test(name, move || {
        let env = env.ok_or("no test cluster: run under dev/kafka/cluster.sh with -- …")?;
        test(&env).map_err(|error| format!("{error:#}").into())
    })
    .with_kind("kafka")
    .with_ignored_flag(missing)
}

/// A topic or group name that no other test and no earlier run on the cluster has used.
pub fn unique_name(what: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{what}-{now}-{}-{count}", std::process::id())
}
