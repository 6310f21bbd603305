//! The levels of an expression: constants, one row, the aggregates of a group. They differ in
//! what a name and a call can be.

use std::collections::HashMap;

use weir_nrql::ast::{Call, Name};
use weir_types::Diagnostic;

use super::Context;
use super::aggregator::{self, is_aggregator};
use crate::aggregate::Aggregate;
use crate::node::{GroupLeaf, Leaf, NoLeaf, Node, RowLeaf};
use crate::pattern::Pattern;
use crate::problem;

pub trait Level {
    type Leaf: Leaf;

    fn attribute(
        &mut self,
        context: &Context<'_>,
        name: &Name,
    ) -> Result<Node<Self::Leaf>, Diagnostic>;

    /// A call that only this level understands, or refuses; `None` for any other.
    fn call(
        &mut self,
        context: &Context<'_>,
        call: &Call,
    ) -> Option<Result<Node<Self::Leaf>, Diagnostic>>;
}

/// Settings such as the thresholds of `percentile`.
pub struct ConstantLevel;

impl Level for ConstantLevel {
    type Leaf = NoLeaf;

    fn attribute(
        &mut self,
        context: &Context<'_>,
        name: &Name,
    ) -> Result<Node<NoLeaf>, Diagnostic> {
        let message = format!("`{}` is an attribute, but a constant is needed here", name.text);
        Err(context.reporter.error(problem::NOT_CONSTANT, message, name.span))
    }

    fn call(
        &mut self,
        context: &Context<'_>,
        call: &Call,
    ) -> Option<Result<Node<NoLeaf>, Diagnostic>> {
        refuse_aggregator(context, call, "a constant is needed here").map(Err)
    }
}

/// Names bound by `WITH expr AS name`; they hide attributes.
pub type Variables = HashMap<String, Node<RowLeaf>>;

/// Attributes of one row.
#[derive(Clone, Copy)]
pub struct RowLevel<'v> {
    pub variables: &'v Variables,
    /// Whether rows can be points of metrics.
    pub has_metrics: bool,
}

impl Level for RowLevel<'_> {
    type Leaf = RowLeaf;

    fn attribute(
        &mut self,
        context: &Context<'_>,
        name: &Name,
    ) -> Result<Node<RowLeaf>, Diagnostic> {
        if let Some(node) = self.variables.get(&name.text) {
            context.spend(node, name.span)?;
            return Ok(node.clone());
        }
        let is_quoted = context.reporter.text[name.span.offset.min(context.reporter.text.len())..]
            .starts_with('`');
        if name.text.contains('%') && !is_quoted {
            return bind_wildcard(context, self.has_metrics, name);
        }
        Ok(Node::Leaf(RowLeaf::Attribute(name.text.as_str().into())))
    }

    fn call(
        &mut self,
        context: &Context<'_>,
        call: &Call,
    ) -> Option<Result<Node<RowLeaf>, Diagnostic>> {
        if call.name.text.eq_ignore_ascii_case("eventType") {
            let none = aggregator::expect_arguments(context, call, 0..=0);
            return Some(none.map(|_| Node::Leaf(RowLeaf::EventType)));
        }
        if call.name.text.eq_ignore_ascii_case("random") {
            let none = aggregator::expect_arguments(context, call, 0..=0);
            return Some(none.map(|_| Node::Leaf(RowLeaf::Random)));
        }
        let where_to = "it can't stand where single rows are looked at";
        refuse_aggregator(context, call, where_to).map(Err)
    }
}

/// Aggregates of one group; binding collects them.
pub struct GroupLevel<'v> {
    pub row: RowLevel<'v>,
    pub aggregates: Vec<Aggregate>,
    /// Of the `filter`s around the place being bound.
    pub conditions: Vec<Node<RowLeaf>>,
}

impl<'v> GroupLevel<'v> {
    pub fn new(row: RowLevel<'v>) -> Self {
        GroupLevel { row, aggregates: Vec::new(), conditions: Vec::new() }
    }

    /// A new aggregate under the present conditions.
    pub fn add(&mut self, mut aggregate: Aggregate) -> Node<GroupLeaf> {
        let conditions = self.conditions.iter().cloned();
        aggregate.condition = conditions.reduce(|a, b| Node::And(Box::new(a), Box::new(b)));
        let leaf =
            GroupLeaf::Aggregate { index: self.aggregates.len(), kind: aggregate.function.kind() };
        self.aggregates.push(aggregate);
        Node::Leaf(leaf)
    }
}

impl Level for GroupLevel<'_> {
    type Leaf = GroupLeaf;

    fn attribute(
        &mut self,
        context: &Context<'_>,
        name: &Name,
    ) -> Result<Node<GroupLeaf>, Diagnostic> {
        let message = format!("attribute `{}` stands beside aggregators", name.text);
        let help = format!("use latest({0}), or FACET {0}", name.text);
        Err(context
            .reporter
            .error(problem::ATTRIBUTE_MISPLACED, message, name.span)
            .with_help(help))
    }

    fn call(
        &mut self,
        context: &Context<'_>,
        call: &Call,
    ) -> Option<Result<Node<GroupLeaf>, Diagnostic>> {
        is_aggregator(&call.name.text).then(|| aggregator::bind_call(context, self, call))
    }
}

/// `kafka.%.latency`: every metric of such a name.
fn bind_wildcard(
    context: &Context<'_>,
    has_metrics: bool,
    name: &Name,
) -> Result<Node<RowLeaf>, Diagnostic> {
    if !has_metrics {
        let message = format!("`{}` stands for metrics, which only FROM Metric has", name.text);
        let error = context.reporter.error(problem::ATTRIBUTE_MISPLACED, message, name.span);
        return Err(error.with_help("a name with % needs backticks"));
    }
    let pattern = Pattern::wildcard(&name.text).map_err(|reason| {
        let message = format!("`{}` can't name metrics: {reason}", name.text);
        context.reporter.error(problem::PATTERN, message, name.span)
    })?;
    Ok(Node::Leaf(RowLeaf::Metrics(pattern)))
}

fn refuse_aggregator(context: &Context<'_>, call: &Call, why: &str) -> Option<Diagnostic> {
    is_aggregator(&call.name.text).then(|| {
        let message = format!("`{}` is an aggregator: {why}", call.name.text);
        context
            .reporter
            .error(problem::AGGREGATOR_MISPLACED, message, call.span)
            .with_help("aggregate in an inner query: FROM (SELECT … FROM …)")
    })
}
