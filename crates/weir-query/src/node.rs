//! Expressions as the evaluator sees them: bound, checked, and the same at row level and above
//! aggregates; only what a leaf stands for differs.

mod leaf;
mod operation;

use std::sync::Arc;

use crate::datum::Datum;
use crate::function::{Compiled, ScalarFunction, Settings};
use crate::pattern::Pattern;
use crate::slot::Slot;
pub use leaf::{DimensionFilter, GroupLeaf, NoLeaf, NoScope, RowLeaf};
use operation::{and, arithmetic, compare, equal, get_field, is, matches, negate, not, or};

/// Where leaves get their values: a row, or the aggregates of a group.
pub trait Scope<L> {
    fn value(&self, leaf: &L) -> Datum;
}

/// What a leaf can be.
pub trait Leaf: Clone {
    fn kind(&self) -> Kind;
}

/// What is known of a result before any row is read; decides what `OR` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Boolean,
    /// Surely not a boolean.
    Value,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArithmeticOp {
    Add,
    Subtract,
    Multiply,
    Divide,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareOp {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    Null,
    True,
    False,
}

/// `on_null` is what a predicate answers about a missing value; the binder sets it by
/// [`crate::decision::NULL_RULE`].
#[derive(Debug, Clone)]
pub enum Node<L> {
    Constant(Datum),
    Leaf(L),
    Negate(Box<Node<L>>),
    Arithmetic {
        op: ArithmeticOp,
        left: Box<Node<L>>,
        right: Box<Node<L>>,
    },
    Compare {
        op: CompareOp,
        left: Box<Node<L>>,
        right: Box<Node<L>>,
        on_null: Datum,
    },
    In {
        subject: Box<Node<L>>,
        members: Vec<Node<L>>,
        negated: bool,
        on_null: Datum,
    },
    Matches {
        subject: Box<Node<L>>,
        pattern: Pattern,
        negated: bool,
        on_null: Datum,
    },
    /// LIKE and RLIKE whose pattern is known row by row.
    MatchesAny {
        subject: Box<Node<L>>,
        pattern: Box<Node<L>>,
        is_regex: bool,
        negated: bool,
        on_null: Datum,
    },
    /// The answer of a subquery.
    Slot(Slot),
    /// `IN (SELECT …)`.
    InSlot {
        subject: Box<Node<L>>,
        members: Slot,
        negated: bool,
        on_null: Datum,
    },
    Is {
        subject: Box<Node<L>>,
        what: Presence,
        negated: bool,
    },
    /// A bare value as a condition.
    Truth {
        subject: Box<Node<L>>,
        on_null: Datum,
    },
    Not(Box<Node<L>>),
    And(Box<Node<L>>, Box<Node<L>>),
    Or(Box<Node<L>>, Box<Node<L>>),
    Coalesce(Box<Node<L>>, Box<Node<L>>),
    If {
        condition: Box<Node<L>>,
        then: Box<Node<L>>,
        otherwise: Box<Node<L>>,
    },
    Call {
        function: &'static ScalarFunction,
        arguments: Vec<Node<L>>,
        settings: Settings,
    },
    /// A function whose settings were compiled.
    Apply {
        subject: Box<Node<L>>,
        compiled: Arc<dyn Compiled>,
    },
    Tuple(Vec<Node<L>>),
    Field {
        subject: Box<Node<L>>,
        field: Arc<str>,
    },
}

impl<L: Leaf> Node<L> {
    pub fn kind(&self) -> Kind {
        match self {
            Node::Constant(Datum::Bool(_)) => Kind::Boolean,
            Node::Constant(Datum::Null) => Kind::Unknown,
            Node::Constant(_) | Node::Negate(_) | Node::Arithmetic { .. } | Node::Tuple(_) => {
                Kind::Value
            }
            Node::Leaf(leaf) => leaf.kind(),
            Node::Compare { .. }
            | Node::In { .. }
            | Node::InSlot { .. }
            | Node::Matches { .. }
            | Node::MatchesAny { .. }
            | Node::Is { .. }
            | Node::Truth { .. }
            | Node::Not(_)
            | Node::And(..)
            | Node::Or(..) => Kind::Boolean,
            Node::Coalesce(left, right) => common(left.kind(), right.kind()),
            Node::If { then, otherwise, .. } => common(then.kind(), otherwise.kind()),
            Node::Call { function, .. } => function.returns,
            Node::Apply { .. } => Kind::Value,
            Node::Field { .. } | Node::Slot(_) => Kind::Unknown,
        }
    }

    pub fn evaluate(&self, scope: &dyn Scope<L>) -> Datum {
        match self {
            Node::Constant(value) => value.clone(),
            Node::Leaf(leaf) => scope.value(leaf),
            Node::Negate(operand) => negate(&operand.evaluate(scope)),
            Node::Arithmetic { op, left, right } => {
                arithmetic(*op, &left.evaluate(scope), &right.evaluate(scope))
            }
            Node::Compare { op, left, right, on_null } => {
                compare(*op, &left.evaluate(scope), &right.evaluate(scope), on_null)
            }
            Node::In { subject, members, negated, on_null } => {
                let subject = subject.evaluate(scope);
                if subject.is_null() {
                    return on_null.clone();
                }
                let is_member = |m: &Node<L>| equal(&subject, &m.evaluate(scope));
                Datum::Bool(members.iter().any(is_member) != *negated)
            }
            Node::Matches { subject, pattern, negated, on_null } => {
                matches(&subject.evaluate(scope), pattern, *negated, on_null)
            }
            Node::MatchesAny { subject, pattern, is_regex, negated, on_null } => {
                let text = pattern.evaluate(scope);
                let compiled = text.as_str().map(|text| match is_regex {
                    true => Pattern::regex(text),
                    false => Pattern::like(text),
                });
                match compiled {
                    Some(Ok(pattern)) => {
                        matches(&subject.evaluate(scope), &pattern, *negated, on_null)
                    }
                    _ => on_null.clone(),
                }
            }
            Node::Slot(slot) => slot.value(),
            Node::InSlot { subject, members, negated, on_null } => {
                match subject.evaluate(scope).plain() {
                    Datum::Null => on_null.clone(),
                    value => Datum::Bool(members.contains(&value) != *negated),
                }
            }
            Node::Is { subject, what, negated } => {
                Datum::Bool(is(&subject.evaluate(scope), *what) != *negated)
            }
            Node::Truth { subject, on_null } => {
                subject.evaluate(scope).truth().map_or_else(|| on_null.clone(), Datum::Bool)
            }
            Node::Not(operand) => not(&operand.evaluate(scope)),
            Node::And(left, right) => and(&left.evaluate(scope), || right.evaluate(scope)),
            Node::Or(left, right) => or(&left.evaluate(scope), || right.evaluate(scope)),
            Node::Coalesce(left, right) => match left.evaluate(scope) {
                Datum::Null => right.evaluate(scope),
                value => value,
            },
            Node::If { condition, then, otherwise } => {
                let branch = if condition.holds(scope) { then } else { otherwise };
                branch.evaluate(scope)
            }
            Node::Call { function, arguments, settings } => {
                let values: Vec<Datum> = arguments.iter().map(|a| a.evaluate(scope)).collect();
                (function.evaluate)(&values, settings)
            }
            Node::Apply { subject, compiled } => compiled.apply(&subject.evaluate(scope)),
            Node::Tuple(items) => Datum::List(items.iter().map(|i| i.evaluate(scope)).collect()),
            Node::Field { subject, field } => get_field(&subject.evaluate(scope), field),
        }
    }

    /// Visits every leaf.
    pub fn for_each_leaf(&self, visit: &mut dyn FnMut(&L)) {
        if let Node::Leaf(leaf) = self {
            visit(leaf);
        }
        self.for_each_child(&mut |child| child.for_each_leaf(visit));
    }

    /// How large the tree is.
    pub fn extent(&self) -> Extent {
        let mut whole = Extent { nodes: 1, height: 1 };
        self.for_each_child(&mut |child| {
            let part = child.extent();
            whole.nodes += part.nodes;
            whole.height = whole.height.max(part.height + 1);
        });
        whole
    }

    /// Visits what the node is made of.
    pub fn for_each_child(&self, visit: &mut dyn FnMut(&Node<L>)) {
        match self {
            Node::Constant(_) | Node::Slot(_) | Node::Leaf(_) => {}
            Node::Negate(operand) | Node::Not(operand) => visit(operand),
            Node::Arithmetic { left, right, .. }
            | Node::Compare { left, right, .. }
            | Node::And(left, right)
            | Node::Or(left, right)
            | Node::Coalesce(left, right)
            | Node::MatchesAny { subject: left, pattern: right, .. } => {
                visit(left);
                visit(right);
            }
            Node::In { subject, members, .. } => {
                visit(subject);
                members.iter().for_each(visit);
            }
            Node::Matches { subject, .. }
            | Node::InSlot { subject, .. }
            | Node::Apply { subject, .. }
            | Node::Is { subject, .. }
            | Node::Truth { subject, .. }
            | Node::Field { subject, .. } => visit(subject),
            Node::If { condition, then, otherwise } => {
                visit(condition);
                visit(then);
                visit(otherwise);
            }
            Node::Call { arguments: items, .. } | Node::Tuple(items) => {
                items.iter().for_each(visit);
            }
        }
    }

    /// All of them, as a tree that is no taller than it must be.
    pub fn all_of(nodes: Vec<Node<L>>) -> Option<Node<L>> {
        balanced(nodes, &|left, right| Node::And(Box::new(left), Box::new(right)))
    }

    /// One of them, as a tree that is no taller than it must be.
    pub fn any_of(nodes: Vec<Node<L>>) -> Option<Node<L>> {
        balanced(nodes, &|left, right| Node::Or(Box::new(left), Box::new(right)))
    }

    /// Whether the node, as a condition, is met: unknown is not.
    pub fn holds(&self, scope: &dyn Scope<L>) -> bool {
        matches!(self.evaluate(scope), Datum::Bool(true))
    }
}

/// Nodes of a tree, and how many stand above each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    pub nodes: usize,
    pub height: usize,
}

fn balanced<L>(
    mut nodes: Vec<Node<L>>,
    join: &dyn Fn(Node<L>, Node<L>) -> Node<L>,
) -> Option<Node<L>> {
    if nodes.len() < 2 {
        return nodes.pop();
    }
    let right = balanced(nodes.split_off(nodes.len() / 2), join)?;
    Some(join(balanced(nodes, join)?, right))
}

fn common(left: Kind, right: Kind) -> Kind {
    if left == right { left } else { Kind::Unknown }
}
