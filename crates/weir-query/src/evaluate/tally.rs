//! Accumulators of one group: over the whole range, and a set for each bucket that saw a row.

use weir_store::Rollup;
use weir_types::{QueryError, TimeRange};

use super::Group;
use crate::aggregate::{Accumulator, Aggregate, Observation};
use crate::bucket::Buckets;
use crate::budget::Budget;
use crate::datum::Datum;
use crate::node::{GroupLeaf, Scope};
use crate::plan::GroupColumn;
use crate::row::{Row, RowScope};

type Accumulators = Vec<Box<dyn Accumulator>>;

/// What one accumulator takes before it has seen anything, roughly.
const ACCUMULATOR_BYTES: usize = 96;

pub struct Tally {
    overall: Accumulators,
    /// Empty without TIMESERIES.
    buckets: Vec<Option<Accumulators>>,
}

impl Tally {
    pub fn new(
        aggregates: &[Aggregate],
        buckets: Option<&Buckets>,
        budget: &mut Budget,
    ) -> Result<Self, QueryError> {
        let count = buckets.map_or(0, |buckets| buckets.ranges().len());
        budget.hold(count * size_of::<Option<Accumulators>>())?;
        let overall = accumulators(aggregates, budget)?;
        Ok(Tally { overall, buckets: (0..count).map(|_| None).collect() })
    }

    pub fn add(
        &mut self,
        aggregates: &[Aggregate],
        buckets: Option<&Buckets>,
        inputs: &Inputs<'_>,
        budget: &mut Budget,
    ) -> Result<(), QueryError> {
        inputs.add_to(&mut self.overall, budget)?;
        for place in buckets.map_or(0..0, |buckets| buckets.holding(inputs.timestamp)) {
            let bucket = match &mut self.buckets[place] {
                Some(bucket) => bucket,
                empty => empty.insert(accumulators(aggregates, budget)?),
            };
            inputs.add_to(bucket, budget)?;
        }
        Ok(())
    }

    /// What of the whole range is not exact: a bucket has fewer rows.
    pub fn estimates(&self) -> impl Iterator<Item = &'static str> {
        estimates(&self.overall)
    }

    /// The values of the columns; a bucket that saw nothing has the values of nothing.
    pub fn finish(
        &self,
        aggregates: &[Aggregate],
        columns: &[GroupColumn],
        range: TimeRange,
        buckets: Option<&Buckets>,
        key: Vec<Datum>,
    ) -> Group {
        let evaluate = |accumulators: &Accumulators, range: TimeRange| {
            let scope = GroupScope::new(accumulators, range);
            columns.iter().map(|column| column.node.evaluate(&scope)).collect::<Vec<_>>()
        };
        let nothing: Accumulators = aggregates.iter().map(Aggregate::accumulator).collect();
        let ranges = buckets.map_or(&[][..], Buckets::ranges);
        let buckets = self.buckets.iter().zip(ranges);
        let buckets = buckets
            .map(|(bucket, range)| evaluate(bucket.as_ref().unwrap_or(&nothing), *range))
            .collect();
        let overall = evaluate(&self.overall, range);
        Group { key, overall, buckets, predicted: Vec::new() }
    }
}

/// How far values may be off that are not exact.
pub fn estimates(accumulators: &Accumulators) -> impl Iterator<Item = &'static str> {
    accumulators.iter().filter_map(|accumulator| accumulator.estimate())
}

/// The arguments of every aggregate for one row, computed once.
pub struct Inputs<'r> {
    rollup: Option<&'r Rollup>,
    timestamp: i64,
    sequence: u64,
    /// `None` where the aggregate does not take the row.
    values: Vec<Option<Vec<Datum>>>,
}

impl<'r> Inputs<'r> {
    pub fn of(aggregates: &[Aggregate], row: &'r dyn Row) -> Inputs<'r> {
        let scope = RowScope(row);
        let values = aggregates.iter().map(|aggregate| aggregate.values(&scope)).collect();
        let (timestamp, sequence) = (row.timestamp().unwrap_or(0), row.sequence());
        Inputs { rollup: row.rollup(), timestamp, sequence, values }
    }

    pub fn add_to(
        &self,
        accumulators: &mut Accumulators,
        budget: &mut Budget,
    ) -> Result<(), QueryError> {
        let Inputs { rollup, timestamp, sequence, .. } = *self;
        for (accumulator, values) in accumulators.iter_mut().zip(&self.values) {
            if let Some(values) = values {
                accumulator.add(&Observation { values, timestamp, sequence, rollup }, budget)?;
            }
        }
        Ok(())
    }
}

pub fn accumulators(
    aggregates: &[Aggregate],
    budget: &mut Budget,
) -> Result<Accumulators, QueryError> {
    let own: usize = aggregates.iter().map(Aggregate::own_bytes).sum();
    budget.hold(aggregates.len() * ACCUMULATOR_BYTES + own)?;
    Ok(aggregates.iter().map(Aggregate::accumulator).collect())
}

/// Finished aggregates as the scope of expressions above them.
pub struct GroupScope {
    values: Vec<Datum>,
    range: TimeRange,
}

impl GroupScope {
    pub fn new(accumulators: &Accumulators, range: TimeRange) -> Self {
        GroupScope { values: accumulators.iter().map(|a| a.finish(range)).collect(), range }
    }
}

impl Scope<GroupLeaf> for GroupScope {
    fn value(&self, leaf: &GroupLeaf) -> Datum {
        let (begin, end) = (self.range.begin.as_millis(), self.range.end.as_millis());
        match leaf {
            GroupLeaf::Aggregate { index, .. } => {
                self.values.get(*index).cloned().unwrap_or(Datum::Null)
            }
            GroupLeaf::BucketMillis => Datum::Int(end - begin),
            GroupLeaf::BucketEnd => Datum::Int(end),
        }
    }
}
