//! Queries that people wrote for New Relic, run on an empty store: `corpus/nrql.jsonl` in the
//! folder that `WEIR_SHARED` names, by default `shared` beside the workspace.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use weir_testkit::say;
use weir_types::{Event, QueryError};

use super::support::try_ask_at;

/// 2026-01-01T12:00:00Z: later than the dates that the queries name.
const LATER: i64 = 1_767_268_800_000;

#[test]
fn real_queries_run_on_an_empty_store() {
    let path = shared().join("corpus/nrql.jsonl");
    let Ok(text) = fs::read_to_string(&path) else {
        say(&format!("skipped: no corpus at {} (WEIR_SHARED names its folder)", path.display()));
        return;
    };
    let empty: Vec<Event> = Vec::new();
    let (mut valid, mut executed) = (0, 0);
    let mut refused: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in text.lines() {
        let row: Json = serde_json::from_str(line).unwrap();
        let query = row["nrql"].as_str().unwrap();
        let answer = try_ask_at(&empty, query, LATER);
        if row.get("suspect").is_some() || row.get("templated").is_some() {
            continue;
        }
        valid += 1;
        match answer {
            Ok(_) => executed += 1,
            Err(QueryError::Invalid(findings)) => {
                for finding in findings {
                    let kind = format!("{} {}", finding.code, finding.message);
                    refused.entry(kind).or_default().push(query.to_owned());
                }
            }
            Err(other) => panic!("{query}\n{other}"),
        }
    }
    say(&format!("corpus: {executed} of {valid} valid queries run on an empty store"));
    for (kind, queries) in &refused {
        say(&format!("  {:4} refused: {kind}", queries.len()));
    }
    assert!(executed * 100 >= valid * 99, "only {executed} of {valid} run");
}

fn shared() -> PathBuf {
    match std::env::var_os("WEIR_SHARED") {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
    }
}
