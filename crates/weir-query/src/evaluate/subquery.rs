//! Subqueries, answered before the query around them reads its first row.

use weir_types::{QueryError, TimeRange};

use super::{Evaluator, Outcome};
use crate::datum::Datum;
use crate::decision::LIMIT_MAX;
use crate::plan::{Body, Plan, Subquery, SubqueryAnswer};

impl Evaluator<'_> {
    /// Fills the slots, inner ones first. `range` is the window of the query around.
    pub fn answer_subqueries(
        &mut self,
        subqueries: &[Subquery],
        range: TimeRange,
    ) -> Result<(), QueryError> {
        for subquery in subqueries {
            let outcome = self.evaluate(&subquery.plan, range)?;
            let values = first_column(&outcome);
            match subquery.wants {
                SubqueryAnswer::Value => {
                    if values.len() > 1 {
                        let note = "a subquery has several rows: the value of the first is used";
                        self.notes.insert(note.into());
                    }
                    subquery.slot.fill(values.into_iter().next().unwrap_or(Datum::Null));
                }
                SubqueryAnswer::Members => {
                    let members = self.members(&subquery.plan, values);
                    subquery.slot.fill_members(members);
                }
            }
        }
        Ok(())
    }

    /// The values without nulls; those of lists one by one.
    fn members(&mut self, plan: &Plan, values: Vec<Datum>) -> Vec<Datum> {
        let limit = match &plan.body {
            Body::Rows(rows) => rows.limit,
            Body::Groups(groups) => groups.facet.as_ref().map_or(usize::MAX, |facet| facet.limit),
        };
        let is_cut = values.len() >= limit;
        let mut members: Vec<Datum> = Vec::new();
        for value in values {
            match value {
                Datum::Null => {}
                Datum::List(items) => members.extend(items.iter().cloned()),
                other => members.push(other.plain()),
            }
        }
        if is_cut || members.len() >= LIMIT_MAX {
            let note = "a subquery may have reached its member limit: the answer may be incomplete";
            self.notes.insert(note.into());
            members.truncate(LIMIT_MAX);
        }
        members
    }
}

fn first_column(outcome: &Outcome) -> Vec<Datum> {
    match outcome {
        Outcome::Rows(rows) => {
            let first = rows.iter().filter_map(|row| row.columns.first());
            first.map(|(_, value)| value.clone()).collect()
        }
        Outcome::Groups(groups) => {
            let first = groups.groups.iter().filter_map(|group| group.overall.first());
            first.cloned().collect()
        }
    }
}
