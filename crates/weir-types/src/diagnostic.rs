//! What is wrong with a text, where, and what to write instead. The same value feeds the
//! terminal, the page and NerdGraph.

use serde::{Deserialize, Serialize};

/// A stretch of a text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Span {
    pub offset: usize,
    pub length: usize,
}

impl Span {
    pub fn new(offset: usize, length: usize) -> Self {
        Span { offset, length }
    }

    /// From the start of `self` to the end of `other`.
    pub fn to(self, other: Span) -> Span {
        Span::new(self.offset, (other.offset + other.length).saturating_sub(self.offset))
    }

    pub fn end(self) -> usize {
        self.offset + self.length
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Error,
    Warning,
}

impl Severity {
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// One finding about a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    pub severity: Severity,
    /// Stable, for example `NRQL-E0102`.
    pub code: String,
    /// Lowercase fragment that names the offending text.
    pub message: String,
    /// 1-based line and column (in characters) of the start of `span`.
    pub line: usize,
    pub column: usize,
    pub span: Span,
    /// The next step, where one is known.
    pub help: Option<String>,
}

impl Diagnostic {
    pub fn error(code: &str, message: impl Into<String>, source: &str, span: Span) -> Self {
        Diagnostic::new(Severity::Error, code, message.into(), source, span)
    }

    pub fn warning(code: &str, message: impl Into<String>, source: &str, span: Span) -> Self {
        Diagnostic::new(Severity::Warning, code, message.into(), source, span)
    }

    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn new(severity: Severity, code: &str, message: String, source: &str, span: Span) -> Self {
        let (line, column) = line_and_column(source, span.offset);
        Diagnostic { severity, code: code.into(), message, line, column, span, help: None }
    }

    /// The finding as a terminal shows it: the line, a caret under the place, the help.
    pub fn render(&self, source: &str) -> String {
        let word = self.severity.as_str();
        let text = source.lines().nth(self.line - 1).unwrap_or_default().replace('\t', " ");
        let number = self.line.to_string();
        let gutter = " ".repeat(number.len());
        let indent = " ".repeat(self.column - 1);
        let room = text.chars().count().saturating_sub(self.column - 1);
        let spanned = source.get(self.span.offset..self.span.end().min(source.len()));
        let width = spanned.map_or(1, |s| s.chars().count()).clamp(1, room.max(1));
        let carets = "^".repeat(width);
        let mut out = format!(
            "{word}[{}]: {}\n{gutter} ┌─ query:{}:{}\n{number} │ {text}\n{gutter} │ {indent}{carets}",
            self.code, self.message, self.line, self.column
        );
        if let Some(help) = &self.help {
            out.push_str(&format!("\n{gutter} = help: {help}"));
        }
        out
    }
}

/// 1-based line and column of a byte offset; offsets past the end point just behind the text.
pub fn line_and_column(source: &str, offset: usize) -> (usize, usize) {
    let mut end = offset.min(source.len());
    while !source.is_char_boundary(end) {
        end -= 1;
    }
    let before = &source[..end];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_place() {
        let source = "SELECT count(*)\nFORM T";
        let shown = Diagnostic::error("NRQL-E0001", "unexpected `FORM`", source, Span::new(16, 4))
            .with_help("did you mean `FROM`?")
            .render(source);
        assert_eq!(
            shown,
            "error[NRQL-E0001]: unexpected `FORM`\n  ┌─ query:2:1\n2 │ FORM T\n  │ ^^^^\n  = help: did you mean `FROM`?"
        );
    }

    #[test]
    fn a_place_past_the_end_is_shown_behind_the_text() {
        let shown = Diagnostic::error("NRQL-E0001", "missing FROM", "SELECT 1", Span::new(8, 0));
        assert_eq!((shown.line, shown.column), (1, 9));
        assert!(shown.render("SELECT 1").ends_with("│         ^"));
    }
}
