//! The evaluator against DuckDB on generated rows, wherever SQL can say what NRQL does. Where
//! there is no Python, or no package, the comparison is reported as ignored, by name.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that can not go on has failed"
)]

mod aggregate;
mod clause;
mod function;
mod rows;
mod shape;
#[path = "../it/splitmix.rs"]
mod splitmix;
mod term;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use libtest_mimic::{Arguments, Trial};
use serde_json::{Value as Json, json};
use weir_query::{Cancel, EventSource, Limits, answer};
use weir_testkit::python::environment;
use weir_types::{AccountId, QueryRequest, Timestamp};

use rows::{COLUMNS, NOW, ZONES};
use shape::{Question, line_of};
use term::Terms;

const PACKAGES: [&str; 1] = ["duckdb==1.4.1"];
const QUESTIONS: usize = 4_000;
const ROWS: usize = 220;
/// How often each production must have been compared.
const LEAST: usize = 100;

#[allow(clippy::print_stderr, reason = "says why the test is ignored")]
fn main() {
    let python = environment("python-duckdb-1", &PACKAGES);
    if let Err(reason) = &python {
        eprintln!("weir-query: no DuckDB to compare with: {reason:#}");
    }
    let ready = python.is_ok();
    let python = python.unwrap_or_default();
    let trial = Trial::test("random_queries_answer_as_duckdb_does", move || Ok(compare(&python)?));
    libtest_mimic::run(&Arguments::from_args(), vec![trial.with_ignored_flag(!ready)]).exit();
}

fn compare(python: &Path) -> Result<()> {
    let given = std::env::var("WEIR_SEED").ok().and_then(|text| text.parse().ok());
    let seed: u64 = given.unwrap_or(20_231_029);
    println!("seed {seed}");
    let mut terms = Terms::new(seed);
    let (events, rows) = rows::generated(&mut terms.random, ROWS);
    let questions: Vec<Question> = (0..QUESTIONS).map(|_| shape::question(&mut terms)).collect();
    let mut answers = ask_duck(python, &rows, &questions)?.into_iter();
    let mut shapes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for question in &questions {
        let theirs = answers.next().context("an answer is missing")??;
        let nothing = match question.sql_of_nothing {
            Some(_) => Some(answers.next().context("an answer is missing")??),
            None => None,
        };
        *shapes.entry(question.shape).or_default() += 1;
        let ours = ask(&events, &question.nrql)?;
        if let Err(difference) = same(question, &ours, theirs, nothing) {
            wrong.push(format!("{}\n{}\n{difference}", question.nrql, question.sql));
        }
    }
    println!("{QUESTIONS} questions: {shapes:?}\ncoverage {:?}", terms.coverage);
    ensure!(wrong.is_empty(), "{} differ, the first:\n{}", wrong.len(), wrong[0]);
    let mut counts = terms.coverage;
    function::NUMERIC.iter().chain(function::TEXTUAL).for_each(|name| {
        counts.entry(name).or_default();
    });
    counts.extend(shapes);
    let rare: Vec<_> = counts.iter().filter(|(_, count)| **count < LEAST).collect();
    ensure!(rare.is_empty(), "compared too rarely: {rare:?}");
    Ok(())
}

fn ask(events: &dyn EventSource, nrql: &str) -> Result<Vec<weir_types::query::Row>> {
    let request = QueryRequest {
        account: AccountId::DEFAULT,
        nrql: nrql.into(),
        now: Timestamp::from_millis(NOW),
        timeout: Duration::from_secs(60),
    };
    let answer = answer(events, &request, Limits::default(), Instant::now(), Cancel::default());
    Ok(answer.with_context(|| nrql.to_owned())?.results)
}

/// Rows in any order; a bucket that SQL does not have is that of nothing.
fn same(
    question: &Question,
    ours: &[weir_types::query::Row],
    theirs: Vec<Vec<Json>>,
    nothing: Option<Vec<Vec<Json>>>,
) -> std::result::Result<(), String> {
    let mut theirs = theirs;
    let mut mine: Vec<Vec<Json>> = ours.iter().map(|row| line_of(question, row)).collect();
    if let Some(nothing) = nothing.and_then(|rows| rows.into_iter().next()) {
        let known: Vec<Json> = theirs.iter().map(|line| line[0].clone()).collect();
        for line in &mine {
            if !known.iter().any(|begin| begin.as_f64() == line[0].as_f64()) {
                theirs.push([vec![line[0].clone()], nothing.clone()].concat());
            }
        }
    }
    mine.sort_by_key(|line| sort_key(line));
    theirs.sort_by_key(|line| sort_key(line));
    let equal = mine.len() == theirs.len()
        && mine
            .iter()
            .zip(&theirs)
            .all(|(a, b)| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(a, b)));
    if equal {
        return Ok(());
    }
    let first = mine.iter().zip(&theirs).find(|(a, b)| !a.iter().zip(*b).all(|(a, b)| close(a, b)));
    Err(format!("{} and {} rows, the first that differ: {first:?}", mine.len(), theirs.len()))
}

/// Numbers to so many digits that their last ones do not reorder rows.
fn sort_key(line: &[Json]) -> String {
    let text = |value: &Json| match value.as_f64() {
        Some(number) => format!("{:.6e}", if number == 0.0 { 0.0 } else { number }),
        None => value.to_string(),
    };
    line.iter().map(text).collect::<Vec<_>>().join(" ")
}

fn close(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(a, b))
        }
        _ => match (left.as_f64(), right.as_f64()) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1e-3),
            _ => left == right,
        },
    }
}

type Rows = Vec<Vec<Json>>;

/// One answer a statement, in order.
fn ask_duck(python: &Path, rows: &[Json], questions: &[Question]) -> Result<Vec<Result<Rows>>> {
    let statements = questions.iter().flat_map(|q| [Some(&q.sql), q.sql_of_nothing.as_ref()]);
    let statements: Vec<&String> = statements.flatten().collect();
    let given = json!({"columns": COLUMNS, "zones": ZONES, "rows": rows, "queries": statements});
    let mut child = Command::new(python)
        .args(["-c", include_str!("duck.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut stdin = child.stdin.take().context("no stdin")?;
    let text = given.to_string();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let stdout = BufReader::new(child.stdout.take().context("no stdout")?);
    let mut answers = Vec::new();
    for (line, sql) in stdout.lines().zip(&statements) {
        let mut answer: Json = serde_json::from_str(&line?)?;
        let rows = answer["rows"].take();
        answers.push(match rows {
            Json::Array(_) => Ok(serde_json::from_value(rows)?),
            _ => Err(anyhow::anyhow!("{}\n{sql}", answer["error"])),
        });
    }
    writer.join().map_err(|_| anyhow::anyhow!("the writer stopped"))??;
    ensure!(child.wait()?.success() && answers.len() == statements.len(), "DuckDB stopped early");
    Ok(answers)
}
