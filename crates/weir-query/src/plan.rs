//! A checked query: every name resolved, every constant folded, nothing left that can be wrong.

use std::sync::Arc;

use weir_types::TimeRange;

use crate::aggregate::Aggregate;
use crate::bucket::Steps;
use crate::datum::Datum;
use crate::forecast::HoltWinters;
use crate::node::{GroupLeaf, Node, RowLeaf};
use crate::slot::Slot;
use crate::window::Window;

/// What a text asks for.
#[derive(Debug, Clone)]
pub struct Question {
    pub kind: QuestionKind,
    pub window: Window,
    /// The window of COMPARE WITH: as long, earlier.
    pub compare: Option<Comparison>,
    /// To be answered first, in this order.
    pub subqueries: Vec<Subquery>,
    /// Notes for the reader, from parsing and planning.
    pub messages: Vec<String>,
}

#[derive(Debug, Clone)]
pub enum QuestionKind {
    ShowEventTypes,
    Query(Box<Plan>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub range: TimeRange,
    /// As [`crate::window::Anchor::text_of`] echoes it.
    pub text: String,
}

/// A query inside an expression. It does not depend on the rows around it.
#[derive(Debug, Clone)]
pub struct Subquery {
    pub plan: Plan,
    /// Where its answer goes.
    pub slot: Slot,
    pub wants: SubqueryAnswer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubqueryAnswer {
    /// One value.
    Value,
    /// The members of `IN (…)`.
    Members,
}

/// A query at any level.
#[derive(Debug, Clone)]
pub struct Plan {
    pub input: Input,
    pub joins: Vec<JoinPlan>,
    /// Its own window; `None` for that of the query around it.
    pub range: Option<TimeRange>,
    pub filter: Option<Node<RowLeaf>>,
    pub body: Body,
}

#[derive(Debug, Clone)]
pub enum Input {
    /// No FROM: one row without attributes.
    Nothing,
    EventTypes(Vec<Arc<str>>),
    /// The rows of a lookup table, which have no time.
    Lookup(Arc<str>),
    Nested(Box<Plan>),
}

/// Rows of another query put beside those of the input.
#[derive(Debug, Clone)]
pub struct JoinPlan {
    pub plan: Plan,
    /// Of the row so far.
    pub left: Node<RowLeaf>,
    /// Column of the joined query.
    pub right: Arc<str>,
    /// Whether rows without a partner stay.
    pub keeps_left: bool,
}

#[derive(Debug, Clone)]
pub enum Body {
    Rows(RowPlan),
    Groups(Box<GroupPlan>),
}

/// A query without aggregators.
#[derive(Debug, Clone)]
pub struct RowPlan {
    pub columns: Vec<RowColumn>,
    /// Empty for newest first.
    pub order: Vec<RowOrder>,
    pub offset: usize,
    pub limit: usize,
}

#[derive(Debug, Clone)]
pub enum RowColumn {
    /// `*`.
    All,
    Named {
        key: Arc<str>,
        node: Node<RowLeaf>,
    },
}

#[derive(Debug, Clone)]
pub struct RowOrder {
    pub node: Node<RowLeaf>,
    pub descending: bool,
}

/// A query with aggregators: one group without FACET.
#[derive(Debug, Clone)]
pub struct GroupPlan {
    pub aggregates: Vec<Aggregate>,
    pub columns: Vec<GroupColumn>,
    pub facet: Option<FacetPlan>,
    pub timeseries: Option<Steps>,
    pub predict: Option<PredictPlan>,
}

/// How buckets behind the end of the window are predicted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PredictPlan {
    /// Buckets to predict.
    pub buckets: usize,
    /// Buckets that the model learns from.
    pub training: usize,
    pub model: HoltWinters,
}

#[derive(Debug, Clone)]
pub struct GroupColumn {
    /// In the answer.
    pub key: Arc<str>,
    /// As the column of an inner query: the bare function name where there is no alias.
    pub nested_key: Arc<str>,
    pub node: Node<GroupLeaf>,
    pub content: Content,
}

/// What a column is in the older form of answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// Of its value; `None` where the members of the value stand for themselves.
    pub value_name: Option<&'static str>,
    /// An entry of `metadata.contents`.
    pub description: serde_json::Value,
}

#[derive(Debug, Clone)]
pub struct FacetPlan {
    pub items: Vec<FacetItem>,
    pub selection: Selection,
    pub limit: usize,
}

#[derive(Debug, Clone)]
pub struct FacetItem {
    pub name: Arc<str>,
    pub rule: FacetRule,
}

#[derive(Debug, Clone)]
pub enum FacetRule {
    Value(Node<RowLeaf>),
    /// The label of the first case that holds.
    Cases {
        cases: Vec<(Node<RowLeaf>, Datum)>,
        fallback: Option<Node<RowLeaf>>,
    },
    /// Only these values.
    Members {
        node: Node<RowLeaf>,
        members: Vec<Datum>,
    },
}

/// Which groups stay: those with the largest value, or the smallest.
#[derive(Debug, Clone)]
pub struct Selection {
    pub aggregates: Vec<Aggregate>,
    pub node: Node<GroupLeaf>,
    pub keeps_smallest: bool,
}
