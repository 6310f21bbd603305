//! Row by row, to the answer: nothing is skipped, indexed or cached, so that what comes out is
//! plainly what the plan says.

mod feed;
mod groups;
mod join;
mod nested;
mod predict;
mod rows;
mod subquery;
mod tally;

use std::collections::BTreeSet;
use std::sync::Arc;

use weir_types::query::QueryStats;
use weir_types::{QueryError, TimeRange};

use crate::approximate::Approximations;
use crate::budget::Budget;
use crate::datum::Datum;
use crate::plan::{Body, GroupPlan, Input, Plan};
use crate::row::TableRow;
use crate::source::{EventSource, LookupTable};
use feed::{Feed, FeedInput};

/// What a plan comes to.
#[derive(Debug)]
pub enum Outcome {
    Rows(Vec<TableRow>),
    Groups(Box<Groups>),
}

/// The groups that were kept, in the order of the answer; one without a key where there is no
/// FACET.
#[derive(Debug)]
pub struct Groups {
    /// What was read: with TIMESERIES, from the first whole bucket.
    pub range: TimeRange,
    /// Empty without TIMESERIES.
    pub buckets: Vec<TimeRange>,
    pub groups: Vec<Group>,
    /// All rows.
    pub total: Group,
    /// The rows of groups that were cut.
    pub other: Group,
    /// Buckets behind the end; only with PREDICT.
    pub predicted: Vec<TimeRange>,
}

/// One group's values, in the order of the plan's columns.
#[derive(Debug)]
pub struct Group {
    pub key: Vec<Datum>,
    pub overall: Vec<Datum>,
    /// One a bucket.
    pub buckets: Vec<Vec<Datum>>,
    /// One a predicted bucket; none of totals.
    pub predicted: Vec<Vec<Datum>>,
}

/// Runs plans over one view of the events.
pub struct Evaluator<'a> {
    source: &'a dyn EventSource,
    budget: Budget,
    /// Rows of the outermost scan of events, each counted once.
    pub stats: QueryStats,
    /// What the reader must know: lists that were cut.
    pub notes: BTreeSet<String>,
    /// What roll-ups could not answer exactly.
    pub approximations: Approximations,
}

impl<'a> Evaluator<'a> {
    pub fn new(source: &'a dyn EventSource, budget: Budget) -> Self {
        let (stats, notes) = (QueryStats::default(), BTreeSet::new());
        Evaluator { source, budget, stats, notes, approximations: Approximations::default() }
    }

    pub fn evaluate(&mut self, plan: &Plan, range: TimeRange) -> Result<Outcome, QueryError> {
        let range = plan.range.unwrap_or(range);
        match &plan.body {
            Body::Rows(rows) => self.evaluate_rows(plan, rows, range).map(Outcome::Rows),
            Body::Groups(groups) => {
                let groups = self.evaluate_groups(plan, groups, range, None)?;
                Ok(Outcome::Groups(Box::new(groups)))
            }
        }
    }

    /// As [`Evaluator::evaluate`], for exactly these groups in this order: the second window of
    /// COMPARE WITH looks up what the first one chose.
    pub fn evaluate_chosen(
        &mut self,
        plan: &Plan,
        groups: &GroupPlan,
        range: TimeRange,
        keys: Vec<Vec<Datum>>,
    ) -> Result<Groups, QueryError> {
        self.evaluate_groups(plan, groups, range, Some(keys))
    }

    /// What the plan reads, ready to be scanned as often as needed.
    fn feed<'p>(&mut self, plan: &'p Plan, range: TimeRange) -> Result<Feed<'p>, QueryError> {
        let input = match &plan.input {
            Input::Nothing => FeedInput::Table(vec![TableRow::empty()]),
            Input::EventTypes(types) => FeedInput::Events(types),
            Input::Lookup(name) => FeedInput::Lookup(self.lookup(name)),
            Input::Nested(inner) => {
                let outcome = self.evaluate(inner, range)?;
                FeedInput::Table(nested::into_table(inner, outcome))
            }
        };
        let joins = plan.joins.iter().map(|join| self.join_table(join, range));
        Ok(Feed { input, joins: joins.collect::<Result<_, _>>()? })
    }

    fn lookup(&mut self, name: &str) -> Option<Arc<LookupTable>> {
        let table = self.source.lookup_table(name);
        if table.is_none() {
            self.notes.insert(format!("there is no lookup table {name}: it has no rows"));
        }
        table
    }
}
