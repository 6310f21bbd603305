//! The writer's side of a table: names, strings and series keys to numbers, rows to their series.
//! Gone when the generation is frozen; readers never need it.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use weir_types::schema::is_identity;
use weir_types::{Column, ColumnValues, Columns};

use super::attribute::Attribute;
use super::incoming::{Incoming, Source, Values};
use super::runs::Runs;
use super::series::Series;
use super::table::Table;
use crate::rows::{Cell, ColumnId};

/// What a name, and a string, cost beside their bytes: list, index, counts.
const NAME_BYTES: usize = 900;
const STRING_BYTES: usize = 112;

pub struct TableWriter {
    table: Arc<Table>,
    names: HashMap<Arc<str>, usize>,
    /// By name.
    attributes: Vec<AttributeWriter>,
    numbers: HashMap<Arc<[Cell]>, usize>,
    series: Vec<SeriesWriter>,
    /// The keys of all series, one behind the other: polls walk them in their order.
    keys: Vec<Cell>,
    /// The series of the row before.
    previous: usize,
    key: Vec<Cell>,
    runs: Runs,
}

struct AttributeWriter {
    identity: bool,
    strings: HashMap<Arc<str>, u64>,
}

/// A series again, without the steps that readers beside a writer need.
struct SeriesWriter {
    series: Arc<Series>,
    /// Where its key ends in `keys`; it begins where that of the series before ends.
    key_end: usize,
    /// The series whose row came after its last one: polls repeat their order.
    successor: usize,
}

/// What appending changed.
#[derive(Default, Clone, Copy)]
pub struct Growth {
    pub memory_bytes: isize,
    pub series: usize,
}

impl TableWriter {
    pub fn new(table: Arc<Table>) -> Self {
        TableWriter {
            table,
            names: HashMap::new(),
            attributes: Vec::new(),
            numbers: HashMap::new(),
            series: Vec::new(),
            keys: Vec::new(),
            previous: 0,
            key: Vec::new(),
            runs: Runs::default(),
        }
    }

    /// Appends events, which are valid and at least one. No reader sees one before its sequence is
    /// published.
    pub fn push(&mut self, columns: &Columns, first_sequence: u64) -> Growth {
        let mut growth = Growth::default();
        let mut sources: Vec<Source<'_>> =
            columns.columns.iter().map(|column| self.source(column, &mut growth)).collect();
        sources.sort_unstable_by_key(|source| source.column);
        let (identity, measured): (Vec<_>, Vec<_>) =
            sources.into_iter().partition(|source| self.is_identity(source));
        let (oldest, newest) = (columns.timestamps.iter().min(), columns.timestamps.iter().max());
        oldest.into_iter().chain(newest).for_each(|at| self.table.widen(*at));
        for row in 0..columns.timestamps.len() {
            let number = self.series_of(row, &identity, &mut growth);
            self.runs.push(number);
        }
        let timestamps = &columns.timestamps;
        let mut incoming = Incoming::new(timestamps, first_sequence, &measured);
        let series = &self.series;
        self.runs.drain(|number, rows| {
            growth.memory_bytes += series[number].series.append(&mut incoming, rows);
        });
        growth
    }

    fn is_identity(&self, source: &Source<'_>) -> bool {
        self.attributes[source.column.name()].identity
    }

    fn source<'a>(&mut self, column: &'a Column, growth: &mut Growth) -> Source<'a> {
        let name = match self.names.get(&*column.name) {
            Some(known) => *known,
            None => self.new_name(&column.name, growth),
        };
        let values = match &column.values {
            ColumnValues::Ints(ints) => Values::Ints(ints),
            ColumnValues::Floats(floats) => Values::Floats(floats),
            ColumnValues::Bools(bools) => Values::Bools(bools),
            ColumnValues::Texts { strings, codes } => {
                let string = |string| self.string(name, string, growth);
                Values::Texts { numbers: strings.iter().map(string).collect(), codes }
            }
        };
        let id = ColumnId::new(name, column.values.kind());
        Source::new(id, values, column.presence.as_ref())
    }

    fn new_name(&mut self, name: &str, growth: &mut Growth) -> usize {
        let number = self.attributes.len();
        let name: Arc<str> = name.into();
        let identity = is_identity(&self.table.event_type, &name);
        growth.memory_bytes += (NAME_BYTES + name.len()).cast_signed();
        self.table.attributes.push(number, Attribute::new(name.clone()));
        self.attributes.push(AttributeWriter { identity, strings: HashMap::new() });
        self.names.insert(name, number);
        number
    }

    fn string(&mut self, name: usize, string: &Arc<str>, growth: &mut Growth) -> u64 {
        let strings = &mut self.attributes[name].strings;
        if let Some(number) = strings.get(string) {
            return *number;
        }
        let number = strings.len();
        let listed = self.table.attributes.get(name).expect("names are listed first");
        listed.strings.push(number, string.clone());
        strings.insert(string.clone(), number as u64);
        growth.memory_bytes += (STRING_BYTES + string.len()).cast_signed();
        number as u64
    }

    /// Most rows are of the series that follows on that of the row before, or of the same.
    fn series_of(&mut self, row: usize, identity: &[Source<'_>], growth: &mut Growth) -> usize {
        self.key.clear();
        self.key.extend(identity.iter().filter_map(|source| source.cell(row)));
        let successor = self.series.get(self.previous).map_or(0, |previous| previous.successor);
        let guessed = [successor, self.previous].into_iter().find(|guess| self.has_key(*guess));
        let known = guessed.or_else(|| self.numbers.get(self.key.as_slice()).copied());
        let number = known.unwrap_or_else(|| self.new_series(growth));
        if number != self.previous {
            self.series[self.previous].successor = number;
            self.previous = number;
        }
        number
    }

    fn has_key(&self, series: usize) -> bool {
        let end_of = |series: usize| self.series.get(series).map(|series| series.key_end);
        let begin = series.checked_sub(1).map_or(Some(0), end_of);
        let key = begin.zip(end_of(series)).map(|(begin, end)| &self.keys[begin..end]);
        key.is_some_and(|key| *key == *self.key)
    }

    fn new_series(&mut self, growth: &mut Growth) -> usize {
        let number = self.series.len();
        let key: Arc<[Cell]> = self.key.as_slice().into();
        let series = Arc::new(Series::new(key.clone(), number));
        growth.memory_bytes += series.fixed_bytes().cast_signed();
        growth.series += 1;
        self.table.series.push(number, series.clone());
        self.numbers.insert(key, number);
        self.keys.extend_from_slice(&self.key);
        let key_end = self.keys.len();
        self.series.push(SeriesWriter { series, key_end, successor: number + 1 });
        number
    }
}
