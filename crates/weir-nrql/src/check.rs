//! What a well-formed tree can't mean, as far as it can be judged without data. An attribute or
//! event type nobody declared is no error in NRQL, so near misses are warnings.

mod call;
mod name;

use crate::ast::{
    Expr, ExprKind, Facet, FacetKind, InList, Limit, Name, Number, Query, Source, Statement,
    StatementKind, TimePoint, TimePointKind,
};
use crate::code::Code;
use crate::findings::{Findings, Help};
use crate::parser::{Parsed, parse};
use crate::{function, keyword, lexer, walk};

/// Items of one FACET.
pub const MAX_FACETS: usize = 10;
/// Items that New Relic documents; more are warned about.
const DOCUMENTED_FACETS: usize = 5;

/// [`parse`] and [`check`]: the statement comes only when nothing is wrong with it.
pub fn analyze(text: &str) -> Parsed {
    let mut parsed = parse(text);
    if let Some(statement) = &parsed.statement {
        parsed.diagnostics.extend(check(text, statement));
        parsed.diagnostics.sort_by_key(|d| d.span.offset);
    }
    if parsed.has_errors() {
        parsed.statement = None;
    }
    parsed
}

/// Findings about a statement that was parsed from `text`.
pub fn check(text: &str, statement: &Statement) -> Vec<weir_types::Diagnostic> {
    let mut checker = Checker { text, findings: Findings::new(text) };
    match &statement.kind {
        StatementKind::Query(query) => checker.query(query),
        StatementKind::ShowEventTypes { since, until, .. } => checker.times(&[since, until]),
    }
    checker.findings.into_list()
}

/// What an expression is evaluated on, which decides whether aggregators may stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Groups of rows: SELECT.
    Groups,
    /// Single rows, in the named clause.
    Rows(&'static str),
    /// Single rows, as a FACET item.
    Facet,
    /// The rows that an aggregator reads.
    Aggregator(&'static str),
}

struct Checker<'a> {
    text: &'a str,
    findings: Findings<'a>,
}

impl Checker<'_> {
    fn query(&mut self, query: &Query) {
        for variable in &query.variables {
            self.expr(&variable.expr, Place::Rows("WITH"));
            variable.names.iter().for_each(|name| self.variable_name(name));
        }
        for item in &query.select {
            self.expr(&item.expr, Place::Groups);
        }
        for source in &query.from {
            if let Source::Query(inner) = source {
                self.query(inner);
            }
        }
        for join in &query.joins {
            self.query(&join.query);
            self.expr(&join.left, Place::Rows("ON"));
        }
        for filter in &query.filters {
            self.expr(filter, Place::Rows("WHERE"));
        }
        for item in &query.order_by {
            self.expr(&item.expr, Place::Groups);
        }
        if let Some(facet) = &query.facet {
            self.facet(facet);
        }
        self.model(query);
        self.bounds(query);
        self.events(query);
        self.names(query);
    }

    /// New Relic takes only bare names here; a word of the grammar has no other way to be one.
    fn variable_name(&mut self, name: &Name) {
        let is_quoted = self.text[name.span.offset..].starts_with('`');
        if !is_quoted || keyword::quoted_as_name(&name.text) {
            return;
        }
        let message = format!("variable `{}` is quoted", name.text);
        let help = match lexer::is_bare_name(&name.text) {
            true => format!("write {} without backticks", name.text),
            false => "name it with letters, digits, _ and . only".into(),
        };
        self.findings.error(Code::QuotedVariable, message, name.span, help.into());
    }

    fn expr(&mut self, expr: &Expr, place: Place) {
        match &expr.kind {
            ExprKind::Call(call) => self.call(call, place),
            ExprKind::Subquery(query) => self.query(query),
            ExprKind::In { expr, list: InList::Subquery(query), .. } => {
                self.expr(expr, place);
                self.query(query);
            }
            _ => walk::each_child(expr, &mut |child| self.expr(child, place)),
        }
    }

    fn facet(&mut self, facet: &Facet) {
        if let Some(extra) = facet.items.get(MAX_FACETS) {
            let message = format!("FACET has {} items, at most {MAX_FACETS}", facet.items.len());
            let help = "join some of them: concat(a, ':', b)";
            self.findings.error(Code::TooManyFacets, message, extra.span, help.into());
        } else if let Some(extra) = facet.items.get(DOCUMENTED_FACETS) {
            let count = facet.items.len();
            let message =
                format!("FACET has {count} items, New Relic documents {DOCUMENTED_FACETS} at most");
            self.findings.warning(Code::ManyFacets, message, extra.span, Help::NONE);
        }
        for item in &facet.items {
            match &item.kind {
                FacetKind::Expr(expr) => self.expr(expr, Place::Facet),
                FacetKind::In { attribute, values } => {
                    self.expr(attribute, Place::Facet);
                    values.iter().for_each(|value| self.expr(value, Place::Facet));
                }
                FacetKind::Cases { cases, fallback } => {
                    let conditions = cases.iter().map(|case| &case.condition);
                    conditions.for_each(|c| self.expr(c, Place::Rows("CASES")));
                    fallback.iter().for_each(|e| self.expr(e, Place::Facet));
                }
            }
        }
        if let Some(order) = &facet.order_by {
            self.expr(&order.expr, Place::Groups);
        }
    }

    fn bounds(&mut self, query: &Query) {
        match &query.limit {
            Some(Limit::Count(limit)) => self.whole("LIMIT", *limit),
            Some(Limit::Name(name)) => self.placeholder("LIMIT takes a number", name),
            Some(Limit::Max(_)) | None => {}
        }
        self.times(&[&query.since, &query.until, &query.compare_with]);
        if let Some(offset) = query.offset {
            self.whole("OFFSET", offset);
        }
    }

    fn times(&mut self, points: &[&Option<TimePoint>]) {
        for point in points.iter().copied().flatten() {
            if let TimePointKind::Name(name) = &point.kind {
                self.placeholder("expected a time such as 1 hour AGO", name);
            }
        }
    }

    fn placeholder(&mut self, expected: &str, name: &Name) {
        let message = format!("unexpected '{}'", name.text);
        self.findings.error(Code::Placeholder, message, name.span, expected.into());
    }

    fn whole(&mut self, clause: &str, number: Number) {
        if number.value.fract() != 0.0 {
            let message = format!("{clause} {} is not a whole number", number.value);
            let help = format!("write {clause} {}", number.value.round());
            self.findings.error(Code::NotWholeNumber, message, number.span, help.into());
        }
    }

    /// New Relic's wording, which its clients know.
    fn events(&mut self, query: &Query) {
        let facet = query.facet.as_ref().map(|facet| facet.span);
        let Some(span) = facet.or(query.timeseries.as_ref().map(|t| t.span)) else { return };
        if returns_events(query) {
            let message = "FACET and TIMESERIES are not supported on events.";
            let help = "select an aggregate, for example count(*)";
            self.findings.error(Code::FacetOnEvents, message, span, Help::from(help));
        }
    }
}

/// Whether no aggregator makes groups of the rows; unknown functions get the benefit of the doubt,
/// and a constant is the same for any group.
fn returns_events(query: &Query) -> bool {
    if query.select.iter().all(|item| matches!(item.expr.kind, ExprKind::Literal(_))) {
        return false;
    }
    let mut aggregates = false;
    for item in &query.select {
        walk::each(&item.expr, &mut |expr| {
            if let ExprKind::Call(call) = &expr.kind {
                aggregates |= function::function(&call.name.text).is_none_or(|f| f.is_aggregator());
            }
        });
    }
    !aggregates
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<String> {
        analyze(text).diagnostics.into_iter().map(|d| d.code).collect()
    }

    #[test]
    fn aggregators_stand_where_groups_are() {
        for fine in [
            "SELECT round(latest(x), .01), if(max(x) > 1, 'a', 'b') FROM T",
            "SELECT rate(filter(count(*), WHERE a = 1), 1 minute) FROM T",
            "SELECT filter(sum(x) / datapointCount(), WHERE a = 1) FROM T",
            "SELECT count(*) FROM T WHERE x > (SELECT average(x) FROM T)",
            "SELECT count(*) FROM T FACET a ORDER BY max(x)",
        ] {
            assert_eq!(codes(fine), [] as [&str; 0], "{fine}");
        }
        for wrong in [
            "SELECT count(*) FROM T WHERE count(*) > 3",
            "SELECT sum(count(*)) FROM T",
            "SELECT count(*) FROM T FACET max(x)",
            "SELECT filter(count(*), WHERE latest(x) > 0) FROM T",
            "WITH max(x) AS m FROM T SELECT count(*)",
        ] {
            assert_eq!(codes(wrong), [Code::AggregatorMisplaced.id()], "{wrong}");
        }
    }

    #[test]
    fn variables_have_bare_names() {
        let quoted = "WITH a * 2 AS `my.a`, b AS `my b`, c AS `from`, d AS e FROM T SELECT `my.a`";
        let found = analyze(quoted).diagnostics;
        let told: Vec<&str> = found.iter().filter_map(|d| d.help.as_deref()).collect();
        let expected =
            ["write my.a without backticks", "name it with letters, digits, _ and . only"];
        assert_eq!(told, expected);
        assert!(found.iter().all(|d| d.code == Code::QuotedVariable.id()));
    }

    #[test]
    fn groups_need_an_aggregator() {
        assert_eq!(codes("SELECT x FROM T FACET y"), [Code::FacetOnEvents.id()]);
        assert_eq!(codes("SELECT * FROM T TIMESERIES"), [Code::FacetOnEvents.id()]);
        assert_eq!(codes("SELECT count(*) FROM T FACET y TIMESERIES"), [] as [&str; 0]);
        assert_eq!(codes("SELECT 1 FROM T TIMESERIES"), [] as [&str; 0]);
    }

    #[test]
    fn bounds_are_whole_and_facets_few() {
        assert_eq!(codes("SELECT x FROM T LIMIT 1.5"), [Code::NotWholeNumber.id()]);
        assert_eq!(codes("SELECT x FROM T LIMIT 1e2"), [] as [&str; 0]);
        assert_eq!(codes("SELECT count(*) FROM T FACET a,b,c,d,e,f"), [Code::ManyFacets.id()]);
        let eleven = "SELECT count(*) FROM T FACET a,b,c,d,e,f,g,h,i,j,k";
        assert_eq!(codes(eleven), [Code::TooManyFacets.id()]);
    }
}
