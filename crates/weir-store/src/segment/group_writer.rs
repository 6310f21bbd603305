//! One group while it is written: chunks in, pages out.

use weir_types::value::ValueKind;
use weir_types::{Timestamp, Value};

use super::column_page::{ColumnPageWriter, Difference};
use super::footer::{GroupIndex, PageRef};
use super::key_page::KeyPageWriter;
use super::times_page::TimesPageWriter;
use crate::block;
use crate::rows::{ColumnId, ColumnRows, Dictionary, Rows};

/// A group is full when it reaches any of these.
const ROWS_MAX: u64 = 1 << 16;
const SERIES_MAX: usize = 1 << 10;
const BYTES_MAX: usize = 4 << 20;

/// Integer columns that are looked at as differences of one another; more would take too long.
const DIFFERENCE_COLUMNS_MAX: usize = 16;
/// A block this short is not worth replacing by a difference.
const DIFFERENCE_BYTES_MIN: usize = 12;

pub struct GroupWriter {
    keys: KeyPageWriter,
    times: TimesPageWriter,
    /// Ascending by column.
    columns: Vec<(ColumnId, ColumnPageWriter)>,
    series: usize,
    chunks: usize,
    rows: u64,
    oldest: i64,
    newest: i64,
}

/// A column of a chunk: the segment's number of it, and its rows in their source.
pub type Source<'a> = (ColumnId, &'a ColumnRows);

impl GroupWriter {
    pub fn new() -> Self {
        GroupWriter {
            keys: KeyPageWriter::default(),
            times: TimesPageWriter::default(),
            columns: Vec::new(),
            series: 0,
            chunks: 0,
            rows: 0,
            oldest: i64::MAX,
            newest: i64::MIN,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.chunks == 0
    }

    /// Whether the next chunk belongs into another group.
    pub fn is_full(&self) -> bool {
        self.rows >= ROWS_MAX || self.len_bytes() >= BYTES_MAX
    }

    /// Whether the next series does.
    pub fn is_full_of_series(&self) -> bool {
        self.series >= SERIES_MAX
    }

    pub fn begin_series(&mut self, key: &[(ColumnId, &Value)]) {
        self.keys.push(key);
        self.times.begin_series();
        self.series += 1;
    }

    /// Appends a chunk (at least one row, sorted) of the series that was begun last.
    pub fn push(&mut self, rows: &Rows, sources: &[Source<'_>], dictionary: &dyn Dictionary) {
        self.times.push(rows);
        self.oldest = self.oldest.min(rows.timestamp(0));
        self.newest = self.newest.max(rows.timestamp(rows.len - 1));
        self.rows += rows.len as u64;
        let present = sources.iter().filter(|(_, source)| source.presence != 0);
        let mut ints = Vec::new();
        for (column, source) in present {
            match column.kind() {
                ValueKind::Int => ints.push((*column, *source)),
                ValueKind::Str => self.push_text(*column, source, rows.len, dictionary),
                _ => {
                    let page = self.page(*column);
                    page.push(rows.len, source.presence, &source.lanes);
                }
            }
        }
        self.push_ints(&ints, rows.len);
        self.chunks += 1;
    }

    /// Appends the pages to `out`, which stands at `offset` of the file.
    pub fn finish(self, offset: u64, out: &mut Vec<u8>) -> GroupIndex {
        let mut offset = offset;
        let mut put = |page: &[u8]| {
            out.extend_from_slice(page);
            let len = page.len() as u32;
            let placed = PageRef { offset, len, checksum: crc32c::crc32c(page) };
            offset += u64::from(len);
            placed
        };
        let chunks = self.chunks;
        GroupIndex {
            series: self.series,
            chunks,
            rows: self.rows,
            oldest: Timestamp::from_millis(self.oldest),
            newest: Timestamp::from_millis(self.newest),
            keys: put(&self.keys.finish()),
            times: put(&self.times.finish()),
            columns: self
                .columns
                .into_iter()
                .map(|(column, page)| (column, put(&page.finish(column, chunks))))
                .collect(),
        }
    }

    fn len_bytes(&self) -> usize {
        let columns: usize = self.columns.iter().map(|(_, page)| page.len_bytes()).sum();
        columns + self.keys.len_bytes() + self.times.len_bytes()
    }

    /// Text lanes become numbers of the page's own dictionary.
    fn push_text(
        &mut self,
        column: ColumnId,
        source: &ColumnRows,
        rows: usize,
        dictionary: &dyn Dictionary,
    ) {
        let page = self.page(column);
        let mut lanes = source.lanes;
        let mut before = None;
        for row in block::rows_of(source.presence) {
            let lane = source.lanes[row];
            let number = match before {
                Some((same, number)) if same == lane => number,
                _ => page.strings.number(dictionary.string(source.column, lane)),
            };
            before = Some((lane, number));
            lanes[row] = number;
        }
        page.push(rows, source.presence, &lanes);
    }

    /// The longest blocks first: each may be the difference of two others that stay.
    fn push_ints(&mut self, ints: &[Source<'_>], rows: usize) {
        let mut blocks: Vec<_> = ints
            .iter()
            .map(|(column, source)| {
                let mut block = Vec::with_capacity(64);
                block::encode(column.codec(), rows, source.presence, &source.lanes, &mut block);
                (*column, *source, block)
            })
            .collect();
        blocks.sort_by_key(|(column, _, block)| (std::cmp::Reverse(block.len()), *column));
        let mut used = Vec::new();
        for at in 0..blocks.len() {
            let (column, source, block) = &blocks[at];
            let worth = block.len() >= DIFFERENCE_BYTES_MIN
                && blocks.len() <= DIFFERENCE_COLUMNS_MAX
                && !used.contains(column);
            let others = || blocks[at + 1..].iter().map(|(column, source, _)| (*column, *source));
            let found = if worth { difference(source, others) } else { None };
            let column = *column;
            match found {
                Some(difference) => {
                    used.extend([difference.minuend, difference.subtrahend]);
                    self.page(column).push_difference(&difference);
                }
                None => self.page(column).push_block(&blocks[at].2),
            }
        }
    }

    /// The page of a column that has a value in this chunk.
    fn page(&mut self, column: ColumnId) -> &mut ColumnPageWriter {
        let at = match self.columns.binary_search_by_key(&column, |(id, _)| *id) {
            Ok(at) => at,
            Err(at) => {
                self.columns.insert(at, (column, ColumnPageWriter::new(column)));
                at
            }
        };
        let page = &mut self.columns[at].1;
        page.skip_to(self.chunks);
        page
    }
}

/// Two of `others` whose difference `source` is in every row. Those found are later in the order
/// of writing, so no difference refers to a difference that refers back.
fn difference<'a, I>(source: &ColumnRows, others: impl Fn() -> I) -> Option<Difference>
where
    I: Iterator<Item = Source<'a>>,
{
    let alike = || others().filter(|(_, other)| other.presence == source.presence);
    let is_difference = |minuend: &ColumnRows, subtrahend: &ColumnRows| {
        let holds = |row: usize| {
            source.lanes[row] == minuend.lanes[row].wrapping_sub(subtrahend.lanes[row])
        };
        block::rows_of(source.presence).all(holds)
    };
    let mut pairs =
        alike().flat_map(|minuend| alike().map(move |subtrahend| (minuend, subtrahend)));
    let (minuend, subtrahend) = pairs.find(|(a, b)| a.0 != b.0 && is_difference(a.1, b.1))?;
    let values = || block::rows_of(source.presence).map(|row| source.lanes[row].cast_signed());
    let (first, last) = (values().next()?, values().last()?);
    let (least, greatest) = (values().min()?, values().max()?);
    Some(Difference {
        minuend: minuend.0,
        subtrahend: subtrahend.0,
        below_first: first.wrapping_sub(least).cast_unsigned(),
        above_last: greatest.wrapping_sub(last).cast_unsigned(),
    })
}
