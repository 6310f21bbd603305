//! `weir topics`.

use clap::Subcommand;
use weir_api::topic::Topic;

use super::{age_cell, status_cell, tell_about};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Cell, Column, Table};

/// Show the topics of the clusters
#[derive(Debug, Subcommand)]
pub enum TopicsCommand {
    /// List topics, the worst first
    #[command(before_help = "\
Examples:
  weir topics list --cluster orders
  weir topics list -o csv")]
    List {
        /// Show this cluster alone
        #[arg(long, value_name = "NAME")]
        cluster: Option<String>,
    },
}

pub async fn run(command: TopicsCommand, context: &Context) -> Result<(), Failure> {
    let TopicsCommand::List { cluster } = command;
    let mut list = context.client()?.topics(cluster.as_deref()).await?;
    let key = |t: &Topic| (t.status, t.cluster.clone(), t.topic.clone());
    list.items.sort_by_cached_key(key);
    context.output.data(&list, &table_of(&list.items))?;
    tell_about(&list, "topics", context);
    Ok(())
}

fn table_of(topics: &[Topic]) -> Table {
    let mut table = Table::new(vec![
        Column::status("STATUS", "status"),
        Column::name("TOPIC", "topic"),
        Column::name("CLUSTER", "cluster"),
        Column::number("PARTS", "partition_count"),
        Column::number("RF", "replication_factor"),
        Column::number("MIN-ISR", "min_insync_replicas").extra(),
        Column::number("OFFLINE", "offline_partitions"),
        Column::number("URP", "under_replicated_partitions"),
        Column::number("MSG/S", "messages_in_per_sec"),
        Column::number("SIZE", "size_bytes").extra(),
        Column::number("RETENTION", "retention_ms").extra(),
        Column::number("AGE", "age_secs").extra(),
    ]);
    for t in topics {
        table.push(vec![
            status_cell(t.status),
            Cell::text(&t.topic),
            Cell::text(&t.cluster),
            Cell::count(t.partition_count),
            Cell::count(t.replication_factor),
            Cell::count(t.min_insync_replicas),
            Cell::count(t.offline_partitions),
            Cell::count(t.under_replicated_partitions),
            Cell::rate(t.messages_in_per_sec),
            Cell::bytes(t.size_bytes),
            retention_cell(t.retention_ms),
            age_cell(&t.freshness),
        ]);
    }
    table
}

/// Kafka writes -1 for "for ever".
fn retention_cell(retention_ms: Option<i64>) -> Cell {
    match retention_ms {
        Some(-1) => Cell { raw: "-1".into(), ..Cell::text("forever") },
        Some(ms) => Cell { raw: ms.to_string(), ..Cell::duration_secs(Some(ms as f64 / 1000.0)) },
        None => Cell::missing(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retention_reads_as_time_and_stays_milliseconds_in_csv() {
        let week = retention_cell(Some(604_800_000));
        assert_eq!((week.shown.as_str(), week.raw.as_str()), ("7d00h", "604800000"));
        assert_eq!(retention_cell(Some(-1)).shown, "forever");
        assert_eq!(retention_cell(None).shown, "-");
    }
}
