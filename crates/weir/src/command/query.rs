//! `weir query`.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value as Json};
use weir_api::query::{QueryBody, TIMEOUT_SECS};

use super::query_text;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Cell, Column, Table};

/// Ask in NRQL
///
/// The text comes from the argument, from --file, or from stdin (`-`). `-o json` prints the result
/// rows as one JSON array and nothing else; warnings go to stderr.
#[derive(Debug, Args)]
#[command(before_help = "\
Examples:
  weir query \"SELECT latest(totalLag) FROM KafkaConsumerGroupSample FACET consumerGroup\"
  weir query -o json \"SELECT count(*) FROM KafkaConsumerSample TIMESERIES SINCE 1 hour ago\"
  weir query --file lag.nrql -o csv")]
#[command(after_help = "\
Exit codes:
  0  answered, also with no rows
  2  the NRQL is wrong; stderr shows where
  4  no key, or one without the right
  6  no server answers, or not in time")]
pub struct QueryArgs {
    /// The query; `-` reads it from stdin
    #[arg(value_name = "NRQL", conflicts_with = "file")]
    pub nrql: Option<String>,
    /// Read the query from this file
    #[arg(short, long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Ask about this account (default 1)
    #[arg(long, value_name = "ID")]
    pub account: Option<u64>,
}

pub async fn run(args: QueryArgs, context: &Context) -> Result<(), Failure> {
    let secs = context.timeout.as_secs();
    let body = QueryBody {
        nrql: query_text::given(args.nrql.as_deref(), args.file.as_deref())?,
        account_id: args.account,
        timeout_secs: Some(secs.clamp(*TIMEOUT_SECS.start(), *TIMEOUT_SECS.end())),
    };
    let answer = context.client()?.query(&body).await?;
    for message in &answer.metadata.messages {
        context.output.warn(message);
    }
    context.output.data(&answer.results, &table_of(&answer.results))?;
    if answer.results.is_empty() {
        context.output.note("no rows");
    }
    Ok(())
}

/// One column a key, in the order keys first appear; right-aligned where all values are numbers.
pub(super) fn table_of(rows: &[Map<String, Json>]) -> Table {
    let mut names: Vec<&str> = Vec::new();
    for key in rows.iter().flat_map(|row| row.keys()) {
        if !names.contains(&key.as_str()) {
            names.push(key);
        }
    }
    let columns = names.iter().map(|name| {
        let mut values = rows.iter().filter_map(|row| row.get(*name));
        let numeric = values.all(|value| value.is_number() || value.is_null());
        if numeric { Column::number(name, name) } else { Column::name(name, name) }
    });
    let mut table = Table::new(columns.collect());
    for row in rows {
        table.push(names.iter().map(|name| Cell::json(row.get(*name))).collect());
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_the_union_of_the_rows_keys() {
        let rows: Vec<Map<String, Json>> = serde_json::from_str(
            r#"[{"facet":"a","count":2},{"facet":"b","max":null,"count":0.5},{"other":{"x":[1]}}]"#,
        )
        .unwrap();
        let csv = table_of(&rows).to_csv();
        assert_eq!(csv, "facet,count,max,other\na,2,,\nb,0.5,,\n,,,\"{\"\"x\"\":[1]}\"\n");
        assert_eq!(table_of(&[]).to_csv(), "");
    }
}
