//! Physical columns: a name and a kind. An attribute that changes type is two of them.

use std::sync::Arc;

use weir_types::Value;
use weir_types::value::ValueKind;

use super::append_list::AppendList;
use crate::block::Codec;

/// A name of a table and a kind; local to one table of one generation. Ordered by name, then
/// kind, so that a row's cells have one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ColumnId(u32);

impl ColumnId {
    pub fn new(name: usize, kind: ValueKind) -> Self {
        let kind = match kind {
            ValueKind::Int => 0,
            ValueKind::Float => 1,
            ValueKind::Str => 2,
            ValueKind::Bool => 3,
        };
        ColumnId((name as u32) << 2 | kind)
    }

    pub fn from_bits(bits: u32) -> Self {
        ColumnId(bits)
    }

    pub fn bits(self) -> u32 {
        self.0
    }

    /// Place of the name in the table's list of names.
    pub fn name(self) -> usize {
        (self.0 >> 2) as usize
    }

    pub fn kind(self) -> ValueKind {
        match self.0 & 3 {
            0 => ValueKind::Int,
            1 => ValueKind::Float,
            2 => ValueKind::Str,
            _ => ValueKind::Bool,
        }
    }

    pub fn codec(self) -> Codec {
        Codec::of(self.kind())
    }
}

/// One value of one row: the column and the value's lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell {
    pub column: ColumnId,
    pub lane: u64,
}

/// An attribute name and the dictionary of the strings it held.
pub struct Attribute {
    pub name: Arc<str>,
    pub strings: AppendList<Arc<str>>,
}

impl Attribute {
    pub fn new(name: Arc<str>) -> Self {
        Attribute { name, strings: AppendList::new() }
    }

    /// The value that a lane of this attribute's column of `kind` stands for.
    pub fn value(&self, kind: ValueKind, lane: u64) -> Value {
        match kind {
            ValueKind::Int => Value::Int(lane.cast_signed()),
            ValueKind::Float => Value::Float(f64::from_bits(lane)),
            ValueKind::Bool => Value::Bool(lane != 0),
            ValueKind::Str => {
                let string = self.strings.get(lane as usize);
                Value::Str(string.expect("a string is in the dictionary before its row").clone())
            }
        }
    }
}
