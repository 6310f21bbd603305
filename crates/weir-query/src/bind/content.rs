//! What an item of SELECT is, as `metadata.contents` of the older form of answers describes it:
//! function, attribute, settings, and what stands around them.

use serde_json::{Map, Value as Json, json};
use weir_nrql::ast::{Argument, Call, Case, Expr, ExprKind, Literal, SelectItem};

use super::Context;
use super::aggregator::canonical_name;
use crate::decision::{PERCENT_DEFAULT, PERCENTILE_RELATIVE_ERROR, UNIQUES_LIMIT};
use crate::plan::Content;

/// What the value of anything but a single aggregate is called.
const RESULT: &str = "result";

pub fn content_of(context: &Context<'_>, item: &SelectItem) -> Content {
    let content = of_expression(context, &item.expr);
    match &item.alias {
        Some(alias) => wrapped("alias", &alias.value, content),
        None => content,
    }
}

fn of_expression(context: &Context<'_>, expr: &Expr) -> Content {
    let call = match &expr.kind {
        ExprKind::Call(call) => canonical_name(&call.name.text).map(|name| (name, call)),
        _ => None,
    };
    match call {
        Some(("filter", call)) => match call.arguments.as_slice() {
            [Argument::Expr(inner), Argument::Where(case)] => {
                wrapped("filter", &condition(context, case), of_expression(context, inner))
            }
            _ => of_text(context, expr),
        },
        Some(("percentage", call)) => match call.arguments.as_slice() {
            [Argument::Expr(inner), Argument::Where(case)] => {
                let inner = of_expression(context, inner);
                let name = Some("percentage");
                wrapped(
                    "percentage",
                    &condition(context, case),
                    Content { value_name: name, ..inner },
                )
            }
            _ => of_text(context, expr),
        },
        Some((name, call)) if super::aggregator::is_aggregator(name) => {
            Content { value_name: value_name(name), description: of_aggregate(context, name, call) }
        }
        _ => of_text(context, expr),
    }
}

/// `count`, `percentiles`; Apdex brings its own names.
fn value_name(function: &'static str) -> Option<&'static str> {
    match function {
        "percentile" | "median" | "bucketPercentile" => Some("percentiles"),
        "uniques" => Some("members"),
        "funnel" => Some("steps"),
        "rate" => Some(RESULT),
        "apdex" => None,
        other => Some(other),
    }
}

fn of_aggregate(context: &Context<'_>, name: &str, call: &Call) -> Json {
    let mut description = Map::new();
    description.insert("function".into(), name.into());
    let mut plain = call.arguments.iter().filter_map(|argument| match argument {
        Argument::Expr(expr) => Some(expr),
        Argument::Where(_) | Argument::Named { .. } => None,
    });
    if let Some(first) = plain.next().filter(|first| !matches!(first.kind, ExprKind::Star)) {
        let attribute = match &first.kind {
            ExprKind::Attribute(name) => name.text.clone(),
            ExprKind::Literal(Literal::Str(name)) => name.clone(),
            _ => context.reporter.text_of(first.span),
        };
        description.insert("attribute".into(), attribute.into());
    }
    let numbers: Vec<f64> = plain.filter_map(number).collect();
    match name {
        "percentile" | "median" | "bucketPercentile" => {
            let thresholds = match name {
                "median" => vec![50.0],
                _ if numbers.is_empty() => vec![PERCENT_DEFAULT],
                _ => numbers,
            };
            description.insert("thresholds".into(), json!(thresholds));
            description.insert("relativeError".into(), json!(PERCENTILE_RELATIVE_ERROR));
        }
        "uniques" => {
            let limit = numbers.first().map_or(UNIQUES_LIMIT, |limit| *limit as usize);
            description.insert("memberLimit".into(), json!(limit));
        }
        _ => {}
    }
    description.insert("simple".into(), true.into());
    description.into()
}

/// Anything else has no name of its own: its text stands for it.
fn of_text(context: &Context<'_>, expr: &Expr) -> Content {
    let text = context.reporter.text_of(expr.span);
    Content { value_name: Some(RESULT), description: json!({"function": "math", "alias": text}) }
}

fn wrapped(function: &str, name: &str, inner: Content) -> Content {
    let description = json!({"function": function, "alias": name, "contents": inner.description});
    Content { description, ..inner }
}

fn condition(context: &Context<'_>, case: &Case) -> String {
    context.reporter.text_of(case.condition.span)
}

fn number(expr: &Expr) -> Option<f64> {
    match &expr.kind {
        ExprKind::Literal(Literal::Int(i)) => Some(*i as f64),
        ExprKind::Literal(Literal::Float(f)) => Some(*f),
        _ => None,
    }
}
