//! What `cluster.sh --secure` adds, and tests that need it.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use libtest_mimic::{Failed, Trial};
use weir_testkit::{KafkaEnv, WeirProcess};

use crate::listener::identity_provider;
use crate::wait_for;

/// `host:port,…` of the listeners that ask who connects.
#[derive(Debug, Clone)]
pub struct SecureEnv {
    pub sasl: String,
    pub sasl_tls: String,
    pub mtls: String,
}

impl SecureEnv {
    /// `None` when the test cluster has no such listeners.
    fn from_env() -> Option<SecureEnv> {
        let var = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
        Some(SecureEnv {
            sasl: var("WEIR_TEST_KAFKA_SASL")?,
            sasl_tls: var("WEIR_TEST_KAFKA_SASL_TLS")?,
            mtls: var("WEIR_TEST_KAFKA_MTLS")?,
        })
    }
}

/// Ignored, by name, without a secure cluster.
pub fn trial(name: &str, test: fn(&KafkaEnv, &SecureEnv) -> Result<()>) -> Trial {
    let env = KafkaEnv::from_env().zip(SecureEnv::from_env());
    let is_missing = env.is_none();
    let run = move || {
        let (kafka, secure) = env.context("no secure cluster").map_err(Failed::from)?;
        test(&kafka, &secure).map_err(|error| format!("{error:#}").into())
    };
    Trial::test(name, run).with_kind("kafka").with_ignored_flag(is_missing)
}

/// From the file to the brokers: Weir asks an identity provider and is let in.
pub fn client_credentials(_: &KafkaEnv, secure: &SecureEnv) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let path = |name: &str| -> PathBuf { dir.path().join(name) };
    std::fs::write(path("secret"), "hunter2\n")?;
    let text = format!(
        "sources:\n  - kafka:\n      name: oauth\n      bootstrap: [{}]\n      sasl:\n        \
         mechanism: OAUTHBEARER\n        token_endpoint: http://{}/token\n        client_id: weir\n        \
         client_secret: ${{file:{}}}\n        scope: kafka\n",
        secure.sasl,
        identity_provider()?,
        path("secret").display(),
    );
    std::fs::write(path("weir.yaml"), text)?;
    let config = path("weir.yaml").display().to_string();
    let weir = WeirProcess::start(crate::WEIR, path("data"), &["--config", &config])?;
    let cluster = wait_for(&weir, "/api/v1/clusters/oauth")?;
    ensure!(cluster["broker_count"] == secure.sasl.split(',').count(), "{cluster}");
    let sources = weir.get("/api/v1/sources", &[])?.json()?;
    ensure!(sources["items"][0]["state"] == "ok", "{sources}");
    let shown = crate::run(&weir, &["config", "show", "--config", &config])?;
    ensure!(!format!("{shown}{}", weir.stderr()?).contains("hunter2"), "{shown}");
    Ok(())
}
