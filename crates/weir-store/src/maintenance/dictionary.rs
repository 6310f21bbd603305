//! What numbers stand for while tables are merged.

use std::sync::Arc;

use foldhash::HashMap;

use crate::rows::{ColumnId, Dictionary};

/// Strings of a merged table that are remembered; beyond it they are forgotten between two series.
const STRINGS_MAX: usize = 1 << 16;

/// The names and strings of a table while it is merged.
#[derive(Default)]
pub struct MergedDictionary {
    pub names: Vec<Arc<str>>,
    strings: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u64>,
}

impl MergedDictionary {
    pub fn column(&mut self, name: &Arc<str>, like: ColumnId) -> ColumnId {
        let known = self.names.iter().position(|known| known == name);
        let number = known.unwrap_or_else(|| {
            self.names.push(name.clone());
            self.names.len() - 1
        });
        ColumnId::new(number, like.kind())
    }

    pub fn number(&mut self, string: &Arc<str>) -> u64 {
        if let Some(number) = self.numbers.get(string) {
            return *number;
        }
        let number = self.strings.len() as u64;
        self.strings.push(string.clone());
        self.numbers.insert(string.clone(), number);
        number
    }

    pub fn is_full(&self) -> bool {
        self.strings.len() > STRINGS_MAX
    }

    /// Forgets the strings.
    pub fn forget(&mut self) {
        self.strings.clear();
        self.numbers.clear();
    }
}

impl Dictionary for MergedDictionary {
    fn name(&self, column: ColumnId) -> &Arc<str> {
        &self.names[column.name()]
    }

    fn string(&self, _: ColumnId, lane: u64) -> &Arc<str> {
        &self.strings[lane as usize]
    }
}
