//! `weir store`.

mod backup;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::json;
use weir_config::Config;
use weir_store::{Damage, OpenError, Options, Resolution, ResolutionStats, Store};
use weir_types::{ErrorCode, SystemClock};

use crate::context::Context;
use crate::failure::Failure;
use crate::output::number;
use crate::output::progress::{Amount, Progress, ProgressArgs};
use crate::output::{Cell, Column, Table};
use crate::settings::PlaceArgs;

/// Look into the event store of a data folder, and mend it
///
/// Works on the files. `backup`, `check` and `stats` may run beside the server that uses the folder
/// and need no right to write there; stop the server before `repair`.
#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Take a backup, or bring one up to date, while the server goes on
    ///
    /// DEST becomes a data folder with everything acknowledged when the command began; to restore,
    /// start a server on it, or on a copy. Sealed files never change, so on one file system they get
    /// a second name instead of a copy, and the next backup into DEST brings only what is new. What
    /// is new is read back and its checksums compared before it counts; a backup that is interrupted
    /// leaves the earlier one. Keys are not in it: `weir serve` makes new ones.
    #[command(before_help = "\
Examples:
  weir store backup /backup/weir
  weir store backup /mnt/nas/weir --data /var/lib/weir --quiet")]
    #[command(after_help = "\
Exit codes:
  0  the backup is complete
  1  it was not taken, or the store has damage: what could be read is in the backup
  5  no store in the folder")]
    Backup(backup::BackupArgs),
    /// Read every byte and name what can't be read
    ///
    /// Beside a running server it reads what was acknowledged when it began.
    #[command(before_help = "\
Examples:
  weir store check
  weir store check --data /var/lib/weir")]
    #[command(after_help = "\
Exit codes:
  0  everything can be read
  1  something can't
  5  no store in the folder")]
    Check(CheckArgs),
    /// Make a store writable again, without what can't be read
    ///
    /// Puts a lost manifest together from the segments, and takes segments off the list that can't
    /// be opened. Deletes nothing: what is set aside ends in `.damaged`. Stop the server first.
    #[command(before_help = "\
Examples:
  weir store repair --data /var/lib/weir")]
    Repair(PlaceArgs),
    /// Show what the store holds and how large it is
    ///
    /// Works beside a running server.
    #[command(before_help = "\
Examples:
  weir store stats
  weir store stats --data /var/lib/weir -o json")]
    Stats(PlaceArgs),
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    pub place: PlaceArgs,
    #[command(flatten)]
    pub progress: ProgressArgs,
}

pub fn run(command: StoreCommand, context: &Context) -> Result<(), Failure> {
    match command {
        StoreCommand::Backup(args) => backup::run(&args, context),
        StoreCommand::Check(args) => check(&args, context),
        StoreCommand::Repair(place) => repair(&place, context),
        StoreCommand::Stats(place) => stats(&place, context),
    }
}

/// Opens the store that is there, for looking alone; a server may be at work on it.
pub fn open_read_only(place: &PlaceArgs) -> Result<Store, Failure> {
    let options = existing(&place.config()?)?;
    Store::open_read_only(options, Arc::new(SystemClock)).map_err(open_failure)
}

pub fn open_failure(error: OpenError) -> Failure {
    let failure = Failure::new(error.code(), error.to_string());
    match error {
        OpenError::Locked { .. } => failure.with_hint("stop the server, or work on a copy"),
        _ => failure,
    }
}

fn existing(config: &Config) -> Result<Options, Failure> {
    let options = crate::serve::store_options(config);
    if options.dir.is_dir() {
        return Ok(options);
    }
    let message = format!("{} holds no events", config.data_dir.display());
    Err(Failure::new(ErrorCode::NotFound, message)
        .with_hint("name the server's folder with --data"))
}

fn check(args: &CheckArgs, context: &Context) -> Result<(), Failure> {
    let store = open_read_only(&args.place)?;
    let mut progress = Progress::start("checking", args.progress);
    let report = store.check(&mut |done, bytes| {
        progress.show(Amount {
            bytes: Some(done),
            share: Some((done, bytes)),
            ..Amount::default()
        });
    });
    progress.clear();
    let document: Vec<_> = report.damage.iter().map(document_of).collect();
    let mut table = Table::new(vec![
        Column::name("FILE", "path"),
        Column::number("OFFSET", "offset"),
        Column::number("BYTES", "bytes"),
        Column::number("EVENTS LOST", "events_lost"),
    ]);
    for damage in &report.damage {
        table.push(vec![
            Cell::text(damage.path.display().to_string()),
            Cell::count(Some(damage.offset as i64)),
            Cell::count(Some(damage.bytes as i64)),
            Cell::count(damage.events_lost.map(|events| events as i64)),
        ]);
    }
    context.output.data(&document, &table)?;
    progress.end(&format!(
        "{} events in {} segments read",
        number::grouped(report.rows as i64),
        report.segments
    ));
    if report.damage.is_empty() {
        return Ok(());
    }
    let message = format!("{} stretches can't be read", report.damage.len());
    Err(Failure::new(ErrorCode::Internal, message).with_hint(
        "the rest is served as it is; `weir store repair` takes segments off that can't be opened",
    ))
}

fn document_of(damage: &Damage) -> serde_json::Value {
    json!({
        "path": damage.path,
        "offset": damage.offset,
        "bytes": damage.bytes,
        "events_lost": damage.events_lost,
    })
}

fn repair(place: &PlaceArgs, context: &Context) -> Result<(), Failure> {
    let report = weir_store::repair(&existing(&place.config()?)?).map_err(open_failure)?;
    let mut table =
        Table::new(vec![Column::name("SET ASIDE", "path"), Column::number("EVENTS", "events")]);
    for (path, events) in &report.dropped {
        let cells = vec![Cell::text(path.display().to_string()), Cell::count(Some(*events as i64))];
        table.push(cells);
    }
    let dropped =
        report.dropped.iter().map(|(path, events)| json!({"path": path, "events": events}));
    let document = json!({
        "manifest_rebuilt": report.manifest_rebuilt,
        "set_aside": dropped.collect::<Vec<_>>(),
    });
    context.output.data(&document, &table)?;
    context.output.note(match (report.manifest_rebuilt, report.dropped.is_empty()) {
        (true, _) => "the manifest was put together anew",
        (false, true) => "nothing to mend",
        (false, false) => "the store no longer lists what was set aside",
    });
    Ok(())
}

fn stats(place: &PlaceArgs, context: &Context) -> Result<(), Failure> {
    let dir: PathBuf = crate::serve::store_options(&place.config()?).dir;
    let store = open_read_only(place)?;
    let stats = store.stats();
    let bytes = stats.segment_bytes + stats.wal_bytes;
    let per_event = (stats.rows > 0).then(|| bytes as f64 / stats.rows as f64);
    let problem = &store.open_report().manifest_problem;
    let document = json!({
        "path": dir,
        "events": stats.rows,
        "series": stats.series,
        "segments": stats.segments,
        "segment_bytes": stats.segment_bytes,
        "wal_bytes": stats.wal_bytes,
        "bytes_per_event": per_event,
        "by_resolution": stats.by_resolution.iter().map(resolution_document).collect::<Vec<_>>(),
        "oldest_at_ms": stats.oldest.map(|at| at.as_millis()),
        "damaged_stretches": stats.damaged_stretches,
        "set_aside_files": stats.set_aside_files,
        "set_aside_bytes": stats.set_aside_bytes,
        "problem": problem,
    });
    let mut table = Table::new(vec![
        Column::name("STORE", "path"),
        Column::number("EVENTS", "events"),
        Column::number("SERIES", "series"),
        Column::number("SEGMENTS", "segments"),
        Column::number("SEGMENT BYTES", "segment_bytes"),
        Column::number("LOG BYTES", "wal_bytes"),
        Column::number("BYTES/EVENT", "bytes_per_event"),
        Column::number("DAMAGED", "damaged_stretches"),
    ]);
    table.push(vec![
        Cell::text(shown(&dir)),
        Cell::count(Some(stats.rows as i64)),
        Cell::count(Some(stats.series as i64)),
        Cell::count(Some(stats.segments as i64)),
        Cell::bytes(Some(stats.segment_bytes as i64)),
        Cell::bytes(Some(stats.wal_bytes as i64)),
        Cell::rate(per_event),
        Cell::count(Some(stats.damaged_stretches as i64)),
    ]);
    context.output.data(&document, &table)?;
    let rolled_up = stats.by_resolution.iter().filter(|of| of.segments > 0);
    for of in rolled_up.filter(|of| of.resolution != Resolution::Raw) {
        context
            .output
            .note(&format!("{} roll-ups: {} in {} bytes", of.resolution, of.rows, of.bytes));
    }
    problem.iter().for_each(|problem| context.output.warn(problem));
    if stats.set_aside_files > 0 {
        context.output.note(&format!(
            "{} damaged files of the log ({} bytes) are set aside as {}: what could be read of them is \
             stored, and they go with their retention",
            stats.set_aside_files,
            stats.set_aside_bytes,
            shown(&dir.join("wal/….wal.damaged")),
        ));
    }
    Ok(())
}

fn resolution_document(of: &ResolutionStats) -> serde_json::Value {
    json!({
        "resolution": of.resolution.to_string(),
        "segments": of.segments,
        "rows": of.rows,
        "bytes": of.bytes,
        "oldest_at_ms": of.oldest.map(|at| at.as_millis()),
    })
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
