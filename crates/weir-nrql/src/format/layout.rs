//! Lines: clauses and their pieces, broken where they are too long or hold comments.

use super::MAX_LINE_CHARS;
use super::clause::{Clause, Joiner};
use crate::ast::Comment;

#[derive(Debug, Clone, Copy)]
pub(super) enum Layout {
    /// All on one line.
    Inline,
    /// Lines, the following ones indented by so many spaces.
    Block { indent: usize },
}

impl Layout {
    /// For the pieces of a clause that has `count`: where one of several takes lines, each piece
    /// gets a line of its own, indented.
    pub fn of_pieces(self, count: usize) -> Layout {
        match self {
            Layout::Block { indent } if count > 1 => Layout::Block { indent: indent + 2 },
            other => other,
        }
    }
}

/// Clauses one a line, comments with the clause they stood with. The first line is not indented.
pub(super) fn block(clauses: Vec<Clause>, comments: Vec<&Comment>, indent: usize) -> String {
    let mut lines = Lines { out: String::new(), comments, next: 0, after_line_comment: false };
    let first = clauses.first().map_or(usize::MAX, |clause| clause.start);
    while let Some(comment) = lines.next_before(first) {
        lines.start(indent);
        lines.comment(comment);
    }
    let ends = clauses.iter().skip(1).map(|clause| clause.start).chain([usize::MAX]);
    for (clause, end) in clauses.iter().zip(ends) {
        lines.start(indent);
        lines.clause(clause, end, indent);
    }
    lines.out
}

struct Lines<'s> {
    out: String,
    comments: Vec<&'s Comment>,
    /// The comment to be written next.
    next: usize,
    after_line_comment: bool,
}

impl<'s> Lines<'s> {
    fn next_before(&mut self, end: usize) -> Option<&'s Comment> {
        let comment = *self.comments.get(self.next)?;
        (comment.span.offset < end).then(|| {
            self.next += 1;
            comment
        })
    }

    fn start(&mut self, indent: usize) {
        if !self.out.is_empty() {
            self.out.push('\n');
            self.out.push_str(&" ".repeat(indent));
        }
        self.after_line_comment = false;
    }

    fn clause(&mut self, clause: &Clause, end: usize, indent: usize) {
        if !self.is_broken(clause) {
            self.out.push_str(&clause.inline());
            return self.comments_before(end, indent);
        }
        let inside = indent + 2;
        for (index, piece) in clause.pieces.iter().enumerate() {
            let lead = match (index, clause.joiner) {
                (0, _) => clause.head,
                (_, Joiner::Comma) => "",
                (_, Joiner::And) => "AND",
            };
            if index > 0 {
                self.start(inside);
            }
            self.out.push_str(lead);
            self.out.push_str(if lead.is_empty() { "" } else { " " });
            self.out.push_str(&piece.text);
            match clause.pieces.get(index + 1) {
                Some(next) => {
                    self.out.push_str(if clause.joiner == Joiner::Comma { "," } else { "" });
                    self.comments_before(next.start, inside);
                }
                None => self.comments_before(end, indent),
            }
        }
    }

    fn is_broken(&self, clause: &Clause) -> bool {
        let Some(last) = clause.pieces.get(1..).and_then(|rest| rest.last()) else { return false };
        let comment = self.comments.get(self.next);
        let inline = clause.inline();
        inline.contains('\n')
            || inline.chars().count() > MAX_LINE_CHARS
            || comment.is_some_and(|comment| comment.span.offset < last.start)
    }

    fn comments_before(&mut self, end: usize, indent: usize) {
        while let Some(comment) = self.next_before(end) {
            if comment.own_line || self.after_line_comment {
                self.start(indent);
            } else {
                self.out.push(' ');
            }
            self.comment(comment);
        }
    }

    fn comment(&mut self, comment: &Comment) {
        self.out.push_str(&comment.text);
        self.after_line_comment = !comment.text.starts_with("/*");
    }
}
