//! Settings of functions: expressions that must come to a constant of a certain kind.

use weir_nrql::ast::{Expr, ExprKind};
use weir_types::Diagnostic;

use super::Context;
use super::expression::bind_value;
use super::level::ConstantLevel;
use crate::datum::Datum;
use crate::node::NoScope;
use crate::problem;

pub fn bind_constant(context: &Context<'_>, expr: &Expr) -> Result<Datum, Diagnostic> {
    Ok(bind_value(context, &mut ConstantLevel, expr)?.evaluate(&NoScope))
}

pub fn bind_number(context: &Context<'_>, expr: &Expr) -> Result<f64, Diagnostic> {
    let value = bind_constant(context, expr)?;
    value.as_f64().ok_or_else(|| {
        let message = format!("`{}` is not a number", context.reporter.text_of(expr.span));
        context.reporter.error(problem::NOT_CONSTANT, message, expr.span)
    })
}

/// A length of time above 0; a bare number is in milliseconds.
pub fn bind_millis(context: &Context<'_>, expr: &Expr) -> Result<i64, Diagnostic> {
    let millis = match &expr.kind {
        ExprKind::Duration(duration) => duration.as_millis(),
        _ => bind_number(context, expr)? as i64,
    };
    if millis > 0 {
        return Ok(millis);
    }
    let message = "a length of time must be above 0";
    Err(context.reporter.error(problem::NOT_CONSTANT, message, expr.span))
}
