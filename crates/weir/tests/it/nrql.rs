//! `weir nrql` and `weir help nrql`: no server anywhere.

use serde_json::{Value as Json, json};

use crate::command::Home;

#[test]
fn a_right_query_is_silent_and_a_wrong_one_shows_its_place() {
    let home = Home::new();
    let right = home.run(&["nrql", "check", "SELECT count(*) FROM T"]);
    assert_eq!((right.code, right.stdout.as_str(), right.stderr.as_str()), (0, "", ""));
    let wrong = home.run(&["nrql", "check", "SELECT count(*) FROM T GROUP BY a"]);
    assert_eq!((wrong.code, wrong.stdout.as_str()), (2, ""));
    assert!(wrong.stderr.contains("^^^^^") && wrong.stderr.contains("FACET a"), "{}", wrong.stderr);
    let bound = home.run(&["nrql", "check", "SELECT latestRate(a) FROM T"]);
    assert_eq!(bound.code, 2, "{}", bound.stderr);
    let json = home.run(&["nrql", "check", "-o", "json", "SELECT count(*) FROM T HAVING a"]);
    let error: Json = serde_json::from_str(&json.stderr).unwrap();
    assert_eq!(error["error"]["diagnostics"][0]["code"], "NRQL-E0102");
}

#[test]
fn a_text_that_is_too_long_is_refused_whole() {
    let text = format!("SELECT count(*) FROM T{} LIMIT wrong", " ".repeat(1 << 20));
    for args in [["nrql", "check", "-"], ["nrql", "format", "-"]] {
        let ended = Home::new().run_with_stdin(&args, &text);
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "the right part is no answer");
        assert!(ended.stderr.contains("longer than 1048576 bytes"), "{}", ended.stderr);
    }
}

#[test]
fn lines_are_answered_in_their_order() {
    let lines = "{\"nrql\": \"SELECT count(*) FROM T\"}\n\
                 {\"nrql\": \"SELECT 'é', COUNT(DISTINCT a) FROM T\"}\n\
                 \n\
                 {\"other\": 1}\n\
                 {\"nrql\": \"SELECT max(a) FROM T\", \"id\": 7}";
    let ended = Home::new().run_with_stdin(&["nrql", "check", "--jsonl"], lines);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    let answers: Vec<Json> =
        ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 4);
    assert_eq!(answers[0], json!({"ok": true}));
    let error = &answers[1]["errors"][0];
    assert_eq!((&error["line"], &error["column"]), (&json!(1), &json!(19)));
    assert_eq!(error["length"], 8);
    assert_eq!(error["help"], "write uniqueCount(a)");
    assert_eq!(answers[2]["errors"][0]["line"], 4);
    assert_eq!(answers[3], json!({"ok": true}));
}

#[test]
fn queries_are_laid_out_and_explained() {
    let home = Home::new();
    let laid = home.run(&["nrql", "format", "select  count( * ) from T where a=1"]);
    assert_eq!((laid.code, laid.stdout.as_str()), (0, "SELECT count(*)\nFROM T\nWHERE a = 1\n"));
    let stdin = home.run_with_stdin(&["nrql", "format", "-"], "select 1 from T");
    assert_eq!(stdin.stdout, "SELECT 1\nFROM T\n");
    let explained = home.run(&["nrql", "explain", "SELECT count(*) FROM T FACET a LIMIT 3"]);
    assert!(explained.stdout.contains("scan T\n"), "{}", explained.stdout);
    assert!(explained.stdout.contains("keep the 3 largest"), "{}", explained.stdout);
    let line = home.run_with_stdin(
        &["nrql", "explain", "--jsonl"],
        "{\"nrql\": \"SELECT count(*) FROM T\"}\n",
    );
    let answer: Json = serde_json::from_str(line.stdout.trim()).unwrap();
    assert_eq!(answer["steps"][1], "scan T");
}

#[test]
fn the_language_is_a_topic_of_help() {
    let ended = Home::new().run(&["help", "nrql"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    for part in ["# NRQL", "## Groups", "- `uniqueCount(", "`NRQL-E0101`"] {
        assert!(ended.stdout.contains(part), "{part} is missing");
    }
}
