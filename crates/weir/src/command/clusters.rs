//! `weir clusters`.

use clap::{Args, Subcommand};
use weir_api::capability::{Capability, CapabilityState};
use weir_api::cluster::{Cluster, ClusterDetail};
use weir_api::list::ListQuery;
use weir_api::{Client, ClientError, List};

use super::noun::{self, DescribeArgs, GetArgs, Noun};
use super::{age_cell, page, score_cell, status_cell, tell_about};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Cell, Column, Page, Table, Tone};

/// Show the clusters that are watched
#[derive(Debug, Subcommand)]
pub enum ClustersCommand {
    /// List clusters, the worst first
    #[command(before_help = "\
Examples:
  weir clusters list
  weir clusters list -o json")]
    List,
    /// Show the rows of these clusters, or with -o json everything about them
    #[command(before_help = "\
Examples:
  weir clusters get orders payments
  weir clusters get orders -o yaml")]
    Get(ClusterNames),
    /// Describe one cluster: health with its reasons, brokers, what is worst in it
    #[command(before_help = "\
Examples:
  weir clusters describe orders")]
    Describe(ClusterName),
    /// Show what a cluster lets Weir know, and which right is missing
    #[command(before_help = "\
Examples:
  weir clusters capabilities orders")]
    Capabilities(ClusterName),
}

#[derive(Debug, Args)]
pub struct ClusterNames {
    /// The clusters' names
    #[arg(value_name = "NAME", required = true)]
    pub names: Vec<String>,
}

#[derive(Debug, Args)]
pub struct ClusterName {
    /// The cluster's name
    #[arg(value_name = "NAME")]
    pub name: String,
}

pub async fn run(command: ClustersCommand, context: &Context) -> Result<(), Failure> {
    match command {
        ClustersCommand::List => list(context).await,
        ClustersCommand::Get(ClusterNames { names }) => {
            noun::get::<Cluster>(&GetArgs { names, cluster: None }, context).await
        }
        ClustersCommand::Describe(ClusterName { name }) => {
            // The server knows clusters by their ids too.
            let cluster = Some(name.clone());
            noun::describe::<Cluster>(&DescribeArgs { name, cluster }, context).await
        }
        ClustersCommand::Capabilities(ClusterName { name }) => capabilities(&name, context).await,
    }
}

async fn list(context: &Context) -> Result<(), Failure> {
    let list = context.client()?.clusters().await?;
    context.output.data(&list, &Cluster::table(&list.items))?;
    tell_about(&list, false, context);
    Ok(())
}

async fn capabilities(cluster: &str, context: &Context) -> Result<(), Failure> {
    let list = context.client()?.capabilities(cluster).await?;
    let mut table = Table::new(vec![
        Column::status("STATE", "state"),
        Column::word("QUESTION", "question"),
        Column::name("SOURCE", "source").useful(),
        Column::sentence("DETAIL", "detail"),
    ]);
    for c in &list.items {
        let tone = match c.state {
            CapabilityState::Ok => Tone::Good,
            CapabilityState::Denied | CapabilityState::Failing => Tone::Critical,
            CapabilityState::MayBePartial => Tone::Warning,
            CapabilityState::NotSupported => Tone::Unknown,
        };
        table.push(vec![
            Cell::status(tone, c.state.as_str()),
            Cell::text(&c.question),
            Cell::text(&c.source),
            Cell::optional(c.detail.as_deref()),
        ]);
    }
    context.output.data(&list, &table)?;
    if list.items.is_empty() {
        context.output.note("nothing was asked yet: `weir sources list` says how its source is");
    }
    Ok(())
}

impl Noun for Cluster {
    const ONE: &'static str = "cluster";
    const MANY: &'static str = "clusters";
    const EVENT: &'static str = "KafkaClusterSample";
    type Detail = ClusterDetail;

    /// There are few: the server gives them all.
    async fn list(client: &Client, _query: &ListQuery) -> Result<List<Self>, ClientError> {
        client.clusters().await
    }

    async fn detail(
        client: &Client,
        cluster: &str,
        _name: &str,
    ) -> Result<ClusterDetail, ClientError> {
        client.cluster(cluster).await
    }

    fn name(&self) -> &str {
        &self.cluster
    }

    fn cluster(&self) -> &str {
        &self.cluster
    }

    fn table(rows: &[Self]) -> Table {
        let mut table = Table::new(vec![
            Column::status("STATUS", "status"),
            Column::name("CLUSTER", "cluster"),
            Column::number("HEALTH", "health_score"),
            Column::word("VERSION", "kafka_version").extra(),
            Column::number("BROKERS", "broker_count").useful(),
            Column::number("TOPICS", "topic_count").extra(),
            Column::number("PARTITIONS", "partition_count").extra(),
            Column::number("GROUPS", "group_count").extra(),
            Column::number("OFFLINE", "offline_partitions"),
            Column::number("URP", "under_replicated_partitions"),
            Column::number("MSG/S", "messages_in_per_sec").extra(),
            Column::number("LAG", "total_lag_messages").useful(),
            Column::number("LAG TIME", "max_lag_secs"),
            Column::number("AGE", "age_secs"),
            Column::sentence("REASON", "reason"),
        ]);
        for c in rows {
            table.push(vec![
                status_cell(c.status),
                Cell::text(&c.cluster),
                score_cell(&c.health),
                Cell::optional(c.kafka_version.as_deref()),
                Cell::count(c.broker_count),
                Cell::count(c.topic_count),
                Cell::count(c.partition_count),
                Cell::count(c.group_count),
                Cell::count(c.offline_partitions),
                Cell::count(c.under_replicated_partitions),
                Cell::rate(c.messages_in_per_sec),
                Cell::count(c.total_lag_messages),
                Cell::age(c.max_lag_secs, c.lag_secs_method.as_deref()),
                age_cell(&c.freshness),
                Cell::optional(c.reasons.first().map(String::as_str)),
            ]);
        }
        table
    }

    fn page(detail: &ClusterDetail, unanswered: &[Capability], _context: &Context) -> Page {
        page::cluster(detail, unanswered)
    }
}
