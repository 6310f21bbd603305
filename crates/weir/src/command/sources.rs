//! `weir sources`.

use clap::{Args, Subcommand};
use serde_json::json;
use weir_api::source::Source;
use weir_collect::Step;
use weir_config::{KafkaSource, SoundSources, Source as Configured};
use weir_types::ErrorCode;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Cell, Column, Table, Tone};
use crate::settings::{self, ConfigArgs};

/// Show what is watched, and try it out
#[derive(Debug, Subcommand)]
pub enum SourcesCommand {
    /// List the sources of the server and what their last cycle came to
    #[command(before_help = "\
Examples:
  weir sources list")]
    List,
    Test(TestArgs),
}

/// Try sources out from this machine, step by step
///
/// Needs no server: reads the configuration, or takes --kafka, and asks the cluster itself.
#[derive(Debug, Args)]
#[command(before_help = "\
Examples:
  weir sources test --kafka localhost:9092
  weir sources test orders")]
#[command(after_help = "\
Exit codes:
  0  every step went well
  2  wrong option or configuration
  5  no such source
  6  a step failed; it says why and what to do")]
pub struct TestArgs {
    /// Try this source of the configuration alone
    #[arg(value_name = "NAME", conflicts_with = "kafka")]
    pub name: Option<String>,
    /// Try this cluster instead
    #[arg(long, value_name = "HOST:PORT,...")]
    pub kafka: Option<String>,
    #[command(flatten)]
    pub config: ConfigArgs,
}

const NOTHING_WATCHED: &str = "nothing is watched: start `weir serve` with --kafka HOST:PORT, or with \
                               `sources` in weir.yaml";
const WATCH_HINT: &str = "name a cluster with --kafka HOST:PORT, or add `sources` to weir.yaml";

pub async fn run(command: SourcesCommand, context: &Context) -> Result<(), Failure> {
    match command {
        SourcesCommand::List => list(context).await,
        SourcesCommand::Test(args) => test(args, context).await,
    }
}

async fn list(context: &Context) -> Result<(), Failure> {
    let list = context.client()?.sources().await?;
    context.output.data(&list, &table_of(&list.items))?;
    if list.items.is_empty() {
        context.output.note(NOTHING_WATCHED);
    }
    Ok(())
}

async fn test(args: TestArgs, context: &Context) -> Result<(), Failure> {
    let flags = settings::flags(&[("kafka", "--kafka", args.kafka.as_ref())]);
    let found = settings::load_sources(args.config.config.as_deref(), &flags)?;
    let chosen = choose(&found, args.name.as_deref())?;
    let mut tried = Vec::with_capacity(chosen.len());
    for kafka in chosen {
        let options = crate::serve::sources::kafka_options(kafka, &found.environment);
        tried.push((kafka.name.as_str(), weir_collect::test_source(&options).await));
    }
    let document: Vec<_> =
        tried.iter().map(|(name, steps)| json!({ "source": name, "steps": steps })).collect();
    context.output.data(&document, &steps_of(&tried))?;
    tell_next_steps(&tried, context);
    let mut failures = failures_of(&tried);
    if found.report.has_errors() {
        // Whoever asks about all is not told that all is well while some could not be tried.
        match (&args.name, &args.kafka) {
            (None, None) => failures.push(found.report.into()),
            _ => context
                .output
                .warn("other parts of the configuration are wrong: `weir config check`"),
        }
    }
    Failure::several(failures, &context.output.terminal).map_or(Ok(()), Err)
}

/// A source in which something is wrong can't be tried; that is told first of all.
fn choose<'a>(
    found: &'a SoundSources,
    name: Option<&str>,
) -> Result<Vec<&'a KafkaSource>, Failure> {
    let sources = &found.sources;
    let all = sources.iter().map(|Configured::Kafka(kafka)| kafka);
    let chosen: Vec<_> = all.filter(|kafka| name.is_none_or(|n| n == kafka.name)).collect();
    if !chosen.is_empty() {
        return Ok(chosen);
    }
    if found.report.has_errors() {
        return Err(found.report.clone().into());
    }
    let names: Vec<&str> = sources.iter().map(Configured::name).collect();
    let (message, hint) = match (name, names.as_slice()) {
        (_, []) => ("no source is configured".to_owned(), WATCH_HINT.to_owned()),
        (name, names) => (
            format!("no source `{}` is configured", name.unwrap_or_default()),
            format!("there are: {}", names.join(", ")),
        ),
    };
    Err(Failure::new(ErrorCode::NotFound, message).with_hint(hint))
}

/// What would be better although it went well, as a right that shows more.
fn tell_next_steps(tried: &[(&str, Vec<Step>)], context: &Context) {
    for (name, steps) in tried {
        for step in steps.iter().filter(|step| step.ok) {
            if let Some(next) = &step.next_step {
                context.output.note(&format!("{name}, `{}`\n  = help: {next}", step.name));
            }
        }
    }
}

/// Each failed step below the name of its source, the next step behind it.
fn failures_of(tried: &[(&str, Vec<Step>)]) -> Vec<Failure> {
    let all = tried.iter().flat_map(|(name, steps)| steps.iter().map(move |step| (name, step)));
    let failed = all.filter(|(_, step)| !step.ok).map(|(name, step)| {
        let message = format!("{name} fails at `{}`", step.name);
        let failure = Failure::new(ErrorCode::Unavailable, message);
        step.next_step.iter().fold(failure, Failure::with_hint)
    });
    failed.collect()
}

fn steps_of(tried: &[(&str, Vec<Step>)]) -> Table {
    let mut table = Table::new(vec![
        Column::status("RESULT", "result"),
        Column::word("SOURCE", "source"),
        Column::word("STEP", "step"),
        Column::number("MS", "took_ms"),
        Column::sentence("DETAIL", "detail"),
    ]);
    for (name, steps) in tried {
        for step in steps {
            let (tone, word) = match (step.ok, &step.next_step) {
                (false, _) => (Tone::Critical, "failed"),
                (true, Some(_)) => (Tone::Warning, "warning"),
                (true, None) => (Tone::Good, "ok"),
            };
            table.push(vec![
                Cell::status(tone, word),
                Cell::text(*name),
                Cell::text(step.name),
                Cell::text(step.took_ms.to_string()),
                Cell::text(&step.detail),
            ]);
        }
    }
    table
}

fn table_of(sources: &[Source]) -> Table {
    let mut table = Table::new(vec![
        Column::status("STATE", "state"),
        Column::name("NAME", "name"),
        Column::word("KIND", "kind").extra(),
        Column::name("TARGET", "target").useful(),
        Column::number("INTERVAL", "interval_secs").extra(),
        Column::number("CYCLE", "last_cycle_ms").useful(),
        Column::number("EVENTS", "last_events_count").useful(),
        Column::number("COMPLETE", "completeness"),
        Column::number("FAILED", "failed_cycles_total"),
        Column::sentence("LAST ERROR", "last_error"),
    ]);
    for s in sources {
        let cycle_secs = s.last_cycle_ms.map(|ms| ms as f64 / 1000.0);
        let cycle = Cell::duration_secs(cycle_secs);
        table.push(vec![
            state_cell(&s.state),
            Cell::text(&s.name),
            Cell::text(&s.kind),
            Cell::text(&s.target),
            Cell::duration_secs(Some(s.interval_secs as f64)),
            Cell { raw: s.last_cycle_ms.map(|ms| ms.to_string()).unwrap_or_default(), ..cycle },
            Cell::count(i64::try_from(s.last_events_count).ok()),
            Cell::ratio(s.completeness),
            Cell::count(i64::try_from(s.failed_cycles_total).ok()),
            Cell::optional(s.last_error.as_deref()),
        ]);
    }
    table
}

fn state_cell(state: &str) -> Cell {
    let tone = match state {
        "ok" => Tone::Good,
        "partial" => Tone::Warning,
        "failing" => Tone::Critical,
        _ => Tone::Unknown,
    };
    Cell::status(tone, state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failed_step_keeps_its_own_next_step() {
        let step = |name, ok, next: &str| Step {
            name,
            ok,
            detail: String::new(),
            next_step: (!next.is_empty()).then(|| next.to_owned()),
            took_ms: 1,
        };
        let tried = [
            ("eu", vec![step("resolve", true, ""), step("tls", false, "name the authority")]),
            ("us", vec![step("connect", false, ""), step("rights", true, "grant more")]),
        ];
        let failures = failures_of(&tried);
        let told: Vec<_> =
            failures.iter().map(|it| (it.message.as_str(), it.hint.as_deref())).collect();
        let expected =
            [("eu fails at `tls`", Some("name the authority")), ("us fails at `connect`", None)];
        assert_eq!(told, expected);
    }
}
