//! Expressions as the evaluator sees them: bound, checked, and the same at row level and above
//! aggregates; only what a leaf stands for differs.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::datum::Datum;
use crate::function::{Compiled, ScalarFunction, Settings};
use crate::pattern::Pattern;
use crate::slot::Slot;

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

/// A leaf of a row-level expression.
#[derive(Debug, Clone)]
pub enum RowLeaf {
    Attribute(Arc<str>),
    /// The metric of the row, where its name matches: `kafka.%.latency`.
    Metrics(Pattern),
    EventType,
    /// Observations behind the row: the count of a metric point, else 1.
    Weight,
    /// The attributes that tell series apart, as a map.
    Dimensions(DimensionFilter),
    /// Every attribute, as a map.
    Columns,
    /// Roughly how many bytes the row came in as.
    SizeBytes,
    /// From 0 up to 1, always the same for the same row.
    Random,
}

/// Which dimensions count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DimensionFilter {
    All,
    Only(Vec<String>),
    Without(Vec<String>),
}

impl DimensionFilter {
    pub fn takes(&self, name: &str) -> bool {
        let listed = |names: &[String]| names.iter().any(|listed| listed == name);
        match self {
            DimensionFilter::All => true,
            DimensionFilter::Only(names) => listed(names),
            DimensionFilter::Without(names) => !listed(names),
        }
    }
}

impl Leaf for RowLeaf {
    fn kind(&self) -> Kind {
        match self {
            RowLeaf::Attribute(_) => Kind::Unknown,
            _ => Kind::Value,
        }
    }
}

/// A leaf of an expression over aggregates.
#[derive(Debug, Clone, PartialEq)]
pub enum GroupLeaf {
    /// Index into the aggregates of the plan.
    Aggregate { index: usize, kind: Kind },
    /// Length of the bucket, or of the window without TIMESERIES.
    BucketMillis,
    /// End of the bucket or window, in epoch milliseconds.
    BucketEnd,
}

impl Leaf for GroupLeaf {
    fn kind(&self) -> Kind {
        match self {
            GroupLeaf::Aggregate { kind, .. } => *kind,
            GroupLeaf::BucketMillis | GroupLeaf::BucketEnd => Kind::Value,
        }
    }
}

/// The leaf of a constant: there is none.
#[derive(Debug, Clone, PartialEq)]
pub enum NoLeaf {}

impl Leaf for NoLeaf {
    fn kind(&self) -> Kind {
        match *self {}
    }
}

/// The scope of a constant.
pub struct NoScope;

impl Scope<NoLeaf> for NoScope {
    fn value(&self, leaf: &NoLeaf) -> Datum {
        match *leaf {}
    }
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
        match self {
            Node::Constant(_) | Node::Slot(_) => {}
            Node::Leaf(leaf) => visit(leaf),
            Node::Negate(operand) | Node::Not(operand) => operand.for_each_leaf(visit),
            Node::Arithmetic { left, right, .. }
            | Node::Compare { left, right, .. }
            | Node::And(left, right)
            | Node::Or(left, right)
            | Node::Coalesce(left, right) => {
                left.for_each_leaf(visit);
                right.for_each_leaf(visit);
            }
            Node::In { subject, members, .. } => {
                subject.for_each_leaf(visit);
                members.iter().for_each(|member| member.for_each_leaf(visit));
            }
            Node::MatchesAny { subject, pattern, .. } => {
                subject.for_each_leaf(visit);
                pattern.for_each_leaf(visit);
            }
            Node::Matches { subject, .. }
            | Node::InSlot { subject, .. }
            | Node::Apply { subject, .. }
            | Node::Is { subject, .. }
            | Node::Truth { subject, .. }
            | Node::Field { subject, .. } => subject.for_each_leaf(visit),
            Node::If { condition, then, otherwise } => {
                condition.for_each_leaf(visit);
                then.for_each_leaf(visit);
                otherwise.for_each_leaf(visit);
            }
            Node::Call { arguments: items, .. } | Node::Tuple(items) => {
                items.iter().for_each(|item| item.for_each_leaf(visit));
            }
        }
    }

    /// Whether the node, as a condition, is met: unknown is not.
    pub fn holds(&self, scope: &dyn Scope<L>) -> bool {
        matches!(self.evaluate(scope), Datum::Bool(true))
    }
}

fn common(left: Kind, right: Kind) -> Kind {
    if left == right { left } else { Kind::Unknown }
}

fn negate(operand: &Datum) -> Datum {
    match operand {
        Datum::Int(i) => i.checked_neg().map_or_else(|| Datum::float(-(*i as f64)), Datum::Int),
        Datum::Metric(point) => point.linear(-1.0, 0.0),
        other => other.as_f64().map_or(Datum::Null, |f| Datum::float(-f)),
    }
}

fn arithmetic(op: ArithmeticOp, left: &Datum, right: &Datum) -> Datum {
    if let (Datum::Int(a), Datum::Int(b)) = (left, right) {
        let exact = match op {
            ArithmeticOp::Add => a.checked_add(*b),
            ArithmeticOp::Subtract => a.checked_sub(*b),
            ArithmeticOp::Multiply => a.checked_mul(*b),
            ArithmeticOp::Divide => None,
        };
        if let Some(exact) = exact {
            return Datum::Int(exact);
        }
    }
    let (Some(a), Some(b)) = (left.as_f64(), right.as_f64()) else { return Datum::Null };
    if let Some(scaled) = metric_arithmetic(op, left, right) {
        return scaled;
    }
    Datum::float(match op {
        ArithmeticOp::Add => a + b,
        ArithmeticOp::Subtract => a - b,
        ArithmeticOp::Multiply => a * b,
        ArithmeticOp::Divide => a / b,
    })
}

/// A metric with a plain number keeps its weights, so that `average(m * 1000)` is right.
fn metric_arithmetic(op: ArithmeticOp, left: &Datum, right: &Datum) -> Option<Datum> {
    let (factor, offset) = match (left, right) {
        (Datum::Metric(_), Datum::Metric(_)) => return None,
        (Datum::Metric(_), number) => {
            let number = number.as_f64()?;
            match op {
                ArithmeticOp::Add => (1.0, number),
                ArithmeticOp::Subtract => (1.0, -number),
                ArithmeticOp::Multiply => (number, 0.0),
                ArithmeticOp::Divide => (1.0 / number, 0.0),
            }
        }
        (number, Datum::Metric(_)) => {
            let number = number.as_f64()?;
            match op {
                ArithmeticOp::Add => (1.0, number),
                ArithmeticOp::Subtract => (-1.0, number),
                ArithmeticOp::Multiply => (number, 0.0),
                // Not linear: the natural number decides.
                ArithmeticOp::Divide => return None,
            }
        }
        _ => return None,
    };
    if !factor.is_finite() {
        return Some(Datum::Null);
    }
    match (left, right) {
        (Datum::Metric(point), _) | (_, Datum::Metric(point)) => Some(point.linear(factor, offset)),
        _ => None,
    }
}

fn compare(op: CompareOp, left: &Datum, right: &Datum, on_null: &Datum) -> Datum {
    if left.is_null() || right.is_null() {
        return on_null.clone();
    }
    let order = left.compare(right);
    Datum::Bool(match op {
        CompareOp::Equal => order == Some(Ordering::Equal),
        CompareOp::NotEqual => order != Some(Ordering::Equal),
        CompareOp::Less => order.is_some_and(Ordering::is_lt),
        CompareOp::LessOrEqual => order.is_some_and(Ordering::is_le),
        CompareOp::Greater => order.is_some_and(Ordering::is_gt),
        CompareOp::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
    })
}

fn equal(left: &Datum, right: &Datum) -> bool {
    left.compare(right) == Some(Ordering::Equal)
}

/// Only strings match a pattern; a value of another type is present and does not.
fn matches(subject: &Datum, pattern: &Pattern, negated: bool, on_null: &Datum) -> Datum {
    match subject {
        Datum::Null => on_null.clone(),
        other => Datum::Bool(other.as_str().is_some_and(|s| pattern.matches(s)) != negated),
    }
}

fn is(subject: &Datum, what: Presence) -> bool {
    match what {
        Presence::Null => subject.is_null(),
        Presence::True => matches!(subject, Datum::Bool(true)),
        Presence::False => matches!(subject, Datum::Bool(false)),
    }
}

fn not(operand: &Datum) -> Datum {
    match operand {
        Datum::Bool(b) => Datum::Bool(!b),
        _ => Datum::Null,
    }
}

/// False wins over unknown.
fn and(left: &Datum, right: impl FnOnce() -> Datum) -> Datum {
    match left {
        Datum::Bool(false) => Datum::Bool(false),
        Datum::Bool(true) => right(),
        _ => match right() {
            Datum::Bool(false) => Datum::Bool(false),
            _ => Datum::Null,
        },
    }
}

/// True wins over unknown.
fn or(left: &Datum, right: impl FnOnce() -> Datum) -> Datum {
    match left {
        Datum::Bool(true) => Datum::Bool(true),
        Datum::Bool(false) => right(),
        _ => match right() {
            Datum::Bool(true) => Datum::Bool(true),
            _ => Datum::Null,
        },
    }
}

/// A percentile by its threshold (`'95.0'` and `'95'` alike), a list item by its 0-based place, an
/// entry of a map or a field of a metric by its name.
fn get_field(subject: &Datum, field: &str) -> Datum {
    match subject {
        Datum::Percentiles(values) => {
            let threshold = field.parse::<f64>().ok();
            let found = values.iter().find(|(t, _)| Some(*t) == threshold);
            found.map_or(Datum::Null, |(_, value)| Datum::float(*value))
        }
        Datum::List(items) => {
            let item = field.parse::<usize>().ok().and_then(|place| items.get(place));
            item.cloned().unwrap_or(Datum::Null)
        }
        Datum::Map(pairs) => {
            let found = pairs.iter().find(|(name, _)| &**name == field);
            found.map_or(Datum::Null, |(_, value)| value.clone())
        }
        Datum::Metric(point) => point.field(field),
        _ => Datum::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUE: Datum = Datum::Bool(true);
    const FALSE: Datum = Datum::Bool(false);

    #[test]
    fn unknown_yields_only_to_what_decides() {
        assert_eq!(and(&Datum::Null, || FALSE), FALSE);
        assert_eq!(and(&Datum::Null, || TRUE), Datum::Null);
        assert_eq!(or(&Datum::Null, || TRUE), TRUE);
        assert_eq!(or(&Datum::Null, || FALSE), Datum::Null);
        assert_eq!(not(&Datum::Null), Datum::Null);
    }

    #[test]
    fn integers_stay_exact_until_they_overflow() {
        let product = arithmetic(ArithmeticOp::Multiply, &Datum::Int(1 << 40), &Datum::Int(3));
        assert!(matches!(product, Datum::Int(i) if i == 3 << 40));
        let sum = arithmetic(ArithmeticOp::Add, &Datum::Int(i64::MAX), &Datum::Int(1));
        assert!(matches!(sum, Datum::Float(_)));
        assert!(matches!(negate(&Datum::Int(i64::MIN)), Datum::Float(_)));
    }

    #[test]
    fn division_by_zero_and_null_give_null() {
        assert!(arithmetic(ArithmeticOp::Divide, &Datum::Int(1), &Datum::Int(0)).is_null());
        assert!(arithmetic(ArithmeticOp::Add, &Datum::Int(1), &Datum::Null).is_null());
        assert!(arithmetic(ArithmeticOp::Add, &Datum::Int(1), &Datum::text("a")).is_null());
        let half = arithmetic(ArithmeticOp::Divide, &Datum::Int(1), &Datum::Int(2));
        assert_eq!(half, Datum::Float(0.5));
    }

    #[test]
    fn percentile_fields_have_two_spellings() {
        let percentiles = Datum::Percentiles([(95.0, 2.5)].into());
        assert_eq!(get_field(&percentiles, "95.0"), Datum::Float(2.5));
        assert_eq!(get_field(&percentiles, "95"), Datum::Float(2.5));
        assert!(get_field(&percentiles, "99").is_null());
    }
}
