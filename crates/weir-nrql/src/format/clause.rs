//! Clauses as heads and pieces; how they are put on lines is in `layout`.

use super::Formatter;
use super::expr::{alias, duration, string, time_point};
use super::layout::Layout;
use crate::ast::{
    BinaryOp, Direction, Expr, ExprKind, Facet, FacetItem, FacetKind, Join, JoinKind, Limit,
    OrderItem, Predict, Query, Source, Step, Text, TimePoint, Timeseries, Variable,
};
use crate::parser::power;

pub(super) struct Clause {
    /// Where it stands in the text.
    pub start: usize,
    pub head: &'static str,
    pub pieces: Vec<Piece>,
    pub joiner: Joiner,
}

pub(super) struct Piece {
    pub start: usize,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joiner {
    Comma,
    And,
}

impl Clause {
    fn list(head: &'static str, pieces: Vec<Piece>) -> Clause {
        let start = pieces.first().map_or(0, |piece| piece.start);
        Clause { start, head, pieces, joiner: Joiner::Comma }
    }

    fn single(head: &'static str, start: usize, text: String) -> Clause {
        Clause::list(head, vec![Piece { start, text }])
    }

    fn word(head: &'static str, start: usize) -> Clause {
        Clause { start, head, pieces: Vec::new(), joiner: Joiner::Comma }
    }

    pub fn inline(&self) -> String {
        let texts: Vec<&str> = self.pieces.iter().map(|piece| piece.text.as_str()).collect();
        let joined = texts.join(match self.joiner {
            Joiner::Comma => ", ",
            Joiner::And => " AND ",
        });
        if joined.is_empty() { self.head.into() } else { format!("{} {joined}", self.head) }
    }
}

impl<'s> Formatter<'s> {
    /// In the order of the text. ORDER BY comes before FACET in the order for trees without
    /// places: behind it, it would be read as FACET's own.
    pub(super) fn clauses(&mut self, query: &'s Query, layout: Layout) -> Vec<Clause> {
        let mut clauses = Vec::new();
        if !query.variables.is_empty() {
            let layout = layout.of_pieces(query.variables.len());
            let pieces = query.variables.iter().map(|v| self.variable(v, layout)).collect();
            clauses.push(Clause::list("WITH", pieces));
        }
        self.select(query, layout, &mut clauses);
        self.from(query, layout, &mut clauses);
        clauses.extend(query.filters.iter().map(|filter| self.condition(filter, layout)));
        if !query.order_by.is_empty() {
            let layout = layout.of_pieces(query.order_by.len());
            let pieces = query.order_by.iter().map(|item| self.order_item(item, layout)).collect();
            clauses.push(Clause::list("ORDER BY", pieces));
        }
        clauses.extend(query.facet.as_ref().map(|facet| self.facet(facet, layout)));
        bounds(query, &mut clauses);
        clauses.extend(query.timeseries.as_ref().map(timeseries));
        clauses.extend(query.predict.as_ref().map(|predict| self.predict(predict, layout)));
        clauses.extend(query.extrapolate.map(|span| Clause::word("EXTRAPOLATE", span.offset)));
        clauses.extend(query.raw.map(|span| Clause::word("RAW", span.offset)));
        clauses.extend(query.timezone.as_ref().map(|t| text_clause("WITH TIMEZONE", t)));
        clauses.extend(query.metric_format.as_ref().map(|t| text_clause("WITH METRIC_FORMAT", t)));
        clauses.sort_by_key(|clause| clause.start);
        clauses
    }

    fn select(&mut self, query: &'s Query, layout: Layout, clauses: &mut Vec<Clause>) {
        let layout = layout.of_pieces(query.select.len());
        let items = query.select.iter();
        let pieces: Vec<Piece> = items
            .map(|item| Piece {
                start: item.span.offset,
                text: self.expr(&item.expr, power::OR, layout) + &alias(item.alias.as_ref()),
            })
            .collect();
        if !pieces.is_empty() {
            clauses.push(Clause::list("SELECT", pieces));
        }
    }

    fn from(&mut self, query: &'s Query, layout: Layout, clauses: &mut Vec<Clause>) {
        let inner = layout.of_pieces(query.from.len());
        let pieces: Vec<Piece> = query.from.iter().map(|s| self.source(s, inner)).collect();
        if !pieces.is_empty() {
            clauses.push(Clause::list("FROM", pieces));
        }
        clauses.extend(query.joins.iter().map(|join| self.join(join, layout)));
    }

    fn source(&mut self, source: &'s Source, layout: Layout) -> Piece {
        let (start, text) = match source {
            Source::EventType(name) => (name.span.offset, super::expr::name(&name.text)),
            Source::Lookup { name, span } => {
                (span.offset, format!("lookup({})", super::expr::name(&name.text)))
            }
            Source::Query(query) => (query.span.offset, self.inner_query(query, layout)),
        };
        Piece { start, text }
    }

    fn join(&mut self, join: &'s Join, layout: Layout) -> Clause {
        let head = match join.kind {
            JoinKind::Inner => "JOIN",
            JoinKind::Left => "LEFT JOIN",
        };
        let query = self.inner_query(&join.query, layout);
        let left = self.expr(&join.left, power::SUM, layout);
        let right = join
            .right
            .as_ref()
            .map_or(String::new(), |right| format!(" = {}", super::expr::name(&right.text)));
        Clause::single(head, join.span.offset, format!("{query} ON {left}{right}"))
    }

    /// WHERE, with one piece for each part that AND joins.
    fn condition(&mut self, filter: &'s Expr, layout: Layout) -> Clause {
        let mut parts = Vec::new();
        let mut rest = filter;
        while let ExprKind::Binary { op: BinaryOp::And, left, right } = &rest.kind {
            parts.push(right.as_ref());
            rest = left;
        }
        parts.push(rest);
        let min = if parts.len() > 1 { power::NOT } else { power::OR };
        let layout = layout.of_pieces(parts.len());
        let pieces = parts
            .into_iter()
            .rev()
            .map(|part| Piece { start: part.span.offset, text: self.expr(part, min, layout) })
            .collect();
        Clause { start: filter.span.offset, joiner: Joiner::And, ..Clause::list("WHERE", pieces) }
    }

    fn facet(&mut self, facet: &'s Facet, layout: Layout) -> Clause {
        let layout = layout.of_pieces(facet.items.len());
        let mut pieces: Vec<Piece> = facet
            .items
            .iter()
            .map(|item| Piece { start: item.span.offset, text: self.facet_item(item, layout) })
            .collect();
        if let (Some(order), Some(last)) = (&facet.order_by, pieces.last_mut()) {
            last.text += " ORDER BY ";
            last.text += &self.order_item(order, layout).text;
        }
        Clause::list("FACET", pieces)
    }

    fn facet_item(&mut self, item: &'s FacetItem, layout: Layout) -> String {
        let text = match &item.kind {
            FacetKind::Expr(expr) => self.expr(expr, power::OR, layout),
            FacetKind::In { attribute, values } => {
                let attribute = self.expr(attribute, power::SUM, layout);
                format!("{attribute} IN ({})", self.exprs(values, layout))
            }
            FacetKind::Cases { cases, fallback } => {
                let cases: Vec<String> = cases.iter().map(|case| self.case(case, layout)).collect();
                let fallback = fallback.as_ref().map_or(String::new(), |fallback| {
                    format!(" OR {}", self.expr(fallback, power::OR, layout))
                });
                format!("CASES({}){fallback}", cases.join(", "))
            }
        };
        text + &alias(item.alias.as_ref())
    }

    fn order_item(&mut self, item: &'s OrderItem, layout: Layout) -> Piece {
        let direction = match item.direction {
            Some(Direction::Ascending) => " ASC",
            Some(Direction::Descending) => " DESC",
            None => "",
        };
        let text = self.expr(&item.expr, power::OR, layout) + direction;
        Piece { start: item.span.offset, text }
    }

    fn variable(&mut self, variable: &'s Variable, layout: Layout) -> Piece {
        let names: Vec<String> =
            variable.names.iter().map(|name| super::expr::name(&name.text)).collect();
        let names = match names.as_slice() {
            [name] => name.clone(),
            names => format!("({})", names.join(", ")),
        };
        let text = format!("{} AS {names}", self.expr(&variable.expr, power::OR, layout));
        Piece { start: variable.span.offset, text }
    }

    fn predict(&mut self, predict: &'s Predict, layout: Layout) -> Clause {
        let mut parts = Vec::new();
        parts.extend(predict.model.as_ref().map(|model| self.call(model, layout)));
        parts.extend(predict.by.map(|by| format!("BY {}", duration(by))));
        parts.extend(predict.using.map(|using| format!("USING {}", duration(using))));
        Clause::single("PREDICT", predict.span.offset, parts.join(" "))
    }
}

/// The clauses of `SHOW EVENT TYPES`.
pub(super) fn show(
    since: Option<&TimePoint>,
    until: Option<&TimePoint>,
    timezone: Option<&Text>,
) -> Vec<Clause> {
    let mut clauses = vec![Clause::word("SHOW EVENT TYPES", 0)];
    clauses.extend(since.map(|point| point_clause("SINCE", point)));
    clauses.extend(until.map(|point| point_clause("UNTIL", point)));
    clauses.extend(timezone.map(|text| text_clause("WITH TIMEZONE", text)));
    clauses.sort_by_key(|clause| clause.start);
    clauses
}

/// LIMIT, OFFSET and the clauses of the time window.
fn bounds(query: &Query, clauses: &mut Vec<Clause>) {
    clauses.extend(query.limit.as_ref().map(|limit| match limit {
        Limit::Max(span) => Clause::single("LIMIT", span.offset, "MAX".into()),
        Limit::Name(n) => Clause::single("LIMIT", n.span.offset, super::expr::name(&n.text)),
        Limit::Count(n) => Clause::single("LIMIT", n.span.offset, n.value.to_string()),
    }));
    clauses
        .extend(query.offset.map(|n| Clause::single("OFFSET", n.span.offset, n.value.to_string())));
    clauses.extend(query.since.as_ref().map(|point| point_clause("SINCE", point)));
    clauses.extend(query.until.as_ref().map(|point| point_clause("UNTIL", point)));
    clauses.extend(query.compare_with.as_ref().map(|point| point_clause("COMPARE WITH", point)));
}

fn point_clause(head: &'static str, point: &TimePoint) -> Clause {
    Clause::single(head, point.span.offset, time_point(point))
}

fn text_clause(head: &'static str, text: &Text) -> Clause {
    Clause::single(head, text.span.offset, string(&text.value))
}

fn timeseries(timeseries: &Timeseries) -> Clause {
    let step = |step: Step| match step {
        Step::Auto => "AUTO".to_string(),
        Step::Max => "MAX".to_string(),
        Step::Every(length) => duration(length),
    };
    let slide = timeseries.slide_by.map_or(String::new(), |by| format!(" SLIDE BY {}", step(by)));
    let text = step(timeseries.step) + &slide;
    Clause::single("TIMESERIES", timeseries.span.offset, text)
}
