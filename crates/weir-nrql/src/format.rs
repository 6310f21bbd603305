//! Tree to text. One clause a line in the order of the text (a tree without places comes out as
//! SELECT, FROM, WHERE, …), keywords in upper case, strings in single quotes, only the parentheses
//! that are needed. Comments stay behind or above the clause they stood with.
//!
//! Formatting twice changes nothing; what parses again is the same tree, places aside.

mod clause;
mod expr;
mod layout;

use weir_types::Span;

use crate::ast::{Comment, Query, Statement, StatementKind};
use clause::Clause;
use layout::Layout;

/// The canonical text of a statement, without a line end behind it.
pub fn format(statement: &Statement) -> String {
    let mut formatter = Formatter { comments: statement.comments.iter().collect() };
    let clauses = match &statement.kind {
        StatementKind::Query(query) => formatter.clauses(query, Layout::Block { indent: 0 }),
        StatementKind::ShowEventTypes { since, until, timezone } => {
            clause::show(since.as_ref(), until.as_ref(), timezone.as_ref())
        }
    };
    layout::block(clauses, formatter.comments, 0)
}

/// Inner queries up to this width stay on one line.
const MAX_INLINE_CHARS: usize = 80;

/// Lists and conditions over this width are broken.
const MAX_LINE_CHARS: usize = 100;

struct Formatter<'s> {
    /// Not yet written, in text order.
    comments: Vec<&'s Comment>,
}

impl<'s> Formatter<'s> {
    /// An inner query with its parentheses.
    fn inner_query(&mut self, query: &'s Query, layout: Layout) -> String {
        let comments = self.take(query.span);
        let inline = self.inline(query);
        let fits = comments.is_empty() && inline.chars().count() <= MAX_INLINE_CHARS;
        let Layout::Block { indent } = layout else { return inline };
        if fits {
            return inline;
        }
        let inside = indent + 2;
        let mut inner = Formatter { comments };
        let clauses = inner.clauses(query, Layout::Block { indent: inside });
        let body = layout::block(clauses, inner.comments, inside);
        let (open, close) = (" ".repeat(inside), " ".repeat(indent));
        format!("(\n{open}{body}\n{close})")
    }

    fn inline(&mut self, query: &'s Query) -> String {
        let clauses = self.clauses(query, Layout::Inline);
        let texts: Vec<String> = clauses.iter().map(Clause::inline).collect();
        format!("({})", texts.join(" "))
    }

    /// The comments that begin inside `span`.
    fn take(&mut self, span: Span) -> Vec<&'s Comment> {
        let from = self.comments.partition_point(|comment| comment.span.offset < span.offset);
        let to = self.comments.partition_point(|comment| comment.span.offset < span.end());
        self.comments.drain(from..to.max(from)).collect()
    }
}
