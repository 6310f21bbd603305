//! [`Problem`]: one thing that is wrong with a configuration, where, and the fix; [`Report`]: all of
//! them, as a terminal shows them.

use std::fmt;

use weir_types::diagnostic::Severity;

use crate::excerpt::{Excerpt, Text};

/// Where a value came from, as a problem points at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// 1-based line and column, width in characters.
    File { line: usize, column: usize, width: usize },
    /// An option of the command line, such as `--listen`.
    Flag(String),
    /// An environment variable.
    Env(String),
}

impl Place {
    pub(crate) fn file(line: usize, column: usize, width: usize) -> Self {
        Place::File { line, column, width }
    }

    /// 0 outside the file.
    pub fn line(&self) -> usize {
        match self {
            Place::File { line, .. } => *line,
            _ => 0,
        }
    }

    /// 0 outside the file.
    pub fn column(&self) -> usize {
        match self {
            Place::File { column, .. } => *column,
            _ => 0,
        }
    }
}

/// One finding about a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    pub place: Place,
    /// Dotted path such as `sources[0].kafka.interval`; empty where no key is concerned.
    pub key: String,
    /// Lowercase fragment with the value that is wrong; never one that came by reference.
    pub message: String,
    /// The fix, where one is known.
    pub help: Option<String>,
}

impl Problem {
    pub(crate) fn error(place: Place, key: &str, message: impl Into<String>) -> Self {
        let (key, message) = (key.to_owned(), message.into());
        Problem { severity: Severity::Error, place, key, message, help: None }
    }

    pub(crate) fn warning(place: Place, key: &str, message: impl Into<String>) -> Self {
        Problem { severity: Severity::Warning, ..Problem::error(place, key, message) }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Every problem of one configuration, with the text they point into. Shown, it repeats no secret
/// that stands there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// How the file was named.
    pub file: String,
    text: Text,
    pub problems: Vec<Problem>,
}

impl Report {
    /// Sorted by place in the file; what is not in the file comes first.
    pub(crate) fn new(file: String, text: String, mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|p| (p.place.line(), p.place.column()));
        Report { file, text: Text::new(text), problems }
    }

    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|p| p.severity == Severity::Error)
    }

    fn write_problem(&self, f: &mut fmt::Formatter<'_>, problem: &Problem) -> fmt::Result {
        writeln!(f, "{}: {}", problem.severity.as_str(), problem.message)?;
        match &problem.place {
            Place::File { line, column, width } => self.write_line(f, *line, *column, *width)?,
            Place::Flag(name) => write!(f, "  ┌─ {name}")?,
            Place::Env(name) => write!(f, "  ┌─ environment variable {name}")?,
        }
        match &problem.help {
            Some(help) => {
                let gutter = " ".repeat(problem.place.line().max(1).to_string().len());
                write!(f, "\n{gutter} = help: {help}")
            }
            None => Ok(()),
        }
    }

    fn write_line(
        &self,
        f: &mut fmt::Formatter<'_>,
        line: usize,
        column: usize,
        width: usize,
    ) -> fmt::Result {
        let Excerpt { line: shown, indent, width } = self.text.excerpt(line, column, width);
        let gutter = " ".repeat(line.to_string().len());
        let (indent, carets) = (" ".repeat(indent), "^".repeat(width));
        writeln!(f, "{gutter} ┌─ {}:{line}:{column}", self.file)?;
        writeln!(f, "{line} │ {shown}")?;
        write!(f, "{gutter} │ {indent}{carets}")
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            self.write_problem(f, problem)?;
        }
        Ok(())
    }
}

impl std::error::Error for Report {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_place() {
        let problem = Problem::error(Place::file(2, 3, 6), "store.memori", "unknown key `memori`")
            .with_help("did you mean `memory_limit`?");
        let flag = Problem::warning(Place::Flag("--kafka".into()), "sources", "replaces 2 sources");
        let text = "store:\n  memori: 1GiB\n".to_owned();
        let report = Report::new("weir.yaml".into(), text, vec![problem, flag]);
        assert_eq!(
            report.to_string(),
            "warning: replaces 2 sources\n  ┌─ --kafka\n\n\
             error: unknown key `memori`\n  ┌─ weir.yaml:2:3\n2 │   memori: 1GiB\n  │   ^^^^^^\n  \
             = help: did you mean `memory_limit`?"
        );
    }
}
