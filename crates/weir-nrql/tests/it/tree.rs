//! Trees as text without places, to compare and to read.

use weir_nrql::ast::{
    Argument, Case, Expr, ExprKind, FacetKind, InList, Limit, Literal, NamedValue, OrderItem,
    Query, Source, Statement, StatementKind, Text,
};

/// Equal for statements that differ in places and in the order of comments only: one that stands
/// inside an expression moves behind it, past those of an inner query.
pub fn shape(statement: &Statement) -> String {
    let mut comments: Vec<&str> = statement.comments.iter().map(|c| c.text.as_str()).collect();
    comments.sort_unstable();
    without_places(&format!("{:?} {comments:?}", statement.kind))
}

/// One clause a line, expressions with the operator first.
pub fn outline(statement: &Statement) -> String {
    match &statement.kind {
        StatementKind::Query(query) => query_lines(query).join("\n") + "\n",
        show @ StatementKind::ShowEventTypes { .. } => without_places(&format!("{show:?}\n")),
    }
}

fn query_lines(query: &Query) -> Vec<String> {
    let mut lines = Vec::new();
    for variable in &query.variables {
        let names: Vec<&str> = variable.names.iter().map(|name| name.text.as_str()).collect();
        lines.push(format!("with {} as {}", expr(&variable.expr), names.join(" ")));
    }
    lines.extend(
        query.select.iter().map(|s| format!("select {}{}", expr(&s.expr), alias(&s.alias))),
    );
    lines.extend(query.from.iter().map(|s| format!("from {}", source(s))));
    for join in &query.joins {
        let right = join.right.as_ref().map_or(String::new(), |name| format!(" = {}", name.text));
        let on = format!("{}{right}", expr(&join.left));
        lines.push(format!("join {:?} {} on {on}", join.kind, inner(&join.query)));
    }
    lines.extend(query.filters.iter().map(|filter| format!("where {}", expr(filter))));
    if let Some(facet) = &query.facet {
        lines.extend(
            facet
                .items
                .iter()
                .map(|item| format!("facet {}{}", facet_kind(&item.kind), alias(&item.alias))),
        );
        lines.extend(facet.order_by.iter().map(|item| format!("facet by {}", order(item))));
    }
    lines.extend(query.order_by.iter().map(|item| format!("order by {}", order(item))));
    lines.extend(query.limit.as_ref().map(|limit| match limit {
        Limit::Count(number) => format!("limit {}", number.value),
        Limit::Max(_) => "limit max".into(),
        Limit::Name(name) => format!("limit name {}", name.text),
    }));
    lines.extend(query.offset.map(|number| format!("offset {}", number.value)));
    lines.extend(plain_lines(query));
    lines
}

/// Clauses whose debug text is short enough to read.
fn plain_lines(query: &Query) -> Vec<String> {
    let mut lines = Vec::new();
    let points =
        [("since", &query.since), ("until", &query.until), ("compare with", &query.compare_with)];
    for (clause, point) in points {
        lines.extend(point.iter().map(|p| format!("{clause} {:?}", p.kind)));
    }
    lines.extend(
        query.timeseries.iter().map(|t| format!("timeseries {:?} {:?}", t.step, t.slide_by)),
    );
    if let Some(predict) = &query.predict {
        let model = predict.model.as_ref().map(|m| arguments(&m.name.text, &m.arguments));
        lines.push(format!("predict {model:?} {:?} {:?}", predict.by, predict.using));
    }
    lines.extend(query.extrapolate.map(|_| "extrapolate".into()));
    lines.extend(query.raw.map(|_| "raw".into()));
    lines.extend(query.timezone.iter().map(|zone| format!("timezone {:?}", zone.value)));
    lines.extend(query.metric_format.iter().map(|text| format!("metric format {:?}", text.value)));
    lines.iter().map(|line| without_places(line)).collect()
}

fn source(source: &Source) -> String {
    match source {
        Source::EventType(name) => name.text.clone(),
        Source::Lookup { name, .. } => format!("(lookup {})", name.text),
        Source::Query(query) => inner(query),
    }
}

fn inner(query: &Query) -> String {
    format!("(query {})", query_lines(query).join("; "))
}

fn facet_kind(kind: &FacetKind) -> String {
    match kind {
        FacetKind::Expr(e) => expr(e),
        FacetKind::In { attribute, values } => {
            format!("exactly {} {}", expr(attribute), exprs(values))
        }
        FacetKind::Cases { cases, fallback } => {
            let cases: Vec<String> = cases.iter().map(case).collect();
            let fallback =
                fallback.as_ref().map_or(String::new(), |e| format!(" else {}", expr(e)));
            format!("cases {}{fallback}", cases.join(" "))
        }
    }
}

fn case(case: &Case) -> String {
    format!("(case {}{})", expr(&case.condition), alias(&case.alias))
}

fn order(item: &OrderItem) -> String {
    let direction = item.direction.map_or(String::new(), |d| format!(" {d:?}"));
    format!("{}{direction}", expr(&item.expr))
}

fn alias(alias: &Option<Text>) -> String {
    alias.as_ref().map_or(String::new(), |text| format!(" as {:?}", text.value))
}

fn exprs(exprs: &[Expr]) -> String {
    exprs.iter().map(expr).collect::<Vec<_>>().join(" ")
}

fn expr(e: &Expr) -> String {
    let not = |negated: bool| if negated { "not " } else { "" };
    match &e.kind {
        ExprKind::Literal(Literal::Str(value)) => format!("{value:?}"),
        ExprKind::Literal(literal) => format!("{literal:?}"),
        ExprKind::Attribute(name) => name.text.clone(),
        ExprKind::Star => "*".into(),
        ExprKind::Duration(d) => format!("{} {:?}", d.amount, d.unit),
        ExprKind::Negate(inner) => format!("(negate {})", expr(inner)),
        ExprKind::Not(inner) => format!("(not {})", expr(inner)),
        ExprKind::Binary { op, left, right } => format!("({op:?} {} {})", expr(left), expr(right)),
        ExprKind::Is { expr: e, negated, what } => {
            format!("(is {}{what:?} {})", not(*negated), expr(e))
        }
        ExprKind::In { expr: e, negated, list: InList::Values(values) } => {
            format!("({}in {} {})", not(*negated), expr(e), exprs(values))
        }
        ExprKind::In { expr: e, negated, list: InList::Subquery(query) } => {
            format!("({}in {} {})", not(*negated), expr(e), inner(query))
        }
        ExprKind::Like { expr: e, negated, regex, pattern } => {
            let word = if *regex { "rlike" } else { "like" };
            format!("({}{word} {} {})", not(*negated), expr(e), expr(pattern))
        }
        ExprKind::Call(call) => arguments(&call.name.text, &call.arguments),
        ExprKind::Field { expr: e, field } => format!("(field {} {:?})", expr(e), field.value),
        ExprKind::Subquery(query) => inner(query),
    }
}

fn arguments(name: &str, arguments: &[Argument]) -> String {
    let texts = arguments.iter().map(|argument| match argument {
        Argument::Expr(e) => expr(e),
        Argument::Where(condition) => case(condition),
        Argument::Named { name, value: NamedValue::Expr(e), .. } => {
            format!("{}: {}", name.text, expr(e))
        }
        Argument::Named { name, value: NamedValue::Set(members), .. } => {
            format!("{}: {{{}}}", name.text, exprs(members))
        }
    });
    let texts: Vec<String> = std::iter::once(name.to_string()).chain(texts).collect();
    format!("({})", texts.join(" "))
}

fn without_places(debug: &str) -> String {
    let cut = |part: &str| match part.split_once('}') {
        Some((place, rest)) if place.starts_with(" offset: ") => rest.to_string(),
        _ => part.to_string(),
    };
    let parts: Vec<String> = debug.split("Span {").map(cut).collect();
    parts.concat().replace(", span: ", "").replace("span: ", "")
}
