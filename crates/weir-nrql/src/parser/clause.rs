//! Queries: the loop over clauses, which come in any order, and the short clauses.

use weir_types::Span;

use super::{Parse, Parser};
use crate::ast::{
    Direction, Expr, ExprKind, Limit, Number, OrderItem, Query, SelectItem, Source, StatementKind,
    Variable,
};
use crate::code::Code;
use crate::keyword::{self, Clause};
use crate::token::TokenKind;
use crate::walk;

/// What was read of a query so far.
#[derive(Default)]
struct Seen {
    /// Clauses that may stand once, and the tokens each was made of.
    once: Vec<(Clause, SubKind, std::ops::Range<usize>)>,
    last: Option<Clause>,
}

/// WITH opens three clauses that may stand beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SubKind {
    None,
    Timezone,
    MetricFormat,
}

impl Parser<'_, '_> {
    /// A query up to the end of the text or the parenthesis that closes around it. What does not
    /// parse is reported and left out.
    pub(super) fn query(&mut self) -> Query {
        let depth = self.token().depth;
        let outer = std::mem::replace(&mut self.depth, depth);
        let first = self.span();
        let mut query = blank(first);
        let mut seen = Seen::default();
        while !self.at_query_end() {
            if self.clause(&mut query, &mut seen).is_err() {
                self.recover();
            }
        }
        query.span = first.to(self.previous_span());
        self.require_select_and_from(&mut query);
        self.depth = outer;
        query
    }

    /// A query in parentheses, which its span includes.
    pub(super) fn query_in_parens(&mut self) -> Parse<Box<Query>> {
        let open = self.span();
        self.expect(&TokenKind::LeftParen, "expected ( and a query")?;
        let mut query = self.nested(|parser| Ok(Box::new(parser.query())))?;
        self.expect(&TokenKind::RightParen, "close the inner query with )")?;
        query.span = open.to(self.previous_span());
        Ok(query)
    }

    /// Whether the parenthesis under the cursor holds a query rather than an expression.
    pub(super) fn at_query_in_parens(&mut self) -> bool {
        if *self.kind() != TokenKind::LeftParen {
            return false;
        }
        self.at += 1;
        let begins = keyword::is_any(self.word(), &["SELECT", "FROM", "WITH"])
            && (self.begins_clause() || Clause::of(self.word_at(1)).is_some());
        self.at -= 1;
        begins
    }

    /// `SHOW EVENT TYPES` and its window.
    pub(super) fn show(&mut self) -> Parse<StatementKind> {
        self.advance();
        if !self.eat_word("EVENTTYPES") {
            const EXPECTED: &str = "the statement is SHOW EVENT TYPES";
            if !(self.eat_word("EVENT") && self.eat_word("TYPES")) {
                return Err(self.unexpected(EXPECTED));
            }
        }
        let (mut since, mut until, mut timezone) = (None, None, None);
        loop {
            if since.is_none() && self.eat_word("SINCE") {
                since = Some(self.time_point("SINCE")?);
            } else if until.is_none() && self.eat_word("UNTIL") {
                until = Some(self.time_point("UNTIL")?);
            } else if timezone.is_none() && self.eat_word("WITH") {
                self.expect_word("TIMEZONE")?;
                timezone = Some(self.string(ZONE_EXPECTED)?);
            } else if self.at_query_end() {
                return Ok(StatementKind::ShowEventTypes { since, until, timezone });
            } else {
                return Err(self.unexpected("SHOW EVENT TYPES takes SINCE, UNTIL, WITH TIMEZONE"));
            }
        }
    }

    pub(super) fn at_query_end(&self) -> bool {
        match self.kind() {
            TokenKind::End => true,
            TokenKind::RightParen => self.token().depth < self.depth,
            TokenKind::Semicolon => self.depth == 0,
            _ => false,
        }
    }

    /// To the next clause of this query, or its end.
    fn recover(&mut self) {
        while !self.at_query_end() {
            let lone = Clause::of(self.word()).is_some_and(Clause::stands_alone);
            if self.token().depth == self.depth && (lone || self.begins_clause()) {
                return;
            }
            self.advance();
        }
    }

    /// One clause into `query`. One that was there already is read, compared and dropped.
    fn clause(&mut self, query: &mut Query, seen: &mut Seen) -> Parse<()> {
        let Some(clause) = Clause::of(self.word()).or_else(|| self.misspelled_clause()) else {
            return self.not_a_clause(seen.last);
        };
        let start = self.at;
        let kind = match clause {
            Clause::With if keyword::is_any(self.word_at(1), &["TIMEZONE"]) => SubKind::Timezone,
            Clause::With if keyword::is_any(self.word_at(1), &["METRIC_FORMAT"]) => {
                SubKind::MetricFormat
            }
            _ => SubKind::None,
        };
        self.advance();
        seen.last = Some(clause);
        if clause == Clause::Where || (clause, kind) == (Clause::With, SubKind::None) {
            return self.clause_body(clause, kind, query);
        }
        let before = seen.once.iter().find(|(c, k, _)| (*c, *k) == (clause, kind));
        match before.map(|(_, _, tokens)| tokens.clone()) {
            None => {
                // Noted first: a clause that does not parse is there all the same.
                let index = seen.once.len();
                seen.once.push((clause, kind, start..start));
                self.clause_body(clause, kind, query)?;
                seen.once[index].2 = start..self.at;
            }
            Some(first) => {
                self.clause_body(clause, kind, &mut blank(query.span))?;
                self.compare_with_first(clause, first, start..self.at);
            }
        }
        Ok(())
    }

    fn clause_body(&mut self, clause: Clause, kind: SubKind, query: &mut Query) -> Parse<()> {
        let word = self.previous_span();
        match clause {
            Clause::Select => self.select(query)?,
            Clause::From => self.sources_and_joins(query)?,
            Clause::Where => query.filters.push(self.expr()?),
            Clause::Facet => query.facet = Some(self.facet()?),
            Clause::Limit => query.limit = Some(self.limit()?),
            Clause::Offset => query.offset = Some(self.number("expected a number of rows")?),
            Clause::OrderBy => {
                self.expect_word("BY")?;
                query.order_by = self.list(Self::order_item)?;
            }
            Clause::Since => query.since = Some(self.time_point("SINCE")?),
            Clause::Until => query.until = Some(self.time_point("UNTIL")?),
            Clause::CompareWith => {
                self.expect_word("WITH")?;
                query.compare_with = Some(self.time_shift()?);
            }
            Clause::Timeseries => query.timeseries = Some(self.timeseries(word)?),
            Clause::Extrapolate => query.extrapolate = Some(word),
            Clause::Raw => query.raw = Some(word),
            Clause::Predict => query.predict = Some(self.predict(word)?),
            Clause::With => self.with(kind, query)?,
        }
        Ok(())
    }

    /// `SELECT x AS 'name' AND a = 1` forgot WHERE: nothing else can be meant.
    fn select(&mut self, query: &mut Query) -> Parse<()> {
        query.select = self.list(Self::select_item)?;
        let named = query.select.last().is_some_and(|item| item.alias.is_some());
        if named && self.is_word("AND") {
            let message = "AND behind a column's name is read as WHERE";
            self.findings.warning(Code::AndForWhere, message, self.span(), "write WHERE".into());
            self.advance();
            query.filters.push(self.expr()?);
        }
        Ok(())
    }

    fn select_item(&mut self) -> Parse<SelectItem> {
        let start = self.span();
        let expr = self.expr_or_star()?;
        let alias = self.alias()?;
        Ok(SelectItem { expr, alias, span: start.to(self.previous_span()) })
    }

    fn limit(&mut self) -> Parse<Limit> {
        if self.is_word("MAX") {
            self.advance();
            return Ok(Limit::Max(self.previous_span()));
        }
        const EXPECTED: &str = "expected a number or MAX";
        match self.kind() {
            TokenKind::Word if self.is_placeholder() => self.name(EXPECTED).map(Limit::Name),
            _ => self.number(EXPECTED).map(Limit::Count),
        }
    }

    fn number(&mut self, expected: &str) -> Parse<Number> {
        let value = match self.kind() {
            TokenKind::Int(value) => *value as f64,
            TokenKind::Float(value) => *value,
            _ => return Err(self.unexpected(expected)),
        };
        let span = self.span();
        self.advance();
        Ok(Number { value, span })
    }

    pub(super) fn order_item(&mut self) -> Parse<OrderItem> {
        let start = self.span();
        let expr = self.expr()?;
        let direction = if self.eat_word("ASC") {
            Some(Direction::Ascending)
        } else if self.eat_word("DESC") {
            Some(Direction::Descending)
        } else {
            None
        };
        Ok(OrderItem { expr, direction, span: start.to(self.previous_span()) })
    }

    fn with(&mut self, kind: SubKind, query: &mut Query) -> Parse<()> {
        match kind {
            SubKind::Timezone => {
                self.advance();
                query.timezone = Some(self.string(ZONE_EXPECTED)?);
            }
            SubKind::MetricFormat => {
                self.advance();
                let expected = "expected a pattern: WITH METRIC_FORMAT 'Custom/{action}'";
                query.metric_format = Some(self.string(expected)?);
            }
            SubKind::None => query.variables.extend(self.list(Self::variable)?),
        }
        Ok(())
    }

    fn variable(&mut self) -> Parse<Variable> {
        const EXPECTED: &str = "name the variable: WITH duration * 1000 AS millis";
        let start = self.span();
        let expr = self.expr()?;
        if !self.eat_word("AS") {
            return Err(self.unexpected(EXPECTED));
        }
        let names = if self.eat(&TokenKind::LeftParen) {
            let names = self.list(|parser| parser.name(EXPECTED))?;
            self.expect(&TokenKind::RightParen, "close the list of names with )")?;
            names
        } else {
            vec![self.name(EXPECTED)?]
        };
        Ok(Variable { expr, names, span: start.to(self.previous_span()) })
    }

    /// Harmless when both say the same; which one counts is unknown when they do not.
    fn compare_with_first(
        &mut self,
        clause: Clause,
        first: std::ops::Range<usize>,
        second: std::ops::Range<usize>,
    ) {
        let span = self.tokens[second.start].span;
        let name = clause_name(clause);
        // One that did not parse has nothing to compare with.
        let same = first.is_empty() || self.same_tokens(first, second);
        if same {
            let message = format!("{name} is given twice and says the same");
            self.findings.warning(Code::ClauseRepeated, message, span, "remove one".into());
        } else {
            let message = format!("{name} is given twice and says different things");
            let help = match clause {
                Clause::Select => "send two queries, or nest one: SELECT … FROM (SELECT …)",
                _ => "keep the one that is meant",
            };
            self.report(Code::ClauseTwice, message, span, help);
        }
    }

    fn same_tokens(&self, first: std::ops::Range<usize>, second: std::ops::Range<usize>) -> bool {
        let text = |at: usize| self.text_of(&self.tokens[at]);
        first.len() == second.len()
            && first.zip(second).all(|(a, b)| text(a).eq_ignore_ascii_case(text(b)))
    }

    fn require_select_and_from(&mut self, query: &mut Query) {
        if self.findings.has_errors() {
            return;
        }
        let end = Span::new(self.previous_span().end(), 0);
        if query.select.is_empty() && matches!(query.from.as_slice(), [Source::Query(_)]) {
            let message = "missing SELECT: every column of the inner query is returned";
            self.findings.warning(Code::SelectAssumed, message, end, "write SELECT *".into());
            let star = Expr { kind: ExprKind::Star, span: end };
            query.select.push(SelectItem { expr: star, alias: None, span: end });
        } else if query.select.is_empty() {
            let help = "say what to return, for example SELECT count(*)";
            self.report(Code::MissingSelect, "missing SELECT", end, help);
        } else if query.from.is_empty() && reads_rows(query) {
            let help = "say which events to read, for example FROM KafkaBrokerSample";
            self.report(Code::MissingFrom, "missing FROM", end, help);
        }
    }
}

const ZONE_EXPECTED: &str = "expected a zone: WITH TIMEZONE 'Europe/Berlin'";

/// FROM may be left out when SELECT needs no row: constants and variables only.
fn reads_rows(query: &Query) -> bool {
    let variables: Vec<&str> = query
        .variables
        .iter()
        .flat_map(|variable| &variable.names)
        .map(|name| name.text.as_str())
        .collect();
    let mut reads = false;
    for item in &query.select {
        walk::each(&item.expr, &mut |expr| {
            reads |= match &expr.kind {
                ExprKind::Attribute(name) => !variables.contains(&name.text.as_str()),
                ExprKind::Star => true,
                ExprKind::Call(call) => walk::is_aggregator(call),
                _ => false,
            };
        });
    }
    reads
}

pub(super) fn clause_name(clause: Clause) -> &'static str {
    match clause {
        Clause::OrderBy => "ORDER BY",
        Clause::CompareWith => "COMPARE WITH",
        other => other.word(),
    }
}

fn blank(span: Span) -> Query {
    Query {
        select: Vec::new(),
        from: Vec::new(),
        joins: Vec::new(),
        filters: Vec::new(),
        facet: None,
        limit: None,
        offset: None,
        order_by: Vec::new(),
        since: None,
        until: None,
        compare_with: None,
        timeseries: None,
        extrapolate: None,
        raw: None,
        timezone: None,
        metric_format: None,
        predict: None,
        variables: Vec::new(),
        span,
    }
}
