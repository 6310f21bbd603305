//! Events as Parquet: a file an event type.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use weir_archive::ArchiveError;
use weir_archive::parquet::{Columns, EXTENSION, EventWriter, file_name};
use weir_types::ErrorCode;

use super::part::{PartFile, part_of};
use super::{Selection, Tally, write_failure};
use crate::failure::Failure;

pub fn write(selection: &Selection<'_>, tally: &mut Tally, path: &Path) -> Result<(), Failure> {
    if path.extension().is_some_and(|extension| extension == EXTENSION) {
        write_file(selection, tally, path)
    } else {
        write_folder(selection, tally, path)
    }
}

fn write_file(selection: &Selection<'_>, tally: &mut Tally, path: &Path) -> Result<(), Failure> {
    let types: Vec<_> = selection.event_types().into_iter().collect();
    let [event_type] = &types[..] else {
        let found = types.len();
        let message = format!("{} takes events of one type, there are {found}", path.display());
        return Err(Failure::new(ErrorCode::InvalidRequest, message)
            .with_hint("choose one with --event-type, or name a folder"));
    };
    let failed = |error: io::Error| write_failure(path, &error);
    let file = PartFile::create(path).map_err(failed)?;
    write_type(selection, tally, event_type, path, file)?.finish().map_err(failed)
}

/// The folder gets its name when every file in it is complete.
fn write_folder(selection: &Selection<'_>, tally: &mut Tally, path: &Path) -> Result<(), Failure> {
    let failed = |error: io::Error| write_failure(path, &error);
    if fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some()) || path.is_file() {
        let message = format!("{} is there already", path.display());
        return Err(Failure::new(ErrorCode::Conflict, message)
            .with_hint("name a new folder, or a file that ends in .parquet"));
    }
    let part = part_of(path);
    match fs::create_dir(&part) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let message = format!("{} is there already", part.display());
            return Err(Failure::new(ErrorCode::Conflict, message)
                .with_hint("an export is under way, or was interrupted: remove it then"));
        }
        other => other.map_err(failed)?,
    }
    for event_type in selection.event_types() {
        let path = part.join(file_name(&event_type));
        let file = File::create_new(&path).map_err(|error| write_failure(&path, &error))?;
        let file = write_type(selection, tally, &event_type, &path, file)?;
        file.sync_all().map_err(|error| write_failure(&path, &error))?;
    }
    fs::rename(&part, path).map_err(failed)
}

/// Looks at the events once for their columns, then writes them.
fn write_type<W: Write + Send>(
    selection: &Selection<'_>,
    tally: &mut Tally,
    event_type: &str,
    path: &Path,
    file: W,
) -> Result<W, Failure> {
    let mut columns = Columns::default();
    selection.scan(event_type, &mut |_, row| {
        row.for_each(&mut |name, value| columns.note(name, value.kind()));
        Ok(())
    })?;
    let failed = |error: ArchiveError| archive_failure(path, &error);
    let mut writer =
        EventWriter::new(BufWriter::new(file), event_type, &columns).map_err(failed)?;
    selection.scan(event_type, &mut |account, row| {
        tally.count();
        writer.push(account, row.timestamp(), |put| row.for_each(put)).map_err(failed)
    })?;
    let written = writer.finish().map_err(failed)?.into_inner();
    written.map_err(|error| write_failure(path, error.error()))
}

fn archive_failure(path: &Path, error: &ArchiveError) -> Failure {
    Failure::new(ErrorCode::Internal, format!("can't write {}: {error}", path.display()))
}
