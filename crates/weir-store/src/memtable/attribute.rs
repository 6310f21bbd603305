//! The names of a table and the strings they held.

use std::sync::Arc;

use weir_types::Value;
use weir_types::value::ValueKind;

use super::append_list::AppendList;

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
