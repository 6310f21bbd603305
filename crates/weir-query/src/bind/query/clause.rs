//! Clauses checked against each other and against their place: ORDER BY, LIMIT, names of columns.

use std::collections::HashSet;

use weir_nrql::ast::{Direction, ExprKind, Limit, Number, Query};

use super::super::expression::bind_value;
use super::super::facet::facet_names;
use super::super::level::RowLevel;
use super::{Place, QueryBinder};
use crate::decision::JOINS_MAX;
use crate::plan::{GroupPlan, RowColumn, RowOrder};
use crate::problem;

impl QueryBinder<'_> {
    /// An alias of SELECT comes before an attribute of the same name.
    pub(super) fn bind_order(
        &mut self,
        query: &Query,
        mut row: RowLevel<'_>,
        columns: &[RowColumn],
    ) -> Vec<RowOrder> {
        let mut order = Vec::new();
        for item in &query.order_by {
            let selected = match &item.expr.kind {
                ExprKind::Attribute(name) => columns.iter().find_map(|column| match column {
                    RowColumn::Named { key, node } if **key == *name.text => Some(node.clone()),
                    _ => None,
                }),
                _ => None,
            };
            let selected = selected.map(|node| self.context.spend(&node, item.span).map(|()| node));
            let node = match selected {
                Some(node) => self.keep(node),
                None => {
                    let node = bind_value(self.context, &mut row, &item.expr);
                    self.keep(node)
                }
            };
            let descending = item.direction == Some(Direction::Descending);
            order.extend(node.map(|node| RowOrder { node, descending }));
        }
        order
    }

    pub(super) fn bind_limit(
        &mut self,
        query: &Query,
        default: usize,
        most: usize,
    ) -> Option<usize> {
        match &query.limit {
            None => Some(default),
            Some(Limit::Max(_)) => Some(most),
            Some(Limit::Name(name)) => {
                let message = format!("`{}` stands for a number that nobody filled in", name.text);
                let reporter = self.context.reporter;
                self.errors.push(reporter.error(problem::NOT_WHOLE_NUMBER, message, name.span));
                None
            }
            Some(Limit::Count(number)) => {
                let limit = self.whole_number(number, "LIMIT")?;
                if limit > most {
                    self.note(format!("LIMIT {limit} is above {most}: {most} is used"));
                }
                Some(limit.min(most))
            }
        }
    }

    pub(super) fn whole_number(&mut self, number: &Number, clause: &str) -> Option<usize> {
        let value = number.value;
        if value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value) {
            return Some(value as usize);
        }
        let message = format!("{clause} needs a whole number from 0 up");
        let error = self.context.reporter.error(problem::NOT_WHOLE_NUMBER, message, number.span);
        self.errors.push(error);
        None
    }

    /// Two columns of one name: the outer query could not tell them apart.
    pub(super) fn check_names(&mut self, query: &Query, plan: &GroupPlan, place: Place) {
        let mut seen = HashSet::new();
        let is_inner = place != Place::Outermost;
        let facets = facet_names(plan.facet.as_ref()).filter(|_| is_inner);
        seen.extend(facets.cloned());
        for (column, item) in plan.columns.iter().zip(&query.select) {
            let name = if is_inner { &column.nested_key } else { &column.key };
            if seen.insert(name.clone()) {
                continue;
            }
            match place {
                Place::Inner | Place::Subquery => {
                    let message = format!("two columns of the inner query are called `{name}`");
                    let reporter = self.context.reporter;
                    let error = reporter.error(problem::DUPLICATE_COLUMN, message, item.span);
                    self.errors.push(error.with_help("give one another name with AS"));
                }
                Place::Outermost => self.note(format!(
                    "two columns are called `{name}` and only the last is shown: use AS"
                )),
            }
        }
    }

    /// Each JOIN can make a hundred rows of one.
    pub(super) fn check_joins(&mut self, query: &Query) {
        if let Some(join) = query.joins.get(JOINS_MAX) {
            let message = format!("a query joins {JOINS_MAX} others at most");
            let error = self.context.reporter.error(problem::TOO_LARGE, message, join.span);
            self.errors.push(error);
        }
    }

    pub(super) fn refuse_clauses_of_other_places(&mut self, query: &Query, place: Place) {
        let since = ("SINCE", query.since.as_ref().map(|point| point.span));
        let until = ("UNTIL", query.until.as_ref().map(|point| point.span));
        let compare = ("COMPARE WITH", query.compare_with.as_ref().map(|point| point.span));
        let zone = ("WITH TIMEZONE", query.timezone.as_ref().map(|zone| zone.span));
        let timeseries = ("TIMESERIES", query.timeseries.as_ref().map(|t| t.span));
        let predict = ("PREDICT", query.predict.as_ref().map(|predict| predict.span));
        let clauses = match place {
            Place::Outermost => Vec::new(),
            Place::Inner => vec![since, until, compare, zone, predict],
            Place::Subquery => vec![compare, zone, timeseries, predict],
        };
        for (name, span) in clauses {
            if let Some(span) = span {
                self.misplaced(&format!("{name} belongs to the outermost query"), span);
            }
        }
    }
}
