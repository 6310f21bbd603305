//! `weir store backup`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde_json::json;
use weir_store::{BackupError, BackupReport, Transfer};
use weir_types::{ErrorCode, SystemClock};

use super::document_of;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::progress::{Amount, Progress, ProgressArgs};
use crate::output::{Cell, Column, Table, number};
use crate::settings::PlaceArgs;

#[derive(Debug, Args)]
pub struct BackupArgs {
    /// Take the backup into this folder: a new or empty one, or an earlier backup
    #[arg(value_name = "DEST")]
    pub dest: PathBuf,
    /// Copy sealed files even where the file system could give them a second name
    #[arg(long)]
    pub copy: bool,
    #[command(flatten)]
    pub place: PlaceArgs,
    #[command(flatten)]
    pub progress: ProgressArgs,
}

pub fn run(args: &BackupArgs, context: &Context) -> Result<(), Failure> {
    let options = super::existing(&args.place.config()?)?;
    let dest = args.dest.join(crate::serve::STORE_FOLDER);
    refuse_foreign(&args.dest, &dest)?;
    let transfer = if args.copy { Transfer::Copy } else { Transfer::LinkOrCopy };
    let mut progress = Progress::start("backing up", args.progress);
    let report =
        weir_store::backup(&options, &dest, transfer, Arc::new(SystemClock), &mut |step| {
            progress.show(Amount {
                bytes: Some(step.bytes_done),
                share: Some((step.bytes_done, step.bytes_total)),
                ..Amount::default()
            });
        });
    let report = report.map_err(|error| {
        progress.clear();
        backup_failure(&error)
    })?;
    progress.clear();
    context.output.data(&document(&report), &table(&report))?;
    progress.end(&summary(&report, &args.dest));
    if report.damage.is_empty() {
        return Ok(());
    }
    let message = format!("{} stretches of the store can't be read", report.damage.len());
    Err(Failure::new(ErrorCode::Internal, message)
        .with_hint("the backup has everything else; `weir store check` looks at the store"))
}

/// A data folder has more than a store: a folder with anything in it must be a backup.
fn refuse_foreign(dest: &Path, store: &Path) -> Result<(), Failure> {
    let is_empty = match fs::read_dir(dest) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        Err(error) => {
            let message = format!("can't read {}: {error}", dest.display());
            return Err(Failure::new(ErrorCode::InvalidRequest, message));
        }
    };
    if is_empty || store.is_dir() {
        return Ok(());
    }
    Err(backup_failure(&BackupError::NotABackup { dir: dest.to_path_buf() }))
}

fn backup_failure(error: &BackupError) -> Failure {
    let failure = Failure::new(error.code(), error.to_string());
    match error {
        BackupError::NotABackup { .. } => failure.with_hint(
            "a backup that a server was started on is a data folder of its own from then on",
        ),
        _ => failure,
    }
}

fn table(report: &BackupReport) -> Table {
    let mut table = Table::new(vec![
        Column::number("EVENTS", "events"),
        Column::number("BYTES", "bytes"),
        Column::number("SEGMENTS", "segments"),
        Column::number("KEPT", "kept"),
        Column::number("LINKED", "linked"),
        Column::number("COPIED", "copied"),
        Column::number("SEALED", "sealed"),
        Column::number("DAMAGED", "damaged_stretches"),
    ]);
    let count = |number: usize| Cell::count(Some(number as i64));
    table.push(vec![
        Cell::count(Some(report.events as i64)),
        Cell::bytes(Some(report.bytes as i64)),
        count(report.segments),
        count(report.kept),
        count(report.linked),
        count(report.copied),
        count(report.sealed),
        count(report.damage.len()),
    ]);
    table
}

fn summary(report: &BackupReport, dest: &Path) -> String {
    let events = number::grouped(report.events as i64);
    format!("{events} events backed up to {}", dest.display())
}

fn document(report: &BackupReport) -> serde_json::Value {
    json!({
        "events": report.events,
        "segments": report.segments,
        "bytes": report.bytes,
        "kept": report.kept,
        "linked": report.linked,
        "copied": report.copied,
        "sealed": report.sealed,
        "damage": report.damage.iter().map(document_of).collect::<Vec<_>>(),
    })
}
