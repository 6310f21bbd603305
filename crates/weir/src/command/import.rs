//! `weir import`.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use weir_store::Store;
use weir_types::{
    AccountId, Batch, BoxFuture, ErrorCode, Event, Sink, SinkError, SystemClock, Timestamp, Value,
};

use super::store::{PlaceArgs, open_failure};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::progress::{Amount, Progress, ProgressArgs};

/// Put events into a data folder that `weir export` wrote
///
/// Events are added to what is there; importing a file twice stores its events twice. Events past
/// the retention go again. Works on the files: stop the server that uses the folder first.
#[derive(Debug, Args)]
#[command(before_help = "\
Examples:
  weir import --jsonl events.jsonl --data /var/lib/weir
  weir import --jsonl -")]
pub struct ImportArgs {
    /// Read this file, or stdin with `-`
    #[arg(long, value_name = "FILE")]
    pub jsonl: PathBuf,
    #[command(flatten)]
    pub place: PlaceArgs,
    #[command(flatten)]
    pub progress: ProgressArgs,
}

/// Events of a batch, and batches under way: the store makes a few commits of them.
const BATCH_EVENTS: usize = 1_000;
const BATCHES_WAITING: usize = 16;
/// Longest line: more than the largest event takes.
const LINE_BYTES_MAX: u64 = 8 << 20;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Line {
    account: u64,
    event_type: String,
    timestamp: i64,
    attributes: Map<String, Json>,
}

pub async fn run(args: &ImportArgs, context: &Context) -> Result<(), Failure> {
    let input: Box<dyn BufRead> = match args.jsonl.to_str() {
        Some("-") => Box::new(BufReader::new(io::stdin())),
        _ => Box::new(BufReader::new(File::open(&args.jsonl).map_err(|e| unreadable(args, &e))?)),
    };
    let options = crate::serve::store_options(&args.place.config()?);
    let store = Store::open(options, Arc::new(SystemClock)).map_err(open_failure)?;
    let mut progress = Progress::start("importing", args.progress);
    let mut events = 0;
    let imported = import(&store, input, args, &mut events, &mut progress).await;
    progress.clear();
    // What can't be sealed now is in the log, and sealed by the next start.
    let sealed = store.flush();
    store.close();
    if let Err(error) = sealed {
        context.output.warn(&error.to_string());
    }
    progress.end(&format!("{events} events imported"));
    imported
}

async fn import(
    store: &Store,
    mut input: Box<dyn BufRead>,
    args: &ImportArgs,
    events: &mut u64,
    progress: &mut Progress,
) -> Result<(), Failure> {
    let mut sender = Sender { store, batch: None, waiting: VecDeque::new() };
    let mut text = String::new();
    for number in 1_u64.. {
        text.clear();
        let mut limited = io::Read::take(&mut input, LINE_BYTES_MAX);
        if limited.read_line(&mut text).map_err(|e| unreadable(args, &e))? == 0 {
            break;
        }
        let wrong = |reason: String| {
            let message = format!("{} line {number}: {reason}", args.jsonl.display());
            Failure::new(ErrorCode::InvalidRequest, message)
                .with_hint("the lines before it are stored; correct this one and go on behind them")
        };
        let (account, event) = match parse(&text) {
            Ok(parsed) => parsed,
            Err(reason) => {
                sender.finish().await?;
                return Err(wrong(reason));
            }
        };
        sender.push(account, event).await?;
        *events += 1;
        progress.step(|| Amount { events: Some(*events), ..Amount::default() });
    }
    sender.finish().await
}

fn parse(text: &str) -> Result<(AccountId, Event), String> {
    let line: Line = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut event = Event::new(line.event_type, Timestamp::from_millis(line.timestamp));
    event.attributes.reserve_exact(line.attributes.len());
    for (name, value) in line.attributes {
        let value = match &value {
            Json::String(text) => Some(Value::from(text.as_str())),
            Json::Bool(bool) => Some(Value::Bool(*bool)),
            Json::Number(number) => match number.as_i64() {
                Some(int) => Some(Value::Int(int)),
                None => number.as_f64().and_then(Value::float),
            },
            _ => None,
        };
        let value = value.ok_or_else(|| format!("attribute `{name}` is no value of an event"))?;
        event.push(name, value);
    }
    event.validate().map_err(|error| error.to_string())?;
    Ok((AccountId(line.account), event))
}

/// Makes batches and keeps a few of them under way.
struct Sender<'a> {
    store: &'a Store,
    batch: Option<Batch>,
    waiting: VecDeque<BoxFuture<'a, Result<(), SinkError>>>,
}

impl Sender<'_> {
    async fn push(&mut self, account: AccountId, event: Event) -> Result<(), Failure> {
        let ends = |batch: &Batch| batch.account != account || batch.events.len() == BATCH_EVENTS;
        if self.batch.as_ref().is_some_and(ends) {
            self.send().await?;
        }
        let batch = self.batch.get_or_insert_with(|| Batch { account, events: Vec::new() });
        batch.events.push(event);
        Ok(())
    }

    async fn send(&mut self) -> Result<(), Failure> {
        if self.waiting.len() == BATCHES_WAITING {
            self.wait_for_one().await?;
        }
        if let Some(batch) = self.batch.take() {
            self.waiting.push_back(self.store.append(batch));
        }
        Ok(())
    }

    async fn finish(&mut self) -> Result<(), Failure> {
        self.send().await?;
        while !self.waiting.is_empty() {
            self.wait_for_one().await?;
        }
        Ok(())
    }

    async fn wait_for_one(&mut self) -> Result<(), Failure> {
        match self.waiting.pop_front() {
            Some(first) => first.await.map_err(|e| Failure::new(e.code(), e.to_string())),
            None => Ok(()),
        }
    }
}

fn unreadable(args: &ImportArgs, error: &io::Error) -> Failure {
    let message = format!("can't read {}: {error}", args.jsonl.display());
    Failure::new(ErrorCode::InvalidRequest, message)
}
