//! `keyset`: the names of attributes by the types they hold.

use std::collections::BTreeSet;
use std::sync::Arc;

use weir_types::{QueryError, TimeRange};

use super::{Accumulator, Observation};
use crate::budget::Budget;
use crate::datum::Datum;

/// What one name takes beside its text.
const MEMBER_BYTES: usize = 48;

/// A name whose values have several types stands in several lists.
#[derive(Default)]
pub struct KeySet {
    all: BTreeSet<Arc<str>>,
    booleans: BTreeSet<Arc<str>>,
    numbers: BTreeSet<Arc<str>>,
    strings: BTreeSet<Arc<str>>,
}

impl Accumulator for KeySet {
    /// The row's columns, as a map.
    fn add(&mut self, observed: &Observation<'_>, budget: &mut Budget) -> Result<(), QueryError> {
        let Datum::Map(columns) = observed.first() else { return Ok(()) };
        for (name, value) in columns.iter() {
            let of_type = match value {
                Datum::Bool(_) => &mut self.booleans,
                Datum::Str(_) => &mut self.strings,
                _ => &mut self.numbers,
            };
            for names in [of_type, &mut self.all] {
                if !names.contains(name) {
                    budget.hold(MEMBER_BYTES + name.len())?;
                    names.insert(name.clone());
                }
            }
        }
        Ok(())
    }

    fn finish(&self, _: TimeRange) -> Datum {
        let list = |names: &BTreeSet<Arc<str>>| {
            Datum::List(names.iter().map(|name| Datum::Str(name.clone())).collect())
        };
        Datum::map([
            ("allKeys".into(), list(&self.all)),
            ("booleanKeys".into(), list(&self.booleans)),
            ("numericKeys".into(), list(&self.numbers)),
            ("stringKeys".into(), list(&self.strings)),
        ])
    }
}
