//! One query at any level.

mod clause;

use std::sync::Arc;

use weir_nrql::ast::{ExprKind, Query, Source, Variable};
use weir_types::{Diagnostic, Span, TimeRange};

use super::Context;
use super::aggregator::has_aggregator;
use super::expression::{bind_condition, bind_value};
use super::facet::{Shown, bind_facet};
use super::forecast::bind_predict;
use super::join::bind_join;
use super::level::{GroupLevel, RowLevel, Variables};
use super::metric::{bind_metric_format, reads_something};
use super::select::{bind_group_column, bind_row_column};
use super::timeseries::bind_timeseries;
use crate::aggregate::Aggregate;
use crate::decision::{FACET_LIMIT, LIMIT_MAX, LOOKUP_LIMIT_MAX, ROW_LIMIT};
use crate::function::capture::Capture;
use crate::metric;
use crate::node::{Node, RowLeaf};
use crate::plan::{Body, GroupPlan, Input, Plan, RowPlan};
use crate::problem;
use crate::window::Window;

/// The plan of a whole text.
pub fn bind_outermost(context: &Context<'_>, query: &Query) -> Result<Plan, Vec<Diagnostic>> {
    bind_at(context, query, Place::Outermost)
}

/// The plan of a query inside an expression or a JOIN; the first finding stands for all.
pub fn bind_inner(context: &Context<'_>, query: &Query, place: Place) -> Result<Plan, Diagnostic> {
    bind_at(context, query, place).map_err(|mut errors| errors.swap_remove(0))
}

fn bind_at(context: &Context<'_>, query: &Query, place: Place) -> Result<Plan, Vec<Diagnostic>> {
    let own = own_range(context, query, place).map_err(|error| vec![error])?;
    let context = Context { range: own.unwrap_or(context.range), ..*context };
    let mut binder = QueryBinder { context: &context, errors: Vec::new() };
    let plan = binder.bind(query, place);
    match plan {
        Some(plan) if binder.errors.is_empty() => Ok(Plan { range: own, ..plan }),
        _ if binder.errors.is_empty() => {
            let message = "this query can't be answered";
            Err(vec![context.reporter.error(problem::CLAUSE_MISPLACED, message, query.span)])
        }
        _ => Err(binder.errors),
    }
}

/// A subquery may have a window of its own.
fn own_range(
    context: &Context<'_>,
    query: &Query,
    place: Place,
) -> Result<Option<TimeRange>, Diagnostic> {
    if place != Place::Subquery || (query.since.is_none() && query.until.is_none()) {
        return Ok(None);
    }
    let window = Window::resolve(context.anchor, query.since.as_ref(), query.until.as_ref())?;
    Ok(Some(window.range))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Outermost,
    /// In FROM.
    Inner,
    /// In an expression or a JOIN.
    Subquery,
}

/// Collects findings clause by clause, so that one text can have several.
struct QueryBinder<'c> {
    context: &'c Context<'c>,
    errors: Vec<Diagnostic>,
}

impl QueryBinder<'_> {
    fn bind(&mut self, query: &Query, place: Place) -> Option<Plan> {
        self.refuse_clauses_of_other_places(query, place);
        let input = self.bind_input(query);
        let has_metrics = reads_metrics(query);
        let mut variables = self.bind_variables(query, has_metrics);
        let of_format = self.bind_format(query, has_metrics, &mut variables);
        let row = RowLevel { variables: &variables, has_metrics };
        self.check_joins(query);
        let joins: Vec<_> = query
            .joins
            .iter()
            .filter_map(|join| self.keep(bind_join(self.context, row, join)))
            .collect();
        let filter = both(of_format, self.bind_filter(query, row));
        let is_grouped = makes_groups(query);
        let (body, filter) = if is_grouped {
            let (groups, reads) = self.bind_groups(query, row, place)?;
            (Body::Groups(Box::new(groups)), both(filter, reads))
        } else {
            (Body::Rows(self.bind_rows(query, row)?), filter)
        };
        let input = input?;
        self.check_input(query, &input, is_grouped);
        Some(Plan { input, joins, range: None, filter, body })
    }

    /// Lookup tables have no time, and aggregates need rows.
    fn check_input(&mut self, query: &Query, input: &Input, is_grouped: bool) {
        if let (Input::Lookup(_), Some(span)) = (input, time_clause(query)) {
            self.misplaced("a lookup table has no time", span);
        }
        if is_grouped {
            self.check_time(query, input);
        }
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
                Source::EventType(name) if types.iter().any(|known| **known == *name.text) => {}
                Source::EventType(name) => types.push(name.text.as_str().into()),
                Source::Lookup { name, .. } if query.from.len() == 1 => {
                    return Some(Input::Lookup(name.text.as_str().into()));
                }
                Source::Lookup { span, .. } => {
                    self.misplaced("a lookup table is the only source of its query", *span);
                }
                Source::Query(inner) if query.from.len() == 1 => {
                    let plan = self.bind(inner, Place::Inner)?;
                    return Some(Input::Nested(Box::new(plan)));
                }
                Source::Query(inner) => {
                    self.misplaced("an inner query is the only source of its query", inner.span);
                }
            }
        }
        Some(if query.from.is_empty() { Input::Nothing } else { Input::EventTypes(types) })
    }

    fn bind_variables(&mut self, query: &Query, has_metrics: bool) -> Variables {
        let mut variables = Variables::new();
        for variable in &query.variables {
            let mut row = RowLevel { variables: &variables, has_metrics };
            let node = bind_value(self.context, &mut row, &variable.expr);
            let checked = node.and_then(|node| self.context.variable(node, variable.span));
            let Some(node) = self.keep(checked) else { continue };
            match variable.names.as_slice() {
                [name] => drop(variables.insert(name.text.clone(), node)),
                _ => self.spread(variable, &node, &mut variables),
            }
        }
        variables
    }

    /// Several names: the captures in order, or the members of a map by name.
    fn spread(&mut self, variable: &Variable, node: &Node<RowLeaf>, variables: &mut Variables) {
        let function = match &variable.expr.kind {
            ExprKind::Call(call) => call.name.text.to_ascii_lowercase(),
            _ => String::new(),
        };
        if !matches!(function.as_str(), "capture" | "aparse" | "jparse") {
            let message = "several names need capture(), aparse() or jparse()";
            return self.misplaced(message, variable.span);
        }
        for (place, name) in variable.names.iter().enumerate() {
            let room = self.context.spend(node, name.span);
            if self.keep(room).is_none() {
                return;
            }
            let field = match function.as_str() {
                "jparse" => name.text.as_str().into(),
                _ => place.to_string().into(),
            };
            let part = Node::Field { subject: Box::new(node.clone()), field };
            variables.insert(name.text.clone(), part);
        }
    }

    /// WITH METRIC_FORMAT: its names as variables, and that the pattern matches.
    fn bind_format(
        &mut self,
        query: &Query,
        has_metrics: bool,
        variables: &mut Variables,
    ) -> Option<Node<RowLeaf>> {
        let format = query.metric_format.as_ref()?;
        if !has_metrics {
            self.misplaced("METRIC_FORMAT needs FROM Metric", format.span);
            return None;
        }
        let parsed = Capture::format(&format.value).map_err(|reason| {
            let message = format!("`{}` can't be used: {reason}", format.value);
            self.context.reporter.error(problem::PATTERN, message, format.span)
        });
        let (capture, names) = self.keep(parsed)?;
        let (matches, parts) = bind_metric_format(capture, names);
        variables.extend(parts);
        Some(matches)
    }

    /// All WHERE clauses together.
    fn bind_filter(&mut self, query: &Query, mut row: RowLevel<'_>) -> Option<Node<RowLeaf>> {
        let mut bound = Vec::with_capacity(query.filters.len());
        for filter in &query.filters {
            let node = bind_condition(self.context, &mut row, filter);
            bound.push(self.keep(node)?);
        }
        Node::all_of(bound)
    }

    /// The groups; on metrics with FACET also which rows they read at all.
    fn bind_groups(
        &mut self,
        query: &Query,
        row: RowLevel<'_>,
        place: Place,
    ) -> Option<(GroupPlan, Option<Node<RowLeaf>>)> {
        let mut level = GroupLevel::new(row);
        let mut columns = Vec::new();
        for item in &query.select {
            let column = bind_group_column(self.context, &mut level, item);
            columns.extend(self.keep(column));
        }
        let aggregates = level.aggregates;
        let limit = self.bind_limit(query, FACET_LIMIT, LIMIT_MAX)?;
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
            self.note(note.to_owned());
        }
        let timeseries = match &query.timeseries {
            Some(timeseries) => {
                let steps = bind_timeseries(self.context, timeseries);
                Some(self.keep(steps)?)
            }
            None => None,
        };
        let predict = match &query.predict {
            Some(predict) => {
                let predict = bind_predict(self.context, query, predict, timeseries);
                Some(self.keep(predict)?)
            }
            None => None,
        };
        let reads = self.metrics_read(row, facet.is_some(), &aggregates);
        let plan = GroupPlan { aggregates, columns, facet, timeseries, predict };
        self.check_names(query, &plan, place);
        Some((plan, reads))
    }

    /// A point of a metric that SELECT does not read makes no group.
    fn metrics_read(
        &self,
        row: RowLevel<'_>,
        has_facet: bool,
        aggregates: &[Aggregate],
    ) -> Option<Node<RowLeaf>> {
        if row.has_metrics && has_facet { reads_something(aggregates) } else { None }
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
        let is_lookup = matches!(query.from.as_slice(), [Source::Lookup { .. }]);
        let most = if is_lookup { LOOKUP_LIMIT_MAX } else { LIMIT_MAX };
        let limit = self.bind_limit(query, ROW_LIMIT, most)?;
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

    fn keep<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|error| self.errors.push(error)).ok()
    }

    fn note(&self, message: String) {
        self.context.found.messages.borrow_mut().push(message);
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
        (Body::Rows(_), Input::Nothing | Input::Lookup(_)) => false,
    }
}

fn reads_metrics(query: &Query) -> bool {
    let is_metric = |source: &Source| matches!(source, Source::EventType(name) if name.text == metric::EVENT_TYPE);
    query.from.iter().any(is_metric)
}

/// Aggregators make groups, and constants do where groups or buckets are asked for.
fn makes_groups(query: &Query) -> bool {
    let is_constant = |expr: &weir_nrql::ast::Expr| matches!(expr.kind, ExprKind::Literal(_));
    let wants_groups = query.facet.is_some() || query.timeseries.is_some();
    query.select.iter().any(|item| has_aggregator(&item.expr))
        || (wants_groups && query.select.iter().all(|item| is_constant(&item.expr)))
}

fn time_clause(query: &Query) -> Option<Span> {
    let timeseries = query.timeseries.as_ref().map(|timeseries| timeseries.span);
    let compare = query.compare_with.as_ref().map(|point| point.span);
    timeseries.or(compare).or(query.extrapolate)
}

fn both(left: Option<Node<RowLeaf>>, right: Option<Node<RowLeaf>>) -> Option<Node<RowLeaf>> {
    match (left, right) {
        (Some(left), Some(right)) => Some(Node::And(Box::new(left), Box::new(right))),
        (left, right) => left.or(right),
    }
}
