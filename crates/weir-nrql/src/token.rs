//! What the lexer makes of a text. Words are not yet keywords or names: the parser decides, as no
//! keyword of NRQL is reserved.

use weir_types::Span;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub kind: TokenKind,
    pub span: Span,
    /// How many parentheses are open before it.
    pub depth: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TokenKind {
    /// An unquoted name or keyword; its text is the span.
    Word,
    /// A name in backticks.
    Name(String),
    Str(String),
    Int(i64),
    Float(f64),
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Star,
    Slash,
    LeftParen,
    RightParen,
    LeftBracket,
    RightBracket,
    LeftBrace,
    RightBrace,
    Comma,
    Colon,
    Semicolon,
    /// Already reported by the lexer.
    Unknown,
    End,
}
