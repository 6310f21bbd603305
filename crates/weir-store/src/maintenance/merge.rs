//! Segments become one: series by series in the order of their keys, rows in the order of
//! timestamp and sequence. What becomes of the rows is up to an [`Output`]: they are copied, but for
//! those erased on purpose, or rolled up.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use foldhash::HashMap;
use weir_types::{AccountId, TimeRange, Value};

use super::chunk_builder::ChunkBuilder;
use super::dictionary::MergedDictionary;
use super::roll_up::RolledUp;
use crate::Resolution;
use crate::block::rows_of;
use crate::codec::Malformed;
use crate::rows::{ColumnId, Dictionary, Rows};
use crate::segment::{
    GroupReader, Segment, SegmentError, SegmentWriter, SeriesKey, TableCursor, TableIndex,
};

/// Which rows to leave out.
#[derive(Debug, Clone)]
pub struct Erasure {
    pub account: AccountId,
    pub event_type: String,
    /// Identity attributes and the value each must have; empty for every series.
    pub identity: Vec<(String, Value)>,
    pub range: TimeRange,
}

/// What becomes of the rows of merged segments.
#[derive(Debug, Clone, Copy)]
pub enum Rewrite<'a> {
    /// They stay as they are, but for those to leave out.
    Copy(Option<&'a Erasure>),
    /// They are rolled up, or roll-ups are to coarser ones or joined.
    RollUp(Resolution),
}

#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    #[error("{0}")]
    Write(#[from] io::Error),
    /// The segment with this id.
    #[error("segment {0} can't be read: {1}")]
    Read(u64, SegmentError),
    #[error("the store is closing")]
    Cancelled,
}

/// Writes the rows of `inputs`, which are of one resolution; `writer` is not finished yet.
pub fn merge(
    inputs: &[Arc<Segment>],
    rewrite: Rewrite<'_>,
    cancelled: &dyn Fn() -> bool,
    writer: &mut SegmentWriter,
) -> Result<(), MergeError> {
    let mut tables: BTreeMap<_, Vec<(u64, TableCursor<'_>)>> = BTreeMap::new();
    for segment in inputs {
        for table in segment.tables() {
            let cursors = tables.entry((table.account, table.event_type.clone())).or_default();
            cursors.push((segment.meta.id, TableCursor::new(segment, table)));
        }
    }
    let finest = inputs.iter().map(|segment| segment.meta.resolution).min();
    for ((account, event_type), cursors) in tables {
        let applies = |e: &&Erasure| e.account == account && *e.event_type == *event_type;
        let output: Box<dyn Output + '_> = match rewrite {
            Rewrite::Copy(erasure) => Box::new(Copied::new(erasure.filter(applies))),
            Rewrite::RollUp(to) => Box::new(RolledUp::new(finest.unwrap_or(to), to, &event_type)),
        };
        let inputs = cursors.into_iter().map(Input::new).collect();
        let dictionary = MergedDictionary::default();
        let mut merge = TableMerge { inputs, dictionary, output };
        merge.run(account, &event_type, cancelled, writer)?;
    }
    Ok(())
}

/// A series in the segment that is written: it begins with its first row.
pub struct SeriesPlace<'a> {
    pub account: AccountId,
    pub event_type: &'a Arc<str>,
    pub key: &'a SeriesKey,
    pub begun: bool,
}

impl SeriesPlace<'_> {
    pub fn begin(&mut self, writer: &mut SegmentWriter) -> io::Result<()> {
        if !self.begun {
            writer.begin_table(self.account, self.event_type)?;
            writer.begin_series(self.key.clone())?;
            self.begun = true;
        }
        Ok(())
    }
}

/// Where the rows of one table go, series by series.
pub trait Output {
    /// Takes a range of rows of one input; what was pushed before lies before it.
    fn push(
        &mut self,
        place: &mut SeriesPlace<'_>,
        rows: &Rows,
        range: Range<usize>,
        dictionary: &MergedDictionary,
        writer: &mut SegmentWriter,
    ) -> Result<(), OutputError>;

    /// The series has no more rows.
    fn finish_series(
        &mut self,
        place: &mut SeriesPlace<'_>,
        dictionary: &MergedDictionary,
        writer: &mut SegmentWriter,
    ) -> io::Result<()>;
}

/// Why rows were not taken.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    #[error("{0}")]
    Write(#[from] io::Error),
    #[error("{0}")]
    Read(#[from] Malformed),
}

impl Erasure {
    pub fn applies_to(&self, table: &TableIndex) -> bool {
        table.account == self.account
            && *table.event_type == *self.event_type
            && table.groups.iter().any(|group| group.overlaps(self.range))
    }

    /// As far as it goes over rows of a resolution: a roll-up can't be erased in part.
    pub fn widened(&self, resolution: Resolution) -> Erasure {
        Erasure { range: resolution.widen(self.range), ..self.clone() }
    }

    fn matches(&self, key: &SeriesKey) -> bool {
        let has = |name: &str, wanted: &Value| {
            let mut attributes = key.attributes().iter();
            attributes.any(|(n, value)| **n == *name && value == wanted)
        };
        self.identity.iter().all(|(name, wanted)| has(name, wanted))
    }

    /// The rows before and behind those to leave out.
    fn kept(&self, rows: &Rows, range: Range<usize>) -> [Range<usize>; 2] {
        let at = |limit: i64| {
            range.start + range.clone().take_while(|row| rows.timestamp(*row) < limit).count()
        };
        let (begin, end) = (at(self.range.begin.as_millis()), at(self.range.end.as_millis()));
        [range.start..begin, end.max(begin)..range.end]
    }
}

struct TableMerge<'a> {
    inputs: Vec<Input<'a>>,
    dictionary: MergedDictionary,
    output: Box<dyn Output + 'a>,
}

impl TableMerge<'_> {
    fn run(
        &mut self,
        account: AccountId,
        event_type: &Arc<str>,
        cancelled: &dyn Fn() -> bool,
        writer: &mut SegmentWriter,
    ) -> Result<(), MergeError> {
        for input in &mut self.inputs {
            input.find_key()?;
        }
        while let Some(key) =
            self.inputs.iter().filter_map(|input| input.key.as_ref()).min().cloned()
        {
            if cancelled() {
                return Err(MergeError::Cancelled);
            }
            self.merge_series(key, account, event_type, writer)?;
            if self.dictionary.is_full() {
                self.dictionary.forget();
                self.inputs.iter_mut().for_each(|input| input.translation = Translation::default());
            }
        }
        Ok(())
    }

    fn merge_series(
        &mut self,
        key: SeriesKey,
        account: AccountId,
        event_type: &Arc<str>,
        writer: &mut SegmentWriter,
    ) -> Result<(), MergeError> {
        let mut place = SeriesPlace { account, event_type, key: &key, begun: false };
        for input in self.inputs.iter_mut().filter(|input| input.key.as_ref() == Some(&key)) {
            input.load(&mut self.dictionary)?;
        }
        while let Some((first, limit)) = self.first_and_limit() {
            let input = &mut self.inputs[first];
            let range = input.take_below(limit);
            let pushed = self.output.push(&mut place, &input.rows, range, &self.dictionary, writer);
            pushed.map_err(|error| match error {
                OutputError::Write(error) => MergeError::Write(error),
                OutputError::Read(error) => input.unreadable(error.into()),
            })?;
            if input.next_row == input.rows.len {
                input.advance(&key, &mut self.dictionary)?;
            }
        }
        Ok(self.output.finish_series(&mut place, &self.dictionary, writer)?)
    }

    /// The input whose row comes next, and the moment at which another input's row comes.
    fn first_and_limit(&self) -> Option<(usize, Option<(i64, u64)>)> {
        let (mut first, mut limit) = (None, None);
        for (number, input) in self.inputs.iter().enumerate() {
            let Some(moment) = input.moment() else { continue };
            if first.is_none_or(|(earliest, _)| moment < earliest) {
                limit = first.map(|(earliest, _)| earliest);
                first = Some((moment, number));
            } else if limit.is_none_or(|limit| moment < limit) {
                limit = Some(moment);
            }
        }
        first.map(|(_, number)| (number, limit))
    }
}

/// Rows stay as they are.
struct Copied<'a> {
    builder: ChunkBuilder,
    erasure: Option<&'a Erasure>,
}

impl<'a> Copied<'a> {
    fn new(erasure: Option<&'a Erasure>) -> Self {
        Copied { builder: ChunkBuilder::new(), erasure }
    }
}

impl Output for Copied<'_> {
    fn push(
        &mut self,
        place: &mut SeriesPlace<'_>,
        rows: &Rows,
        range: Range<usize>,
        dictionary: &MergedDictionary,
        writer: &mut SegmentWriter,
    ) -> Result<(), OutputError> {
        let end = range.end;
        let kept = match self.erasure.filter(|erasure| erasure.matches(place.key)) {
            Some(erasure) => erasure.kept(rows, range),
            None => [range, end..end],
        };
        for range in kept.into_iter().filter(|range| !range.is_empty()) {
            place.begin(writer)?;
            self.builder.push(rows, range, dictionary, writer)?;
        }
        Ok(())
    }

    fn finish_series(
        &mut self,
        _: &mut SeriesPlace<'_>,
        dictionary: &MergedDictionary,
        writer: &mut SegmentWriter,
    ) -> io::Result<()> {
        self.builder.flush(dictionary, writer)
    }
}

/// One segment's share of a table, and the chunk of it that is being merged.
struct Input<'a> {
    segment: u64,
    cursor: TableCursor<'a>,
    /// Of the chunk that comes next.
    key: Option<SeriesKey>,
    rows: Rows,
    next_row: usize,
    translation: Translation,
}

/// What the numbers of a group are in the merged table.
#[derive(Default)]
struct Translation {
    group: usize,
    columns: HashMap<ColumnId, ColumnId>,
    strings: HashMap<(ColumnId, u64), u64>,
}

impl<'a> Input<'a> {
    fn new((segment, cursor): (u64, TableCursor<'a>)) -> Self {
        let translation = Translation::default();
        Input { segment, cursor, key: None, rows: Rows::new(), next_row: 0, translation }
    }

    fn find_key(&mut self) -> Result<(), MergeError> {
        self.key = self.cursor.next_key().map_err(|e| MergeError::Read(self.segment, e))?;
        Ok(())
    }

    /// What was read means nothing: noted as damage, so that the segment is left alone from now on.
    fn unreadable(&self, error: SegmentError) -> MergeError {
        self.cursor.note_damage(&error);
        MergeError::Read(self.segment, error)
    }

    /// Timestamp and sequence of the next row of the chunk, if one is left.
    fn moment(&self) -> Option<(i64, u64)> {
        let row = self.next_row;
        (row < self.rows.len).then(|| (self.rows.timestamp(row), self.rows.sequences[row]))
    }

    /// Rows from the next one on that come before `limit`; at least that one.
    fn take_below(&mut self, limit: Option<(i64, u64)>) -> Range<usize> {
        let begin = self.next_row;
        self.next_row += 1;
        while self.moment().is_some_and(|moment| limit.is_none_or(|limit| moment < limit)) {
            self.next_row += 1;
        }
        begin..self.next_row
    }

    /// Goes to the next chunk if it is of the same series.
    fn advance(
        &mut self,
        key: &SeriesKey,
        dictionary: &mut MergedDictionary,
    ) -> Result<(), MergeError> {
        if self.key.as_ref() == Some(key) {
            return self.load(dictionary);
        }
        self.rows.clear();
        self.next_row = 0;
        Ok(())
    }

    /// Reads the next chunk, in the numbers of the merged table.
    fn load(&mut self, dictionary: &mut MergedDictionary) -> Result<(), MergeError> {
        self.cursor.read(&mut self.rows).map_err(|e| MergeError::Read(self.segment, e))?;
        self.next_row = 0;
        if self.translation.group != self.cursor.group_number() {
            self.translation = Translation::default();
            self.translation.group = self.cursor.group_number();
        }
        if let Some(group) = self.cursor.group() {
            self.translation.apply(&mut self.rows, group, dictionary);
        }
        self.find_key()
    }
}

impl Translation {
    fn apply(&mut self, rows: &mut Rows, group: &GroupReader, dictionary: &mut MergedDictionary) {
        for column in &mut rows.columns {
            let from = column.column;
            let to = *self
                .columns
                .entry(from)
                .or_insert_with(|| dictionary.column(group.name(from), from));
            if from.is_text() {
                for row in rows_of(column.presence) {
                    let lane = &mut column.lanes[row];
                    let known = self.strings.entry((from, *lane));
                    *lane = *known.or_insert_with(|| dictionary.number(group.string(from, *lane)));
                }
            }
            column.column = to;
        }
        rows.columns.sort_by_key(|column| column.column);
    }
}
