//! `weir nrql`: NRQL without a server.

use std::io::{BufRead, Read};

use clap::{Args, Subcommand};
use serde_json::{Value as Json, json};
use weir_types::diagnostic::Severity;
use weir_types::{Clock, Diagnostic, SystemClock, Timestamp};

use super::query_text::{self, NRQL_BYTES_MAX, unreadable};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Format;

/// Check, format and explain NRQL without a server
#[derive(Debug, Subcommand)]
pub enum NrqlCommand {
    /// Say what is wrong with a query, where, and what to write instead
    #[command(before_help = "\
Examples:
  weir nrql check \"SELECT count(*) FROM KafkaTopicSample\"
  weir nrql check --jsonl")]
    #[command(after_help = AFTER_HELP)]
    Check(TextArgs),
    /// Print a query in the canonical layout
    #[command(before_help = "\
Examples:
  weir nrql format \"select count(*) from KafkaTopicSample\"")]
    #[command(after_help = AFTER_HELP)]
    Format(TextArgs),
    /// Show the steps in which a query would be answered
    #[command(before_help = "\
Examples:
  weir nrql explain \"SELECT max(consumerLag) FROM KafkaConsumerSample FACET topic\"")]
    #[command(after_help = AFTER_HELP)]
    Explain(TextArgs),
}

const AFTER_HELP: &str = "\
Exit codes:
  0  the query is right; with --jsonl every line got its answer
  2  the NRQL is wrong; stderr shows where";

#[derive(Debug, Args)]
pub struct TextArgs {
    /// The query; `-` reads it from stdin
    #[arg(value_name = "NRQL", conflicts_with = "jsonl")]
    pub nrql: Option<String>,
    /// Read one JSON object with an `nrql` field a line, and print one object a line
    #[arg(long)]
    pub jsonl: bool,
}

pub fn run(command: NrqlCommand, context: &Context) -> Result<(), Failure> {
    let now = SystemClock.now();
    let (args, work): (_, Work) = match command {
        NrqlCommand::Check(args) => (args, check),
        NrqlCommand::Format(args) => (args, format),
        NrqlCommand::Explain(args) => (args, explain),
    };
    if args.jsonl {
        return lines(work, now, context);
    }
    let nrql = query_text::given(args.nrql.as_deref(), None)?;
    match work(&nrql, now) {
        Ok(done) => {
            for warning in &done.warnings {
                context.output.warn(&warning.render(&nrql));
            }
            match context.output.format {
                Format::Json => context.output.text(&format!("{}\n", done.to_json())),
                _ => context.output.text(&done.text),
            }
        }
        Err(findings) => Err(Failure::from_findings(findings, &nrql)),
    }
}

/// What a command does with one text.
type Work = fn(&str, Timestamp) -> Result<Done, Vec<Diagnostic>>;

struct Done {
    /// For people.
    text: String,
    /// A field beside `ok`.
    field: Option<(&'static str, Json)>,
    warnings: Vec<Diagnostic>,
}

impl Done {
    fn to_json(&self) -> Json {
        let mut object = json!({ "ok": true });
        if let (Some((name, value)), Some(fields)) = (&self.field, object.as_object_mut()) {
            fields.insert((*name).to_owned(), value.clone());
        }
        object
    }
}

fn check(nrql: &str, now: Timestamp) -> Result<Done, Vec<Diagnostic>> {
    let findings = weir_query::check(nrql, now);
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(findings);
    }
    Ok(Done { text: String::new(), field: None, warnings: findings })
}

/// A text that parses can be laid out, whatever it means.
fn format(nrql: &str, _: Timestamp) -> Result<Done, Vec<Diagnostic>> {
    let parsed = weir_nrql::parse(nrql);
    let Some(statement) = parsed.statement else { return Err(parsed.diagnostics) };
    let text = weir_nrql::format(&statement);
    let field = Some(("nrql", json!(text)));
    Ok(Done { text: format!("{}\n", text.trim_end()), field, warnings: Vec::new() })
}

fn explain(nrql: &str, now: Timestamp) -> Result<Done, Vec<Diagnostic>> {
    let steps = weir_query::explain(nrql, now)?;
    let text = steps.iter().map(|step| format!("{step}\n")).collect();
    Ok(Done { text, field: Some(("steps", json!(steps))), warnings: Vec::new() })
}

/// One answer a line, in the same order; a line that is no question is told so and does not stop
/// the others.
fn lines(work: Work, now: Timestamp, context: &Context) -> Result<(), Failure> {
    let mut stdin = std::io::stdin().lock();
    for number in 1.. {
        let mut line = Vec::new();
        let read = stdin.by_ref().take(NRQL_BYTES_MAX).read_until(b'\n', &mut line);
        match read.map_err(|error| unreadable("stdin", &error.to_string()))? {
            0 => break,
            length if length as u64 == NRQL_BYTES_MAX && !line.ends_with(b"\n") => {
                let reason = format!("line {number} is longer than {NRQL_BYTES_MAX} bytes");
                return Err(unreadable("stdin", &reason));
            }
            _ if line.trim_ascii().is_empty() => continue,
            _ => {}
        }
        let object = serde_json::from_slice::<Json>(&line).ok();
        let nrql = object.as_ref().and_then(|object| object["nrql"].as_str());
        let answer = match nrql {
            None => json!({ "ok": false, "errors": [no_question(number)] }),
            Some(nrql) => match work(nrql, now) {
                Ok(done) => done.to_json(),
                Err(findings) => {
                    let errors = findings.iter().filter(|f| f.severity == Severity::Error);
                    let errors: Vec<Json> = errors.map(|f| to_json(f, nrql)).collect();
                    json!({ "ok": false, "errors": errors })
                }
            },
        };
        context.output.text(&format!("{answer}\n"))?;
    }
    Ok(())
}

/// `length` is in characters, as `column` is.
fn to_json(finding: &Diagnostic, nrql: &str) -> Json {
    let covered = nrql.get(finding.span.offset..finding.span.end().min(nrql.len()));
    json!({
        "code": finding.code,
        "message": finding.message,
        "line": finding.line,
        "column": finding.column,
        "length": covered.map_or(finding.span.length, |text| text.chars().count()),
        "help": finding.help,
    })
}

fn no_question(line: usize) -> Json {
    json!({
        "code": "invalid_request",
        "message": format!("line {line} is no JSON object with a string `nrql`"),
        "line": line,
        "column": 1,
        "length": 0,
        "help": "write {\"nrql\": \"SELECT …\"}",
    })
}
