//! `test_source`: what it finds, and what it says when something is wrong.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use weir_collect::{KafkaSourceOptions, Step, test_source};
use weir_testkit::{KafkaEnv, kafka_trial};

use crate::support::{options, runtime};

pub fn trials() -> Vec<Trial> {
    vec![
        kafka_trial("probe::every_step_passes", every_step_passes),
        kafka_trial("probe::every_step_passes_over_tls", every_step_passes_over_tls),
        kafka_trial("probe::plaintext_to_a_tls_port", plaintext_to_a_tls_port),
        kafka_trial("probe::tls_to_a_plaintext_port", tls_to_a_plaintext_port),
        kafka_trial("probe::an_authority_nobody_trusts", an_authority_nobody_trusts),
    ]
}

fn every_step_passes(env: &KafkaEnv) -> Result<()> {
    let steps = test(&options(&env.bootstrap, None)?)?;
    let names: Vec<&str> = steps.iter().map(|step| step.name).collect();
    let expected =
        ["resolve", "connect", "api versions", "metadata", "groups", "offsets", "rights"];
    ensure!(names == expected, "{names:?}");
    ensure!(steps.iter().all(|step| step.ok), "{steps:#?}");
    Ok(())
}

fn every_step_passes_over_tls(env: &KafkaEnv) -> Result<()> {
    let steps = test(&options(&env.tls_bootstrap, Some(env.ca.clone()))?)?;
    ensure!(steps.iter().all(|step| step.ok), "{steps:#?}");
    ensure!(steps.iter().any(|step| step.name == "tls"), "{steps:#?}");
    Ok(())
}

fn plaintext_to_a_tls_port(env: &KafkaEnv) -> Result<()> {
    let failed = failure(&options(&env.tls_bootstrap, None)?)?;
    ensure!(failed.name == "api versions", "{failed:?}");
    ensure!(failed.detail.contains("speaks TLS and we spoke plaintext"), "{failed:?}");
    Ok(())
}

fn tls_to_a_plaintext_port(env: &KafkaEnv) -> Result<()> {
    let failed = failure(&options(&env.bootstrap, Some(env.ca.clone()))?)?;
    ensure!(failed.name == "tls", "{failed:?}");
    ensure!(failed.detail.contains("does not speak TLS"), "{failed:?}");
    Ok(())
}

fn an_authority_nobody_trusts(env: &KafkaEnv) -> Result<()> {
    let mut options = options(&env.tls_bootstrap, None)?;
    options.client.tls = Some(weir_kafka::TlsOptions::default());
    let failed = failure(&options)?;
    // A machine without any system authorities says so instead.
    let expected = ["not trusted", "no certificate authorities"];
    ensure!(expected.iter().any(|text| failed.detail.contains(text)), "{failed:?}");
    Ok(())
}

fn test(options: &KafkaSourceOptions) -> Result<Vec<Step>> {
    Ok(runtime()?.block_on(test_source(options)))
}

fn failure(options: &KafkaSourceOptions) -> Result<Step> {
    let steps = test(options)?;
    let failed = steps.iter().position(|step| !step.ok).context("nothing failed")?;
    ensure!(failed == steps.len() - 1, "steps after the one that failed: {steps:#?}");
    Ok(steps[failed].clone())
}
