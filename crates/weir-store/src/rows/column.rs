//! Physical columns: a name and a kind. An attribute that changes type is two of them.

use weir_types::value::ValueKind;

use crate::block::Codec;

/// A name of a table and a kind; local to one table of one generation or segment. Ordered by name, then
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

    /// Whether lanes are numbers in a dictionary.
    pub fn is_text(self) -> bool {
        self.kind() == ValueKind::Str
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
