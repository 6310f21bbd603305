//! The way in for the fuzz targets and for the replay of their corpora; no part of the API.
//! Checksums are left out or made right: they would keep the bytes from the readers behind them.

use std::sync::Arc;

use crate::codec::{Malformed, Reader};
use crate::manifest::{Found, Manifest};
use crate::rollup::{self, Names, Resolution};
use crate::rows::Rows;
use crate::segment::{Footer, GroupReader, HEADER_BYTES, PageRef, Pages};
use crate::wal;

/// Reads bytes as the payload of a commit of the log, behind the kind of its record (a byte, as in
/// the record's header) and the number of its events (four bytes). Gives the values of all events.
///
/// # Errors
/// When the bytes are no such payload.
pub fn read_wal(data: &[u8]) -> Result<usize, Malformed> {
    let mut reader = Reader::new(data);
    let (kind, events) = (reader.byte()?, reader.u32()?);
    let tables = match kind {
        1 => wal::decode_rows(reader.rest(), events)?,
        _ => wal::decode_columns(reader.rest(), events)?,
    };
    let columns = tables.iter().flat_map(|(_, columns)| &columns.columns);
    Ok(columns.map(|column| column.values.len()).sum())
}

/// Reads bytes as a manifest without its checksum. Gives the segments.
///
/// # Errors
/// When the bytes are no manifest.
pub fn read_manifest(data: &[u8]) -> Result<usize, Malformed> {
    let mut bytes = data.to_vec();
    bytes.extend_from_slice(&crc32c::crc32c(data).to_le_bytes());
    match Manifest::decode(&bytes)? {
        Found::Manifest(manifest) => Ok(manifest.segments.len()),
        _ => Err(Malformed),
    }
}

/// Reads bytes as the footer of a segment, behind its length (four bytes), and the pages behind it.
/// Gives the rows.
///
/// # Errors
/// When the bytes are no such thing.
pub fn read_segment(data: &[u8]) -> Result<usize, Malformed> {
    let mut reader = Reader::new(data);
    let footer_bytes = reader.u32()? as usize;
    let footer = reader.take(footer_bytes)?;
    let pages = reader.rest();
    let footer = Footer::decode(footer, (HEADER_BYTES + pages.len()) as u64)?;
    let page = |page: &PageRef| -> Result<Arc<[u8]>, Malformed> {
        let begin = (page.offset as usize).checked_sub(HEADER_BYTES).ok_or(Malformed)?;
        Ok(pages.get(begin..begin + page.len as usize).ok_or(Malformed)?.into())
    };
    let (resolution, mut rows) = (footer.meta.resolution, Rows::new());
    let mut count = 0;
    for table in &footer.tables {
        let mut names = Names::default();
        names.follow(&table.names);
        for index in &table.groups {
            let columns = index.columns.iter().map(|(column, at)| Ok((*column, page(at)?)));
            let (keys, times) = (page(&index.keys)?, page(&index.times)?);
            let pages = Pages { keys, times, columns: columns.collect::<Result<_, _>>()? };
            let mut group = GroupReader::open(table.names.clone(), index, pages)?;
            while let Some(place) = group.peek() {
                group.series_key(place.series);
                group.read(&mut rows)?;
                count += rows.len;
                for row in (0..rows.len).filter(|_| resolution != Resolution::Raw) {
                    let key = group.key(place.series);
                    rollup::decode(resolution, &rows, row, key, &names, &group)?;
                }
            }
        }
    }
    Ok(count)
}

/// What [`read_segment`] reads, from the bytes of a segment file.
///
/// # Errors
/// When the file ends early.
pub fn segment_input(file: &[u8]) -> Result<Vec<u8>, Malformed> {
    let trailer = file.len().checked_sub(HEADER_BYTES).ok_or(Malformed)?;
    let footer_bytes = Reader::new(&file[trailer..]).u64()? as usize;
    let footer = trailer.checked_sub(footer_bytes).ok_or(Malformed)?;
    let pages = file.get(HEADER_BYTES..footer).ok_or(Malformed)?;
    let len = (footer_bytes as u32).to_le_bytes();
    Ok([len.as_slice(), &file[footer..trailer], pages].concat())
}
