//! Writes a segment from front to back: tables in order, series in order, chunks in order.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use weir_types::{AccountId, Timestamp, Value};

use super::footer::{self, Footer, Header, Origin, TableIndex};
use super::group_writer::GroupWriter;
use super::key::SeriesKey;
use super::meta::SegmentMeta;
use super::path_of;
use crate::Resolution;
use crate::disk::{AppendFile, Disk};
use crate::rows::{ColumnId, Dictionary, Rows};

/// Bytes gathered before they are handed to the file.
const WRITE_BYTES: usize = 256 << 10;

/// A segment that no reader knows yet. Dropped unfinished, its file is an orphan.
pub struct SegmentWriter {
    id: u64,
    resolution: Resolution,
    path: PathBuf,
    file: Box<dyn AppendFile>,
    buffer: Vec<u8>,
    tables: Vec<TableIndex>,
    table: Option<TableInProgress>,
    rows: u64,
    series: u64,
    end_sequence: u64,
}

struct TableInProgress {
    index: TableIndex,
    names: HashMap<Arc<str>, usize>,
    group: GroupWriter,
    /// Of the series that was begun last.
    key: Option<SeriesKey>,
}

impl SegmentWriter {
    pub fn create(
        disk: &dyn Disk,
        dir: &Path,
        id: u64,
        resolution: Resolution,
    ) -> io::Result<Self> {
        let path = path_of(dir, id);
        let file = disk.create(&path)?;
        let header = Header { version: footer::FORMAT_VERSION, id };
        Ok(SegmentWriter {
            id,
            resolution,
            path,
            file,
            buffer: header.encode().to_vec(),
            tables: Vec::new(),
            table: None,
            rows: 0,
            series: 0,
            end_sequence: 0,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes so far, but for the group in progress.
    pub fn len(&self) -> u64 {
        self.file.len() + self.buffer.len() as u64
    }

    /// Tables come in ascending order of account and event type; the same one again is no new one.
    pub fn begin_table(&mut self, account: AccountId, event_type: &Arc<str>) -> io::Result<()> {
        let same = |table: &TableInProgress| {
            table.index.account == account && table.index.event_type == *event_type
        };
        if !self.table.as_ref().is_some_and(same) {
            self.finish_table()?;
            self.table = Some(TableInProgress::new(account, event_type.clone()));
        }
        Ok(())
    }

    /// Series come in ascending order of their keys.
    pub fn begin_series(&mut self, key: SeriesKey) -> io::Result<()> {
        if self.table.as_ref().is_some_and(|table| table.group.is_full_of_series()) {
            self.finish_group()?;
        }
        self.series += 1;
        if let Some(table) = &mut self.table {
            table.begin_series(key);
        }
        Ok(())
    }

    /// Appends a chunk (at least one row, sorted, behind the chunks before it) to the series.
    pub fn push(&mut self, rows: &Rows, dictionary: &dyn Dictionary) -> io::Result<()> {
        if self.table.as_ref().is_some_and(|table| table.group.is_full()) {
            self.finish_group()?;
        }
        let Some(table) = &mut self.table else { return Ok(()) };
        self.rows += rows.len as u64;
        let last = rows.sequences[..rows.len].iter().max();
        self.end_sequence = self.end_sequence.max(last.map_or(0, |last| last + 1));
        table.push(rows, dictionary);
        Ok(())
    }

    /// Writes the footer and syncs the file; its name is not durable yet. `None`, and no file,
    /// when there are no rows.
    pub fn finish(
        mut self,
        disk: &dyn Disk,
        origin: Origin,
        created: Timestamp,
    ) -> io::Result<Option<SegmentMeta>> {
        self.finish_table()?;
        if self.rows == 0 {
            disk.remove(&self.path)?;
            return Ok(None);
        }
        let groups = || self.tables.iter().flat_map(|table| &table.groups);
        let (oldest, newest) = (groups().map(|g| g.oldest).min(), groups().map(|g| g.newest).max());
        let meta = SegmentMeta {
            id: self.id,
            origin,
            resolution: self.resolution,
            created,
            rows: self.rows,
            series: self.series,
            oldest: oldest.unwrap_or(created),
            newest: newest.unwrap_or(created),
            end_sequence: self.end_sequence,
        };
        let footer = Footer { meta, tables: std::mem::take(&mut self.tables) };
        let encoded = footer.encode();
        self.buffer.extend_from_slice(&encoded);
        self.buffer.extend_from_slice(&footer::trailer(self.id, &encoded));
        self.flush()?;
        self.file.sync()?;
        Ok(Some(footer.meta))
    }

    fn finish_table(&mut self) -> io::Result<()> {
        self.finish_group()?;
        self.tables.extend(self.table.take().map(|table| table.index));
        Ok(())
    }

    /// Ends the group in progress; the current series goes on in the next one.
    fn finish_group(&mut self) -> io::Result<()> {
        let offset = self.len();
        let Some(table) = self.table.as_mut().filter(|table| !table.group.is_empty()) else {
            return Ok(());
        };
        let group = std::mem::replace(&mut table.group, GroupWriter::new());
        table.index.groups.push(group.finish(offset, &mut self.buffer));
        table.resume_series();
        if self.buffer.len() >= WRITE_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.append(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

impl TableInProgress {
    fn new(account: AccountId, event_type: Arc<str>) -> Self {
        let index = TableIndex { account, event_type, names: Vec::new(), groups: Vec::new() };
        TableInProgress { index, names: HashMap::new(), group: GroupWriter::new(), key: None }
    }

    fn begin_series(&mut self, key: SeriesKey) {
        self.key = Some(key);
        self.resume_series();
    }

    fn resume_series(&mut self) {
        let Some(key) = self.key.take() else { return };
        let mut cells: Vec<(ColumnId, &Value)> = Vec::with_capacity(key.attributes().len());
        for (name, value) in key.attributes() {
            let name = number_of(&mut self.names, &mut self.index.names, name);
            cells.push((ColumnId::new(name, value.kind()), value));
        }
        self.group.begin_series(&cells);
        self.key = Some(key);
    }

    fn push(&mut self, rows: &Rows, dictionary: &dyn Dictionary) {
        let mut sources = Vec::with_capacity(rows.columns.len());
        for source in &rows.columns {
            let name = dictionary.name(source.column);
            let name = number_of(&mut self.names, &mut self.index.names, name);
            sources.push((ColumnId::new(name, source.column.kind()), source));
        }
        self.group.push(rows, &sources, dictionary);
    }
}

/// Names are numbered as they come.
fn number_of(
    numbers: &mut HashMap<Arc<str>, usize>,
    names: &mut Vec<Arc<str>>,
    name: &Arc<str>,
) -> usize {
    if let Some(number) = numbers.get(name) {
        return *number;
    }
    names.push(name.clone());
    numbers.insert(name.clone(), names.len() - 1);
    names.len() - 1
}
