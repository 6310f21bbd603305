//! Collects findings about one text: bounded, one error a place, in text order.

use weir_types::diagnostic::Severity;
use weir_types::{Diagnostic, Span};

use crate::code::Code;

/// Findings of each severity that are listed; one more says that others follow.
const MAX_LISTED: usize = 20;

#[derive(Debug)]
pub(crate) struct Findings<'a> {
    text: &'a str,
    list: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
}

impl<'a> Findings<'a> {
    pub fn new(text: &'a str) -> Self {
        Findings { text, list: Vec::new(), errors: 0, warnings: 0 }
    }

    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// A second error at the same place is a consequence of the first and is dropped.
    pub fn error(&mut self, code: Code, message: impl Into<String>, span: Span, help: Help) {
        let known = |d: &Diagnostic| d.severity == Severity::Error && d.span.offset == span.offset;
        if self.list.iter().any(known) {
            return;
        }
        self.errors += 1;
        if let Some(code) = listed_as(code, self.errors) {
            let message = if code == Code::TooManyFindings { MORE.into() } else { message.into() };
            self.list.push(help.on(Diagnostic::error(code.id(), message, self.text, span)));
        }
    }

    pub fn warning(&mut self, code: Code, message: impl Into<String>, span: Span, help: Help) {
        self.warnings += 1;
        if let Some(code) = listed_as(code, self.warnings) {
            let message = if code == Code::TooManyFindings { MORE.into() } else { message.into() };
            self.list.push(help.on(Diagnostic::warning(code.id(), message, self.text, span)));
        }
    }

    /// In text order.
    pub fn into_list(mut self) -> Vec<Diagnostic> {
        self.list.sort_by_key(|d| d.span.offset);
        self.list
    }
}

const MORE: &str = "more findings follow from here; they are not listed";

fn listed_as(code: Code, count: usize) -> Option<Code> {
    match count {
        0..=MAX_LISTED => Some(code),
        _ if count == MAX_LISTED + 1 => Some(Code::TooManyFindings),
        _ => None,
    }
}

/// The next step, where one is known.
#[derive(Debug, Clone, Default)]
pub(crate) struct Help(Option<String>);

impl Help {
    pub const NONE: Help = Help(None);

    fn on(self, diagnostic: Diagnostic) -> Diagnostic {
        match self.0 {
            Some(text) => diagnostic.with_help(text),
            None => diagnostic,
        }
    }
}

impl<T: Into<String>> From<T> for Help {
    fn from(text: T) -> Self {
        Help(Some(text.into()))
    }
}
