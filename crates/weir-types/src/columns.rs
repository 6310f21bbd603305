//! Events of one type side by side, an attribute a column: what a source with many events at once
//! brings, and what the store makes of rows at its door.

use std::sync::Arc;

use crate::event::{ATTRIBUTES_MAX, check_attribute_name, check_event_type, check_text};
use crate::value::ValueKind;
use crate::{AttributeName, EventError, Timestamp};

/// Most columns: twice what one event may have, so that events of one kind never need a second
/// set of columns.
pub const COLUMNS_MAX: usize = 2 * ATTRIBUTES_MAX;

/// Events of one type, in the order of their arrival. All are acknowledged together.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    pub event_type: Arc<str>,
    /// One an event.
    pub timestamps: Vec<Timestamp>,
    /// At most [`COLUMNS_MAX`]. An attribute of several kinds is a column a kind; an event has
    /// a value in one of them.
    pub columns: Vec<Column>,
}

/// One attribute, as far as its values are of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub name: AttributeName,
    /// Which events have the attribute; `None` when all do.
    pub presence: Option<Presence>,
    pub values: ColumnValues,
}

/// The values of the events that have the attribute, in their order.
#[derive(Debug, Clone, PartialEq)]
pub enum ColumnValues {
    Ints(Vec<i64>),
    /// All finite.
    Floats(Vec<f64>),
    /// A code is a place in `strings`.
    Texts {
        strings: Vec<Arc<str>>,
        codes: Vec<u32>,
    },
    Bools(Vec<bool>),
}

/// A bit an event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Presence(Vec<u64>);

/// Why columns can't be taken. Nothing of them is stored.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ColumnsError {
    #[error(transparent)]
    Event(#[from] EventError),
    #[error("column `{name}` holds {values} values for {events} events")]
    Length { name: String, values: usize, events: usize },
    #[error("events have {0} columns, the limit is {COLUMNS_MAX}")]
    TooMany(usize),
    #[error("column `{name}` has no string {code}")]
    Code { name: String, code: u32 },
}

impl Columns {
    /// Checks what [`Event::validate`](crate::Event::validate) checks of each event, and that the
    /// columns fit together.
    pub fn validate(&self) -> Result<(), ColumnsError> {
        check_event_type(&self.event_type)?;
        if self.columns.len() > COLUMNS_MAX {
            return Err(ColumnsError::TooMany(self.columns.len()));
        }
        for (i, column) in self.columns.iter().enumerate() {
            column.validate(self.timestamps.len())?;
            if self.columns[..i].iter().any(|other| column.contradicts(other)) {
                return Err(EventError::RepeatedAttribute(column.name.to_string()).into());
            }
        }
        Ok(())
    }
}

impl Column {
    fn validate(&self, events: usize) -> Result<(), ColumnsError> {
        check_attribute_name(&self.name)?;
        let having = self.presence.as_ref().map_or(events, Presence::count);
        let fits = self.presence.as_ref().is_none_or(|presence| presence.end() <= events);
        if self.values.len() != having || !fits {
            let (name, values) = (self.name.to_string(), self.values.len());
            return Err(ColumnsError::Length { name, values, events });
        }
        match &self.values {
            ColumnValues::Floats(floats) if !floats.iter().all(|f| f.is_finite()) => {
                Err(EventError::NotFinite(self.name.to_string()).into())
            }
            ColumnValues::Texts { strings, codes } => {
                strings.iter().try_for_each(|string| check_text(&self.name, string))?;
                match codes.iter().max().filter(|code| **code as usize >= strings.len()) {
                    Some(code) => {
                        Err(ColumnsError::Code { name: self.name.to_string(), code: *code })
                    }
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// Whether an event may have two values of one name.
    fn contradicts(&self, other: &Column) -> bool {
        let apart = || match (&self.presence, &other.presence) {
            (Some(a), Some(b)) => a.0.iter().zip(&b.0).all(|(a, b)| a & b == 0),
            _ => self.values.is_empty() || other.values.is_empty(),
        };
        self.name == other.name && (self.values.kind() == other.values.kind() || !apart())
    }
}

impl ColumnValues {
    pub fn len(&self) -> usize {
        match self {
            ColumnValues::Ints(values) => values.len(),
            ColumnValues::Floats(values) => values.len(),
            ColumnValues::Texts { codes, .. } => codes.len(),
            ColumnValues::Bools(values) => values.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn kind(&self) -> ValueKind {
        match self {
            ColumnValues::Ints(_) => ValueKind::Int,
            ColumnValues::Floats(_) => ValueKind::Float,
            ColumnValues::Texts { .. } => ValueKind::Str,
            ColumnValues::Bools(_) => ValueKind::Bool,
        }
    }
}

impl Presence {
    /// The first `events` events have the attribute, later ones don't.
    pub fn first(events: usize) -> Self {
        let mut words = vec![u64::MAX; events / 64];
        match events % 64 {
            0 => {}
            rest => words.push(!(u64::MAX << rest)),
        }
        Presence(words)
    }

    /// Bit `i % 64` of word `i / 64` says whether event `i` has the attribute.
    pub fn from_words(words: Vec<u64>) -> Self {
        Presence(words)
    }

    /// As in [`Presence::from_words`]; words at the end that are zero may be missing.
    pub fn words(&self) -> &[u64] {
        &self.0
    }

    pub fn set(&mut self, event: usize) {
        if self.0.len() <= event / 64 {
            self.0.resize(event / 64 + 1, 0);
        }
        self.0[event / 64] |= 1 << (event % 64);
    }

    pub fn get(&self, event: usize) -> bool {
        self.0.get(event / 64).is_some_and(|word| word >> (event % 64) & 1 == 1)
    }

    pub fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// One above the last event that has the attribute.
    fn end(&self) -> usize {
        let last = self.0.iter().rposition(|word| *word != 0);
        last.map_or(0, |at| at * 64 + 64 - self.0[at].leading_zeros() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(columns: Vec<Column>) -> Columns {
        let timestamps = vec![Timestamp::from_millis(1); 70];
        Columns { event_type: "T".into(), timestamps, columns }
    }

    fn ints(presence: Option<Presence>, values: usize) -> Column {
        Column { name: "a".into(), presence, values: ColumnValues::Ints(vec![0; values]) }
    }

    #[test]
    fn lengths_and_codes_must_fit() {
        assert_eq!(columns(vec![ints(None, 70)]).validate(), Ok(()));
        assert_eq!(columns(vec![ints(Some(Presence::first(65)), 65)]).validate(), Ok(()));
        let short = columns(vec![ints(None, 69)]).validate();
        assert!(matches!(short, Err(ColumnsError::Length { values: 69, events: 70, .. })));
        let beyond = columns(vec![ints(Some(Presence::first(71)), 71)]).validate();
        assert!(matches!(beyond, Err(ColumnsError::Length { .. })));
        let values = ColumnValues::Texts { strings: vec!["x".into()], codes: vec![1; 70] };
        let text = Column { name: "a".into(), presence: None, values };
        let code = columns(vec![text]).validate();
        assert!(matches!(code, Err(ColumnsError::Code { code: 1, .. })));
    }

    #[test]
    fn an_event_has_one_value_a_name() {
        let mut second = Presence::default();
        second.set(69);
        let float = |presence: Option<Presence>, values| Column {
            name: "a".into(),
            presence,
            values: ColumnValues::Floats(vec![0.5; values]),
        };
        let int = || ints(Some(Presence::first(69)), 69);
        assert_eq!(columns(vec![int(), float(Some(second.clone()), 1)]).validate(), Ok(()));
        for twice in [
            vec![int(), int()],
            vec![int(), float(Some(Presence::first(1)), 1)],
            vec![ints(None, 70), float(Some(second), 1)],
        ] {
            let found = columns(twice).validate();
            assert_eq!(found, Err(EventError::RepeatedAttribute("a".into()).into()));
        }
    }

    #[test]
    fn presence_counts_and_ends() {
        for events in [0, 1, 63, 64, 65, 130] {
            let presence = Presence::first(events);
            assert_eq!((presence.count(), presence.end()), (events, events));
            assert!((0..200).all(|event| presence.get(event) == (event < events)));
        }
    }
}
