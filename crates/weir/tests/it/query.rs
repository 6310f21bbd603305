//! `weir query`: what scripts rely on.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::command::Home;
use crate::fake_server::FakeServer;

const ANSWER: &str = r#"{
  "results": [{"facet": "orders", "max.lag": 84445, "share": 0.5}, {"facet": "a,b", "max.lag": null}],
  "current_results": null, "previous_results": null, "total_result": null, "other_result": null,
  "metadata": {"event_types": ["T"], "facets": ["facet"], "messages": ["double quotes are not NRQL"],
               "begin_ms": 0, "end_ms": 1},
  "stats": {"inspected_count": 2, "matched_count": 2, "wall_clock_ms": 1}
}"#;

const WRONG: &str = r#"{"error": {"code": "invalid_query", "message": "unexpected `FORM`",
  "diagnostics": [{"severity": "error", "code": "NRQL-E0001", "message": "unexpected `FORM`", "line": 1,
  "column": 10, "offset": 9, "length": 4, "help": null, "rendered": "error[NRQL-E0001]: here\n1 | ^"}]}}"#;

#[test]
fn json_is_the_rows_and_nothing_else() {
    let server = FakeServer::answering(200, ANSWER);
    let ended =
        Home::new().run(&["query", "--server", server.url(), "-o", "json", "SELECT 1 FROM T"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(ended.stderr, "warning: double quotes are not NRQL\n");
    let rows: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(rows[0]["max.lag"], 84445);
    assert_eq!(rows.as_array().unwrap().len(), 2);
    let request = server.last_request();
    assert!(request.starts_with("POST /api/v1/query"), "{request}");
    assert!(request.contains("\"nrql\":\"SELECT 1 FROM T\""), "{request}");
}

#[test]
fn every_format_has_the_same_rows() {
    let server = FakeServer::answering(200, ANSWER);
    let home = Home::new();
    let run = |format: &str| {
        home.run_with_stdin(&["query", "--server", server.url(), "-o", format, "-"], "SELECT 1")
            .stdout
    };
    assert_eq!(run("table"), "facet\tmax.lag\tshare\norders\t84445\t0.5\na,b\t-\t-\n");
    assert_eq!(run("csv"), "facet,max.lag,share\norders,84445,0.5\n\"a,b\",,\n");
    assert!(run("yaml").starts_with("- facet: orders\n  max.lag: 84445\n"));
}

#[test]
fn wrong_nrql_shows_the_place_and_ends_with_2() {
    let server = FakeServer::answering(400, WRONG);
    let home = Home::new();
    let ended = home.run(&["query", "--server", server.url(), "SELECT 1 FORM T"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
    assert_eq!(ended.stderr, "error[NRQL-E0001]: here\n1 | ^\n");
    let json = home.run(&["query", "--server", server.url(), "-o", "json", "SELECT 1 FORM T"]);
    let error: serde_json::Value = serde_json::from_str(&json.stderr).unwrap();
    assert_eq!((json.code, &error["error"]["code"]), (2, &"invalid_query".into()));
    assert_eq!(error["error"]["diagnostics"][0]["column"], 10);
}

#[test]
fn without_a_server_it_says_how_to_get_one() {
    let address = weir_testkit::weir::free_address().unwrap().to_string();
    let ended = Home::new().run(&["query", "--server", &address, "SELECT 1 FROM T"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (6, ""));
    let expected = format!(
        "error: no Weir answers at http://{address}: Connection refused (os error 111)\n  \
         = help: start a server with `weir serve`, or name yours with --server or WEIR_SERVER\n"
    );
    assert_eq!(ended.stderr, expected);
}

#[test]
fn something_else_on_the_port_is_not_taken_for_weir() {
    let server = FakeServer::answering(200, "<html>Grafana</html>");
    let ended = Home::new().run(&["query", "--server", server.url(), "SELECT 1 FROM T"]);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.contains("did not answer as a Weir server does"), "{}", ended.stderr);
}

#[test]
fn the_text_may_come_from_a_file() {
    let server = FakeServer::answering(200, ANSWER);
    let home = Home::new();
    home.write("lag.nrql", "SELECT 2\nFROM T\n");
    home.run(&["q", "--server", server.url(), "--file", "lag.nrql"]);
    assert!(server.last_request().contains("\"nrql\":\"SELECT 2\\nFROM T\""));
    let missing = home.run(&["query", "--file", "none.nrql"]);
    assert_eq!(missing.code, 2);
    assert!(missing.stderr.contains("none.nrql"), "{}", missing.stderr);
    assert_eq!(home.run(&["query", "--file", "lag.nrql", "SELECT 1"]).code, 2);
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    // More than a pipe holds, so that the command is still writing when the reader goes.
    let rows = vec![r#"{"name": "orders"}"#; 50_000].join(",");
    let answer = ANSWER.replacen("\"results\": [", &format!("\"results\": [{rows},"), 1);
    let server = FakeServer::answering(200, &answer);
    let home = Home::new();
    let mut child = home
        .command(&["query", "--server", server.url(), "-o", "csv", "SELECT 1 FROM T"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::with_capacity(16, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert_eq!(first, "name,facet,max.lag,share\n");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(stderr, "warning: double quotes are not NRQL\n");
}
