//! Going through expressions. Recursion is bounded by [`crate::MAX_HEIGHT`].

use crate::ast::{Argument, Call, Expr, ExprKind, InList, NamedValue};
use crate::function;

/// Calls `visit` for `expr` and every expression in it, outermost first. Subqueries are not
/// entered: they read rows of their own.
pub fn each<'e>(expr: &'e Expr, visit: &mut impl FnMut(&'e Expr)) {
    visit(expr);
    each_child(expr, &mut |child| each(child, visit));
}

/// Calls `visit` for the direct parts of `expr`, in text order.
pub fn each_child<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    match &expr.kind {
        ExprKind::Negate(inner) | ExprKind::Not(inner) => visit(inner),
        ExprKind::Binary { left, right, .. } => {
            visit(left);
            visit(right);
        }
        ExprKind::Is { expr, .. } | ExprKind::Field { expr, .. } => visit(expr),
        ExprKind::In { expr, list, .. } => {
            visit(expr);
            if let InList::Values(values) = list {
                values.iter().for_each(visit);
            }
        }
        ExprKind::Like { expr, pattern, .. } => {
            visit(expr);
            visit(pattern);
        }
        ExprKind::Call(call) => call.arguments.iter().for_each(|a| each_in_argument(a, visit)),
        ExprKind::Literal(_)
        | ExprKind::Attribute(_)
        | ExprKind::Star
        | ExprKind::Duration(_)
        | ExprKind::Subquery(_) => {}
    }
}

/// Whether the call is one of a known aggregator.
pub fn is_aggregator(call: &Call) -> bool {
    function::function(&call.name.text).is_some_and(|f| f.is_aggregator())
}

fn each_in_argument<'e>(argument: &'e Argument, visit: &mut dyn FnMut(&'e Expr)) {
    match argument {
        Argument::Expr(expr) => visit(expr),
        Argument::Where(case) => visit(&case.condition),
        Argument::Named { value: NamedValue::Expr(expr), .. } => visit(expr),
        Argument::Named { value: NamedValue::Set(members), .. } => {
            members.iter().for_each(visit);
        }
    }
}
