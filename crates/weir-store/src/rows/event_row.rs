//! One event of a scan, wherever its rows come from.

use std::sync::Arc;

use weir_types::value::ValueKind;
use weir_types::{Event, Timestamp, Value};

use super::{Cell, ColumnId, Rows};

/// What the numbers in rows stand for.
pub trait Dictionary {
    fn name(&self, column: ColumnId) -> &Arc<str>;

    /// The string of a text column's lane.
    fn string(&self, column: ColumnId, lane: u64) -> &Arc<str>;

    fn value(&self, cell: Cell) -> Value {
        match cell.column.kind() {
            ValueKind::Int => Value::Int(cell.lane.cast_signed()),
            ValueKind::Float => Value::Float(f64::from_bits(cell.lane)),
            ValueKind::Bool => Value::Bool(cell.lane != 0),
            ValueKind::Str => Value::Str(self.string(cell.column, cell.lane).clone()),
        }
    }
}

/// One event, lent to the visitor of a scan.
pub struct EventRow<'a> {
    pub(crate) dictionary: &'a dyn Dictionary,
    pub(crate) key: &'a [Cell],
    pub(crate) rows: &'a Rows,
    pub(crate) index: usize,
}

impl EventRow<'_> {
    pub fn timestamp(&self) -> Timestamp {
        Timestamp::from_millis(self.rows.timestamp(self.index))
    }

    /// Total order of arrival over the whole store; breaks ties between equal timestamps.
    pub fn sequence(&self) -> u64 {
        self.rows.sequences[self.index]
    }

    /// The attribute, identity ones included; `None` when this event does not have it.
    pub fn get(&self, name: &str) -> Option<Value> {
        self.cells().find_map(|cell| {
            let found = **self.dictionary.name(cell.column) == *name;
            found.then(|| self.dictionary.value(cell))
        })
    }

    /// The row as an event of its own.
    pub fn to_event(&self, event_type: impl Into<Arc<str>>) -> Event {
        let mut event = Event::new(event_type, self.timestamp());
        self.for_each(&mut |name, value| event.push(name.to_owned(), value));
        event
    }

    /// The row as an event with these attributes alone.
    pub fn to_event_of(
        &self,
        event_type: impl Into<Arc<str>>,
        attributes: &[&'static str],
    ) -> Event {
        let mut event = Event::new(event_type, self.timestamp());
        for cell in self.cells() {
            let name = &**self.dictionary.name(cell.column);
            if let Some(name) = attributes.iter().find(|wanted| **wanted == name) {
                event.push(*name, self.dictionary.value(cell));
            }
        }
        event
    }

    /// What of this row is identity, in the order of the key.
    pub fn for_each_identity(&self, visit: &mut dyn FnMut(&str, Value)) {
        for cell in self.key {
            visit(self.dictionary.name(cell.column), self.dictionary.value(*cell));
        }
    }

    /// Every attribute this event has, in no particular order; `timestamp` is not among them.
    pub fn for_each(&self, visit: &mut dyn FnMut(&str, Value)) {
        for cell in self.cells() {
            visit(self.dictionary.name(cell.column), self.dictionary.value(cell));
        }
    }

    fn cells(&self) -> impl Iterator<Item = Cell> {
        let measured = self.rows.columns.iter().filter_map(|column| {
            let lane = column.get(self.index)?;
            Some(Cell { column: column.column, lane })
        });
        self.key.iter().copied().chain(measured)
    }
}
