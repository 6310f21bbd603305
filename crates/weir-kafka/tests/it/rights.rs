//! A user without rights: each refusal says on what kind of thing the right is missing.

use anyhow::{Context, Result, ensure};
use weir_kafka::{BrokerId, Client, Error, GroupAt, KafkaCode, Sasl};
use weir_testkit::{KafkaEnv, unique_name};

use crate::{
    block_on, failure,
    security::{SecureEnv, bearer, sasl_client, user},
};

const ACLS: &str = "org.apache.kafka.tools.AclCommand";
const TOPIC: KafkaCode = KafkaCode::TOPIC_AUTHORIZATION_FAILED;
const GROUP: KafkaCode = KafkaCode::GROUP_AUTHORIZATION_FAILED;
const CLUSTER: KafkaCode = KafkaCode::CLUSTER_AUTHORIZATION_FAILED;

fn reader(secure: &SecureEnv) -> Result<Client> {
    sasl_client(&secure.sasl, Some(Sasl::ScramSha512(user("reader", "weir-tests"))), None)
}

fn ensure_denied<T>(answer: Result<T, Error>, code: KafkaCode, what: &str) -> Result<()> {
    let error = failure(answer).context(what.to_owned())?;
    ensure!(error.is_denied(), "{what}: {error}");
    ensure!(error.code() == Some(code), "{what}: {error}");
    ensure!(error.to_string().contains("AUTHORIZATION_FAILED"), "{what}: {error}");
    Ok(())
}

pub fn denied(env: &KafkaEnv, secure: &SecureEnv) -> Result<()> {
    let topic = unique_name("secret");
    env.create_topic(&topic, 1, &[])?;
    let client = reader(secure)?;
    let group = GroupAt { group: "some-group".into(), coordinator: BrokerId(1) };
    let groups = std::slice::from_ref(&group);
    block_on(async {
        let metadata = client.metadata().await?;
        ensure!(metadata.topics.is_empty(), "topics we may not describe are left out");
        for broker in client.list_groups().await? {
            ensure!(broker.groups?.is_empty(), "groups we may not describe are left out");
        }
        ensure_denied(client.describe_quorum().await, CLUSTER, "quorum")?;
        ensure_denied(client.list_reassignments().await, CLUSTER, "reassignments")?;
        for broker in client.describe_log_dirs().await? {
            ensure_denied(broker.dirs, CLUSTER, "log dirs")?;
        }
        for broker in client.describe_broker_configs(&["log.retention.ms"]).await? {
            ensure_denied(broker.entries, CLUSTER, "broker configs")?;
        }
        let configs = client.describe_configs(&[topic.as_str().into()], &["retention.ms"]).await;
        ensure_denied(configs[0].entries.clone(), TOPIC, "topic configs")?;
        ensure_denied(client.describe_groups(groups).await.remove(0), GROUP, "classic group")?;
        ensure_denied(client.describe_consumer_groups(groups).await.remove(0), GROUP, "group")?;
        ensure_denied(client.describe_share_groups(groups).await.remove(0), GROUP, "share group")?;
        ensure_denied(client.fetch_offsets(groups).await.remove(0).offsets, GROUP, "offsets")
    })
}

/// One right on one topic shows that topic and nothing else.
pub fn granted(env: &KafkaEnv, secure: &SecureEnv) -> Result<()> {
    let (open, closed) = (unique_name("open"), unique_name("closed"));
    env.create_topic(&open, 1, &[])?;
    env.create_topic(&closed, 1, &[])?;
    let (user, describe) = (unique_name("someone"), ["--operation", "Describe", "--topic", &open]);
    let principal = format!("User:{user}");
    let right = [&["--allow-principal", principal.as_str()], &describe[..]].concat();
    env.run(ACLS, &[&["--add"], &right[..]].concat(), "")?;
    let client = sasl_client(&secure.sasl, Some(bearer(&user)?), None)?;
    let names: Vec<_> =
        block_on(client.metadata())?.topics.iter().map(|it| it.name.clone()).collect();
    ensure!(names == [open.into()], "{names:?}");
    Ok(())
}
