//! What the planner finds wrong with a query: one stable code a kind of finding. E02xx are shared
//! with the parser, which finds most of them first; E03xx are the planner's own.

use weir_types::{Diagnostic, Span};

pub const UNKNOWN_FUNCTION: &str = "NRQL-E0201";
pub const ARGUMENTS: &str = "NRQL-E0202";
pub const UNKNOWN_NAMED_ARGUMENT: &str = "NRQL-E0203";
pub const AGGREGATOR_MISPLACED: &str = "NRQL-E0204";
pub const NEEDS_AGGREGATOR: &str = "NRQL-E0206";
pub const NOT_WHOLE_NUMBER: &str = "NRQL-E0207";
pub const TOO_MANY_FACETS: &str = "NRQL-E0208";
/// A bare attribute beside aggregators.
pub const ATTRIBUTE_MISPLACED: &str = "NRQL-E0302";
/// A point in time or a zone that can't be understood, or a window that ends before it starts.
pub const TIME: &str = "NRQL-E0303";
/// A TIMESERIES step that does not fit the window.
pub const TIMESERIES: &str = "NRQL-E0304";
/// A pattern that is not a regular expression.
pub const PATTERN: &str = "NRQL-E0305";
/// A clause that can't stand at this place.
pub const CLAUSE_MISPLACED: &str = "NRQL-E0306";
/// Two columns of an inner query have one name.
pub const DUPLICATE_COLUMN: &str = "NRQL-E0307";
/// A setting that must be a constant of a certain kind.
pub const NOT_CONSTANT: &str = "NRQL-E0308";

/// A subquery that gives more than its place takes, or one too many.
pub const SUBQUERY: &str = "NRQL-E0309";
/// A JOIN whose sides do not fit.
pub const JOIN: &str = "NRQL-E0310";
/// A PREDICT that does not fit its query.
pub const PREDICT: &str = "NRQL-E0311";

/// A query that stands for more than can be computed.
pub const TOO_LARGE: &str = "NRQL-E0312";

/// Makes findings about one text.
#[derive(Debug, Clone, Copy)]
pub struct Reporter<'a> {
    pub text: &'a str,
}

impl<'a> Reporter<'a> {
    pub fn error(self, code: &str, message: impl Into<String>, span: Span) -> Diagnostic {
        Diagnostic::error(code, message, self.text, span)
    }

    /// The text of a place, white space collapsed: it names columns and groups.
    pub fn text_of(self, span: Span) -> String {
        let end = span.end().min(self.text.len());
        let text = self.text.get(span.offset..end).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_in_the_language_reference() {
        let page = weir_nrql::reference::markdown();
        for code in [
            UNKNOWN_FUNCTION,
            ARGUMENTS,
            UNKNOWN_NAMED_ARGUMENT,
            AGGREGATOR_MISPLACED,
            NEEDS_AGGREGATOR,
            NOT_WHOLE_NUMBER,
            TOO_MANY_FACETS,
            ATTRIBUTE_MISPLACED,
            TIME,
            TIMESERIES,
            PATTERN,
            CLAUSE_MISPLACED,
            DUPLICATE_COLUMN,
            NOT_CONSTANT,
            SUBQUERY,
            JOIN,
            PREDICT,
            TOO_LARGE,
        ] {
            assert!(page.contains(&format!("- `{code}`: ")), "{code} is missing");
        }
    }
}
