//! Getting through to brokers, and saying well why not.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use weir_kafka::{Client, ClientOptions, Error, TlsOptions};
use weir_testkit::{KafkaEnv, eventually_async};

use crate::{addresses, block_on, client, failure};

fn tls_client(list: &str, tls: TlsOptions) -> Result<Client> {
    let mut options = ClientOptions::new(addresses(list));
    options.tls = Some(tls);
    Ok(Client::new(options)?)
}

fn with_ca(env: &KafkaEnv) -> TlsOptions {
    TlsOptions { ca_file: Some(env.ca.clone()), ..TlsOptions::default() }
}

fn first(list: &str) -> &str {
    list.split(',').next().unwrap_or(list)
}

pub fn tls(env: &KafkaEnv) -> Result<()> {
    let client = tls_client(&env.tls_bootstrap, with_ca(env))?;
    block_on(async {
        let metadata = client.metadata().await?;
        for broker in &metadata.brokers {
            let address = broker.address.to_string();
            ensure!(env.tls_bootstrap.contains(&address), "{address} is no TLS listener");
        }
        for broker in client.list_groups().await? {
            broker.groups.context("every broker answers over TLS")?;
        }
        Ok(())
    })
}

pub fn untrusted(env: &KafkaEnv) -> Result<()> {
    let client = tls_client(first(&env.tls_bootstrap), TlsOptions::default())?;
    let error = failure(block_on(client.metadata()))?;
    ensure!(matches!(error, Error::UntrustedCertificate { .. }), "{error}");
    ensure!(error.to_string().contains("CA file of `tls`"), "{error}");
    Ok(())
}

/// The name of the trial that runs [`system_roots`], and of the variable that marks its child.
pub const SYSTEM_ROOTS: &str = "without_a_ca_file_the_systems_authorities_are_trusted";
const CHILD: &str = "WEIR_TEST_SYSTEM_ROOTS";

/// In a process of its own, whose system trusts the cluster's authority.
pub fn system_roots(env: &KafkaEnv) -> Result<()> {
    if std::env::var_os(CHILD).is_some() {
        let client = tls_client(first(&env.tls_bootstrap), TlsOptions::default())?;
        return block_on(client.metadata()).map(|_| ()).context("as a child");
    }
    let child = Command::new(std::env::current_exe()?)
        .args(["--exact", SYSTEM_ROOTS])
        .env("SSL_CERT_FILE", &env.ca)
        .env_remove("SSL_CERT_DIR")
        .env(CHILD, "1")
        .output()?;
    let said = String::from_utf8_lossy(&child.stdout);
    ensure!(child.status.success() && said.contains("1 passed"), "{said}");
    Ok(())
}

pub fn wrong_name(env: &KafkaEnv) -> Result<()> {
    let tls = TlsOptions { server_name: Some("kafka.example".into()), ..with_ca(env) };
    let error = failure(block_on(tls_client(first(&env.tls_bootstrap), tls)?.metadata()))?;
    ensure!(matches!(error, Error::CertificateName { .. }), "{error}");
    let tls = TlsOptions { server_name: Some("localhost".into()), ..with_ca(env) };
    block_on(tls_client(first(&env.tls_bootstrap), tls)?.metadata())?;
    Ok(())
}

pub fn plaintext_to_tls(env: &KafkaEnv) -> Result<()> {
    let error = failure(block_on(client(first(&env.tls_bootstrap)).metadata()))?;
    ensure!(error.to_string().contains("set `tls`"), "{error}");
    ensure!(error.to_string().starts_with(first(&env.tls_bootstrap)), "{error}");
    Ok(())
}

pub fn tls_to_plaintext(env: &KafkaEnv) -> Result<()> {
    let error = failure(block_on(tls_client(first(&env.bootstrap), with_ca(env))?.metadata()))?;
    ensure!(matches!(error, Error::TlsUnexpected { .. }), "{error}");
    ensure!(error.to_string().contains("remove `tls`"), "{error}");
    Ok(())
}

pub fn bootstrap(env: &KafkaEnv) -> Result<()> {
    let mixed = format!("127.0.0.1:1,no-such-host.invalid:9092,{}", first(&env.bootstrap));
    block_on(client(&mixed).metadata())?;

    let error = failure(block_on(client("127.0.0.1:1,no-such-host.invalid:9092").metadata()))?;
    let message = error.to_string();
    ensure!(
        message.starts_with("no broker answered: 127.0.0.1:1: connection refused"),
        "{message}"
    );
    ensure!(message.contains("cannot resolve host `no-such-host.invalid`"), "{message}");
    Ok(())
}

/// A broker that hangs costs one time-out, not one a call, and only its own entry.
pub fn stopped_broker(env: &KafkaEnv) -> Result<()> {
    // The test before this one may have stopped it too. Its connections are not this client's.
    block_on(until_all_are_well(&client(&env.bootstrap)))?;
    let client = client(&env.bootstrap);
    let stopped = Stopped::new(env, 3)?;
    block_on(async {
        client.metadata().await.context("the other brokers answer")?;
        let hung = |error: &Error| matches!(error, Error::HandshakeTimeout { .. });
        let first = only_failure(&client).await?;
        ensure!(hung(&first), "the first call waits for the time-out: {first}");
        let spared = only_failure(&client).await?;
        let cause = matches!(&spared, Error::BackingOff { cause, .. } if hung(cause));
        ensure!(cause, "the second does not: {spared}");

        drop(stopped);
        until_all_are_well(&client).await
    })
}

async fn until_all_are_well(client: &Client) -> Result<()> {
    eventually_async(Duration::from_secs(60), "an answer of every broker", async || {
        ensure!(all_well(client).await?, "one was not reached, or a replica is behind");
        Ok(())
    })
    .await
}

/// Why broker 3 did not list its groups; the other two did.
async fn only_failure(client: &Client) -> Result<Error> {
    let mut listing = client.list_groups().await?;
    let third = listing.pop().context("three brokers are known")?;
    ensure!(third.broker.0 == 3 && listing.iter().all(|broker| broker.groups.is_ok()));
    failure(third.groups)
}

/// Three brokers that answer, and no replica behind: as the tests after this one expect them.
async fn all_well(client: &Client) -> Result<bool> {
    let metadata = client.metadata().await?;
    let mut partitions = metadata.topics.iter().flat_map(|topic| &topic.partitions);
    let in_sync = partitions.all(|partition| partition.isr.len() == partition.replicas.len());
    let listing = client.list_groups().await?;
    Ok(in_sync && listing.len() == 3 && listing.iter().all(|broker| broker.groups.is_ok()))
}

/// A broker whose process does nothing until this is dropped.
pub struct Stopped<'a> {
    env: &'a KafkaEnv,
    broker: u32,
}

impl<'a> Stopped<'a> {
    pub fn new(env: &'a KafkaEnv, broker: u32) -> Result<Self> {
        env.signal_broker(broker, "STOP")?;
        Ok(Self { env, broker })
    }
}

impl Drop for Stopped<'_> {
    fn drop(&mut self) {
        let _ = self.env.signal_broker(self.broker, "CONT");
    }
}
