//! One row under evaluation: a stored event, or a row that an inner query made.

use std::sync::Arc;

use weir_types::Value;

use crate::datum::Datum;
use crate::node::{RowLeaf, Scope};
use crate::source::EventRow;

pub const TIMESTAMP: &str = "timestamp";

pub trait Row {
    /// Epoch milliseconds; `None` for rows of an inner query without time.
    fn timestamp(&self) -> Option<i64>;

    fn sequence(&self) -> u64;

    /// Null when the row does not have it.
    fn get(&self, name: &str) -> Datum;

    fn event_type(&self) -> Datum;

    /// Every column with a value, `timestamp` aside; in the row's own order or by name.
    fn columns(&self) -> Vec<(Arc<str>, Datum)>;
}

/// An event of a known type.
pub struct ObservedRow<'a> {
    pub event_type: &'a Arc<str>,
    pub row: &'a dyn EventRow,
}

impl Row for ObservedRow<'_> {
    fn timestamp(&self) -> Option<i64> {
        Some(self.row.timestamp().as_millis())
    }

    fn sequence(&self) -> u64 {
        self.row.sequence()
    }

    fn get(&self, name: &str) -> Datum {
        match name {
            TIMESTAMP => Datum::Int(self.row.timestamp().as_millis()),
            _ => self.row.get(name).map_or(Datum::Null, Datum::from),
        }
    }

    fn event_type(&self) -> Datum {
        Datum::Str(self.event_type.clone())
    }

    fn columns(&self) -> Vec<(Arc<str>, Datum)> {
        let mut columns = Vec::new();
        self.row.for_each_attribute(&mut |name: &str, value: Value| {
            columns.push((name.into(), value.into()));
        });
        columns.sort_by(|a: &(Arc<str>, Datum), b| a.0.cmp(&b.0));
        columns
    }
}

/// A row that an inner query made.
#[derive(Debug, Clone, PartialEq)]
pub struct TableRow {
    pub timestamp: Option<i64>,
    /// Place in the inner query's answer.
    pub sequence: u64,
    pub columns: Vec<(Arc<str>, Datum)>,
}

impl Row for TableRow {
    fn timestamp(&self) -> Option<i64> {
        self.timestamp
    }

    fn sequence(&self) -> u64 {
        self.sequence
    }

    fn get(&self, name: &str) -> Datum {
        let column = self.columns.iter().find(|(column, _)| &**column == name);
        match (column, self.timestamp) {
            (Some((_, value)), _) => value.clone(),
            (None, Some(millis)) if name == TIMESTAMP => Datum::Int(millis),
            _ => Datum::Null,
        }
    }

    fn event_type(&self) -> Datum {
        Datum::Null
    }

    fn columns(&self) -> Vec<(Arc<str>, Datum)> {
        let shown = |column: &&(Arc<str>, Datum)| &*column.0 != TIMESTAMP && !column.1.is_null();
        self.columns.iter().filter(shown).cloned().collect()
    }
}

/// The row as the scope of row-level expressions.
pub struct RowScope<'a>(pub &'a dyn Row);

impl Scope<RowLeaf> for RowScope<'_> {
    fn value(&self, leaf: &RowLeaf) -> Datum {
        match leaf {
            RowLeaf::Attribute(name) => self.0.get(name),
            RowLeaf::EventType => self.0.event_type(),
        }
    }
}
