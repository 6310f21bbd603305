//! One query at any level: its clauses, checked against each other.

use std::collections::HashSet;
use std::sync::Arc;

use weir_nrql::ast::{Direction, ExprKind, Limit, Number, Query, Source};
use weir_types::{Diagnostic, Span};

use super::Context;
use super::aggregator::has_aggregator;
use super::expression::{bind_condition, bind_value};
use super::facet::{Shown, bind_facet, facet_names};
use super::level::{GroupLevel, RowLevel, Variables};
use super::select::{bind_group_column, bind_row_column};
use super::timeseries::bind_timeseries;
use crate::decision::{FACET_LIMIT, LIMIT_MAX, ROW_LIMIT};
use crate::node::{Node, RowLeaf};
use crate::plan::{Body, GroupPlan, Input, Plan, RowColumn, RowOrder, RowPlan};
use crate::problem;

/// The plan and the notes of a whole text.
pub fn bind_outermost(
    context: &Context<'_>,
    query: &Query,
) -> Result<(Plan, Vec<String>), Vec<Diagnostic>> {
    let mut binder = QueryBinder { context, errors: Vec::new(), messages: Vec::new() };
    let plan = binder.bind(query, Place::Outermost);
    match plan {
        Some(plan) if binder.errors.is_empty() => Ok((plan, binder.messages)),
        _ => Err(binder.errors),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Outermost,
    Inner,
}

/// Collects findings clause by clause, so that one text can have several.
struct QueryBinder<'c> {
    context: &'c Context<'c>,
    errors: Vec<Diagnostic>,
    messages: Vec<String>,
}

impl QueryBinder<'_> {
    fn bind(&mut self, query: &Query, place: Place) -> Option<Plan> {
        self.refuse_missing_features(query);
        if place == Place::Inner {
            self.refuse_outermost_clauses(query);
        }
        let input = self.bind_input(query);
        let variables = self.bind_variables(query);
        let row = RowLevel { variables: &variables };
        let filter = self.bind_filter(query, row);
        let has_aggregators = query.select.iter().any(|item| has_aggregator(&item.expr));
        let body = if has_aggregators {
            self.bind_groups(query, row, place).map(Body::Groups)
        } else {
            self.bind_rows(query, row).map(Body::Rows)
        };
        let input = input?;
        if has_aggregators {
            self.check_time(query, &input);
        }
        Some(Plan { input, filter, body: body? })
    }

    /// Aggregates need rows, and buckets need rows with a time.
    fn check_time(&mut self, query: &Query, input: &Input) {
        match (input, &query.timeseries) {
            (Input::Nothing, _) => self.misplaced("FROM is missing", query.span),
            (Input::Nested(inner), Some(timeseries)) if !has_time(inner) => {
                let message = "the rows of the inner query have no time";
                let reporter = self.context.reporter;
                let error = reporter.error(problem::CLAUSE_MISPLACED, message, timeseries.span);
                self.errors.push(error.with_help("add TIMESERIES to the inner query"));
            }
            _ => {}
        }
    }

    fn bind_input(&mut self, query: &Query) -> Option<Input> {
        let mut types: Vec<Arc<str>> = Vec::new();
        for source in &query.from {
            match source {
                Source::EventType(name) if name.text == "Metric" => {
                    self.not_supported("FROM Metric", name.span);
                }
                Source::EventType(name) if types.iter().any(|known| **known == *name.text) => {}
                Source::EventType(name) => types.push(name.text.as_str().into()),
                Source::Lookup { span, .. } => self.not_supported("lookup()", *span),
                Source::Query(inner) if query.from.len() == 1 => {
                    let plan = self.bind(inner, Place::Inner)?;
                    return Some(Input::Nested(Box::new(plan)));
                }
                Source::Query(inner) => {
                    self.not_supported("several sources beside a query", inner.span)
                }
            }
        }
        Some(if query.from.is_empty() { Input::Nothing } else { Input::EventTypes(types) })
    }

    fn bind_variables(&mut self, query: &Query) -> Variables {
        let mut variables = Variables::new();
        for variable in &query.variables {
            let [name] = variable.names.as_slice() else {
                self.not_supported("WITH … AS (several names)", variable.span);
                continue;
            };
            let mut row = RowLevel { variables: &variables };
            let node = bind_value(self.context, &mut row, &variable.expr);
            if let Some(node) = self.keep(node) {
                variables.insert(name.text.clone(), node);
            }
        }
        variables
    }

    /// All WHERE clauses together.
    fn bind_filter(&mut self, query: &Query, mut row: RowLevel<'_>) -> Option<Node<RowLeaf>> {
        let mut whole: Option<Node<RowLeaf>> = None;
        for filter in &query.filters {
            let bound = bind_condition(self.context, &mut row, filter);
            let node = self.keep(bound)?;
            whole = Some(match whole {
                Some(before) => Node::And(Box::new(before), Box::new(node)),
                None => node,
            });
        }
        whole
    }

    fn bind_groups(&mut self, query: &Query, row: RowLevel<'_>, place: Place) -> Option<GroupPlan> {
        let mut level = GroupLevel::new(row);
        let mut columns = Vec::new();
        for item in &query.select {
            let column = bind_group_column(self.context, &mut level, item);
            columns.extend(self.keep(column));
        }
        let aggregates = level.aggregates;
        let limit = self.bind_limit(query, FACET_LIMIT)?;
        if let Some(offset) = &query.offset {
            self.misplaced("OFFSET needs a query without aggregators", offset.span);
        }
        let is_complete = columns.len() == query.select.len();
        let facet = match &query.facet {
            Some(facet) if is_complete => {
                let shown = Shown {
                    select: &query.select,
                    columns: &columns,
                    aggregates: &aggregates,
                    limit,
                };
                let facet = bind_facet(self.context, row, facet, &shown);
                self.keep(facet)
            }
            _ => None,
        };
        if !query.order_by.is_empty() {
            let note = "ORDER BY has no effect here: groups are ordered by the first column of \
                        SELECT; FACET … ORDER BY decides which groups stay";
            self.messages.push(note.to_owned());
        }
        let timeseries = match &query.timeseries {
            Some(timeseries) => {
                let steps = bind_timeseries(self.context, timeseries);
                Some(self.keep(steps)?)
            }
            None => None,
        };
        let plan = GroupPlan { aggregates, columns, facet, timeseries };
        self.check_names(query, &plan, place);
        Some(plan)
    }

    fn bind_rows(&mut self, query: &Query, mut row: RowLevel<'_>) -> Option<RowPlan> {
        let grouping = [
            query.facet.as_ref().map(|facet| facet.span),
            query.timeseries.as_ref().map(|timeseries| timeseries.span),
            query.compare_with.as_ref().map(|point| point.span),
        ];
        if let Some(span) = grouping.into_iter().flatten().next() {
            let message = "FACET, TIMESERIES and COMPARE WITH are not supported on events";
            let error = self.context.reporter.error(problem::NEEDS_AGGREGATOR, message, span);
            self.errors.push(error.with_help("select an aggregator, such as count(*)"));
        }
        let mut columns = Vec::new();
        for item in &query.select {
            let column = bind_row_column(self.context, &mut row, item);
            columns.extend(self.keep(column));
        }
        let order = self.bind_order(query, row, &columns);
        let limit = self.bind_limit(query, ROW_LIMIT)?;
        let offset = match &query.offset {
            Some(offset) if query.limit.is_none() => {
                self.misplaced("OFFSET needs LIMIT", offset.span);
                0
            }
            Some(offset) => self.whole_number(offset, "OFFSET")?,
            None => 0,
        };
        Some(RowPlan { columns, order, offset, limit })
    }

    /// An alias of SELECT comes before an attribute of the same name.
    fn bind_order(
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
            let node = match selected {
                Some(node) => Some(node),
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

    fn bind_limit(&mut self, query: &Query, default: usize) -> Option<usize> {
        match &query.limit {
            None => Some(default),
            Some(Limit::Max(_)) => Some(LIMIT_MAX),
            Some(Limit::Name(name)) => {
                let message = format!("`{}` stands for a number that nobody filled in", name.text);
                let reporter = self.context.reporter;
                self.errors.push(reporter.error(problem::NOT_WHOLE_NUMBER, message, name.span));
                None
            }
            Some(Limit::Count(number)) => {
                let limit = self.whole_number(number, "LIMIT")?;
                if limit > LIMIT_MAX {
                    self.messages
                        .push(format!("LIMIT {limit} is above {LIMIT_MAX}: {LIMIT_MAX} is used"));
                }
                Some(limit.min(LIMIT_MAX))
            }
        }
    }

    fn whole_number(&mut self, number: &Number, clause: &str) -> Option<usize> {
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
    fn check_names(&mut self, query: &Query, plan: &GroupPlan, place: Place) {
        let mut seen = HashSet::new();
        let facets = facet_names(plan.facet.as_ref()).filter(|_| place == Place::Inner);
        seen.extend(facets.cloned());
        for (column, item) in plan.columns.iter().zip(&query.select) {
            let name = if place == Place::Inner { &column.nested_key } else { &column.key };
            if seen.insert(name.clone()) {
                continue;
            }
            match place {
                Place::Inner => {
                    let message = format!("two columns of the inner query are called `{name}`");
                    let reporter = self.context.reporter;
                    let error = reporter.error(problem::DUPLICATE_COLUMN, message, item.span);
                    self.errors.push(error.with_help("give one another name with AS"));
                }
                Place::Outermost => self.messages.push(format!(
                    "two columns are called `{name}` and only the last is shown: use AS"
                )),
            }
        }
    }

    fn refuse_missing_features(&mut self, query: &Query) {
        if let Some(join) = query.joins.first() {
            self.not_supported("JOIN", join.span);
        }
        if let Some(predict) = &query.predict {
            self.not_supported("PREDICT", predict.span);
        }
        if let Some(format) = &query.metric_format {
            self.not_supported("WITH METRIC_FORMAT", format.span);
        }
    }

    fn refuse_outermost_clauses(&mut self, query: &Query) {
        let clauses = [
            ("SINCE", query.since.as_ref().map(|point| point.span)),
            ("UNTIL", query.until.as_ref().map(|point| point.span)),
            ("COMPARE WITH", query.compare_with.as_ref().map(|point| point.span)),
            ("WITH TIMEZONE", query.timezone.as_ref().map(|zone| zone.span)),
        ];
        for (name, span) in clauses {
            if let Some(span) = span {
                self.misplaced(&format!("{name} belongs to the outermost query"), span);
            }
        }
    }

    fn keep<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|error| self.errors.push(error)).ok()
    }

    fn not_supported(&mut self, what: &str, span: Span) {
        self.errors.push(self.context.reporter.not_supported(what, span));
    }

    fn misplaced(&mut self, message: &str, span: Span) {
        self.errors.push(self.context.reporter.error(problem::CLAUSE_MISPLACED, message, span));
    }
}

fn has_time(plan: &Plan) -> bool {
    match (&plan.body, &plan.input) {
        (Body::Groups(groups), _) => groups.timeseries.is_some(),
        (Body::Rows(_), Input::EventTypes(_)) => true,
        (Body::Rows(_), Input::Nested(inner)) => has_time(inner),
        (Body::Rows(_), Input::Nothing) => false,
    }
}
