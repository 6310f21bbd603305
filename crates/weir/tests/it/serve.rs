//! A real `weir serve` over HTTP: the contracts that scripts of others rely on.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value as Json, json};
use weir_testkit::http::Response;
use weir_testkit::{WeirProcess, eventually};

const WEIR: &str = env!("CARGO_BIN_EXE_weir");
/// How long a busy machine may take to get where a test waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

struct Server {
    process: WeirProcess,
    user_key: String,
    ingest_key: String,
    _dir: tempfile::TempDir,
}

impl Server {
    fn start() -> Server {
        let dir = tempfile::tempdir().unwrap();
        let process = WeirProcess::start(WEIR, dir.path().join("data"), &[]).unwrap();
        let user_key = process.announced_key("user").unwrap();
        let ingest_key = process.announced_key("ingest").unwrap();
        Server { process, user_key, ingest_key, _dir: dir }
    }

    fn send(&self, body: &str) -> Response {
        let headers = [("Api-Key", self.ingest_key.as_str()), ("Content-Type", "application/json")];
        self.process.post("/v1/accounts/1/events", &headers, body).unwrap()
    }

    fn nerdgraph(&self, body: &Json) -> Json {
        let headers = [("Api-Key", self.user_key.as_str()), ("Content-Type", "application/json")];
        let response = self.process.post("/graphql", &headers, &body.to_string()).unwrap();
        assert_eq!(response.status, 200, "{}", response.body);
        response.json().unwrap()
    }

    fn nrql(&self, nrql: &str) -> Json {
        let query = "query($q: Nrql!) { actor { account(id: 1) { nrql(query: $q) { results } } } }";
        let answer = self.nerdgraph(&json!({ "query": query, "variables": { "q": nrql } }));
        answer["data"]["actor"]["account"]["nrql"]["results"].clone()
    }

    fn weir(&self, args: &[&str]) -> (i32, String, String) {
        let output = Command::new(WEIR)
            .args(args)
            .env("WEIR_CREDENTIALS", self.process.credentials())
            .env("WEIR_SERVER", self.process.url())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }
}

#[test]
fn a_200_means_the_next_query_sees_the_event() {
    let server = Server::start();
    for n in 1..=200 {
        let response = server.send(r#"{"eventType":"Probe","n":1}"#);
        assert_eq!(response.status, 200, "{}", response.body);
        assert_eq!(response.json().unwrap()["success"], true);
        assert_eq!(server.nrql("SELECT count(*) FROM Probe"), json!([{ "count": n }]));
    }
}

#[test]
fn commands_on_this_machine_need_no_key_and_print_rows_alone() {
    let server = Server::start();
    assert_eq!(server.send(r#"[{"eventType":"Deploy","service":"a"}]"#).status, 200);
    let url = server.process.url();
    let nrql = "SELECT count(*) FROM Deploy FACET service";
    let (code, out, err) = server.weir(&["query", "--server", &url, "-o", "json", nrql]);
    assert_eq!((code, err.as_str()), (0, ""));
    let rows: Json = serde_json::from_str(&out).unwrap();
    assert_eq!(rows, json!([{ "facet": "a", "service": "a", "count": 1 }]));
}

#[cfg(unix)]
#[test]
fn the_credentials_file_is_the_owners_alone_and_goes_with_the_server() {
    use std::os::unix::fs::PermissionsExt;
    let server = Server::start();
    let path = server.process.credentials();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let (status, stderr) = server.process.stop().unwrap();
    assert!(status.success(), "{stderr}");
    assert!(!path.exists(), "the key no longer opens anything");
}

#[test]
fn keys_are_shown_once_and_masked_later() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let first = WeirProcess::start(WEIR, &data, &[]).unwrap();
    let user_key = first.announced_key("user").unwrap();
    let logged = first.stderr().unwrap();
    assert!(!logged.contains(&user_key), "a key is in the log");
    first.stop().unwrap();
    let second = WeirProcess::start(WEIR, &data, &[]).unwrap();
    assert!(second.announced_key("user").is_err());
    assert!(!second.stdout().unwrap().contains(&user_key));
    // It still opens what it opened.
    let graphql = r#"{"query":"{ actor { account(id: 1) { id } } }"}"#;
    let answer = second.post("/graphql", &[("Api-Key", &user_key)], graphql).unwrap();
    assert_eq!(answer.json().unwrap()["data"]["actor"]["account"]["id"], 1);
    let listed = Command::new(WEIR)
        .args(["keys", "list", "--data"])
        .arg(&data)
        .output()
        .map(|output| String::from_utf8(output.stdout).unwrap())
        .unwrap();
    assert!(listed.contains(&user_key[..8]) && !listed.contains(&user_key), "{listed}");
}

#[test]
fn keys_open_only_what_they_should() {
    let server = Server::start();
    let graphql = r#"{"query":"{ actor { account(id: 1) { id } } }"}"#;
    let post =
        |path, key: &str, body| server.process.post(path, &[("Api-Key", key)], body).unwrap();
    for key in ["", "NRAK-GUESSED", &server.ingest_key] {
        let refused = post("/graphql", key, graphql);
        assert_eq!(refused.status, 401);
        let error = &refused.json().unwrap()["errors"][0];
        assert_eq!(error["extensions"]["error_code"], "BAD_API_KEY");
    }
    assert_eq!(post("/v1/accounts/1/events", "guessed", r#"{"eventType":"T"}"#).status, 403);
    assert_eq!(
        post("/v1/accounts/2/events", &server.ingest_key, r#"{"eventType":"T"}"#).status,
        403
    );
    assert_eq!(post("/v1/accounts/events", &server.ingest_key, r#"{"eventType":"T"}"#).status, 200);
    for header in ["X-License-Key", "X-Insert-Key"] {
        let headers = [(header, server.ingest_key.as_str())];
        let body = r#"{"eventType":"T"}"#;
        let response = server.process.post("/v1/accounts/1/events", &headers, body).unwrap();
        assert_eq!(response.status, 200, "{header}");
    }
}

#[test]
fn bad_bodies_are_named_and_store_nothing() {
    let server = Server::start();
    for (body, said) in [
        (r#"[{"eventType":"T","n":1},]"#, "body is not JSON"),
        (r#"[{"eventType":"T"},{"n":1}]"#, "event 1: `eventType` is missing"),
        (r#"{"eventType":"T","deep":{"a":1}}"#, "`deep` is an object"),
        ("", "body is empty"),
    ] {
        let response = server.send(body);
        assert_eq!(response.status, 400, "{body}: {}", response.body);
        let error = response.json().unwrap()["error"].clone();
        assert!(error["message"].as_str().unwrap().contains(said), "{error}");
    }
    let large = format!(r#"{{"eventType":"T","text":"{}"}}"#, "x".repeat(1_000_000));
    let refused = server.send(&large);
    assert_eq!(refused.status, 413);
    assert!(refused.body.contains("send fewer events a POST"), "{}", refused.body);
    assert_eq!(server.nrql("SELECT count(*) FROM T"), json!([{ "count": 0 }]));
}

#[test]
fn nrql_that_is_wrong_has_its_place() {
    let server = Server::start();
    let (code, out, err) = server.weir(&["query", "SELECT count(* FROM T"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("query:1:16") && err.contains("^^^^"), "{err}");

    let query =
        "{ actor { account(id: 1) { nrql(query: \"SELECT count(* FROM T\") { results } } } }";
    let answer = server.nerdgraph(&json!({ "query": query }));
    assert_eq!(answer["data"]["actor"]["account"]["nrql"], Json::Null);
    let error = &answer["errors"][0];
    let message = error["message"].as_str().unwrap();
    assert!(message.starts_with("NRQL Syntax Error: Error at line 1 position 16"), "{message}");
    assert_eq!(error["path"], json!(["actor", "account", "nrql"]));
}

/// What the operations of a Kafka team ask, as they write it: two alert conditions, the ingestion
/// check, the ingestion rate, and the alert query with its double quotes.
#[test]
fn the_operations_queries_answer_alike_on_the_command_line_and_over_nerdgraph() {
    let server = Server::start();
    let events = json!([
        { "eventType": "KafkaClusterSample", "environment": "eu", "clusterName": "a", "offlinePartitions": 0 },
        { "eventType": "KafkaClusterSample", "environment": "eu", "clusterName": "b", "offlinePartitions": 3 },
        { "eventType": "KafkaBrokerSample", "environment": "eu", "clusterName": "a", "brokerId": "1" },
        { "eventType": "KafkaTopicSample", "environment": "eu", "clusterName": "a", "topic": "t" },
        { "eventType": "KafkaConsumerSample", "environment": "eu", "consumerGroup": "g", "consumerLag": 7 },
        { "eventType": "KafkaConsumerSample", "environment": "us", "consumerGroup": "g", "consumerLag": 9 },
        { "eventType": "AlertViolation", "conditionName": "Lag", "targetName": "Kafka EU", "label": "L1" },
        { "eventType": "AlertViolation", "conditionName": "Lag", "targetName": "web", "label": "L2" },
    ]);
    assert_eq!(server.send(&events.to_string()).status, 200);
    let cases = [
        (
            "SELECT latest(offlinePartitions) FROM KafkaClusterSample WHERE environment = 'eu' AND offlinePartitions > 0",
            json!([{ "latest.offlinePartitions": 3 }]),
        ),
        (
            "SELECT max(consumerLag) FROM KafkaConsumerSample WHERE environment = 'eu' FACET consumerGroup",
            json!([{ "facet": "g", "consumerGroup": "g", "max.consumerLag": 7 }]),
        ),
        ("SELECT count(*)\nFROM KafkaClusterSample\nSINCE 10 minutes ago", json!([{ "count": 2 }])),
        (
            "FROM AlertViolation\nSELECT count(*), latest(label)\nWHERE targetName LIKE \"%kafka%\"\nFACET conditionName\nSINCE 1 hour ago",
            json!([{ "facet": "Lag", "conditionName": "Lag", "count": 1, "latest.label": "L1" }]),
        ),
    ];
    for (nrql, expected) in cases {
        assert_eq!(server.nrql(nrql), expected, "{nrql}");
        let (code, out, err) = server.weir(&["query", "-o", "json", nrql]);
        assert_eq!(code, 0, "{err}");
        assert_eq!(serde_json::from_str::<Json>(&out).unwrap(), expected, "{nrql}");
        assert_eq!(err.contains("single quotes"), nrql.contains('"'), "{err}");
    }
    let rate = "SELECT rate(count(*), 1 minute) as ingestRate\nFROM KafkaClusterSample, KafkaBrokerSample, KafkaTopicSample\nSINCE 1 hour ago\nTIMESERIES 5 minutes";
    let buckets = server.nrql(rate);
    let rates: Vec<f64> =
        buckets.as_array().unwrap().iter().map(|b| b["ingestRate"].as_f64().unwrap()).collect();
    assert_eq!(rates.len(), 12);
    // Four events in the last bucket of five minutes.
    assert_eq!(rates[11], 0.8, "{rates:?}");
    assert_eq!(rates[..11].iter().sum::<f64>(), 0.0);
}

#[test]
fn a_forgiving_graph_names_what_it_does_not_have() {
    let server = Server::start();
    let query = "query A($unused: Int) { actor { user { id } ... on Actor { nothing { here } } } }";
    let answer = server.nerdgraph(&json!({ "query": query, "variables": { "more": 1 } }));
    assert_eq!(answer["data"]["actor"], json!({ "user": { "id": 1 }, "nothing": null }));
    assert_eq!(answer["extensions"]["unknownFields"], json!(["Actor.nothing"]));
}

#[test]
fn only_this_machines_pages_read_without_a_key() {
    let server = Server::start();
    for path in ["/api/v1/status", "/metrics"] {
        let status = |headers: &[(&str, &str)]| server.process.get(path, headers).unwrap().status;
        assert_eq!(status(&[]), 200);
        assert_eq!(status(&[("Origin", "http://evil.example")]), 401);
        assert_eq!(status(&[("Sec-Fetch-Site", "cross-site")]), 401);
        assert_eq!(status(&[("Api-Key", "guessed")]), 401);
        assert_eq!(status(&[("Api-Key", &server.ingest_key)]), 403);
        assert_eq!(status(&[("Api-Key", &server.user_key)]), 200);
        let bearer = format!("Bearer {}", server.user_key);
        assert_eq!(status(&[("Authorization", &bearer)]), 200);
    }
}

#[test]
fn probes_metrics_and_the_api_document_answer() {
    let server = Server::start();
    let get = |path| server.process.get(path, &[]).unwrap();
    assert_eq!(get("/healthz").body, "ok\n");
    assert_eq!(get("/readyz").json().unwrap()["ready"], true);
    assert!(get("/metrics").body.contains("\nweir_store_writable 1\n"));
    assert_eq!(get("/api/v1/openapi.json").json().unwrap()["info"]["title"], "Weir");
    let lost = get("/api/v1/nothing");
    assert_eq!(lost.status, 404);
    assert!(lost.body.contains("/api/v1/nothing"), "{}", lost.body);
    let page = get("/clusters/orders.eu/groups/billing");
    assert_eq!(page.status, 200);
    assert!(page.header("content-security-policy").is_some());
    assert_eq!(get("/assets/none.js").status, 404);
}

#[test]
fn what_can_not_start_says_why() {
    let server = Server::start();
    let start = |listen: &str, data: &std::path::Path| {
        let output = Command::new(WEIR)
            .args(["serve", "--listen", listen, "--data"])
            .arg(data)
            .env("WEIR_CREDENTIALS", server.process.credentials())
            .output()
            .unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let taken = server.process.addr().to_string();
    let elsewhere = tempfile::tempdir().unwrap();

    let (code, said) = start("127.0.0.1:0", server.process.data());
    assert_eq!(code, 1);
    let holder = format!("process {}", server.process.pid());
    assert!(said.contains("is in use by") && said.contains(&holder), "{said}");

    let (code, said) = start(&taken, elsewhere.path());
    assert_eq!(code, 1);
    assert!(said.contains("is taken") && said.contains("--listen"), "{said}");

    // Keys that nobody saw would be lost: the next start must still make and show them.
    let next = WeirProcess::start(WEIR, elsewhere.path(), &[]).unwrap();
    assert!(next.announced_key("ingest").is_ok());

    let file = elsewhere.path().join("file");
    std::fs::write(&file, "").unwrap();
    let (code, said) = start("127.0.0.1:0", &file);
    assert!(code != 0 && said.contains("can't be written"), "{code}: {said}");

    let (code, said) = start("0.0.0.0:0", elsewhere.path());
    assert!(code == 2 && said.contains("tls"), "{code}: {said}");
}

#[test]
fn a_source_that_can_not_be_set_up_fails_alone() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("weir.yaml");
    let source = "{name: a, bootstrap: [127.0.0.1:1], tls: {ca_file: /nowhere/ca.pem}}";
    std::fs::write(&config, format!("sources: [{{kafka: {source}}}]\n")).unwrap();
    let config = config.to_str().unwrap();
    let server = WeirProcess::start(WEIR, dir.path().join("data"), &["--config", config]).unwrap();
    let source = eventually(PATIENCE, "an error that names the file", || {
        let mut sources = server.get("/api/v1/sources", &[])?.json()?;
        let error = sources["items"][0]["last_error"].as_str().unwrap_or_default();
        ensure!(error.contains("/nowhere/ca.pem"), "{sources}");
        Ok(sources["items"][0].take())
    });
    assert_eq!(source.unwrap()["state"], "failing");
}

#[test]
fn editors_are_told_what_is_wrong_and_what_could_stand_there() {
    let server = Server::start();
    let headers = [("Api-Key", server.user_key.as_str()), ("Content-Type", "application/json")];
    let ask = |body: Json| {
        let answer = server.process.post("/api/v1/nrql/analyze", &headers, &body.to_string());
        answer.unwrap()
    };
    let nrql = "SELECT max(consumerL) FROM KafkaConsumerSample HAVING x";
    let found = ask(json!({ "nrql": nrql, "cursor": 20 })).json().unwrap();
    assert_eq!(found["diagnostics"][0]["code"], "NRQL-E0102");
    assert_eq!((&found["replace_offset"], &found["replace_length"]), (&json!(11), &json!(9)));
    assert_eq!(found["completions"][0]["kind"], "attribute");
    let labels: Vec<&Json> =
        found["completions"].as_array().unwrap().iter().map(|c| &c["label"]).collect();
    assert!(labels.contains(&&json!("consumerLag")), "{labels:?}");
    let hover = ask(json!({ "nrql": "SELECT count(*) FROM T", "cursor": 8 })).json().unwrap();
    assert_eq!(hover["hover"]["title"], "count(*|attribute)");
    assert_eq!(hover["diagnostics"], json!([]));
    assert_eq!(hover["steps"][1], "scan T");
    assert_eq!(found["steps"], json!([]));
    assert_eq!(ask(json!({ "query": "SELECT 1" })).status, 400);
}

#[test]
fn every_query_leaves_an_event() {
    let server = Server::start();
    assert_eq!(server.nrql("SELECT count(*) FROM Nobody"), json!([{ "count": 0 }]));
    let nrql = "SELECT outcome, resultCount FROM WeirQuery WHERE nrql LIKE '%FROM Nobody'";
    let row = eventually(PATIENCE, "an event", || {
        let rows = server.nrql(nrql);
        rows.as_array().and_then(|rows| rows.first()).cloned().with_context(|| rows.to_string())
    });
    let row = row.unwrap();
    assert_eq!((&row["outcome"], &row["resultCount"]), (&json!("OK"), &json!(1)));
}
