//! `weir export`.

mod lines;
#[cfg(feature = "parquet")]
mod parquet;
mod part;

use std::collections::BTreeSet;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use weir_store::{EventRow, Resolution, Snapshot, Store};
use weir_types::{AccountId, ErrorCode, TimeRange, Timestamp};

use super::store::open_read_only;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::number;
use crate::output::progress::{Amount, Progress, ProgressArgs};
use crate::settings::PlaceArgs;

/// Write the events of a data folder as files for other programs
///
/// JSON lines hold an event a line, of all types. Parquet holds a file an event type with a typed
/// column an attribute; it needs a build with the feature `parquet`. Events come in no particular
/// order, and `weir import` takes them back without a difference. Works on the files, beside a
/// running server too: what was acknowledged when it began is written, each batch whole. Events that
/// are kept as roll-ups alone are counted and left out. A file gets its name when it is complete;
/// until then, and after an interruption, its name ends in `.part`.
#[derive(Debug, Args)]
#[command(before_help = "\
Examples:
  weir export --jsonl events.jsonl
  weir export --jsonl - --event-type KafkaConsumerSample > consumers.jsonl
  weir export --parquet events/
  weir export --parquet lag.parquet --event-type KafkaConsumerSample")]
pub struct ExportArgs {
    #[command(flatten)]
    pub to: FormatArgs,
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

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct FormatArgs {
    /// Write JSON lines to this file, or to stdout with `-`
    #[arg(long, value_name = "FILE")]
    pub jsonl: Option<PathBuf>,
    /// Write a Parquet file an event type into this new folder, or one into a file `….parquet`
    #[arg(long, value_name = "PATH")]
    pub parquet: Option<PathBuf>,
}

pub fn run(args: &ExportArgs, context: &Context) -> Result<(), Failure> {
    let store = open_read_only(&args.place)?;
    let (begin, end) = (Timestamp::from_millis(args.since), Timestamp::from_millis(args.until));
    let event_type = args.event_type.as_deref();
    let selection = Selection { store: &store, range: TimeRange { begin, end }, event_type };
    let progress = Progress::start("exporting", args.progress);
    let mut tally = Tally { events: 0, all: selection.all(), progress };
    let written = match (&args.to.jsonl, &args.to.parquet) {
        (Some(path), _) => lines::write(&selection, &mut tally, path),
        (None, Some(path)) => write_parquet(&selection, &mut tally, path),
        (None, None) => Ok(()),
    };
    tally.progress.clear();
    written?;
    tally.progress.end(&format!("{} events exported", number::grouped(tally.events as i64)));
    let rolled_up = selection.rolled_up();
    if rolled_up > 0 {
        context.output.warn(&format!(
            "{} more events are kept as roll-ups alone, which no file holds: \
             `weir store backup` takes them along",
            number::grouped(rolled_up as i64)
        ));
    }
    let damage = store.damage();
    if damage.is_empty() {
        return Ok(());
    }
    let lost: u64 = damage.iter().filter_map(|damage| damage.events_lost).sum();
    let message = format!("{lost} events can't be read and are missing");
    Err(Failure::new(ErrorCode::Internal, message).with_hint("`weir store check` names the files"))
}

#[cfg(feature = "parquet")]
fn write_parquet(selection: &Selection<'_>, tally: &mut Tally, path: &Path) -> Result<(), Failure> {
    parquet::write(selection, tally, path)
}

#[cfg(not(feature = "parquet"))]
fn write_parquet(_: &Selection<'_>, _: &mut Tally, _: &Path) -> Result<(), Failure> {
    Err(super::without_parquet())
}

/// Which events are exported.
struct Selection<'a> {
    store: &'a Store,
    range: TimeRange,
    event_type: Option<&'a str>,
}

/// How many events are written, of so many if that is known.
struct Tally {
    events: u64,
    all: Option<u64>,
    progress: Progress,
}

impl Selection<'_> {
    /// Types that have events in range, ascending, of all accounts.
    fn event_types(&self) -> BTreeSet<Arc<str>> {
        let mut found = BTreeSet::new();
        self.each_type(&mut |snapshot, event_type| {
            snapshot.scan(event_type, self.range, &mut |_| {
                found.insert(Arc::clone(event_type));
                ControlFlow::Break(())
            });
        });
        found
    }

    /// Events, unless only a part of them is wanted: how many those are shows at the end.
    fn all(&self) -> Option<u64> {
        let stats = self.store.stats();
        let rolled_up = stats.by_resolution.iter().filter(|of| of.resolution != Resolution::Raw);
        let events = stats.rows - rolled_up.map(|of| of.rows).sum::<u64>();
        let always =
            self.range.begin.as_millis() == i64::MIN && self.range.end.as_millis() == i64::MAX;
        (always && self.event_type.is_none()).then_some(events)
    }

    /// Events that are kept no longer one by one.
    fn rolled_up(&self) -> u64 {
        let mut events = 0;
        self.each_type(&mut |snapshot, event_type| {
            snapshot.scan_rollups(event_type, self.range, &mut |rollup| {
                events += if rollup.overlaps(self.range) { rollup.events } else { 0 };
                ControlFlow::Continue(())
            });
        });
        events
    }

    /// Every wanted type of every account, kept one by one or as roll-ups.
    fn each_type(&self, visit: &mut dyn FnMut(&Snapshot, &Arc<str>)) {
        for account in self.store.accounts() {
            let snapshot = self.store.snapshot(account);
            let types = snapshot.event_types(self.range).into_iter();
            let wanted = |found: &Arc<str>| self.event_type.is_none_or(|wanted| *wanted == **found);
            types.filter(wanted).for_each(|event_type| visit(&snapshot, &event_type));
        }
    }

    /// Hands every event of the type to `visit`, until that fails.
    fn scan(
        &self,
        event_type: &str,
        visit: &mut dyn FnMut(AccountId, &EventRow<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        for account in self.store.accounts() {
            let mut ended = Ok(());
            self.store.snapshot(account).scan(event_type, self.range, &mut |row| {
                ended = visit(account, row);
                if ended.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            });
            ended?;
        }
        Ok(())
    }
}

impl Tally {
    fn count(&mut self) {
        self.events += 1;
        let (events, share) = (Some(self.events), self.all.map(|all| (self.events, all)));
        self.progress.step(|| Amount { events, share, ..Amount::default() });
    }
}

fn write_failure(path: &Path, error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::broken_pipe(),
        _ => Failure::new(ErrorCode::Internal, format!("can't write {}: {error}", path.display())),
    }
}
