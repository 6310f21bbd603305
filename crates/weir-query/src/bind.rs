//! From the tree of a text to a checked [`Question`]: every semantic error is found here, with
//! its place, before a row is read.

mod aggregator;
mod compiled;
mod constant;
mod content;
mod expression;
mod facet;
mod forecast;
mod join;
mod level;
mod metric;
mod query;
mod select;
mod sets;
mod spread;
mod subquery;
mod timeseries;

use std::cell::RefCell;

use weir_nrql::ast::{Query, Statement, StatementKind};
use weir_types::{AccountId, Diagnostic, Span, TimeRange, Timestamp};

use crate::datum::Datum;
use crate::decision::{COPIED_NODES_MAX, NullRule, VARIABLE_HEIGHT_MAX};
use crate::node::{Leaf, Node, RowLeaf};
use crate::plan::{Comparison, Question, QuestionKind, Subquery};
use crate::problem::{self, Reporter};
use crate::window::{Anchor, Window};

/// What a text is bound to beside itself.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    pub account: AccountId,
    pub now: Timestamp,
    pub null_rule: NullRule,
}

/// Binds a parsed text. All findings are errors; there is at least one in the error case.
pub fn bind(
    text: &str,
    statement: &Statement,
    setting: Setting,
) -> Result<Question, Vec<Diagnostic>> {
    let reporter = Reporter { text };
    let now = setting.now;
    match &statement.kind {
        StatementKind::Query(query) => bind_query(reporter, query, setting),
        StatementKind::ShowEventTypes { since, until, timezone } => {
            let window = Anchor::new(now, timezone.as_ref(), reporter)
                .and_then(|anchor| Window::resolve(&anchor, since.as_ref(), until.as_ref()))
                .map_err(|error| vec![error])?;
            let kind = QuestionKind::ShowEventTypes;
            Ok(Question {
                kind,
                window,
                compare: None,
                subqueries: Vec::new(),
                messages: Vec::new(),
            })
        }
    }
}

/// What every part of the binder needs to know.
struct Context<'a> {
    reporter: Reporter<'a>,
    /// What points in time hang from, and the zone of the query.
    anchor: &'a Anchor<'a>,
    setting: Setting,
    /// The window of the query being bound.
    range: TimeRange,
    found: &'a Found,
}

/// What binding finds beside the plan.
#[derive(Default)]
struct Found {
    /// In the order in which they must be answered.
    subqueries: RefCell<Vec<Subquery>>,
    messages: RefCell<Vec<String>>,
    /// Captures of the whole text.
    captures: RefCell<usize>,
    /// Nodes that names have brought in.
    copied_nodes: RefCell<usize>,
}

impl Context<'_> {
    /// Counts what a name stands for: names of names could grow without bound.
    fn spend<L: Leaf>(&self, node: &Node<L>, span: Span) -> Result<(), Diagnostic> {
        let mut copied = self.found.copied_nodes.borrow_mut();
        *copied = copied.saturating_add(node.extent().nodes);
        if *copied <= COPIED_NODES_MAX {
            return Ok(());
        }
        Err(self.too_large("the names of this query stand for too much", span))
    }

    /// A variable that may be used.
    fn variable(&self, node: Node<RowLeaf>, span: Span) -> Result<Node<RowLeaf>, Diagnostic> {
        if node.extent().height <= VARIABLE_HEIGHT_MAX {
            return Ok(node);
        }
        Err(self.too_large("variables build on each other too often", span))
    }

    fn too_large(&self, message: &str, span: Span) -> Diagnostic {
        let error = self.reporter.error(problem::TOO_LARGE, message, span);
        error.with_help("compute parts of it in an inner query: FROM (SELECT …)")
    }

    /// What a predicate answers about a missing value.
    fn on_null(&self, negated: bool) -> Datum {
        match self.setting.null_rule {
            NullRule::NegationHolds => Datum::Bool(negated),
            NullRule::Unknown => Datum::Null,
        }
    }
}

fn bind_query(
    reporter: Reporter<'_>,
    query: &Query,
    setting: Setting,
) -> Result<Question, Vec<Diagnostic>> {
    let anchor =
        Anchor::new(setting.now, query.timezone.as_ref(), reporter).map_err(|error| vec![error])?;
    let window = Window::resolve(&anchor, query.since.as_ref(), query.until.as_ref())
        .map_err(|error| vec![error])?;
    let compare = bind_comparison(&anchor, query, window.range).map_err(|error| vec![error])?;
    let found = Found::default();
    let context =
        Context { reporter, anchor: &anchor, setting, range: window.range, found: &found };
    let plan = query::bind_outermost(&context, query)?;
    Ok(Question {
        kind: QuestionKind::Query(Box::new(plan)),
        window,
        compare,
        subqueries: found.subqueries.take(),
        messages: found.messages.take(),
    })
}

fn bind_comparison(
    anchor: &Anchor<'_>,
    query: &Query,
    range: TimeRange,
) -> Result<Option<Comparison>, Diagnostic> {
    let Some(point) = &query.compare_with else { return Ok(None) };
    let shift = anchor.shift_millis(point)?;
    let earlier = |at: Timestamp| Timestamp::from_millis(at.as_millis().saturating_sub(shift));
    let range = TimeRange { begin: earlier(range.begin), end: earlier(range.end) };
    Ok(Some(Comparison { range, text: anchor.text_of(point) }))
}

#[cfg(test)]
mod tests;
