//! `stddev` and `stdvar`, of the population.

use weir_types::{QueryError, TimeRange};

use super::{Accumulator, Observation};
use crate::budget::Budget;
use crate::datum::Datum;

/// Welford's running mean and sum of squared differences.
pub struct Deviation {
    takes_root: bool,
    count: u64,
    mean: f64,
    squares: f64,
}

impl Deviation {
    pub fn standard_deviation() -> Self {
        Deviation { takes_root: true, count: 0, mean: 0.0, squares: 0.0 }
    }

    pub fn variance() -> Self {
        Deviation { takes_root: false, ..Self::standard_deviation() }
    }
}

impl Accumulator for Deviation {
    fn add(&mut self, observed: &Observation<'_>, _: &mut Budget) -> Result<(), QueryError> {
        if let Some(value) = observed.first().as_f64() {
            self.count += 1;
            let difference = value - self.mean;
            self.mean += difference / self.count as f64;
            self.squares += difference * (value - self.mean);
        }
        Ok(())
    }

    /// 0 where there is no number.
    fn finish(&self, _: TimeRange) -> Datum {
        let variance = self.squares / self.count.max(1) as f64;
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
