//! `weir clusters`.

use std::collections::BTreeSet;

use clap::{Args, Subcommand};
use weir_api::capability::{Capability, CapabilityState};
use weir_api::cluster::Cluster;
use weir_api::source::Source;
use weir_api::{Client, ClientError, List};

use super::noun::{self, DescribeArgs, GetArgs, ListArgs};
use super::tell_about;
use crate::context::Context;
use crate::entity::Noun;
use crate::failure::Failure;
use crate::output::{Cell, Column, Table, Tone};

/// Show the clusters that are watched
#[derive(Debug, Subcommand)]
pub enum ClustersCommand {
    /// List clusters, the worst first
    #[command(before_help = "\
Examples:
  weir clusters list
  weir clusters list --status critical
  weir clusters list --search eu -o json")]
    List(ListArgs),
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
    /// Show what clusters let Weir know, and which right is missing
    #[command(before_help = "\
Examples:
  weir clusters capabilities
  weir clusters capabilities orders")]
    Capabilities(MaybeClusterName),
}

#[derive(Debug, Args)]
pub struct ClusterNames {
    /// The clusters' names or ids
    #[arg(value_name = "NAME", required = true)]
    pub names: Vec<String>,
}

#[derive(Debug, Args)]
pub struct ClusterName {
    /// The cluster's name or id
    #[arg(value_name = "NAME")]
    pub name: String,
}

#[derive(Debug, Args)]
pub struct MaybeClusterName {
    /// The cluster's name or id (default: every cluster that is watched)
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}

pub async fn run(command: ClustersCommand, context: &Context) -> Result<(), Failure> {
    match command {
        ClustersCommand::List(args) => list(&args, context).await,
        ClustersCommand::Get(ClusterNames { names }) => {
            noun::get::<Cluster>(&GetArgs { names, cluster: None }, context).await
        }
        ClustersCommand::Describe(ClusterName { name }) => {
            // The server knows clusters by their ids too.
            let cluster = Some(name.clone());
            noun::describe::<Cluster>(&DescribeArgs { name, cluster }, context).await
        }
        ClustersCommand::Capabilities(MaybeClusterName { name }) => {
            capabilities(name.as_deref(), context).await
        }
    }
}

async fn list(args: &ListArgs, context: &Context) -> Result<(), Failure> {
    let client = context.client()?;
    let list = client.clusters(&args.query()).await?;
    context.output.data(&list, &Cluster::table(&list.items))?;
    if !args.is_picky() && args.cluster.is_none() && !list.truncated {
        let silent = about_silent(&list.items, &client.sources().await?.items);
        silent.iter().for_each(|warning| context.output.warn(warning));
    }
    tell_about(&list, args.is_picky(), args.cluster.as_deref(), context);
    Ok(())
}

/// A cluster that never answered has no row, which must not look like a cluster that is not watched.
fn about_silent(listed: &[Cluster], sources: &[Source]) -> Option<String> {
    let is_listed = |source: &&Source| listed.iter().any(|row| row.cluster == source.cluster);
    let silent = sources.iter().filter(|source| !is_listed(source));
    let silent: Vec<_> = silent.map(|it| format!("{} ({})", it.cluster, it.state)).collect();
    (!silent.is_empty()).then(|| {
        let names = silent.join(", ");
        format!("not listed, for they never answered: {names}; `weir sources list` says why")
    })
}

async fn capabilities(cluster: Option<&str>, context: &Context) -> Result<(), Failure> {
    let client = context.client()?;
    let list = match cluster {
        Some(cluster) => client.capabilities(cluster).await?,
        None => all_capabilities(&client).await?,
    };
    context.output.data(&list, &table_of(&list.items, cluster.is_none()))?;
    if list.items.is_empty() {
        context.output.note("nothing was asked yet: `weir sources list` says how its source is");
    }
    Ok(())
}

/// Of every cluster that a source watches, whether it answered yet or not.
async fn all_capabilities(client: &Client) -> Result<List<Capability>, ClientError> {
    let sources = client.sources().await?;
    let clusters: BTreeSet<&str> = sources.items.iter().map(|it| it.cluster.as_str()).collect();
    let mut items = Vec::new();
    for cluster in clusters {
        items.extend(client.capabilities(cluster).await?.items);
    }
    Ok(List::whole(sources.as_of_ms, items))
}

fn table_of(capabilities: &[Capability], with_cluster: bool) -> Table {
    let mut columns = vec![
        Column::status("STATE", "state"),
        Column::word("QUESTION", "question"),
        Column::name("SOURCE", "source").useful(),
        Column::sentence("DETAIL", "detail"),
    ];
    if with_cluster {
        columns.insert(1, Column::name("CLUSTER", "cluster"));
    }
    let mut table = Table::new(columns);
    for c in capabilities {
        let tone = match c.state {
            CapabilityState::Ok => Tone::Good,
            CapabilityState::Denied | CapabilityState::Failing => Tone::Critical,
            CapabilityState::MayBePartial => Tone::Warning,
            CapabilityState::NotSupported => Tone::Unknown,
        };
        let mut cells = vec![
            Cell::status(tone, c.state.as_str()),
            Cell::text(&c.question),
            Cell::text(&c.source),
            Cell::optional(c.detail.as_deref()),
        ];
        if with_cluster {
            cells.insert(1, Cell::text(&c.cluster));
        }
        table.push(cells);
    }
    table
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_cluster_that_never_answered_is_named() {
        let source = |cluster: &str, state: &str| -> Source {
            serde_json::from_value(json!({
                "name": cluster, "kind": "kafka", "target": "b:1", "cluster": cluster,
                "interval_secs": 30, "state": state, "last_events_count": 0, "cycles_total": 1,
                "failed_cycles_total": 1, "requests_total": 1
            }))
            .unwrap()
        };
        let listed: Cluster = serde_json::from_value(json!({
            "cluster": "orders", "status": "ok", "reasons": [], "messages_in_trend": [],
            "lag_trend": [], "sampled_at_ms": 1, "age_secs": 1, "stale": false
        }))
        .unwrap();
        let sources = [source("orders", "ok"), source("eu", "failing"), source("us", "starting")];
        let told = about_silent(std::slice::from_ref(&listed), &sources).unwrap();
        assert!(told.contains("eu (failing), us (starting)"), "{told}");
        assert_eq!(about_silent(&[listed], &sources[..1]), None);
    }
}
