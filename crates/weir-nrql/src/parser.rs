//! Tokens to a tree: recursive descent, one file a part of the grammar. This file has the entry,
//! the bounds and the cursor.
//!
//! A part that fails reports once and returns [`Failed`]; the loop over clauses then goes on at
//! the next clause, so that one text can have several findings.

mod call;
mod clause;
mod expr;
mod facet;
mod habit;
mod source;
mod time;

use weir_types::diagnostic::{Severity, line_and_column};
use weir_types::{Diagnostic, Span};

pub(crate) use expr::{power, power_of};

use crate::ast::{Name, Query, Statement, StatementKind, Text};
use crate::code::Code;
use crate::findings::{Findings, Help};
use crate::keyword::{self, Clause};
use crate::lexer::{self, excerpt};
use crate::token::{Token, TokenKind};

/// The longest text that is read; New Relic stops at 4 KB.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;

/// How many parentheses, calls, signs and subqueries may stand inside each other.
pub const MAX_NESTING: usize = 64;

/// The tallest tree of one expression, which bounds chains as `a OR b OR c …` too. Whoever walks a
/// tree by recursion relies on it.
pub const MAX_HEIGHT: usize = 128;

/// What came of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// `None` when at least one finding is an error.
    pub statement: Option<Statement>,
    /// Errors and warnings in text order.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads one statement. Never panics, never recurses deeper than [`MAX_NESTING`] allows.
pub fn parse(text: &str) -> Parsed {
    let mut findings = Findings::new(text);
    let statement = match text.len() {
        0..=MAX_TEXT_BYTES => read(text, &mut findings),
        bytes => {
            let message = format!("query has {bytes} bytes, more than {MAX_TEXT_BYTES}");
            let help = "split it into several queries";
            findings.error(Code::TextTooLong, message, Span::new(0, 0), help.into());
            None
        }
    };
    let statement = if findings.has_errors() { None } else { statement };
    Parsed { statement, diagnostics: findings.into_list() }
}

/// Reads a text that must be a query. The list beside the query holds warnings; an `Err` holds
/// everything, at least one error.
pub fn parse_query(text: &str) -> Result<(Box<Query>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let parsed = parse(text);
    match parsed.statement.map(|statement| statement.kind) {
        Some(StatementKind::Query(query)) => Ok((query, parsed.diagnostics)),
        Some(StatementKind::ShowEventTypes { .. }) => {
            let message = "unexpected 'SHOW'";
            let refusal = Diagnostic::error(Code::UnexpectedToken.id(), message, text, NOWHERE);
            Err(vec![refusal.with_help("only a query can stand here: begin with SELECT or FROM")])
        }
        None => Err(parsed.diagnostics),
    }
}

impl Parsed {
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }
}

const NOWHERE: Span = Span { offset: 0, length: 0 };

fn read<'a>(text: &'a str, findings: &mut Findings<'a>) -> Option<Statement> {
    let lexed = lexer::lex(text, findings);
    let mut parser = Parser {
        text,
        tokens: &lexed.tokens,
        at: 0,
        findings,
        nesting: 0,
        height: 0,
        depth: 0,
        overflowed: false,
    };
    let kind = parser.statement().ok()?;
    Some(Statement { kind, comments: lexed.comments })
}

/// The part did not parse, and a finding says why.
#[derive(Debug)]
struct Failed;

type Parse<T> = Result<T, Failed>;

struct Parser<'a, 'f> {
    text: &'a str,
    /// Ends with [`TokenKind::End`].
    tokens: &'f [Token],
    at: usize,
    findings: &'f mut Findings<'a>,
    nesting: usize,
    /// Height of the expression that was read last.
    height: usize,
    /// Open parentheses around the query being read.
    depth: usize,
    /// A bound was passed: everything behind is skipped.
    overflowed: bool,
}

impl<'a, 'f> Parser<'a, 'f> {
    fn statement(&mut self) -> Parse<StatementKind> {
        if self.tokens.len() == 1 {
            let help = "for example: SELECT count(*) FROM KafkaBrokerSample";
            let message = "a query must be specified";
            return Err(self.report(Code::EmptyText, message, NOWHERE, help));
        }
        let kind = match self.is_word("SHOW") {
            true => self.show()?,
            false => StatementKind::Query(Box::new(self.query())),
        };
        self.eat(&TokenKind::Semicolon);
        match self.kind() {
            TokenKind::End => Ok(kind),
            _ => Err(self.unexpected("one statement at a time: send the rest as another query")),
        }
    }

    /// Runs `part` one level deeper.
    fn nested<T>(&mut self, part: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.nesting >= MAX_NESTING {
            let message = format!("nested deeper than {MAX_NESTING} levels");
            return Err(self.overflow(message, "bind inner parts with WITH … AS name"));
        }
        self.nesting += 1;
        let result = part(self);
        self.nesting -= 1;
        result
    }

    /// Sets the height of an expression whose tallest part has `parts`.
    fn grow(&mut self, parts: usize) -> Parse<()> {
        self.height = parts + 1;
        if self.height <= MAX_HEIGHT {
            return Ok(());
        }
        let message = format!("expression has more than {MAX_HEIGHT} levels of operators");
        Err(self.overflow(message, "write a list of alternatives as attribute IN ('a', 'b', …)"))
    }

    fn overflow(&mut self, message: String, help: &str) -> Failed {
        let span = self.span();
        let failed = self.report(Code::NestingTooDeep, message, span, help);
        self.overflowed = true;
        self.at = self.tokens.len() - 1;
        failed
    }

    // The cursor.

    fn token(&self) -> &'f Token {
        &self.tokens[self.at]
    }

    fn kind(&self) -> &'f TokenKind {
        &self.token().kind
    }

    /// The kind of a token ahead; behind the end there is only the end.
    fn kind_at(&self, ahead: usize) -> &'f TokenKind {
        &self.tokens[(self.at + ahead).min(self.tokens.len() - 1)].kind
    }

    fn span(&self) -> Span {
        self.token().span
    }

    /// Of the token just read.
    fn previous_span(&self) -> Span {
        self.tokens[self.at.saturating_sub(1)].span
    }

    fn advance(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len() - 1);
    }

    fn text_of(&self, token: &Token) -> &'a str {
        &self.text[token.span.offset..token.span.end()]
    }

    /// The word under the cursor, or `""`.
    fn word(&self) -> &'a str {
        self.word_at(0)
    }

    fn word_at(&self, ahead: usize) -> &'a str {
        match self.tokens.get(self.at + ahead) {
            Some(token) if token.kind == TokenKind::Word => self.text_of(token),
            _ => "",
        }
    }

    fn is_word(&self, word: &str) -> bool {
        self.word().eq_ignore_ascii_case(word)
    }

    fn eat(&mut self, kind: &TokenKind) -> bool {
        let found = self.kind() == kind;
        if found {
            self.advance();
        }
        found
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.advance();
        }
        found
    }

    fn expect(&mut self, kind: &TokenKind, expected: &str) -> Parse<()> {
        if self.eat(kind) { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    fn expect_word(&mut self, word: &str) -> Parse<()> {
        if self.eat_word(word) { Ok(()) } else { Err(self.unexpected(&format!("expected {word}"))) }
    }

    /// A bare or quoted name that is not the start of a clause.
    fn name(&mut self, expected: &str) -> Parse<Name> {
        let span = self.span();
        let text = match self.kind() {
            TokenKind::Word if !self.begins_clause() => self.word().to_string(),
            TokenKind::Name(name) => name.clone(),
            _ => return Err(self.unexpected(expected)),
        };
        self.advance();
        Ok(Name { text, span })
    }

    fn string(&mut self, expected: &str) -> Parse<Text> {
        let TokenKind::Str(value) = self.kind() else { return Err(self.unexpected(expected)) };
        let span = self.span();
        self.advance();
        Ok(Text { value: value.clone(), span })
    }

    /// `AS alias`, if it is there.
    fn alias(&mut self) -> Parse<Option<Text>> {
        if !self.eat_word("AS") {
            return Ok(None);
        }
        const EXPECTED: &str = "name it: AS 'total'";
        if let TokenKind::Str(_) = self.kind() {
            return self.string(EXPECTED).map(Some);
        }
        let name = self.name(EXPECTED)?;
        Ok(Some(Text { value: name.text, span: name.span }))
    }

    /// `part { "," part }`.
    fn list<T>(&mut self, mut part: impl FnMut(&mut Self) -> Parse<T>) -> Parse<Vec<T>> {
        let mut items = vec![part(self)?];
        while self.eat(&TokenKind::Comma) {
            items.push(part(self)?);
        }
        Ok(items)
    }

    fn at_clause_end(&self) -> bool {
        match self.kind() {
            TokenKind::Word => Clause::of(self.word()).is_some(),
            kind => matches!(kind, TokenKind::End | TokenKind::RightParen | TokenKind::Semicolon),
        }
    }

    /// A word alone where a value must stand and no slip of a keyword: the name that a template
    /// gave the value.
    fn is_placeholder(&self) -> bool {
        let alone = match self.kind_at(1) {
            TokenKind::Word => Clause::of(self.word_at(1)).is_some(),
            next => matches!(next, TokenKind::End | TokenKind::RightParen | TokenKind::Semicolon),
        };
        lexer::is_bare_name(self.word()) && alone && self.explain().is_none()
    }

    /// Whether a clause begins here, where a name could stand too: the word of a clause followed
    /// by what that clause goes on with.
    fn begins_clause(&self) -> bool {
        let Some(clause) = Clause::of(self.word()) else { return false };
        let (next, word) = (self.kind_at(1), self.word_at(1));
        let name = !word.is_empty() && Clause::of(word).is_none() && !keyword::continues(word);
        let number = matches!(next, TokenKind::Int(_) | TokenKind::Float(_));
        let quoted = matches!(next, TokenKind::Str(_) | TokenKind::Name(_));
        match clause {
            Clause::Select => {
                name || number || quoted || matches!(next, TokenKind::LeftParen | TokenKind::Star)
            }
            Clause::From => name || quoted || *next == TokenKind::LeftParen,
            Clause::Where | Clause::Facet => {
                name || number || quoted || *next == TokenKind::LeftParen
            }
            Clause::Limit | Clause::Offset => number || keyword::is_any(word, &["MAX"]),
            Clause::OrderBy => keyword::is_any(word, &["BY"]),
            Clause::Since | Clause::Until => name || number || quoted,
            Clause::CompareWith => keyword::is_any(word, &["WITH"]),
            Clause::Timeseries => number || keyword::is_any(word, &["AUTO", "MAX", "SLIDE"]),
            Clause::Extrapolate | Clause::Raw => false,
            Clause::Predict => keyword::is_any(word, &["BY", "USING", "holtwinters"]),
            Clause::With => name || quoted,
        }
    }

    // Findings.

    fn report(
        &mut self,
        code: Code,
        message: impl Into<String>,
        span: Span,
        help: impl Into<Help>,
    ) -> Failed {
        if !self.overflowed {
            self.findings.error(code, message, span, help.into());
        }
        Failed
    }

    /// Refuses the token under the cursor; `help` is the next step unless a better one is known.
    fn unexpected(&mut self, help: &str) -> Failed {
        match self.kind() {
            TokenKind::Unknown => Failed,
            TokenKind::End => self.unexpected_end(help),
            _ => {
                let (code, better) = self.explain().unwrap_or((Code::UnexpectedToken, help.into()));
                let mut message = format!("unexpected '{}'", excerpt(self.text_of(self.token())));
                let stranger = Clause::of(self.word()).is_some() && self.token().depth > self.depth;
                if stranger || (code == Code::UnbalancedParenthesis) {
                    message.push_str(", perhaps unbalanced (");
                }
                let code = if stranger { Code::UnbalancedParenthesis } else { code };
                self.report(code, message, self.span(), better)
            }
        }
    }

    fn unexpected_end(&mut self, help: &str) -> Failed {
        let span = Span::new(self.previous_span().end(), 0);
        let open = self.tokens[..self.at].iter().rev().find(|token| {
            token.kind == TokenKind::LeftParen && token.depth + 1 == self.token().depth
        });
        match open {
            Some(open) => {
                let (line, column) = line_and_column(self.text, open.span.offset);
                let help = format!("add ) for the ( at line {line} position {column}");
                let message = "unexpected end of query, perhaps unbalanced (";
                self.report(Code::UnbalancedParenthesis, message, span, help)
            }
            None => self.report(Code::UnexpectedToken, "unexpected end of query", span, help),
        }
    }
}
