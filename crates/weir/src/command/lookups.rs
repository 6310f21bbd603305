//! `weir lookups`.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Map, Value as Json};
use weir_api::lookup::{LookupTable as Shown, LookupUploadQuery};
use weir_query::LookupTable;
use weir_query::source::CSV_BYTES_MAX;
use weir_types::{Clock, ErrorCode, SystemClock, Timestamp};

use super::query::table_of as table_of_rows;
use super::query_text::read_whole;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Cell, Column, Format, Table};

/// Manage the tables that NRQL reads with `lookup(name)`
#[derive(Debug, Subcommand)]
pub enum LookupsCommand {
    /// List the lookup tables of the server
    #[command(before_help = "\
Examples:
  weir lookups list
  weir lookups list -o json")]
    List,
    /// Print one lookup table; -o csv prints the file as it was uploaded
    #[command(before_help = "\
Examples:
  weir lookups get owners
  weir lookups get owners -o csv > owners.csv")]
    Get {
        #[arg(value_name = "NAME", help = "The table's name")]
        name: String,
    },
    Upload(UploadArgs),
    /// Delete a lookup table; queries that read it have no rows from then on
    #[command(before_help = "\
Examples:
  weir lookups delete owners")]
    Delete {
        #[arg(value_name = "NAME", help = "The table's name")]
        name: String,
    },
}

/// Upload a CSV file as a lookup table, also in the place of the one of its name
///
/// The first line names the columns. A field that is a number or `true` or `false` is one; an empty
/// one is absent; one that begins with ' is the text behind it. Queries read the table at once:
/// FROM lookup(owners) SELECT *.
#[derive(Debug, Args)]
#[command(before_help = "\
Examples:
  weir lookups upload owners owners.csv
  weir lookups upload owners - --description \"who to call\"")]
#[command(after_help = "\
Exit codes:
  0  queries read the table
  1  too large, or one table too many
  2  not a table; stderr shows where")]
pub struct UploadArgs {
    /// Call the table so: letters, digits, `_` and `:`
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Read this CSV file; `-` reads stdin
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Say what the table is for; a replaced table keeps what it says
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
}

pub async fn run(command: LookupsCommand, context: &Context) -> Result<(), Failure> {
    match command {
        LookupsCommand::List => list(context).await,
        LookupsCommand::Get { name } => get(&name, context).await,
        LookupsCommand::Upload(args) => upload(args, context).await,
        LookupsCommand::Delete { name } => {
            context.client()?.delete_lookup_table(&name).await?;
            context.output.note(&format!("lookup table {name} is deleted"));
            Ok(())
        }
    }
}

async fn list(context: &Context) -> Result<(), Failure> {
    let list = context.client()?.lookup_tables().await?;
    context.output.data(&list, &table_of(&list.items))?;
    if list.items.is_empty() {
        context.output.note("no lookup tables: `weir lookups upload NAME FILE` makes one");
    }
    Ok(())
}

async fn get(name: &str, context: &Context) -> Result<(), Failure> {
    let csv = context.client()?.lookup_table_csv(name).await?;
    if context.output.format == Format::Csv {
        return context.output.text(&csv);
    }
    let table = LookupTable::from_csv(&csv)
        .map_err(|error| Failure::new(ErrorCode::Internal, error.to_string()))?;
    let rows: Vec<Map<String, Json>> = table
        .json_rows()
        .into_iter()
        .map(|row| table.columns().iter().map(ToString::to_string).zip(row).collect())
        .collect();
    context.output.data(&rows, &table_of_rows(&rows))
}

async fn upload(args: UploadArgs, context: &Context) -> Result<(), Failure> {
    let csv = read(&args.file)?;
    let query = LookupUploadQuery { description: args.description };
    let table = context.client()?.put_lookup_table(&args.name, &query, csv).await?;
    context.output.data(&table, &table_of(std::slice::from_ref(&table)))
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let is_stdin = file == Path::new("-");
    let name = if is_stdin { "stdin".into() } else { file.display().to_string() };
    let bytes_max = CSV_BYTES_MAX as u64;
    let read = match is_stdin {
        true if std::io::stdin().is_terminal() => {
            return Err(Failure::new(ErrorCode::InvalidRequest, "no table on stdin")
                .with_hint("pipe a CSV file in, or name it"));
        }
        true => read_whole(std::io::stdin().lock(), bytes_max),
        false => std::fs::File::open(file).and_then(|file| read_whole(file, bytes_max)),
    };
    let read = read.map_err(|error| {
        let message = format!("can't read the table from {name}: {error}");
        Failure::new(ErrorCode::InvalidRequest, message)
    })?;
    read.ok_or_else(|| {
        let message = format!("{name} is too long for a table: {CSV_BYTES_MAX} are the most bytes");
        Failure::new(ErrorCode::InvalidRequest, message)
    })
}

fn table_of(tables: &[Shown]) -> Table {
    let mut table = Table::new(vec![
        Column::name("NAME", "name"),
        Column::number("ROWS", "row_count"),
        Column::number("BYTES", "size_bytes"),
        Column::name("COLUMNS", "columns"),
        Column::name("DESCRIPTION", "description"),
        Column::number("AGE", "updated_at_ms"),
        Column::word("BY", "updated_by").extra(),
    ]);
    let now = SystemClock.now();
    for shown in tables {
        let description = Some(shown.description.as_str()).filter(|text| !text.is_empty());
        table.push(vec![
            Cell::text(&shown.name),
            Cell::count(i64::try_from(shown.row_count).ok()),
            Cell::count(i64::try_from(shown.size_bytes).ok()),
            Cell::text(shown.columns.join(", ")),
            Cell::optional(description),
            Cell::since(Timestamp::from_millis(shown.updated_at_ms), now),
            Cell::text(&shown.updated_by),
        ]);
    }
    table
}
