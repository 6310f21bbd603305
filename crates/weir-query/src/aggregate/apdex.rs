//! `apdex`: how many waited short, long, and too long.

use weir_types::{QueryError, TimeRange};

use super::{Accumulator, Observation};
use crate::budget::Budget;
use crate::datum::{Datum, SCORE};

/// Values up to the threshold satisfy, up to four times it are tolerated, others frustrate.
pub struct Apdex {
    threshold: f64,
    satisfied: f64,
    tolerated: f64,
    frustrated: f64,
}

impl Apdex {
    pub fn new(threshold: f64) -> Self {
        Apdex { threshold, satisfied: 0.0, tolerated: 0.0, frustrated: 0.0 }
    }
}

impl Accumulator for Apdex {
    fn add(&mut self, observed: &Observation<'_>, _: &mut Budget) -> Result<(), QueryError> {
        for stretch in observed.observations() {
            let satisfied = stretch.below(self.threshold);
            let up_to_tolerated = stretch.below(4.0 * self.threshold);
            self.satisfied += satisfied;
            self.tolerated += up_to_tolerated - satisfied;
            self.frustrated += stretch.count - up_to_tolerated;
        }
        Ok(())
    }

    /// The score of nothing is null.
    fn finish(&self, _: TimeRange) -> Datum {
        let count = self.satisfied + self.tolerated + self.frustrated;
        let score = (self.satisfied + self.tolerated / 2.0) / count;
        Datum::map([
            (SCORE.into(), Datum::float(score)),
            ("s".into(), Datum::whole(self.satisfied)),
            ("t".into(), Datum::whole(self.tolerated)),
            ("f".into(), Datum::whole(self.frustrated)),
            ("count".into(), Datum::whole(count)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AggregateFunction, aggregate_values};
    use super::*;

    #[test]
    fn the_classes_have_inclusive_bounds() {
        let values = [0.1, 0.5, 0.6, 2.0, 2.1].map(Datum::Float);
        let apdex = aggregate_values(AggregateFunction::Apdex { threshold: 0.5 }, &values);
        let Datum::Map(pairs) = &apdex else { panic!("no map") };
        let numbers: Vec<Option<f64>> = pairs.iter().map(|(_, value)| value.as_f64()).collect();
        assert_eq!(numbers, [Some(0.6), Some(2.0), Some(2.0), Some(1.0), Some(5.0)]);
        assert_eq!(apdex.as_f64(), Some(0.6));
        let nothing = aggregate_values(AggregateFunction::Apdex { threshold: 0.5 }, &[]);
        assert_eq!(nothing.as_f64(), None);
    }
}
