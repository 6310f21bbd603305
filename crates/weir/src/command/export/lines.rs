//! Events as JSON lines.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use weir_archive::jsonl;

use super::part::PartFile;
use super::{Selection, Tally, write_failure};
use crate::failure::Failure;

pub fn write(selection: &Selection<'_>, tally: &mut Tally, path: &Path) -> Result<(), Failure> {
    let failed = |error: io::Error| write_failure(path, &error);
    if path.to_str() == Some("-") {
        let mut out = BufWriter::new(io::stdout().lock());
        write_lines(selection, tally, path, &mut out)?;
        return out.flush().map_err(failed);
    }
    let mut out = BufWriter::new(PartFile::create(path).map_err(failed)?);
    write_lines(selection, tally, path, &mut out)?;
    out.into_inner().map_err(|error| failed(error.into_error()))?.finish().map_err(failed)
}

fn write_lines(
    selection: &Selection<'_>,
    tally: &mut Tally,
    path: &Path,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    for event_type in selection.event_types() {
        selection.scan(&event_type, &mut |account, row| {
            tally.count();
            let line =
                jsonl::object(account, &event_type, row.timestamp(), |put| row.for_each(put));
            writeln!(out, "{line}").map_err(|error| write_failure(path, &error))
        })?;
    }
    Ok(())
}
