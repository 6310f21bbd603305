//! `weir version`.

use clap::Args;
use serde_json::json;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Format, Table};

/// Print the version
#[derive(Debug, Args)]
#[command(before_help = "\
Examples:
  weir version
  weir version -o json")]
pub struct VersionArgs {}

pub fn run(_: VersionArgs, context: &Context) -> Result<(), Failure> {
    let version = env!("CARGO_PKG_VERSION");
    match context.output.format {
        Format::Json | Format::Yaml => {
            context.output.data(&json!({ "version": version }), &Table::new(Vec::new()))
        }
        Format::Table | Format::Wide | Format::Csv => {
            context.output.text(&format!("weir {version}\n"))
        }
    }
}
