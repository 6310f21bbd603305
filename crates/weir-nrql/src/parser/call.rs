//! Calls and their arguments.

use super::{Parse, Parser};
use crate::ast::{Argument, Call, Case, Expr, ExprKind, Name, NamedValue};
use crate::keyword;
use crate::token::TokenKind;

impl Parser<'_, '_> {
    /// `name(…)`, with the cursor on the name.
    pub(super) fn call(&mut self) -> Parse<Call> {
        let name = Name { text: self.word().into(), span: self.span() };
        if self.at_cases() {
            return Err(self.unexpected("CASES stands in FACET only; elsewhere use if(…)"));
        }
        self.advance();
        self.advance();
        let outer = std::mem::take(&mut self.height);
        let mut arguments = Vec::new();
        if *self.kind() != TokenKind::RightParen {
            arguments = self.nested(|parser| parser.list(Self::argument))?;
        }
        self.expect(&TokenKind::RightParen, "separate arguments with , and close with )")?;
        self.grow(self.height)?;
        self.height = self.height.max(outer);
        let span = name.span.to(self.previous_span());
        Ok(Call { name, arguments, span })
    }

    fn argument(&mut self) -> Parse<Argument> {
        let is_name = matches!(self.kind(), TokenKind::Word | TokenKind::Name(_));
        if is_name && *self.kind_at(1) == TokenKind::Colon {
            return self.named_argument();
        }
        if self.is_word("WHERE") && self.begins_condition() {
            let case: Case = self.case()?;
            return Ok(Argument::Where(case));
        }
        if let Some(refused) = self.distinct_argument() {
            return refused;
        }
        self.value_argument().map(Argument::Expr)
    }

    /// WHERE as the name of an attribute is followed by what goes on behind a name.
    fn begins_condition(&self) -> bool {
        match self.kind_at(1) {
            TokenKind::Word => !keyword::continues(self.word_at(1)),
            TokenKind::Comma | TokenKind::RightParen | TokenKind::Equal => false,
            _ => true,
        }
    }

    fn value_argument(&mut self) -> Parse<Expr> {
        let number = matches!(self.kind(), TokenKind::Int(_) | TokenKind::Float(_));
        if number && keyword::time_unit(self.word_at(1)).is_some() {
            let duration = self.duration()?;
            return Ok(Expr { span: duration.span, kind: ExprKind::Duration(duration) });
        }
        if number && keyword::abbreviated_unit(self.word_at(1)).is_some() {
            return Err(match self.duration() {
                Ok(_) => self.unexpected("expected a length of time"),
                Err(failed) => failed,
            });
        }
        self.expr_or_star()
    }

    fn named_argument(&mut self) -> Parse<Argument> {
        let start = self.span();
        let name = self.name("expected the name of an argument")?;
        self.expect(&TokenKind::Colon, "expected :")?;
        let value = if self.eat(&TokenKind::LeftBrace) {
            let members = match self.kind() {
                TokenKind::RightBrace => Vec::new(),
                _ => self.list(Self::expr)?,
            };
            self.expect(&TokenKind::RightBrace, "close the set with }")?;
            NamedValue::Set(members)
        } else {
            NamedValue::Expr(self.value_argument()?)
        };
        Ok(Argument::Named { name, value, span: start.to(self.previous_span()) })
    }
}
