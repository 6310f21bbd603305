//! `stddev` and `stdvar`, of the population.

use weir_types::{QueryError, TimeRange};

use super::{Accumulator, Observation};
use crate::budget::Budget;
use crate::datum::Datum;
use crate::spread::Stretch;

/// Welford's running mean and sum of squared differences.
pub struct Deviation {
    takes_root: bool,
    count: f64,
    mean: f64,
    squares: f64,
}

impl Deviation {
    pub fn standard_deviation() -> Self {
        Deviation { takes_root: true, count: 0.0, mean: 0.0, squares: 0.0 }
    }

    pub fn variance() -> Self {
        Deviation { takes_root: false, ..Self::standard_deviation() }
    }
}

impl Accumulator for Deviation {
    fn add(&mut self, observed: &Observation<'_>, _: &mut Budget) -> Result<(), QueryError> {
        let stretches = match observed.first() {
            Datum::Metric(_) => observed.first().as_f64().map(|number| Stretch::at(number, 1.0)),
            _ => None,
        };
        let stretches = stretches.map_or_else(|| observed.observations(), |one| vec![one]);
        for Stretch { low, high, count } in stretches {
            self.count += count;
            let middle = low + (high - low) / 2.0;
            let difference = middle - self.mean;
            self.mean += difference * count / self.count;
            // What lies evenly over a width has a twelfth of its square as variance.
            let width = high - low;
            self.squares += count * (difference * (middle - self.mean) + width * width / 12.0);
        }
        Ok(())
    }

    /// 0 where there is no number.
    fn finish(&self, _: TimeRange) -> Datum {
        let variance = self.squares / self.count.max(1.0);
        Datum::float(if self.takes_root { variance.sqrt() } else { variance })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AggregateFunction, aggregate_values};
    use super::*;

    #[test]
    fn the_population_is_all_there_is() {
        let values: Vec<Datum> = [2, 4, 4, 4, 5, 5, 7, 9].map(Datum::Int).into();
        let deviation = aggregate_values(AggregateFunction::StandardDeviation, &values);
        assert_eq!(deviation, Datum::Float(2.0));
        assert_eq!(aggregate_values(AggregateFunction::Variance, &values), Datum::Float(4.0));
        assert_eq!(aggregate_values(AggregateFunction::Variance, &[]), Datum::Float(0.0));
    }
}
