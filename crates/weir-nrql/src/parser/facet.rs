//! FACET: its items and the ORDER BY that stands directly behind them.

use super::{Parse, Parser};
use crate::ast::{Case, ExprKind, Facet, FacetItem, FacetKind, InList};
use crate::token::TokenKind;

impl Parser<'_, '_> {
    pub(super) fn facet(&mut self) -> Parse<Facet> {
        let start = self.span();
        let items = self.list(Self::facet_item)?;
        let order_by = if self.is_word("ORDER") && self.word_at(1).eq_ignore_ascii_case("BY") {
            self.advance();
            self.advance();
            Some(self.order_item()?)
        } else {
            None
        };
        Ok(Facet { items, order_by, span: start.to(self.previous_span()) })
    }

    fn facet_item(&mut self) -> Parse<FacetItem> {
        let start = self.span();
        let kind = if self.at_cases() { self.cases()? } else { self.facet_expr()? };
        let alias = self.alias()?;
        Ok(FacetItem { kind, alias, span: start.to(self.previous_span()) })
    }

    fn facet_expr(&mut self) -> Parse<FacetKind> {
        let expr = self.expr()?;
        Ok(match expr.kind {
            ExprKind::In { expr: attribute, negated: false, list: InList::Values(values) } => {
                FacetKind::In { attribute: *attribute, values }
            }
            kind => FacetKind::Expr(crate::ast::Expr { kind, span: expr.span }),
        })
    }

    pub(super) fn at_cases(&self) -> bool {
        self.is_word("CASES") && *self.kind_at(1) == TokenKind::LeftParen
    }

    /// `CASES(…) OR CASES(…)` is one list: the first match wins either way.
    fn cases(&mut self) -> Parse<FacetKind> {
        let mut cases = Vec::new();
        let mut fallback = None;
        loop {
            self.advance();
            self.advance();
            cases.extend(self.list(Self::case)?);
            self.expect(&TokenKind::RightParen, "close CASES with )")?;
            if !self.eat_word("OR") {
                break;
            }
            if !self.at_cases() {
                fallback = Some(self.expr()?);
                break;
            }
        }
        Ok(FacetKind::Cases { cases, fallback })
    }

    /// `[WHERE] condition [AS alias]`.
    pub(super) fn case(&mut self) -> Parse<Case> {
        let start = self.span();
        self.eat_word("WHERE");
        let condition = self.expr()?;
        let alias = self.alias()?;
        Ok(Case { condition, alias, span: start.to(self.previous_span()) })
    }
}
