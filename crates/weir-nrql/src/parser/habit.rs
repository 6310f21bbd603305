//! Habits of SQL and slips of the pen: what was most likely meant.

use weir_types::Span;
use weir_types::suggest::closest;

use super::clause::clause_name;
use super::{Failed, Parse, Parser};
use crate::ast::{Argument, Expr};
use crate::code::Code;
use crate::findings::Help;
use crate::keyword::{self, Clause};
use crate::lexer::{PLACEHOLDER_HELP, excerpt};
use crate::token::TokenKind;

impl Parser<'_, '_> {
    /// A better code and next step for the token under the cursor, where one is known.
    pub(super) fn explain(&self) -> Option<(Code, Help)> {
        let previous = self.at.checked_sub(1).map(|at| &self.tokens[at]);
        match (self.kind(), previous.map(|token| &token.kind)) {
            (TokenKind::Str(_), Some(TokenKind::Str(_)))
                if previous.is_some_and(|token| token.span.end() == self.span().offset) =>
            {
                let help = "write \\' for a quote inside a string";
                Some((Code::UnexpectedToken, help.into()))
            }
            (TokenKind::Word, _) if self.word() == "%" => {
                Some((Code::UnexpectedToken, "% stands in names only: write mod(a, b)".into()))
            }
            (TokenKind::LeftBrace, _) => Some((Code::Placeholder, PLACEHOLDER_HELP.into())),
            (TokenKind::Word, Some(TokenKind::Int(_) | TokenKind::Float(_)))
                if previous.is_some_and(|token| token.span.end() == self.span().offset) =>
            {
                self.unit_slip().or(Some((Code::UnexpectedToken, LEADING_DIGIT.into())))
            }
            (TokenKind::Word, Some(TokenKind::Int(_) | TokenKind::Float(_))) => {
                self.unit_slip().or_else(|| self.explain_word())
            }
            (TokenKind::Word, _) => self.explain_word(),
            _ => None,
        }
    }

    fn explain_word(&self) -> Option<(Code, Help)> {
        let word = self.word();
        if let Some((code, help)) = foreign_word(word) {
            return Some((code, help.into()));
        }
        if keyword::KEYWORDS.contains(&word.to_ascii_uppercase().as_str()) {
            return None;
        }
        let known = keyword::KEYWORDS.iter().chain(&keyword::WEEKDAYS).copied();
        let meant = closest(word, known)?;
        Some((Code::MisspelledKeyword, format!("did you mean {meant}?").into()))
    }

    /// Reported, and then read as what was meant, so that later slips are found too.
    pub(super) fn misspelled_clause(&mut self) -> Option<Clause> {
        let words = Clause::ALL.iter().map(|clause| clause.word());
        let meant = Clause::of(closest(self.word(), words)?)?;
        let message = format!("unexpected '{}'", self.word());
        let help = format!("did you mean {}?", clause_name(meant));
        self.report(Code::MisspelledKeyword, message, self.span(), help);
        Some(meant)
    }

    /// Refuses what stands where a clause should begin; `after` is the clause before it.
    pub(super) fn not_a_clause(&mut self, after: Option<Clause>) -> Parse<()> {
        if let Some(done) = self.sql_clause() {
            return done;
        }
        let failed = if *self.kind() == TokenKind::RightParen {
            let message = "unexpected ')'";
            let help = "remove it, or add the ( it belongs to";
            self.report(Code::UnbalancedParenthesis, message, self.span(), help)
        } else {
            let help = self.continuation(after);
            self.unexpected(help)
        };
        self.advance();
        Err(failed)
    }

    /// What to write where the clause `after` ends and no other begins.
    fn continuation(&self, after: Option<Clause>) -> &'static str {
        match self.kind() {
            TokenKind::Word | TokenKind::Name(_) | TokenKind::Str(_)
                if after == Some(Clause::Select) =>
            {
                "a column is named with AS, as in count(*) AS 'total'"
            }
            TokenKind::Equal | TokenKind::NotEqual | TokenKind::Less | TokenKind::LessOrEqual => {
                CHAINED_HELP
            }
            TokenKind::Greater | TokenKind::GreaterOrEqual => CHAINED_HELP,
            _ => "expected a clause such as WHERE or FACET",
        }
    }

    /// A word behind a number that is nearly a unit.
    fn unit_slip(&self) -> Option<(Code, Help)> {
        let units = keyword::UNITS.iter().map(|(name, _)| *name);
        let word = self.word().to_ascii_lowercase();
        let singular = word.strip_suffix('s').unwrap_or(&word);
        if keyword::time_unit(&word).is_some() {
            return None;
        }
        let meant = match keyword::abbreviated_unit(&word) {
            Some(unit) => unit.to_string(),
            None => format!("{}s", closest(singular, units)?),
        };
        Some((Code::MisspelledKeyword, format!("did you mean {meant}?").into()))
    }

    /// A clause of SQL: reported, read over, and gone on behind it.
    pub(super) fn sql_clause(&mut self) -> Option<Parse<()>> {
        let span = self.span();
        let word = self.word().to_ascii_uppercase();
        let message = format!("unexpected '{}'", self.word());
        match word.as_str() {
            "GROUP" if self.word_at(1).eq_ignore_ascii_case("BY") => {
                self.advance();
                self.advance();
                let items = excerpt(self.text_to_next_clause());
                let help = format!("NRQL groups with FACET: write FACET {items}");
                self.report(Code::SqlGroupBy, message, span, help);
                Some(self.list(Self::expr).map(drop))
            }
            "HAVING" => {
                self.advance();
                self.report(Code::SqlHaving, message, span, HAVING_HELP);
                Some(self.expr().map(drop))
            }
            "UNION" | "INTERSECT" | "EXCEPT" => {
                self.report(Code::SqlUnion, message, span, UNION_HELP);
                self.skip_query();
                Some(Ok(()))
            }
            "JOIN" | "INNER" | "LEFT" | "RIGHT" | "FULL" | "CROSS" => {
                let help = "JOIN stands directly behind FROM: FROM A JOIN (FROM B SELECT …) ON key";
                let failed = self.report(Code::SqlJoin, message, span, help);
                self.advance();
                Some(Err(failed))
            }
            _ => None,
        }
    }

    fn skip_query(&mut self) {
        let depth = self.depth;
        while *self.kind() != TokenKind::End {
            let closes = *self.kind() == TokenKind::RightParen && self.token().depth < depth;
            if closes {
                return;
            }
            self.advance();
        }
    }

    /// For a message only, so not far.
    fn text_to_next_clause(&mut self) -> &str {
        let start = self.at;
        for _ in 0..MAX_TOKENS_SHOWN {
            let ends = self.begins_clause() || self.at_query_end();
            if ends {
                break;
            }
            self.advance();
        }
        let (from, end) = (self.tokens[start].span.offset, self.previous_span().end());
        self.at = start;
        self.text.get(from..end).unwrap_or_default()
    }

    /// `BETWEEN low AND high`: reported with the two comparisons it stands for.
    pub(super) fn between(&mut self, left: Expr, operator: Span, negated: bool) -> Parse<Expr> {
        let low = self.operand_of_comparison()?;
        self.expect_word("AND")?;
        let high = self.operand_of_comparison()?;
        let text = |e: &Expr| excerpt(&self.text[e.span.offset..e.span.end()]);
        let (a, low, high) = (text(&left), text(&low), text(&high));
        let help = match negated {
            false => format!("write {a} >= {low} AND {a} <= {high}"),
            true => format!("write ({a} < {low} OR {a} > {high})"),
        };
        let written = &self.text[operator.offset..operator.end()];
        let message = format!("unexpected '{written}'");
        self.report(Code::SqlBetween, message, operator, help);
        Ok(left)
    }

    /// CASE and DISTINCT where an operand should stand.
    pub(super) fn sql_operand(&mut self) -> Option<Parse<Expr>> {
        let word = self.word().to_ascii_uppercase();
        let operand_next = matches!(
            self.kind_at(1),
            TokenKind::Word | TokenKind::Name(_) | TokenKind::Int(_) | TokenKind::Str(_)
        );
        let goes_on = keyword::continues(self.word_at(1)) || Clause::of(self.word_at(1)).is_some();
        if !operand_next || goes_on {
            return None;
        }
        let (code, help) = match word.as_str() {
            "CASE" => (Code::SqlCase, CASE_HELP.to_string()),
            "DISTINCT" => {
                let what = self.word_at(1);
                let help = format!(
                    "write uniques({what}) for the values, uniqueCount({what}) for how many"
                );
                (Code::SqlDistinct, help)
            }
            "EXISTS" | "INTERVAL" => {
                let (code, help) = foreign_word(&word)?;
                (code, help.to_string())
            }
            _ => return None,
        };
        let message = format!("unexpected '{}'", self.word());
        Some(Err(self.report(code, message, self.span(), help)))
    }

    /// `count(DISTINCT x)`: reported, then read as if DISTINCT were not there.
    pub(super) fn distinct_argument(&mut self) -> Option<Parse<Argument>> {
        let follows = matches!(self.kind_at(1), TokenKind::Word | TokenKind::Name(_));
        if !self.is_word("DISTINCT") || !follows {
            return None;
        }
        let span = self.span();
        let message = format!("unexpected '{}'", self.word());
        self.advance();
        let argument = match self.expr() {
            Ok(argument) => argument,
            Err(failed) => return Some(Err(failed)),
        };
        let what = excerpt(&self.text[argument.span.offset..argument.span.end()]);
        let help = format!("write uniqueCount({what})");
        let _: Failed = self.report(Code::SqlDistinct, message, span, help);
        Some(Ok(Argument::Expr(argument)))
    }
}

/// Tokens of a text that a message repeats.
const MAX_TOKENS_SHOWN: usize = 20;
const CHAINED_HELP: &str = "comparisons do not chain: write 1 < a AND a < 5";
const LEADING_DIGIT: &str = "a name that begins with a digit needs backticks: `99th`";
const CASE_HELP: &str =
    "write if(condition, value, otherwise), or group with FACET CASES(WHERE condition AS 'name')";
const UNION_HELP: &str = "list the event types in one query: FROM A, B";
const HAVING_HELP: &str =
    "nest the query: SELECT … FROM (SELECT count(*) AS n FROM … FACET …) WHERE n > 3";

/// Words of SQL that NRQL lacks, wherever they turn up.
fn foreign_word(word: &str) -> Option<(Code, &'static str)> {
    Some(match word.to_ascii_uppercase().as_str() {
        "GROUP" => (Code::SqlGroupBy, "NRQL groups with FACET"),
        "HAVING" => (Code::SqlHaving, HAVING_HELP),
        "CASE" | "WHEN" | "THEN" | "ELSE" => (Code::SqlCase, CASE_HELP),
        "DISTINCT" => (Code::SqlDistinct, "write uniqueCount(attribute) or uniques(attribute)"),
        "UNION" | "INTERSECT" | "EXCEPT" => (Code::SqlUnion, UNION_HELP),
        "ILIKE" => (Code::SqlOther, "write LIKE: it ignores case"),
        "REGEXP" | "SIMILAR" => (Code::SqlOther, "write RLIKE r'…'"),
        "ESCAPE" => (Code::SqlOther, "LIKE has no escape: only % is special"),
        "EXISTS" => (Code::SqlOther, "write attribute IN (SELECT uniques(attribute) FROM …)"),
        "OVER" | "PARTITION" => (Code::SqlOther, "NRQL has no window functions: use TIMESERIES"),
        "INTERVAL" => (Code::SqlOther, "write the length bare, as in 5 minutes"),
        "NULLS" => (Code::SqlOther, "the order of nulls is fixed"),
        "TOP" => (Code::SqlOther, "write LIMIT 10 as a clause of its own"),
        "INSERT" | "UPDATE" | "DELETE" | "CREATE" | "DROP" | "ALTER" => {
            (Code::SqlOther, "NRQL only reads: begin with SELECT, FROM or SHOW EVENT TYPES")
        }
        _ => return None,
    })
}
