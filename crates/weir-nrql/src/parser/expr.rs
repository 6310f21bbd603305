//! Expressions, by precedence climbing: OR, AND, NOT, comparisons and predicates, sums, products,
//! signs, fields.

use weir_types::Span;

use super::{Parse, Parser};
use crate::ast::{BinaryOp, Expr, ExprKind, InList, IsWhat, Literal, Name, Text};
use crate::code::Code;
use crate::keyword;
use crate::lexer::PLACEHOLDER_HELP;
use crate::token::TokenKind;

/// How tightly operators bind; the formatter places parentheses by the same numbers.
pub(crate) mod power {
    pub const OR: u8 = 1;
    pub const AND: u8 = 2;
    pub const NOT: u8 = 3;
    pub const PREDICATE: u8 = 4;
    pub const SUM: u8 = 5;
    pub const PRODUCT: u8 = 6;
    pub const SIGN: u8 = 7;
    pub const FIELD: u8 = 8;
}

pub(crate) fn power_of(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Or => power::OR,
        BinaryOp::And => power::AND,
        BinaryOp::Add | BinaryOp::Subtract => power::SUM,
        BinaryOp::Multiply | BinaryOp::Divide => power::PRODUCT,
        _ => power::PREDICATE,
    }
}

/// What can stand between or behind operands.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Infix {
    Binary(BinaryOp),
    Is,
    In,
    Like { regex: bool },
    Between,
}

impl Infix {
    fn power(self) -> u8 {
        match self {
            Infix::Binary(op) => power_of(op),
            _ => power::PREDICATE,
        }
    }
}

impl Parser<'_, '_> {
    pub(super) fn expr(&mut self) -> Parse<Expr> {
        self.at_least(power::OR)
    }

    pub(super) fn operand_of_comparison(&mut self) -> Parse<Expr> {
        self.at_least(power::SUM)
    }

    /// An expression or the star of `SELECT *` and `count(*)`.
    pub(super) fn expr_or_star(&mut self) -> Parse<Expr> {
        if *self.kind() != TokenKind::Star {
            return self.expr();
        }
        let span = self.span();
        self.advance();
        Ok(Expr { kind: ExprKind::Star, span })
    }

    /// Operators that bind at least as tightly as `min`.
    fn at_least(&mut self, min: u8) -> Parse<Expr> {
        let outer = std::mem::take(&mut self.height);
        let mut left = self.prefix(min)?;
        let mut max = u8::MAX;
        while let Some((infix, negated)) = self.infix() {
            let power = infix.power();
            if power < min || power > max {
                break;
            }
            left = self.infixed(left, infix, negated)?;
            // `a = b = c` has no meaning: a predicate is no operand of another.
            max = if power == power::PREDICATE { power - 1 } else { power };
        }
        self.height = outer.max(self.height);
        Ok(left)
    }

    /// The operator under the cursor and whether NOT stands before it.
    fn infix(&self) -> Option<(Infix, bool)> {
        let op = match self.kind() {
            TokenKind::Equal => BinaryOp::Equal,
            TokenKind::NotEqual => BinaryOp::NotEqual,
            TokenKind::Less => BinaryOp::Less,
            TokenKind::LessOrEqual => BinaryOp::LessOrEqual,
            TokenKind::Greater => BinaryOp::Greater,
            TokenKind::GreaterOrEqual => BinaryOp::GreaterOrEqual,
            TokenKind::Plus => BinaryOp::Add,
            TokenKind::Minus => BinaryOp::Subtract,
            TokenKind::Star => BinaryOp::Multiply,
            TokenKind::Slash => BinaryOp::Divide,
            TokenKind::Word if self.is_word("AND") => BinaryOp::And,
            TokenKind::Word if self.is_word("OR") => BinaryOp::Or,
            TokenKind::Word if self.is_word("IS") => return Some((Infix::Is, false)),
            TokenKind::Word => {
                let negated = self.is_word("NOT");
                let word = self.word_at(usize::from(negated));
                return Some((word_infix(word)?, negated));
            }
            _ => return None,
        };
        Some((Infix::Binary(op), false))
    }

    fn infixed(&mut self, left: Expr, infix: Infix, negated: bool) -> Parse<Expr> {
        let left_height = self.height;
        let last = &self.tokens[self.at + usize::from(negated)];
        let operator = self.span().to(last.span);
        self.at += if negated { 2 } else { 1 };
        self.height = 0;
        let start = left.span;
        let expr = Box::new(left);
        let kind = match infix {
            Infix::Binary(op) => {
                let right = Box::new(self.at_least(power_of(op) + 1)?);
                self.refuse_null(op, operator, &expr, &right)?;
                ExprKind::Binary { op, left: expr, right }
            }
            Infix::Is => self.is(expr)?,
            Infix::In => ExprKind::In { expr, negated, list: self.in_list()? },
            Infix::Like { regex } => {
                let pattern = Box::new(self.operand_of_comparison()?);
                ExprKind::Like { expr, negated, regex, pattern }
            }
            Infix::Between => return self.between(*expr, operator, negated),
        };
        self.grow(left_height.max(self.height))?;
        Ok(Expr { kind, span: start.to(self.previous_span()) })
    }

    fn is(&mut self, expr: Box<Expr>) -> Parse<ExprKind> {
        let negated = self.eat_word("NOT");
        let what = match self.word().to_ascii_uppercase().as_str() {
            "NULL" => IsWhat::Null,
            "TRUE" => IsWhat::True,
            "FALSE" => IsWhat::False,
            _ => return Err(self.unexpected("expected NULL, TRUE or FALSE; values compare with =")),
        };
        self.advance();
        Ok(ExprKind::Is { expr, negated, what })
    }

    fn in_list(&mut self) -> Parse<InList> {
        if self.at_query_in_parens() {
            return self.query_in_parens().map(InList::Subquery);
        }
        self.expect(&TokenKind::LeftParen, "IN takes a list: IN ('a', 'b')")?;
        if *self.kind() == TokenKind::RightParen {
            return Err(self.unexpected("list at least one value: IN ('a')"));
        }
        let values = self.nested(|parser| parser.list(Self::expr))?;
        self.expect(&TokenKind::RightParen, "close the list with )")?;
        Ok(InList::Values(values))
    }

    /// `= NULL` is never true, in SQL neither.
    fn refuse_null(&mut self, op: BinaryOp, sign: Span, left: &Expr, right: &Expr) -> Parse<()> {
        let null = |e: &Expr| e.kind == ExprKind::Literal(Literal::Null);
        let test = match op {
            BinaryOp::Equal => "IS NULL",
            BinaryOp::NotEqual => "IS NOT NULL",
            _ => return Ok(()),
        };
        if !null(right) || null(left) {
            return Ok(());
        }
        let written = &self.text[sign.offset..sign.end()];
        let attribute = &self.text[left.span.offset..left.span.end()];
        let message = format!("unexpected '{written} NULL'");
        let help =
            format!("nothing equals null: write {} {test}", crate::lexer::excerpt(attribute));
        // Reported and gone over: the rest of the condition may have findings of its own.
        self.report(Code::SqlCompareWithNull, message, sign.to(right.span), help);
        Ok(())
    }

    fn prefix(&mut self, min: u8) -> Parse<Expr> {
        let start = self.span();
        if min <= power::NOT && self.is_word("NOT") && self.operand_follows() {
            self.advance();
            let operand = Box::new(self.nested(|parser| parser.at_least(power::NOT))?);
            self.grow(self.height)?;
            let span = start.to(operand.span);
            return Ok(Expr { kind: ExprKind::Not(operand), span });
        }
        self.signed()
    }

    /// Whether NOT is an operator here, not an attribute of that name.
    fn operand_follows(&self) -> bool {
        match self.kind_at(1) {
            TokenKind::Word => !keyword::continues(self.word_at(1)),
            TokenKind::Name(_) | TokenKind::Str(_) | TokenKind::Int(_) | TokenKind::Float(_) => {
                true
            }
            TokenKind::LeftParen | TokenKind::Minus => true,
            _ => false,
        }
    }

    fn signed(&mut self) -> Parse<Expr> {
        let start = self.span();
        if self.eat(&TokenKind::Minus) {
            let operand = Box::new(self.nested(Self::signed)?);
            self.grow(self.height)?;
            let span = start.to(operand.span);
            return Ok(Expr { kind: ExprKind::Negate(operand), span });
        }
        if self.eat(&TokenKind::Plus) {
            return self.nested(Self::signed);
        }
        let mut expr = self.primary()?;
        while self.eat(&TokenKind::LeftBracket) {
            let field = self.field()?;
            self.expect(&TokenKind::RightBracket, "close the field with ]")?;
            self.grow(self.height)?;
            let span = expr.span.to(self.previous_span());
            expr = Expr { kind: ExprKind::Field { expr: Box::new(expr), field }, span };
        }
        Ok(expr)
    }

    fn field(&mut self) -> Parse<Text> {
        let span = self.span();
        let value = match self.kind() {
            TokenKind::Word => self.word().to_string(),
            TokenKind::Name(value) | TokenKind::Str(value) => value.clone(),
            TokenKind::Int(index) => index.to_string(),
            _ => return Err(self.unexpected("expected a field or an index: metric[count]")),
        };
        self.advance();
        Ok(Text { value, span })
    }

    fn primary(&mut self) -> Parse<Expr> {
        let span = self.span();
        let kind = match self.kind() {
            TokenKind::Int(value) => ExprKind::Literal(Literal::Int(*value)),
            TokenKind::Float(value) => ExprKind::Literal(Literal::Float(*value)),
            TokenKind::Str(value) => ExprKind::Literal(Literal::Str(value.clone())),
            TokenKind::Name(name) => ExprKind::Attribute(Name { text: name.clone(), span }),
            TokenKind::LeftParen => return self.parenthesised(),
            TokenKind::Word => return self.word_operand(),
            TokenKind::LeftBrace => return Err(self.unexpected(PLACEHOLDER_HELP)),
            _ => return Err(self.unexpected("expected an attribute, a value or a function")),
        };
        self.advance();
        Ok(Expr { kind, span })
    }

    fn parenthesised(&mut self) -> Parse<Expr> {
        let open = self.span();
        if self.at_query_in_parens() {
            let query = self.query_in_parens()?;
            let span = query.span;
            self.grow(self.height)?;
            return Ok(Expr { kind: ExprKind::Subquery(query), span });
        }
        self.advance();
        let inner = self.nested(Self::expr)?;
        self.expect(&TokenKind::RightParen, "close the parenthesis with )")?;
        Ok(Expr { kind: inner.kind, span: open.to(self.previous_span()) })
    }

    fn word_operand(&mut self) -> Parse<Expr> {
        let (span, word) = (self.span(), self.word());
        if self.begins_clause() || (keyword::continues(word) && self.operand_follows()) {
            return Err(self.unexpected("expected an attribute, a value or a function"));
        }
        if let Some(refused) = self.sql_operand() {
            return refused;
        }
        if *self.kind_at(1) == TokenKind::LeftParen {
            let call = self.call()?;
            return Ok(Expr { span: call.span, kind: ExprKind::Call(call) });
        }
        self.advance();
        let kind = match word.to_ascii_uppercase().as_str() {
            "TRUE" => ExprKind::Literal(Literal::Bool(true)),
            "FALSE" => ExprKind::Literal(Literal::Bool(false)),
            "NULL" => ExprKind::Literal(Literal::Null),
            _ => ExprKind::Attribute(Name { text: word.into(), span }),
        };
        Ok(Expr { kind, span })
    }
}

fn word_infix(word: &str) -> Option<Infix> {
    Some(match word.to_ascii_uppercase().as_str() {
        "IN" => Infix::In,
        "LIKE" => Infix::Like { regex: false },
        "RLIKE" => Infix::Like { regex: true },
        "BETWEEN" => Infix::Between,
        _ => return None,
    })
}
