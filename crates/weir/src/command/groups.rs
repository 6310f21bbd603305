//! `weir groups`.

use clap::Subcommand;
use weir_api::group::Group;

use super::{age_cell, lag, status_cell, tell_about};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Cell, Column, Table};

/// Show consumer groups and how far they are behind
#[derive(Debug, Subcommand)]
pub enum GroupsCommand {
    Lag(lag::LagArgs),
    /// List groups, the worst first
    #[command(before_help = "\
Examples:
  weir groups list
  weir groups list --cluster orders -o json")]
    List {
        /// Show this cluster alone
        #[arg(long, value_name = "NAME")]
        cluster: Option<String>,
    },
}

pub async fn run(command: GroupsCommand, context: &Context) -> Result<(), Failure> {
    let cluster = match command {
        GroupsCommand::Lag(args) => return lag::run(args, context).await,
        GroupsCommand::List { cluster } => cluster,
    };
    let mut list = context.client()?.groups(cluster.as_deref()).await?;
    let key = |g: &Group| (g.status, g.cluster.clone(), g.group.clone());
    list.items.sort_by_cached_key(key);
    context.output.data(&list, &table_of(&list.items))?;
    tell_about(&list, "groups", context);
    Ok(())
}

fn table_of(groups: &[Group]) -> Table {
    let mut table = Table::new(vec![
        Column::status("STATUS", "status"),
        Column::name("GROUP", "group"),
        Column::name("CLUSTER", "cluster"),
        Column::word("TYPE", "group_type").extra(),
        Column::word("STATE", "state"),
        Column::number("MEMBERS", "member_count"),
        Column::number("TOPICS", "topic_count").extra(),
        Column::number("PARTS", "partition_count").extra(),
        Column::number("LAG", "total_lag_messages"),
        Column::number("AGE", "age_secs").extra(),
    ]);
    for g in groups {
        table.push(vec![
            status_cell(g.status),
            Cell::text(&g.group),
            Cell::text(&g.cluster),
            Cell::optional(g.group_type.as_deref()),
            Cell::optional(g.state.as_deref()),
            Cell::count(g.member_count),
            Cell::count(g.topic_count),
            Cell::count(g.partition_count),
            Cell::count(g.total_lag_messages),
            age_cell(&g.freshness),
        ]);
    }
    table
}
