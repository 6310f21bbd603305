//! The writer's side of a table: names, strings and series keys to numbers. Gone when the
//! generation is frozen; readers never need it.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use weir_types::schema::is_identity;
use weir_types::value::ValueKind;
use weir_types::{Timestamp, Value};

use super::attribute::Attribute;
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
    series: HashMap<Arc<[Cell]>, usize>,
    /// The table's series again, without the steps that readers beside a writer need.
    listed: Vec<Arc<Series>>,
    /// The series of the row before, and for each series the one whose row came after its last:
    /// polls repeat their order.
    previous_series: usize,
    /// The series that this row is likely to be of.
    guess: usize,
    successors: Vec<usize>,
    /// Names of the row before: rows of one source repeat their order.
    guesses: Vec<usize>,
    key: Vec<Cell>,
    cells: Vec<Cell>,
}

struct AttributeWriter {
    name: Arc<str>,
    identity: bool,
    strings: HashMap<Arc<str>, u64>,
    /// By number.
    listed: Vec<Arc<str>>,
    latest: Option<(Arc<str>, u64)>,
}

/// What appending a row changed.
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
            series: HashMap::new(),
            listed: Vec::new(),
            previous_series: 0,
            guess: 0,
            successors: Vec::new(),
            guesses: Vec::new(),
            key: Vec::new(),
            cells: Vec::new(),
        }
    }

    /// Appends one row; names are unique. No reader sees it before its sequence is published.
    pub fn push<'a>(
        &mut self,
        timestamp: Timestamp,
        sequence: u64,
        attributes: impl Iterator<Item = (&'a str, &'a Value)>,
    ) -> Growth {
        let mut growth = Growth::default();
        self.key.clear();
        self.cells.clear();
        self.guess = self.successors.get(self.previous_series).copied().unwrap_or(0);
        for (position, (name, value)) in attributes.enumerate() {
            let name = self.name(position, name, &mut growth);
            let column = ColumnId::new(name, value.kind());
            let cell = Cell { column, lane: self.lane(name, value, &mut growth) };
            if self.attributes[name].identity {
                self.key.push(cell);
            } else {
                self.cells.push(cell);
            }
        }
        self.key.sort_unstable();
        self.cells.sort_unstable();
        self.table.widen(timestamp);
        let number = self.series(&mut growth);
        growth.memory_bytes += self.listed[number].push(timestamp, sequence, &self.cells);
        growth
    }

    /// Packs every tail; gives the change of memory in bytes.
    pub fn freeze(self) -> isize {
        self.table.series.iter().map(|series| series.freeze()).sum()
    }

    fn name(&mut self, position: usize, name: &str, growth: &mut Growth) -> usize {
        if let Some(guess) = self.guesses.get(position)
            && *self.attributes[*guess].name == *name
        {
            return *guess;
        }
        let found = match self.names.get(name) {
            Some(known) => *known,
            None => self.new_name(name, growth),
        };
        self.guesses.truncate(position);
        if self.guesses.len() == position {
            self.guesses.push(found);
        }
        found
    }

    fn new_name(&mut self, name: &str, growth: &mut Growth) -> usize {
        let number = self.attributes.len();
        let name: Arc<str> = name.into();
        let identity = is_identity(&self.table.event_type, &name);
        growth.memory_bytes += (NAME_BYTES + name.len()).cast_signed();
        self.table.attributes.push(number, Attribute::new(name.clone()));
        self.attributes.push(AttributeWriter {
            name: name.clone(),
            identity,
            strings: HashMap::new(),
            listed: Vec::new(),
            latest: None,
        });
        self.names.insert(name, number);
        number
    }

    fn lane(&mut self, name: usize, value: &Value, growth: &mut Growth) -> u64 {
        match value {
            Value::Int(int) => int.cast_unsigned(),
            Value::Float(float) => float.to_bits(),
            Value::Bool(bool) => u64::from(*bool),
            Value::Str(string) => self.string(name, string, growth),
        }
    }

    fn string(&mut self, name: usize, string: &Arc<str>, growth: &mut Growth) -> u64 {
        if let Some(number) = self.guessed_string(name, string) {
            return number;
        }
        let attribute = &mut self.attributes[name];
        if let Some((latest, number)) = &attribute.latest
            && is_same(latest, string)
        {
            return *number;
        }
        let number = match attribute.strings.get(string) {
            Some(number) => *number,
            None => {
                let number = attribute.strings.len();
                let listed = self.table.attributes.get(name).expect("names are listed first");
                listed.strings.push(number, string.clone());
                attribute.listed.push(string.clone());
                attribute.strings.insert(string.clone(), number as u64);
                growth.memory_bytes += (STRING_BYTES + string.len()).cast_signed();
                number as u64
            }
        };
        attribute.latest = Some((string.clone(), number));
        number
    }

    /// The string's number, if it is that of the series that comes next.
    fn guessed_string(&self, name: usize, string: &Arc<str>) -> Option<u64> {
        let column = ColumnId::new(name, ValueKind::Str);
        let key = &self.listed.get(self.guess)?.key;
        let lane = key.iter().find(|cell| cell.column == column)?.lane;
        let known = self.attributes[name].listed.get(lane as usize)?;
        is_same(known, string).then_some(lane)
    }

    fn series(&mut self, growth: &mut Growth) -> usize {
        let guess = self.guess;
        let guessed = self.listed.get(guess).filter(|series| *series.key == *self.key);
        let number = match guessed {
            Some(_) => guess,
            None => match self.series.get(self.key.as_slice()) {
                Some(known) => *known,
                None => self.new_series(growth),
            },
        };
        if let Some(successor) = self.successors.get_mut(self.previous_series) {
            *successor = number;
        }
        self.previous_series = number;
        number
    }

    fn new_series(&mut self, growth: &mut Growth) -> usize {
        let number = self.series.len();
        let key: Arc<[Cell]> = self.key.as_slice().into();
        let series = Arc::new(Series::new(key.clone()));
        growth.memory_bytes += series.fixed_bytes().cast_signed();
        growth.series += 1;
        self.table.series.push(number, series.clone());
        self.listed.push(series);
        self.series.insert(key, number);
        self.successors.push(number + 1);
        number
    }
}

/// Most strings come again as the same allocation.
fn is_same(a: &Arc<str>, b: &Arc<str>) -> bool {
    Arc::ptr_eq(a, b) || a == b
}
