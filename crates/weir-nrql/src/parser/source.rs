//! FROM and JOIN.

use super::{Parse, Parser};
use crate::ast::{Join, JoinKind, Query, Source};
use crate::code::Code;
use crate::keyword;
use crate::token::TokenKind;

impl Parser<'_, '_> {
    pub(super) fn sources_and_joins(&mut self, query: &mut Query) -> Parse<()> {
        query.from = self.list(Self::source)?;
        while keyword::is_any(self.word(), JOIN_WORDS) {
            query.joins.push(self.join()?);
        }
        Ok(())
    }

    fn source(&mut self) -> Parse<Source> {
        const EXPECTED: &str = "expected an event type, lookup(table) or (query)";
        if *self.kind() == TokenKind::LeftParen {
            return self.query_in_parens().map(Source::Query);
        }
        if self.is_word("lookup") && *self.kind_at(1) == TokenKind::LeftParen {
            let start = self.span();
            self.advance();
            self.advance();
            let name = self.name("expected the name of a lookup table")?;
            self.expect(&TokenKind::RightParen, "lookup takes one name: lookup(table)")?;
            return Ok(Source::Lookup { name, span: start.to(self.previous_span()) });
        }
        if let TokenKind::Str(_) = self.kind() {
            return Err(self.unexpected("an event type is not quoted, or in backticks: `My Event`"));
        }
        self.name(EXPECTED).map(Source::EventType)
    }

    fn join(&mut self) -> Parse<Join> {
        let start = self.span();
        let kind = self.join_kind()?;
        self.expect_word("JOIN")?;
        if *self.kind() != TokenKind::LeftParen {
            return Err(self.unexpected("JOIN takes a query: JOIN (FROM B SELECT …) ON key"));
        }
        let query = self.query_in_parens()?;
        self.expect_word("ON")?;
        let left = self.operand_of_comparison()?;
        let right = match self.eat(&TokenKind::Equal) {
            true => Some(self.name("expected a column of the joined query")?),
            false => None,
        };
        Ok(Join { kind, query, left, right, span: start.to(self.previous_span()) })
    }

    fn join_kind(&mut self) -> Parse<JoinKind> {
        let refused = ["RIGHT", "FULL", "CROSS", "NATURAL", "OUTER"];
        let kind = if self.eat_word("LEFT") {
            JoinKind::Left
        } else {
            self.eat_word("INNER");
            JoinKind::Inner
        };
        if keyword::is_any(self.word(), &refused) {
            let message = format!("unexpected '{}'", self.word());
            let help = "NRQL has JOIN (the same as INNER JOIN) and LEFT JOIN";
            return Err(self.report(Code::SqlJoin, message, self.span(), help));
        }
        Ok(kind)
    }
}

const JOIN_WORDS: &[&str] =
    &["JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "OUTER"];
