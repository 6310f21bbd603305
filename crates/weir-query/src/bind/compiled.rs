//! Functions whose second argument is compiled while binding: patterns, paths, formats of time.

use std::sync::Arc;

use jiff::tz::TimeZone;
use weir_nrql::ast::{Call, Expr};
use weir_types::Diagnostic;

use super::Context;
use super::aggregator::{expect_arguments, take_named};
use super::constant::bind_constant;
use super::expression::bind_value;
use super::level::Level;
use crate::decision::CAPTURES_MAX;
use crate::function::Compiled;
use crate::function::capture::Capture;
use crate::function::datetime::{DEFAULT_PATTERN, TimePattern, ToDatetime, ToTimestamp};
use crate::function::json::JsonPath;
use crate::node::Node;
use crate::problem;
use crate::window::zone_named;

/// In lower case.
pub fn is_compiled(name: &str) -> bool {
    matches!(
        name,
        "capture"
            | "aparse"
            | "jparse"
            | "todatetime"
            | "fromtimestamp"
            | "totimestamp"
            | "fromdatetime"
    )
}

pub fn bind_compiled<L: Level>(
    context: &Context<'_>,
    level: &mut L,
    call: &Call,
) -> Result<Node<L::Leaf>, Diagnostic> {
    let (plain, zone) = take_named(call, &["timezone"]);
    let arguments = expect_arguments(context, &plain, 1..=2)?;
    let setting = arguments.get(1).copied();
    let compiled: Arc<dyn Compiled> = match call.name.text.to_ascii_lowercase().as_str() {
        "capture" => Arc::new(bind_capture(context, call, setting, Capture::named)?),
        "aparse" => Arc::new(bind_capture(context, call, setting, Capture::anchored)?),
        "jparse" => Arc::new(match setting {
            Some(expr) => compile(context, expr, JsonPath::parse)?,
            None => JsonPath::whole(),
        }),
        "todatetime" | "fromtimestamp" => {
            let pattern = match setting {
                Some(expr) => compile(context, expr, TimePattern::parse)?,
                None => TimePattern::parse(DEFAULT_PATTERN)
                    .map_err(|reason| unfit(context, call.span, DEFAULT_PATTERN, &reason))?,
            };
            Arc::new(ToDatetime { pattern, zone: bind_zone(context, zone)? })
        }
        _ => {
            let pattern = setting.map(|expr| compile(context, expr, TimePattern::parse));
            Arc::new(ToTimestamp { pattern: pattern.transpose()?, zone: bind_zone(context, zone)? })
        }
    };
    let subject = Box::new(bind_value(context, level, arguments[0])?);
    Ok(Node::Apply { subject, compiled })
}

fn bind_capture(
    context: &Context<'_>,
    call: &Call,
    pattern: Option<&Expr>,
    parse: fn(&str) -> Result<Capture, String>,
) -> Result<Capture, Diagnostic> {
    let Some(pattern) = pattern else {
        let message = format!("`{}` needs a pattern", call.name.text);
        return Err(context.reporter.error(problem::ARGUMENTS, message, call.span));
    };
    *context.found.captures.borrow_mut() += 1;
    if *context.found.captures.borrow() > CAPTURES_MAX {
        let message = format!("a query captures {CAPTURES_MAX} times at most");
        return Err(context.reporter.error(problem::ARGUMENTS, message, call.span));
    }
    compile(context, pattern, parse)
}

fn compile<T>(
    context: &Context<'_>,
    expr: &Expr,
    parse: fn(&str) -> Result<T, String>,
) -> Result<T, Diagnostic> {
    let setting = bind_constant(context, expr)?;
    let Some(text) = setting.as_str() else {
        let message = format!("`{}` is not a string", context.reporter.text_of(expr.span));
        return Err(context.reporter.error(problem::NOT_CONSTANT, message, expr.span));
    };
    parse(text).map_err(|reason| unfit(context, expr.span, text, &reason))
}

fn unfit(context: &Context<'_>, span: weir_types::Span, text: &str, reason: &str) -> Diagnostic {
    let message = format!("`{text}` can't be used: {reason}");
    context.reporter.error(problem::PATTERN, message, span)
}

fn bind_zone(context: &Context<'_>, written: Option<&Expr>) -> Result<TimeZone, Diagnostic> {
    let Some(expr) = written else { return Ok(context.anchor.zone.clone()) };
    let name = bind_constant(context, expr)?;
    let zone = name.as_str().and_then(zone_named);
    zone.ok_or_else(|| {
        let message = format!("unknown time zone {}", context.reporter.text_of(expr.span));
        context.reporter.error(problem::TIME, message, expr.span)
    })
}
