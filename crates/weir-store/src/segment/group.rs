//! One group while it is read: pages in, chunks out, in the order they were written.

use std::sync::Arc;

use super::column_page::{ColumnPage, Difference, Entry};
use super::footer::GroupIndex;
use super::key::SeriesKey;
use super::key_page::Keys;
use super::times_page::{ChunkTimes, Times};
use crate::block::{Block, rows_of};
use crate::codec::Malformed;
use crate::rows::{Cell, ColumnId, ColumnRows, Dictionary, Rows};

/// A cursor over the chunks of a group. Keys and times are known at once, columns as they come.
pub struct GroupReader {
    names: Vec<Arc<str>>,
    /// By name; a name has one text column.
    strings: Vec<Vec<Arc<str>>>,
    keys: Vec<Vec<Cell>>,
    times: Times,
    columns: Vec<ColumnPage>,
    /// The chunk that comes next.
    series: usize,
    chunk: usize,
}

/// Which chunk a reader stands at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChunkPlace {
    pub series: usize,
    /// Bounds of its timestamps, both inclusive.
    pub oldest: i64,
    pub newest: i64,
}

/// The pages of a group, checked.
pub struct Pages {
    pub keys: Arc<[u8]>,
    pub times: Arc<[u8]>,
    pub columns: Vec<(ColumnId, Arc<[u8]>)>,
}

impl GroupReader {
    pub fn open(names: Vec<Arc<str>>, index: &GroupIndex, pages: Pages) -> Result<Self, Malformed> {
        let mut strings = vec![Vec::new(); names.len()];
        let keys = Keys::decode(&pages.keys, index.series, names.len())?;
        let is_key = |column| keys.strings.iter().any(|(known, _)| *known == column);
        if pages.columns.iter().any(|(column, _)| is_key(*column)) {
            return Err(Malformed);
        }
        for (column, texts) in keys.strings {
            *strings.get_mut(column.name()).ok_or(Malformed)? = texts;
        }
        let times = Times::decode(&pages.times, index.series)?;
        let chunks: usize = times.chunks.iter().map(Vec::len).sum();
        let mut columns = Vec::with_capacity(pages.columns.len());
        for (column, page) in pages.columns {
            let (page, texts) = ColumnPage::open(column, page)?;
            if column.is_text() {
                *strings.get_mut(column.name()).ok_or(Malformed)? = texts;
            }
            columns.push(page);
        }
        let (series, chunk) = (0, 0);
        let whole = chunks == index.chunks;
        let reader = GroupReader { names, strings, keys: keys.keys, times, columns, series, chunk };
        if whole { Ok(reader) } else { Err(Malformed) }
    }

    /// The identity cells of a series of this group.
    pub fn key(&self, series: usize) -> &[Cell] {
        &self.keys[series]
    }

    pub fn series_key(&self, series: usize) -> SeriesKey {
        let attribute = |cell: &Cell| (self.name(cell.column).clone(), self.value(*cell));
        SeriesKey::new(self.keys[series].iter().map(attribute).collect())
    }

    /// Whether the series' key has each of these texts.
    pub fn has_identity(&self, series: usize, wanted: &[(&str, &str)]) -> bool {
        wanted.iter().all(|(name, text)| {
            self.keys[series].iter().any(|cell| {
                **self.name(cell.column) == **name && self.value(*cell).as_str() == Some(text)
            })
        })
    }

    /// The chunk that comes next; `None` at the end.
    pub fn peek(&mut self) -> Option<ChunkPlace> {
        while self.series < self.times.chunks.len() {
            if let Some(chunk) = self.times.chunks[self.series].get(self.chunk) {
                let (oldest, newest) = self.times.bounds(chunk);
                return Some(ChunkPlace { series: self.series, oldest, newest });
            }
            self.series += 1;
            self.chunk = 0;
        }
        None
    }

    /// Whether the chunk that comes next is the last of its series in this group.
    pub fn is_last_chunk(&self) -> bool {
        self.times.chunks.get(self.series).is_some_and(|chunks| self.chunk + 1 == chunks.len())
    }

    /// Steps over the next chunk.
    pub fn skip(&mut self) -> Result<(), Malformed> {
        for page in &mut self.columns {
            page.next_entry()?;
        }
        self.chunk += 1;
        Ok(())
    }

    /// Unpacks the next chunk into `rows` and steps over it. There must be one: see
    /// [`GroupReader::peek`].
    pub fn read(&mut self, rows: &mut Rows) -> Result<(), Malformed> {
        rows.clear();
        let chunk: ChunkTimes = self.times.chunks[self.series][self.chunk];
        self.times.unpack(&chunk, rows);
        let mut differences = Vec::new();
        for page in &mut self.columns {
            let column = page.column;
            match page.next_entry()? {
                Entry::Absent => {}
                Entry::Block(block) => {
                    let block = Block::parse(column.codec(), rows.len, block)?;
                    let mut unpacked = ColumnRows::new(column);
                    unpacked.presence = block.presence();
                    block.unpack(&mut unpacked.lanes)?;
                    rows.columns.push(unpacked);
                }
                Entry::Difference(difference) => differences.push((column, difference)),
            }
        }
        for (column, difference) in differences {
            put_difference(column, difference, rows)?;
        }
        self.check_texts(rows)?;
        self.chunk += 1;
        Ok(())
    }

    fn check_texts(&self, rows: &Rows) -> Result<(), Malformed> {
        for column in rows.columns.iter().filter(|column| column.column.is_text()) {
            let strings = self.strings[column.column.name()].len() as u64;
            if rows_of(column.presence).any(|row| column.lanes[row] >= strings) {
                return Err(Malformed);
            }
        }
        Ok(())
    }
}

impl Dictionary for GroupReader {
    fn name(&self, column: ColumnId) -> &Arc<str> {
        &self.names[column.name()]
    }

    fn string(&self, column: ColumnId, lane: u64) -> &Arc<str> {
        &self.strings[column.name()][lane as usize]
    }
}

fn put_difference(
    column: ColumnId,
    difference: Difference,
    rows: &mut Rows,
) -> Result<(), Malformed> {
    let find = |wanted: ColumnId| rows.columns.iter().find(|c| c.column == wanted);
    let minuend = find(difference.minuend).ok_or(Malformed)?;
    let subtrahend = find(difference.subtrahend).ok_or(Malformed)?;
    if minuend.presence != subtrahend.presence {
        return Err(Malformed);
    }
    let mut derived = ColumnRows::new(column);
    derived.presence = minuend.presence;
    derived.lanes =
        std::array::from_fn(|row| minuend.lanes[row].wrapping_sub(subtrahend.lanes[row]));
    let at = rows.columns.partition_point(|known| known.column < column);
    rows.columns.insert(at, derived);
    Ok(())
}
