//! `weir export`.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value as Json, json};
use weir_store::EventRow;
use weir_types::{AccountId, ErrorCode, TimeRange, Timestamp};

use super::store::PlaceArgs;
use crate::failure::Failure;
use crate::output::progress::{Amount, Progress, ProgressArgs};

/// Write the events of a data folder as lines of JSON
///
/// One event a line, in no particular order: account, event type, timestamp in milliseconds and
/// attributes. `weir import` takes it back without a difference. Works on the files, beside a
/// running server too: what was acknowledged when it began is written, each batch whole.
#[derive(Debug, Args)]
#[command(before_help = "\
Examples:
  weir export --jsonl events.jsonl
  weir export --jsonl - --event-type KafkaConsumerSample > consumers.jsonl")]
pub struct ExportArgs {
    /// Write to this file, or to stdout with `-`
    #[arg(long, value_name = "FILE")]
    pub jsonl: PathBuf,
    /// Write events of this type alone
    #[arg(long, value_name = "TYPE")]
    pub event_type: Option<String>,
    /// Write events of this time or later, in epoch milliseconds
    #[arg(long, value_name = "MILLIS", default_value_t = i64::MIN, hide_default_value = true)]
    pub since: i64,
    /// Write events before this time, in epoch milliseconds
    #[arg(long, value_name = "MILLIS", default_value_t = i64::MAX, hide_default_value = true)]
    pub until: i64,
    #[command(flatten)]
    pub place: PlaceArgs,
    #[command(flatten)]
    pub progress: ProgressArgs,
}

pub fn run(args: &ExportArgs) -> Result<(), Failure> {
    let store = args.place.open_read_only()?;
    let range = TimeRange {
        begin: Timestamp::from_millis(args.since),
        end: Timestamp::from_millis(args.until),
    };
    let file = args.jsonl.display().to_string();
    let written = |error: io::Error| match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::broken_pipe(),
        _ => Failure::new(ErrorCode::Internal, format!("can't write {file}: {error}")),
    };
    let out: Box<dyn Write> = match args.jsonl.to_str() {
        Some("-") => Box::new(io::stdout().lock()),
        _ => Box::new(File::create(&args.jsonl).map_err(written)?),
    };
    let mut out = BufWriter::new(out);
    let (mut progress, all) = (Progress::start("exporting", args.progress), store.stats().rows);
    let mut events = 0;
    for account in store.accounts() {
        let snapshot = store.snapshot(account);
        for event_type in snapshot.event_types(range) {
            if args.event_type.as_deref().is_some_and(|wanted| *wanted != *event_type) {
                continue;
            }
            let mut failed = None;
            snapshot.scan(&event_type, range, &mut |row| {
                events += 1;
                progress.step(|| Amount {
                    events: Some(events),
                    share: Some((events, all)),
                    ..Amount::default()
                });
                match writeln!(out, "{}", line_of(account, &event_type, row)) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(error) => {
                        failed = Some(error);
                        ControlFlow::Break(())
                    }
                }
            });
            failed.map_or(Ok(()), Err).map_err(written)?;
        }
    }
    out.flush().map_err(written)?;
    progress.end(&format!("{events} events exported"));
    let damage = store.damage();
    if damage.is_empty() {
        return Ok(());
    }
    let lost: u64 = damage.iter().filter_map(|damage| damage.events_lost).sum();
    let message = format!("{lost} events can't be read and are missing");
    Err(Failure::new(ErrorCode::Internal, message).with_hint("`weir store check` names the files"))
}

fn line_of(account: AccountId, event_type: &str, row: &EventRow<'_>) -> Json {
    let mut attributes = Map::new();
    row.for_each(&mut |name, value| {
        attributes.insert(name.to_owned(), value.to_json());
    });
    json!({
        "account": account.0,
        "eventType": event_type,
        "timestamp": row.timestamp().as_millis(),
        "attributes": attributes,
    })
}
