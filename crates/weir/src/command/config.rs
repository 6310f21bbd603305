//! `weir config`.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;
use weir_config::{Origin, Setting};

use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Cell, Column, Format, Table};
use crate::settings::{self, ConfigArgs};

/// Check the configuration and show where it comes from
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Name every problem with its line and the fix
    #[command(before_help = "\
Examples:
  weir config check
  weir config check deploy/weir.yaml")]
    #[command(after_help = "\
Exit codes:
  0  valid
  2  not valid, or not readable")]
    Check {
        /// Check this file instead of ./weir.yaml, as --config does; the last one counts
        #[arg(value_name = "FILE", overrides_with = "config")]
        file: Option<PathBuf>,
        #[command(flatten)]
        config: ConfigArgs,
    },
    /// Show every value with its origin
    ///
    /// A value that came by reference is shown as the reference; what it holds is never printed.
    #[command(before_help = "\
Examples:
  weir config show
  weir config show --config weir.yaml -o json")]
    Show {
        #[command(flatten)]
        config: ConfigArgs,
    },
    /// Print a commented file with every default
    #[command(before_help = "\
Examples:
  weir config default > weir.yaml")]
    Default,
}

pub fn run(command: ConfigCommand, context: &Context) -> Result<(), Failure> {
    match command {
        ConfigCommand::Check { file, config } => check(file.or(config.config), context),
        ConfigCommand::Show { config } => show(&config, context),
        ConfigCommand::Default => context.output.text(weir_config::DEFAULT_FILE),
    }
}

fn check(file: Option<PathBuf>, context: &Context) -> Result<(), Failure> {
    let loaded = settings::load(file.as_deref(), &[])?;
    if !loaded.warnings.problems.is_empty() {
        context.output.note(&loaded.warnings.to_string());
    }
    match loaded.warnings.file.as_str() {
        "" => {
            context.output.note("no ./weir.yaml here; the defaults and the environment are valid")
        }
        name => context.output.note(&format!("{name} is valid")),
    }
    match context.output.format {
        Format::Json => context.output.text("{\"valid\":true}\n"),
        _ => Ok(()),
    }
}

fn show(config: &ConfigArgs, context: &Context) -> Result<(), Failure> {
    let loaded = settings::load(config.config.as_deref(), &[])?;
    let file = loaded.warnings.file.as_str();
    let document: Vec<_> = loaded
        .settings
        .iter()
        .map(|s| json!({ "key": s.key, "value": s.value, "origin": origin(&s.origin, file) }))
        .collect();
    context.output.data(&document, &table_of(&loaded.settings, file))
}

fn table_of(settings: &[Setting], file: &str) -> Table {
    let mut table = Table::new(vec![
        Column::word("KEY", "key"),
        Column::name("VALUE", "value"),
        Column::name("ORIGIN", "origin"),
    ]);
    for setting in settings {
        table.push(vec![
            Cell::text(&setting.key),
            Cell::optional(setting.value.as_deref()),
            Cell::text(origin(&setting.origin, file)),
        ]);
    }
    table
}

fn origin(origin: &Origin, file: &str) -> String {
    match origin {
        Origin::Default => "default".to_owned(),
        Origin::File { line } => format!("{file}:{line}"),
        Origin::Env(name) => format!("environment {name}"),
        Origin::Flag(name) => format!("option {name}"),
    }
}
