//! Data on stdout, in the format that was asked for. Nothing else writes there; everything that is
//! not data goes to stderr through [`Output::note`] and [`Output::warn`].

pub mod cell;
pub mod number;
pub mod page;
pub mod progress;
pub mod table;
pub mod terminal;
pub mod yaml;

use std::io::{self, Write};

use clap::ValueEnum;
use serde::Serialize;
use weir_types::ErrorCode;

use crate::failure::Failure;

pub use cell::{Cell, Tone};
pub use page::Page;
pub use table::{Column, Table};
pub use terminal::{ColorChoice, Terminal};

/// Columns for people (tab-separated when piped); every field, stable, as JSON or as YAML; the
/// columns with raw numbers as CSV. `weir help formats` has the whole story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    #[default]
    Table,
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
            Format::Table => self.text(&table.render(&self.terminal)),
            Format::Csv => self.text(&table.to_csv()),
            Format::Json | Format::Yaml => self.document(document),
        }
    }

    /// Prints `document` as JSON or YAML, or `page` for reading.
    pub fn page<T: Serialize>(&self, document: &T, page: &Page) -> Result<(), Failure> {
        match self.format {
            Format::Table => self.text(&page.render(&self.terminal)),
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
