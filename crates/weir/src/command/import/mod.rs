//! `weir import`.

mod sender;
mod source;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use weir_store::Store;
use weir_types::{ErrorCode, SystemClock};

use super::store::open_failure;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::number;
use crate::output::progress::{Progress, ProgressArgs};
use crate::settings::PlaceArgs;
use sender::Sender;
use source::Source;

/// Put events into a data folder that `weir export` or another program wrote
///
/// Events are added to what is there; importing a file twice stores its events twice. An import that
/// ends early, by Ctrl-C or a wrong line, says how many events of the files it stored; --skip leaves
/// those out the next time. Events past the retention go again. A Parquet file of another program
/// needs a column `timestamp`; other columns become attributes. Works on the files: stop the server
/// that uses the folder first.
#[derive(Debug, Args)]
#[command(before_help = "\
Examples:
  weir import --jsonl events.jsonl --data /var/lib/weir
  weir import --jsonl -
  weir import --parquet events/
  weir import --parquet deploys.parquet --event-type Deploy --skip 12000")]
pub struct ImportArgs {
    #[command(flatten)]
    pub from: FormatArgs,
    /// Take this as the type of events in a Parquet file without the column `eventType`
    #[arg(long, value_name = "TYPE")]
    pub event_type: Option<String>,
    /// Leave out the first N events: those that an earlier import stored
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub skip: u64,
    #[command(flatten)]
    pub place: PlaceArgs,
    #[command(flatten)]
    pub progress: ProgressArgs,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct FormatArgs {
    /// Read JSON lines from this file, or from stdin with `-`
    #[arg(long, value_name = "FILE")]
    pub jsonl: Option<PathBuf>,
    /// Read this Parquet file, or every file `….parquet` in this folder in the order of their names
    #[arg(long, value_name = "PATH")]
    pub parquet: Option<PathBuf>,
}

pub async fn run(args: &ImportArgs, context: &Context) -> Result<(), Failure> {
    let source = Source::open(args)?;
    let interrupted = interruption(&source);
    let options = crate::serve::store_options(&args.place.config()?);
    let store = Store::open(options, Arc::new(SystemClock)).map_err(open_failure)?;
    let mut progress = Progress::start("importing", args.progress);
    let mut sender = Sender::new(&store);
    let imported = import(source, args.skip, &mut sender, &interrupted, &mut progress).await;
    let imported = imported.and(sender.finish().await);
    let stored = sender.stored();
    drop(sender);
    // What can't be sealed now is in the log, and sealed by the next start.
    let sealed = store.flush();
    store.close();
    progress.clear();
    if let Err(error) = sealed {
        context.output.warn(&error.to_string());
    }
    progress.end(&format!("{} events imported", number::grouped(stored as i64)));
    imported.map_err(|failure| {
        let done = args.skip + stored;
        failure.with_hint(format!("{done} events are stored: go on with --skip {done}"))
    })
}

async fn import(
    mut source: Source,
    skip: u64,
    sender: &mut Sender<'_>,
    interrupted: &AtomicBool,
    progress: &mut Progress,
) -> Result<(), Failure> {
    let mut events = 0;
    while let Some(next) = source.next() {
        let (account, event) = next?;
        events += 1;
        progress.step(|| source.amount(events));
        if events > skip {
            sender.push(account, event).await?;
        }
        if interrupted.load(Ordering::Relaxed) {
            return Err(Failure::new(ErrorCode::Internal, "interrupted"));
        }
    }
    Ok(())
}

/// Becomes true with Ctrl-C. Who waits for stdin would not look: there it ends the process.
fn interruption(source: &Source) -> Arc<AtomicBool> {
    let interrupted = Arc::new(AtomicBool::new(false));
    if !source.is_stdin() {
        let flag = Arc::clone(&interrupted);
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                flag.store(true, Ordering::Relaxed);
            }
        });
    }
    interrupted
}
