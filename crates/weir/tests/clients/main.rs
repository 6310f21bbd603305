//! Clients of New Relic's own API that nobody here wrote, against a real `weir serve`. Where they
//! can not be installed their tests are reported as ignored, by name.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use libtest_mimic::{Arguments, Trial};
use serde_json::{Value as Json, json};
use weir_testkit::WeirProcess;
use weir_testkit::python::environment;

const PACKAGES: [&str; 1] = ["newrelic-sb-sdk==0.47.0"];

#[allow(clippy::print_stderr, reason = "says why the test is ignored")]
fn main() {
    let python = environment("python-sdk-1", &PACKAGES);
    if let Err(reason) = &python {
        eprintln!("weir: no newrelic-sb-sdk: {reason:#}");
    }
    let ready = python.is_ok();
    let python = python.unwrap_or_default();
    let trial = Trial::test("newrelic_sb_sdk_asks_and_reads", move || Ok(ask(&python)?));
    libtest_mimic::run(&Arguments::from_args(), vec![trial.with_ignored_flag(!ready)]).exit();
}

fn ask(python: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let server = WeirProcess::start(env!("CARGO_BIN_EXE_weir"), folder.path().join("data"), &[])?;
    let (user, ingest) = (server.announced_key("user")?, server.announced_key("ingest")?);
    let output = Command::new(python)
        .args(["-c", include_str!("nrql.py"), &server.url(), &user, &ingest])
        .output()?;
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "{said}\n{complained}");
    let read: Json = serde_json::from_str(&said)?;
    let facet = json!({
        "results": [
            {"facet": "a", "topic": "a", "sum.lag": 10},
            {"facet": "b", "topic": "b", "sum.lag": 6},
        ],
        "total": {"sum.lag": 16},
        "facets": ["topic"],
        "since": "10 minutes AGO",
    });
    let events = [(1, "a"), (2, "b"), (4, "b")];
    for (name, expected) in [
        ("count", json!([{"count": 4, "max.lag": 9}])),
        ("facet", facet),
        ("series", json!(4)),
        ("percentile", json!([{"percentile.lag": {"50": 2.0, "95": 9.0}}])),
    ] {
        ensure!(read[name] == expected, "{name}: {} is not {expected}", read[name]);
    }
    for (row, (lag, topic)) in read["events"].as_array().context("no events")?.iter().zip(events) {
        ensure!(row["lag"] == lag && row["topic"] == topic, "{row} has not {topic} {lag}");
    }
    let sides: Vec<&Json> = read["compare"].as_array().context("no rows")?.iter().collect();
    ensure!(sides[0]["comparison"] == "current" && sides[1]["count"] == 0, "{sides:?}");
    ensure!(read["types"].to_string().contains("\"Sdk\""), "{}", read["types"]);
    let raw = &read["raw"];
    let of_true = json!([{"count": 3}, {"percentiles": {"50": 2.0}}, {"members": ["a", "b"]}]);
    ensure!(raw["facets"][0]["results"] == of_true, "{raw}");
    let median = json!({"function": "alias", "alias": "p", "contents": {
        "function": "percentile", "attribute": "lag", "simple": true,
        "thresholds": [50.0], "relativeError": 0.01,
    }});
    ensure!(raw["metadata"]["contents"]["contents"][1] == median, "{raw}");
    ensure!(raw["metadata"]["facet"] == "ok" && raw["metadata"]["openEnded"] == true, "{raw}");
    let asked = read["history"].as_array().context("no history")?;
    let known = |query: &str| asked.iter().any(|one| one["query"] == query);
    ensure!(known("SELECT topic, lag FROM Sdk WHERE ok IS TRUE ORDER BY lag"), "{asked:?}");
    ensure!(asked.iter().all(|one| one["accounts"] == json!([1])), "{asked:?}");
    let error = read["error"].as_str().unwrap_or_default();
    ensure!(error.starts_with("NRQL Syntax Error: Error at line 1 position"), "{error}");
    Ok(())
}
