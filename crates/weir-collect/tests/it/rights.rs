//! What a user who may know little is told about it, and which right is named.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use libtest_mimic::{Failed, Trial};
use weir_collect::{Capability, Cycle, KafkaSourceOptions, Question};
use weir_kafka::Sasl;
use weir_kafka::sasl::Credentials;
use weir_testkit::{KafkaEnv, eventually, unique_name};
use weir_types::source::SourceState;
use weir_types::{Clock, Secret, SystemClock};

use crate::support::{Poller, find, int, of_type, options};

const ACLS: &str = "org.apache.kafka.tools.AclCommand";
const CLUSTER: &str = "DESCRIBE on CLUSTER";
const UNCHECKED: &str = "DESCRIBE on TOPIC * (which cannot be checked without DESCRIBE on CLUSTER)";

/// They need a cluster with users and ACLs; without one they are ignored by name.
pub fn trials() -> Vec<Trial> {
    let secure = KafkaEnv::from_env().zip(std::env::var("WEIR_TEST_KAFKA_SASL").ok());
    let is_missing = secure.is_none();
    let run = move || {
        let (env, bootstrap) = secure.context("no cluster with users").map_err(Failed::from)?;
        rights_come_one_by_one(&env, &bootstrap).map_err(|error| format!("{error:#}").into())
    };
    let trial = Trial::test("rights::come_one_by_one", run).with_kind("kafka");
    vec![trial.with_ignored_flag(is_missing)]
}

fn rights_come_one_by_one(env: &KafkaEnv, bootstrap: &str) -> Result<()> {
    let (seen, hidden) = (unique_name("seen"), unique_name("hidden"));
    for topic in [&seen, &hidden] {
        env.create_topic(topic, 1, &[])?;
        env.reset_offsets(topic, topic, &["--to-earliest"])?;
    }
    let mut poller = Poller::of(as_grantee(bootstrap)?)?;
    let nothing = poller.poll();
    ensure!(nothing.report.state == SourceState::Partial, "{:?}", nothing.report);
    let error = nothing.report.error.context("no error")?;
    ensure!(error.contains(&format!("grant {CLUSTER}")), "{error}");
    let questions = poller.source().capabilities().get().questions;
    let denied = Capability::Denied { right: CLUSTER.to_owned() };
    for question in [Question::MetadataQuorum, Question::LogDirs, Question::Reassignments] {
        ensure!(questions[&question] == denied, "{question}: {questions:?}");
    }
    let partial = Capability::MayBePartial { right: CLUSTER.to_owned() };
    ensure!(questions[&Question::ListGroups] == partial, "{questions:?}");
    ensure!(is_partial(&questions[&Question::Metadata], UNCHECKED), "{questions:?}");
    let brokers = of_type(&nothing.events, "KafkaBrokerSample");
    ensure!(brokers.iter().all(|b| b.get("requestLatencyMs").is_some()), "{brokers:?}");

    allow(env, &["--operation", "Describe", "--cluster"])?;
    allow(env, &["--operation", "Describe", "--topic", &seen])?;
    let mut poller = Poller::of(as_grantee(bootstrap)?)?;
    poller.poll_until("the rights on cluster and topic", |events| {
        let cluster = of_type(events, "KafkaClusterSample");
        find(events, "KafkaTopicSample", "topic", &seen).is_some()
            && cluster.iter().all(|c| int(c, "activeControllers") == Some(1))
    })?;
    let right = "DESCRIBE on TOPIC *".to_owned();
    let shortened = Capability::MayBePartial { right };
    let cycle = later_until(&mut poller, |questions| questions[&Question::Metadata] == shortened)?;
    let questions = poller.source().capabilities().get().questions;
    ensure!(questions[&Question::ListGroups] == Capability::Ok, "{questions:?}");
    let of_topics = &questions[&Question::TopicConfigs];
    let right = "DESCRIBE_CONFIGS on TOPIC *".to_owned();
    ensure!(*of_topics == Capability::Denied { right }, "{questions:?}");
    ensure!(find(&cycle.events, "KafkaTopicSample", "topic", &hidden).is_none(), "{hidden} shows");
    let groups = of_type(&cycle.events, "KafkaConsumerGroupSample");
    ensure!(groups.len() >= 2, "Describe on the cluster lists every group: {groups:?}");

    allow(env, &["--operation", "Describe", "--group", "*"])?;
    let mut poller = Poller::of(as_grantee(bootstrap)?)?;
    later_until(&mut poller, |questions| {
        let of_commits = questions.get(&Question::CommittedOffsets);
        of_commits.is_some_and(|came| is_partial(came, "DESCRIBE on TOPIC *"))
    })?;
    Ok(())
}

fn is_partial(came: &Capability, wanted: &str) -> bool {
    matches!(came, Capability::MayBePartial { right } if right == wanted)
}

/// Polls ten minutes apart, so that the slow cycle's questions are asked each time.
fn later_until(
    poller: &mut Poller,
    holds: impl Fn(&BTreeMap<Question, Capability>) -> bool,
) -> Result<Cycle> {
    let mut now = SystemClock.now();
    eventually(Duration::from_secs(30), "what the rights allow", || {
        now = now.saturating_add(Duration::from_secs(600));
        let cycle = poller.poll_at(now);
        let questions = poller.source().capabilities().get().questions;
        ensure!(holds(&questions), "{questions:?}");
        Ok(cycle)
    })
}

fn as_grantee(bootstrap: &str) -> Result<KafkaSourceOptions> {
    let mut options = options(bootstrap, None)?;
    options.client.sasl = Some(Sasl::Plain(Credentials {
        username: "grantee".to_owned(),
        password: Secret::new("weir-tests"),
    }));
    Ok(options)
}

fn allow(env: &KafkaEnv, what: &[&str]) -> Result<()> {
    let mut args = vec!["--add", "--allow-principal", "User:grantee"];
    args.extend_from_slice(what);
    env.run(ACLS, &args, "").map(|_| ())
}
