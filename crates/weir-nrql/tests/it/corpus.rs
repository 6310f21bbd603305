//! Queries that people wrote for New Relic: `corpus/nrql.jsonl` in the folder that `WEIR_SHARED`
//! names, by default `shared` beside the workspace.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use weir_nrql::{analyze, format, parse};
use weir_testkit::say;

use crate::tree::shape;

#[test]
fn real_queries_parse_and_come_back_the_same() {
    let path = shared().join("corpus/nrql.jsonl");
    let Ok(text) = fs::read_to_string(&path) else {
        say(&format!("skipped: no corpus at {} (WEIR_SHARED names its folder)", path.display()));
        return;
    };
    let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let valid: Vec<&str> = rows
        .iter()
        .filter(|row| row.get("suspect").is_none() && row.get("templated").is_none())
        .map(|row| row["nrql"].as_str().unwrap())
        .collect();
    let problems: Vec<String> = valid.iter().filter_map(|query| problem(query)).collect();
    let refused = valid.iter().filter(|query| analyze(query).has_errors()).count();
    say(&format!(
        "corpus: {} of {} valid queries parse, format and parse again; check finds errors in {refused}",
        valid.len() - problems.len(),
        valid.len(),
    ));
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

#[test]
fn suspect_queries_get_an_error_with_a_next_step() {
    let path = shared().join("corpus/nrql.jsonl");
    let Ok(text) = fs::read_to_string(&path) else {
        say(&format!("skipped: no corpus at {} (WEIR_SHARED names its folder)", path.display()));
        return;
    };
    for line in text.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        if row.get("suspect").is_none() {
            continue;
        }
        let query = row["nrql"].as_str().unwrap();
        let analyzed = analyze(query);
        assert!(analyzed.has_errors(), "{query}");
        assert!(analyzed.diagnostics.iter().any(|d| d.help.is_some()), "{query}");
    }
}

/// Texts with unfilled placeholders and mistakes must not panic either.
#[test]
fn every_line_of_the_corpus_gets_an_answer() {
    let Ok(text) = fs::read_to_string(shared().join("corpus/nrql.jsonl")) else { return };
    for line in text.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let parsed = analyze(row["nrql"].as_str().unwrap());
        assert_eq!(parsed.statement.is_none(), parsed.has_errors());
    }
}

fn shared() -> PathBuf {
    match std::env::var_os("WEIR_SHARED") {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
    }
}

fn problem(query: &str) -> Option<String> {
    let parsed = parse(query);
    let Some(statement) = parsed.statement else {
        let found: Vec<String> = parsed.diagnostics.iter().map(|d| d.render(query)).collect();
        return Some(format!("{query}\n{}", found.join("\n")));
    };
    let text = format(&statement);
    let again = parse(&text);
    let Some(second) = again.statement else {
        let found: Vec<String> = again.diagnostics.iter().map(|d| d.render(&text)).collect();
        return Some(format!("{query}\nbecame\n{text}\n{}", found.join("\n")));
    };
    if shape(&statement) != shape(&second) {
        return Some(format!("{query}\nbecame another tree\n{text}"));
    }
    (format(&second) != text).then(|| format!("{query}\nformats differently twice\n{text}"))
}
