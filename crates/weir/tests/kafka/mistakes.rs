//! Mistakes of a newcomer, planted one by one: `weir sources test`, the page's test button and the
//! running server's status all say what exactly is wrong and what to do.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value as Json;
use weir_testkit::{KafkaEnv, WeirProcess};

use crate::listener::{http_server, identity_provider, misadvertising_broker};
use crate::secure::SecureEnv;

/// Longer than any of the mistakes takes to show.
const PATIENCE: Duration = Duration::from_secs(60);
/// In every configuration that takes a secret; nothing may repeat it.
const SECRET: &str = "hunter2";

struct Mistake {
    name: &'static str,
    /// The keys of the source besides its name.
    keys: String,
    /// The step of `weir sources test` that fails.
    step: &'static str,
    /// What is wrong and what to do, in every place.
    says: &'static [&'static str],
}

fn planted(kafka: &KafkaEnv, secure: &SecureEnv, files: &Files) -> Result<Vec<Mistake>> {
    let mistake = |name, bootstrap: &str, more: &str, step, says| {
        let bootstrap = bootstrap.split(',').next().unwrap_or_default();
        Mistake { name, keys: format!("bootstrap: [\"{bootstrap}\"]{more}"), step, says }
    };
    let (plain, tls) = (kafka.bootstrap.as_str(), kafka.tls_bootstrap.as_str());
    let ca = kafka.ca.display();
    let user = |mechanism: &str, name: &str, file: &str| {
        format!(
            ", sasl: {{mechanism: {mechanism}, username: {name}, password: \"${{file:{file}}}\"}}"
        )
    };
    let wrong = |mechanism: &str| user(mechanism, "weir", &files.secret);
    let with_ca = format!(", tls: {{ca_file: \"{ca}\"}}");
    let (http, broker) = (http_server()?.to_string(), misadvertising_broker()?.to_string());
    let oauth = format!(
        ", sasl: {{mechanism: OAUTHBEARER, token_endpoint: \"http://{}/token\", client_id: nobody, \
         client_secret: \"${{file:{}}}\"}}",
        identity_provider()?,
        files.secret
    );
    Ok(vec![
        mistake(
            "wrong-port",
            "127.0.0.1:1",
            "",
            "connect",
            &["127.0.0.1:1: connection refused", "that the port is right"],
        ),
        mistake(
            "unknown-name",
            "no-such-host.invalid:9092",
            "",
            "resolve",
            &["no-such-host.invalid", "this machine's DNS"],
        ),
        mistake(
            "tls-to-plaintext",
            plain,
            &with_ca,
            "tls",
            &["does not speak TLS", "remove `tls`"],
        ),
        mistake(
            "plaintext-to-tls",
            tls,
            "",
            "api versions",
            &["speaks TLS and we spoke plaintext", "set `tls`"],
        ),
        mistake(
            "unknown-authority",
            tls,
            &format!(", tls: {{ca_file: \"{}\"}}", files.other_ca),
            "tls",
            &["its certificate is not trusted", "CA file of `tls`"],
        ),
        mistake(
            "other-name",
            tls,
            &format!(", tls: {{ca_file: \"{ca}\", server_name: kafka.example}}"),
            "tls",
            &["its certificate is for another name", "kafka.example", "connect by that name"],
        ),
        mistake(
            "wrong-password",
            &secure.sasl,
            &wrong("SCRAM-SHA-512"),
            "sasl",
            &["SCRAM-SHA-512 authentication failed", "check the credentials of `sasl`"],
        ),
        mistake(
            "mechanism-not-enabled",
            &secure.sasl_tls,
            &format!("{with_ca}{}", wrong("SCRAM-SHA-256")),
            "sasl",
            &["does not offer SCRAM-SHA-256", "PLAIN", "set the mechanism of `sasl`"],
        ),
        mistake(
            "sasl-to-no-sasl",
            plain,
            &wrong("PLAIN"),
            "sasl",
            &["takes no SASL authentication", "remove `sasl`"],
        ),
        mistake(
            "no-sasl-to-sasl",
            &secure.sasl,
            "",
            "api versions",
            &["most likely wants SASL", "set `sasl`"],
        ),
        mistake(
            "advertised-elsewhere",
            &broker,
            "",
            "api versions",
            &[
                "broker 7 advertises 127.0.0.1:1",
                "connection refused",
                "correct advertised.listeners",
            ],
        ),
        mistake(
            "missing-rights",
            &secure.sasl,
            &user("PLAIN", "reader", &files.password),
            "rights",
            &["grant DESCRIBE on CLUSTER"],
        ),
        mistake(
            "http-server",
            &http,
            "",
            "api versions",
            &["does not speak Kafka's protocol", "HTTP", "check the port"],
        ),
        mistake(
            "no-such-ca-file",
            tls,
            ", tls: {ca_file: /no/such/ca.pem}",
            "options",
            &[
                "cannot read certificate authorities from /no/such/ca.pem",
                "correct the CA file of `tls`",
            ],
        ),
        mistake(
            "ca-file-of-something-else",
            tls,
            &format!(", tls: {{ca_file: \"{}\"}}", files.secret),
            "options",
            &["cannot read certificate authorities from", "it holds no PEM certificate"],
        ),
        mistake(
            "expired-client-certificate",
            &secure.mtls,
            &format!(
                ", tls: {{ca_file: \"{ca}\", cert_file: \"{0}\", key_file: \"{0}\"}}",
                files.expired
            ),
            "tls",
            &["does not accept our client certificate", "still valid"],
        ),
        mistake(
            "unknown-oauth-client",
            &secure.sasl,
            &oauth,
            "sasl",
            &[
                "no token or key to authenticate with",
                "/token: it refused with invalid_client",
                "check the client's id and secret",
            ],
        ),
    ])
}

pub fn all_are_named(kafka: &KafkaEnv, secure: &SecureEnv) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let mistakes = planted(kafka, secure, &Files::write(dir.path())?)?;
    let mut text = "sources:\n".to_owned();
    for Mistake { name, keys, .. } in &mistakes {
        text.push_str(&format!("  - kafka: {{name: {name}, interval: 10s, {keys}}}\n"));
    }
    let config = dir.path().join("weir.yaml");
    std::fs::write(&config, text)?;
    let config = config.to_str().context("the path is UTF-8")?;

    let server = WeirProcess::start(crate::WEIR, dir.path().join("data"), &["--config", config])?;
    let tested = tested(config)?;
    let asked = asked_of_the_server(&server, &mistakes)?;
    let tests = mistakes.iter().flat_map(|one| [judge_test(one, &tested), judge_test(one, &asked)]);
    let mut wrong: Vec<_> = tests.flatten().collect();
    let statuses = statuses_told(&server, &mistakes)?;
    wrong.extend(wrongly_told(&mistakes, &statuses));
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    let log = server.stderr()?;
    ensure!(
        !log.contains(SECRET) && !format!("{tested:?}{asked:?}{statuses:?}").contains(SECRET),
        "{log}"
    );
    Ok(())
}

/// What `weir sources test` prints of each source.
fn tested(config: &str) -> Result<BTreeMap<String, Json>> {
    let mut command = Command::new(crate::WEIR);
    let output = command.args(["sources", "test", "--config", config, "-o", "json"]).output()?;
    ensure!(output.status.code() == Some(6), "{output:?}");
    let document: Json = serde_json::from_slice(&output.stdout)?;
    let sources = document.as_array().context("a list of sources")?;
    let named = sources.iter().map(|one| (word(&one["source"]), one["steps"].clone()));
    Ok(named.collect())
}

/// What the page's button shows of each source.
fn asked_of_the_server(
    server: &WeirProcess,
    mistakes: &[Mistake],
) -> Result<BTreeMap<String, Json>> {
    let ask = |mistake: &Mistake| -> Result<(String, Json)> {
        let path = format!("/api/v1/sources/{}/test", mistake.name);
        let answer = server.post(&path, &[], "")?.json()?;
        ensure!(answer["ok"] == false, "{}: {answer}", mistake.name);
        Ok((mistake.name.to_owned(), answer["steps"].clone()))
    };
    mistakes.iter().map(ask).collect()
}

/// What the server says of each source, once all is told. A cycle that a busy machine cut short says
/// so and is followed by another.
fn statuses_told(server: &WeirProcess, mistakes: &[Mistake]) -> Result<BTreeMap<String, Json>> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let answer = server.get("/api/v1/sources", &[])?.json()?;
        let items = answer["items"].as_array().cloned().unwrap_or_default();
        let statuses = items.into_iter().map(|item| (word(&item["name"]), item)).collect();
        if Instant::now() > deadline || wrongly_told(mistakes, &statuses).is_empty() {
            return Ok(statuses);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn wrongly_told(mistakes: &[Mistake], statuses: &BTreeMap<String, Json>) -> Vec<String> {
    mistakes.iter().filter_map(|mistake| judge_status(mistake, statuses)).collect()
}

fn judge_test(mistake: &Mistake, tested: &BTreeMap<String, Json>) -> Option<String> {
    let steps = tested.get(mistake.name).and_then(Json::as_array).cloned().unwrap_or_default();
    let failed = steps.iter().find(|step| step["ok"] == false);
    let Some(failed) = failed else {
        return Some(format!("{}: no step fails: {steps:#?}", mistake.name));
    };
    let said = format!("{} {}", word(&failed["detail"]), word(&failed["next_step"]));
    let missing: Vec<_> = mistake.says.iter().filter(|part| !said.contains(**part)).collect();
    let is_named = failed["name"] == mistake.step && missing.is_empty();
    (!is_named).then(|| format!("{} (test): `{}`: {said}", mistake.name, word(&failed["name"])))
}

fn judge_status(mistake: &Mistake, statuses: &BTreeMap<String, Json>) -> Option<String> {
    let said = statuses.get(mistake.name).map(|status| word(&status["last_error"]));
    let said = said.unwrap_or_default();
    let is_named = mistake.says.iter().all(|part| said.contains(part));
    (!is_named).then(|| format!("{} (status): {said}", mistake.name))
}

fn word(value: &Json) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// What the configurations point to.
struct Files {
    secret: String,
    /// Of the cluster's users.
    password: String,
    /// An authority that signed nothing here.
    other_ca: String,
    /// A client's certificate and key.
    expired: String,
}

impl Files {
    fn write(dir: &Path) -> Result<Files> {
        let write = |name: &str, text: &str| -> Result<String> {
            let path = dir.join(name);
            std::fs::write(&path, text)?;
            Ok(path.display().to_string())
        };
        let other = rcgen::generate_simple_self_signed(["other".to_owned()])?;
        let key = rcgen::KeyPair::generate()?;
        let mut expired = rcgen::CertificateParams::new(["weir".to_owned()])?;
        expired.not_before = rcgen::date_time_ymd(2020, 1, 1);
        expired.not_after = rcgen::date_time_ymd(2020, 2, 1);
        let expired = expired.self_signed(&key)?.pem() + &key.serialize_pem();
        Ok(Files {
            secret: write("secret", SECRET)?,
            password: write("password", "weir-tests")?,
            other_ca: write("other.pem", &other.cert.pem())?,
            expired: write("expired.pem", &expired)?,
        })
    }
}
