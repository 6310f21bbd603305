//! Data on stdout, in the format that was asked for. Nothing else writes there; everything that is
//! not data goes to stderr through [`Output::note`] and [`Output::warn`].

pub mod cell;
mod fit;
pub mod number;
pub mod page;
pub mod progress;
pub mod table;
pub mod terminal;
mod wrap;
pub mod yaml;

use std::io::{self, Write};

use clap::ValueEnum;
use serde::Serialize;
use weir_types::ErrorCode;

use crate::failure::Failure;

pub use cell::{Cell, Tone};
pub use page::Page;
pub use table::{Column, Rendered, Table};
pub use terminal::{ColorChoice, Terminal};

/// Columns for people (tab-separated when piped), those that fit or all of them; every field,
/// stable, as JSON or as YAML; the columns with raw numbers as CSV. `weir help formats` has the
/// whole story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    #[default]
    Table,
    Wide,
    Json,
    Yaml,
    Csv,
}

/// Where a command's answer goes.
pub struct Output {
    pub format: Format,
    pub terminal: Terminal,
}

impl Output {
    /// Prints `document` as JSON or YAML, or `table` as a table or CSV.
    pub fn data<T: Serialize>(&self, document: &T, table: &Table) -> Result<(), Failure> {
        match self.format {
            Format::Table | Format::Wide => self.rendered(&table.render(&self.sheet())),
            Format::Csv => self.text(&table.to_csv()),
            Format::Json | Format::Yaml => self.document(document),
        }
    }

    /// Prints `document` as JSON or YAML, or `page` for reading.
    pub fn page<T: Serialize>(&self, document: &T, page: &Page) -> Result<(), Failure> {
        match self.format {
            Format::Table | Format::Wide => self.rendered(&page.render(&self.sheet())),
            Format::Csv => {
                let failure = Failure::new(ErrorCode::InvalidRequest, "a page has no CSV");
                Err(failure.with_hint("`get` has the row as CSV; -o json has everything"))
            }
            Format::Json | Format::Yaml => self.document(document),
        }
    }

    /// Whether data is for a program that wants every field.
    pub fn wants_document(&self) -> bool {
        matches!(self.format, Format::Json | Format::Yaml)
    }

    /// Whether data is for reading on a terminal.
    pub fn is_on_screen(&self) -> bool {
        let is_for_people = matches!(self.format, Format::Table | Format::Wide);
        is_for_people && self.terminal.width.is_some()
    }

    /// What tables and pages are fitted to: the terminal, or one as wide as they need.
    fn sheet(&self) -> Terminal {
        let width = match self.format {
            Format::Wide => self.terminal.width.map(|_| usize::MAX),
            _ => self.terminal.width,
        };
        Terminal { width, ..self.terminal.clone() }
    }

    fn rendered(&self, rendered: &Rendered) -> Result<(), Failure> {
        self.text(&rendered.text)?;
        let (columns, them) = match rendered.hidden_columns {
            0 => return Ok(()),
            1 => ("1 column is".to_owned(), "it"),
            several => (format!("{several} columns are"), "them"),
        };
        let advice = format!("-o wide, -o json or a wider terminal shows {them}");
        self.note(&format!("{columns} hidden: {advice}"));
        Ok(())
    }

    fn document<T: Serialize>(&self, document: &T) -> Result<(), Failure> {
        if self.format == Format::Yaml {
            return self.text(&yaml::to_string(&serde_json::to_value(document).map_err(not_json)?));
        }
        let mut text = serde_json::to_string_pretty(document).map_err(not_json)?;
        text.push('\n');
        self.text(&text)
    }

    /// Prints `text` as it is.
    pub fn text(&self, text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(write_failure)
    }

    /// Something the reader should know that is not data.
    pub fn note(&self, text: &str) {
        stderr_line(text);
    }

    pub fn warn(&self, text: &str) {
        let word = self.terminal.paint_error(Tone::Warning, "warning");
        stderr_line(&format!("{word}: {text}"));
    }
}

/// Writes one line to stderr; when even that fails there is nobody left to tell.
pub fn stderr_line(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// A reader that has seen enough (`| head`) ends the command without a word.
fn write_failure(error: io::Error) -> Failure {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Failure::broken_pipe();
    }
    Failure::new(ErrorCode::Internal, format!("can't write to stdout: {error}"))
}

fn not_json(error: serde_json::Error) -> Failure {
    Failure::new(ErrorCode::Internal, format!("the answer can't be written as JSON: {error}"))
}
