//! Expressions at any level, `OR` in both its meanings, and the scalar functions.

use weir_nrql::ast::{BinaryOp, Call, Expr, ExprKind, InList, IsWhat, Literal, Text};
use weir_types::{Diagnostic, Span};

use super::aggregator::{expect_arguments, take_named};
use super::constant::bind_constant;
use super::level::Level;
use super::{Context, compiled, subquery};
use crate::datum::Datum;
use crate::function::{Settings, scalar_function};
use crate::node::{ArithmeticOp, CompareOp, Kind, Node, Presence};
use crate::pattern::Pattern;
use crate::problem;

type Bound<L> = Result<Node<<L as Level>::Leaf>, Diagnostic>;

const TUPLE_ITEMS_MAX: usize = 32;

/// What the surroundings do with the result; decides what `OR` means between bare attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Value,
    Condition,
}

/// Binds an expression for its value.
pub fn bind_value<L: Level>(context: &Context<'_>, level: &mut L, expr: &Expr) -> Bound<L> {
    bind_as(context, level, expr, Use::Value)
}

/// Binds an expression as a condition: the node gives a boolean, or null for unknown.
pub fn bind_condition<L: Level>(context: &Context<'_>, level: &mut L, expr: &Expr) -> Bound<L> {
    let node = bind_as(context, level, expr, Use::Condition)?;
    Ok(into_condition::<L>(context, node))
}

fn bind_as<L: Level>(context: &Context<'_>, level: &mut L, expr: &Expr, usage: Use) -> Bound<L> {
    match &expr.kind {
        ExprKind::Literal(literal) => Ok(Node::Constant(literal_value(literal))),
        ExprKind::Attribute(name) => level.attribute(context, name),
        ExprKind::Negate(operand) => {
            Ok(Node::Negate(Box::new(bind_value(context, level, operand)?)))
        }
        ExprKind::Not(operand) => Ok(Node::Not(Box::new(bind_condition(context, level, operand)?))),
        ExprKind::Binary { op, left, right } => {
            bind_binary(context, level, *op, left, right, usage)
        }
        ExprKind::Is { expr, negated, what } => {
            let subject = Box::new(bind_value(context, level, expr)?);
            let what = match what {
                IsWhat::Null => Presence::Null,
                IsWhat::True => Presence::True,
                IsWhat::False => Presence::False,
            };
            Ok(Node::Is { subject, what, negated: *negated })
        }
        ExprKind::In { expr, negated, list } => bind_in(context, level, expr, *negated, list),
        ExprKind::Like { expr, negated, regex, pattern } => {
            let subject = Box::new(bind_value(context, level, expr)?);
            let (negated, on_null) = (*negated, context.on_null(*negated));
            if !matches!(pattern.kind, ExprKind::Literal(Literal::Str(_))) {
                let pattern = Box::new(bind_value(context, level, pattern)?);
                return Ok(Node::MatchesAny {
                    subject,
                    pattern,
                    is_regex: *regex,
                    negated,
                    on_null,
                });
            }
            let pattern = bind_pattern(context, pattern, *regex)?;
            Ok(Node::Matches { subject, pattern, negated, on_null })
        }
        ExprKind::Call(call) => bind_call(context, level, call),
        ExprKind::Field { expr, field } => bind_field(context, level, expr, field),
        ExprKind::Subquery(query) => subquery::bind_value(context, query).map(Node::Slot),
        ExprKind::Star => Err(misplaced(context, "`*` can't stand here", expr.span)),
        ExprKind::Duration(_) => {
            Err(misplaced(context, "a length of time can't stand here", expr.span))
        }
    }
}

pub fn literal_value(literal: &Literal) -> Datum {
    match literal {
        Literal::Int(i) => Datum::Int(*i),
        Literal::Float(f) => Datum::float(*f),
        Literal::Str(s) => Datum::text(s.as_str()),
        Literal::Bool(b) => Datum::Bool(*b),
        Literal::Null => Datum::Null,
    }
}

fn bind_binary<L: Level>(
    context: &Context<'_>,
    level: &mut L,
    op: BinaryOp,
    left: &Expr,
    right: &Expr,
    usage: Use,
) -> Bound<L> {
    let compare = |op: CompareOp| (op, context.on_null(op == CompareOp::NotEqual));
    let (op, on_null) = match op {
        BinaryOp::Or => return bind_or(context, level, left, right, usage),
        BinaryOp::And => {
            let left = bind_condition(context, level, left)?;
            let right = bind_condition(context, level, right)?;
            return Ok(Node::And(Box::new(left), Box::new(right)));
        }
        BinaryOp::Add => return bind_arithmetic(context, level, ArithmeticOp::Add, left, right),
        BinaryOp::Subtract => {
            return bind_arithmetic(context, level, ArithmeticOp::Subtract, left, right);
        }
        BinaryOp::Multiply => {
            return bind_arithmetic(context, level, ArithmeticOp::Multiply, left, right);
        }
        BinaryOp::Divide => {
            return bind_arithmetic(context, level, ArithmeticOp::Divide, left, right);
        }
        BinaryOp::Equal => compare(CompareOp::Equal),
        BinaryOp::NotEqual => compare(CompareOp::NotEqual),
        BinaryOp::Less => compare(CompareOp::Less),
        BinaryOp::LessOrEqual => compare(CompareOp::LessOrEqual),
        BinaryOp::Greater => compare(CompareOp::Greater),
        BinaryOp::GreaterOrEqual => compare(CompareOp::GreaterOrEqual),
    };
    let left = Box::new(bind_value(context, level, left)?);
    let right = Box::new(bind_value(context, level, right)?);
    Ok(Node::Compare { op, left, right, on_null })
}

/// Logical when both sides are booleans, or could be where a condition is wanted; else the first
/// side that is not null.
fn bind_or<L: Level>(
    context: &Context<'_>,
    level: &mut L,
    left: &Expr,
    right: &Expr,
    usage: Use,
) -> Bound<L> {
    let left = bind_as(context, level, left, usage)?;
    let right = bind_as(context, level, right, usage)?;
    let kinds = [left.kind(), right.kind()];
    let is_logical = match usage {
        Use::Condition => !kinds.contains(&Kind::Value),
        Use::Value => kinds == [Kind::Boolean, Kind::Boolean],
    };
    if !is_logical {
        return Ok(Node::Coalesce(Box::new(left), Box::new(right)));
    }
    let left = into_condition::<L>(context, left);
    let right = into_condition::<L>(context, right);
    Ok(Node::Or(Box::new(left), Box::new(right)))
}

fn into_condition<L: Level>(context: &Context<'_>, node: Node<L::Leaf>) -> Node<L::Leaf> {
    match node.kind() {
        Kind::Boolean => node,
        _ => Node::Truth { subject: Box::new(node), on_null: context.on_null(false) },
    }
}

fn bind_arithmetic<L: Level>(
    context: &Context<'_>,
    level: &mut L,
    op: ArithmeticOp,
    left: &Expr,
    right: &Expr,
) -> Bound<L> {
    let left = Box::new(bind_value(context, level, left)?);
    let right = Box::new(bind_value(context, level, right)?);
    Ok(Node::Arithmetic { op, left, right })
}

fn bind_in<L: Level>(
    context: &Context<'_>,
    level: &mut L,
    subject: &Expr,
    negated: bool,
    list: &InList,
) -> Bound<L> {
    let members = match list {
        InList::Values(values) => values,
        InList::Subquery(query) => {
            let subject = Box::new(bind_value(context, level, subject)?);
            let members = subquery::bind_members(context, query)?;
            let on_null = context.on_null(negated);
            return Ok(Node::InSlot { subject, members, negated, on_null });
        }
    };
    let subject = Box::new(bind_value(context, level, subject)?);
    let members: Result<Vec<_>, _> =
        members.iter().map(|member| bind_value(context, level, member)).collect();
    Ok(Node::In { subject, members: members?, negated, on_null: context.on_null(negated) })
}

fn bind_pattern(context: &Context<'_>, pattern: &Expr, regex: bool) -> Result<Pattern, Diagnostic> {
    let ExprKind::Literal(Literal::Str(text)) = &pattern.kind else {
        return Err(misplaced(context, "a pattern is a string", pattern.span));
    };
    let compiled = if regex { Pattern::regex(text) } else { Pattern::like(text) };
    compiled.map_err(|reason| {
        let message = format!("`{text}` is not a regular expression: {reason}");
        context.reporter.error(problem::PATTERN, message, pattern.span)
    })
}

fn bind_call<L: Level>(context: &Context<'_>, level: &mut L, call: &Call) -> Bound<L> {
    if let Some(node) = level.call(context, call) {
        return node;
    }
    match call.name.text.to_ascii_lowercase().as_str() {
        "if" => bind_if(context, level, call),
        "tuple" => {
            let items = expect_arguments(context, call, 1..=TUPLE_ITEMS_MAX)?;
            let items = items.into_iter().map(|item| bind_value(context, level, item));
            Ok(Node::Tuple(items.collect::<Result<_, _>>()?))
        }
        "getfield" => bind_get_field(context, level, call),
        "accountid" => {
            expect_arguments(context, call, 0..=0)?;
            Ok(Node::Constant(Datum::Int(context.setting.account.0 as i64)))
        }
        name if compiled::is_compiled(name) => compiled::bind_compiled(context, level, call),
        _ => bind_scalar(context, level, call),
    }
}

fn bind_scalar<L: Level>(context: &Context<'_>, level: &mut L, call: &Call) -> Bound<L> {
    let Some(function) = scalar_function(&call.name.text) else {
        return Err(no_such_function(context, call));
    };
    let (call, named) = take_named(call, &[function.named]);
    let call = &call;
    let named = match named {
        Some(expr) => bind_constant(context, expr)?,
        None => Datum::Null,
    };
    let written = expect_arguments(context, call, function.arguments.clone())?;
    let mut arguments = Vec::with_capacity(written.len());
    for (place, expr) in written.into_iter().enumerate() {
        let is_form = place > 0 && !function.forms.is_empty();
        arguments.push(match is_form {
            true => Node::Constant(bind_form(context, expr, function.forms)?),
            false => bind_value(context, level, expr)?,
        });
    }
    let settings = Settings { zone: context.anchor.zone.clone(), named };
    Ok(Node::Call { function, arguments, settings })
}

/// A word such as `numeric`, bare or quoted.
fn bind_form(
    context: &Context<'_>,
    expr: &Expr,
    forms: &[&'static str],
) -> Result<Datum, Diagnostic> {
    let word = match &expr.kind {
        ExprKind::Attribute(name) => name.text.as_str(),
        ExprKind::Literal(Literal::Str(text)) => text.as_str(),
        _ => "",
    };
    match forms.iter().find(|form| form.eq_ignore_ascii_case(word)) {
        Some(form) => Ok(Datum::text(*form)),
        None => {
            let message = format!("`{}` can't stand here", context.reporter.text_of(expr.span));
            let help = format!("write {}", forms.join(" or "));
            Err(misplaced(context, &message, expr.span).with_help(help))
        }
    }
}

/// Without a third argument what is not met is null.
fn bind_if<L: Level>(context: &Context<'_>, level: &mut L, call: &Call) -> Bound<L> {
    let arguments = expect_arguments(context, call, 2..=3)?;
    let condition = Box::new(bind_condition(context, level, arguments[0])?);
    let then = Box::new(bind_value(context, level, arguments[1])?);
    let otherwise = match arguments.get(2) {
        Some(otherwise) => bind_value(context, level, otherwise)?,
        None => Node::Constant(Datum::Null),
    };
    Ok(Node::If { condition, then, otherwise: Box::new(otherwise) })
}

/// `getField(x, field)`: the field is a name, a string or a number.
fn bind_get_field<L: Level>(context: &Context<'_>, level: &mut L, call: &Call) -> Bound<L> {
    let arguments = expect_arguments(context, call, 2..=2)?;
    let field = match &arguments[1].kind {
        ExprKind::Attribute(name) => name.text.clone(),
        ExprKind::Literal(Literal::Str(text)) => text.clone(),
        ExprKind::Literal(Literal::Int(place)) => place.to_string(),
        ExprKind::Literal(Literal::Float(threshold)) => threshold.to_string(),
        _ => return Err(misplaced(context, "a field is a name or a string", arguments[1].span)),
    };
    let field = Text { value: field, span: arguments[1].span };
    bind_field(context, level, arguments[0], &field)
}

fn bind_field<L: Level>(
    context: &Context<'_>,
    level: &mut L,
    expr: &Expr,
    field: &Text,
) -> Bound<L> {
    let subject = Box::new(bind_value(context, level, expr)?);
    Ok(Node::Field { subject, field: field.value.as_str().into() })
}

/// A function that does not exist, or not at this level.
pub fn no_such_function(context: &Context<'_>, call: &Call) -> Diagnostic {
    let name = &call.name.text;
    if weir_nrql::function::function(name).is_some() {
        let message = format!("`{name}()` looks at single rows, and here are none");
        let error = context.reporter.error(problem::ATTRIBUTE_MISPLACED, message, call.name.span);
        return error.with_help(format!("put it into an aggregator: latest({name}())"));
    }
    let message = format!("unknown function `{name}()`");
    context.reporter.error(problem::UNKNOWN_FUNCTION, message, call.name.span)
}

pub fn misplaced(context: &Context<'_>, message: &str, span: Span) -> Diagnostic {
    context.reporter.error(problem::ARGUMENTS, message, span)
}
