//! The place of a subquery's answer in the query around it: filled before the first row is read.

use std::sync::{Arc, PoisonError, RwLock};

use crate::datum::Datum;

/// Null until it is filled. Clones share the answer.
#[derive(Debug, Clone)]
pub struct Slot(Arc<RwLock<Datum>>);

impl Slot {
    pub fn empty() -> Slot {
        Slot(Arc::new(RwLock::new(Datum::Null)))
    }

    pub fn value(&self) -> Datum {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// One value, for a subquery that stands where a value does.
    pub fn fill(&self, value: Datum) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = value;
    }

    /// The members of `IN (…)`, in any order.
    pub fn fill_members(&self, mut members: Vec<Datum>) {
        members.sort();
        members.dedup();
        self.fill(Datum::List(members.into()));
    }

    /// Whether a list has the value; nothing is converted.
    pub fn contains(&self, value: &Datum) -> bool {
        match &*self.0.read().unwrap_or_else(PoisonError::into_inner) {
            Datum::List(members) => members.binary_search(value).is_ok(),
            _ => false,
        }
    }
}
