//! `funnel`: who met the first step, the first two, and so on. The order of events does not count.

use std::collections::BTreeMap;
use std::sync::Arc;

use weir_types::{QueryError, TimeRange};

use super::{Accumulator, Observation};
use crate::budget::Budget;
use crate::datum::Datum;

/// What one id takes beside its value.
const MEMBER_BYTES: usize = 48;

/// Counts distinct ids exactly.
pub struct Funnel {
    steps: Arc<[Arc<str>]>,
    /// By id, a bit for every step that it met.
    met: BTreeMap<Datum, u32>,
}

impl Funnel {
    pub fn new(steps: Arc<[Arc<str>]>) -> Self {
        Funnel { steps, met: BTreeMap::new() }
    }
}

impl Accumulator for Funnel {
    /// The id, then whether each step holds.
    fn add(&mut self, observed: &Observation<'_>, budget: &mut Budget) -> Result<(), QueryError> {
        let id = observed.first();
        let steps = observed.values.iter().skip(1).enumerate();
        let met = steps
            .filter(|(_, holds)| **holds == Datum::Bool(true))
            .fold(0, |bits, (step, _)| bits | 1 << step);
        if id.is_null() || met == 0 {
            return Ok(());
        }
        if !self.met.contains_key(id) {
            budget.hold(MEMBER_BYTES + id.size_bytes())?;
        }
        *self.met.entry(id.clone().plain()).or_default() |= met;
        Ok(())
    }

    fn finish(&self, _: TimeRange) -> Datum {
        let reached = |step: usize| {
            let wanted = (1_u32 << (step + 1)) - 1;
            let count = self.met.values().filter(|met| *met & wanted == wanted).count();
            Datum::Int(count as i64)
        };
        Datum::map(self.steps.iter().enumerate().map(|(step, name)| (name.clone(), reached(step))))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use weir_types::Timestamp;

    use super::*;
    use crate::budget::{Cancel, Limits};

    #[test]
    fn a_step_counts_only_behind_those_before_it() {
        let mut funnel = Funnel::new(["one".into(), "two".into()].into());
        let timeout = Duration::from_secs(60);
        let mut budget = Budget::new(Limits::default(), Instant::now(), timeout, Cancel::default());
        for (id, one, two) in
            [("a", false, true), ("a", true, false), ("b", true, false), ("c", false, true)]
        {
            let values = [Datum::text(id), Datum::Bool(one), Datum::Bool(two)];
            let observed = Observation { values: &values, timestamp: 0, sequence: 0, rollup: None };
            funnel.add(&observed, &mut budget).unwrap();
        }
        let end = Timestamp::from_millis(1);
        let counts = funnel.finish(TimeRange { begin: Timestamp::from_millis(0), end });
        let expected = [("one".into(), Datum::Int(2)), ("two".into(), Datum::Int(1))];
        assert_eq!(counts, Datum::map(expected));
    }
}
