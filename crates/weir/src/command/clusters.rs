//! `weir clusters`.

use clap::Subcommand;
use weir_api::cluster::Cluster;

use super::{age_cell, status_cell, tell_about};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Cell, Column, Table, Tone};

/// Show the clusters that are watched
#[derive(Debug, Subcommand)]
pub enum ClustersCommand {
    /// List clusters, the worst first
    #[command(before_help = "\
Examples:
  weir clusters list
  weir clusters list -o json")]
    List,
    /// Show what a cluster lets Weir know, and which right is missing
    #[command(before_help = "\
Examples:
  weir clusters capabilities orders")]
    Capabilities {
        /// The cluster's name
        #[arg(value_name = "NAME")]
        cluster: String,
    },
}

pub async fn run(command: ClustersCommand, context: &Context) -> Result<(), Failure> {
    match command {
        ClustersCommand::List => list(context).await,
        ClustersCommand::Capabilities { cluster } => capabilities(&cluster, context).await,
    }
}

async fn list(context: &Context) -> Result<(), Failure> {
    let mut list = context.client()?.clusters().await?;
    list.items.sort_by(|a, b| (a.status, &a.cluster).cmp(&(b.status, &b.cluster)));
    context.output.data(&list, &table_of(&list.items))?;
    tell_about(&list, "clusters", context);
    Ok(())
}

async fn capabilities(cluster: &str, context: &Context) -> Result<(), Failure> {
    let list = context.client()?.capabilities(cluster).await?;
    let mut table = Table::new(vec![
        Column::status("STATE", "state"),
        Column::word("QUESTION", "question"),
        Column::name("SOURCE", "source"),
        Column::name("DETAIL", "detail"),
    ]);
    for c in &list.items {
        let tone = match c.state.as_str() {
            "ok" => Tone::Good,
            "denied" | "failing" => Tone::Critical,
            "may_be_partial" => Tone::Warning,
            _ => Tone::Unknown,
        };
        table.push(vec![
            Cell::status(tone, &c.state),
            Cell::text(&c.question),
            Cell::text(&c.source),
            Cell::optional(c.detail.as_deref()),
        ]);
    }
    context.output.data(&list, &table)?;
    tell_about(&list, "answers", context);
    Ok(())
}

fn table_of(clusters: &[Cluster]) -> Table {
    let mut table = Table::new(vec![
        Column::status("STATUS", "status"),
        Column::name("CLUSTER", "cluster"),
        Column::word("VERSION", "kafka_version").extra(),
        Column::number("BROKERS", "broker_count"),
        Column::number("TOPICS", "topic_count").extra(),
        Column::number("PARTITIONS", "partition_count").extra(),
        Column::number("GROUPS", "group_count").extra(),
        Column::number("OFFLINE", "offline_partitions"),
        Column::number("URP", "under_replicated_partitions"),
        Column::number("MSG/S", "messages_in_per_sec"),
        Column::number("LAG", "total_lag_messages"),
        Column::number("AGE", "age_secs").extra(),
        Column::name("REASON", "reason"),
    ]);
    for c in clusters {
        table.push(vec![
            status_cell(c.status),
            Cell::text(&c.cluster),
            Cell::optional(c.kafka_version.as_deref()),
            Cell::count(c.broker_count),
            Cell::count(c.topic_count),
            Cell::count(c.partition_count),
            Cell::count(c.group_count),
            Cell::count(c.offline_partitions),
            Cell::count(c.under_replicated_partitions),
            Cell::rate(c.messages_in_per_sec),
            Cell::count(c.total_lag_messages),
            age_cell(&c.freshness),
            Cell::optional(c.reasons.first().map(String::as_str)),
        ]);
    }
    table
}
