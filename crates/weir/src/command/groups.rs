//! `weir groups`.

use clap::{Args, Subcommand};
use weir_api::capability::Capability;
use weir_api::group::{Group, GroupDetail};
use weir_api::list::ListQuery;
use weir_api::{Client, ClientError, List};

use super::noun::{self, DescribeArgs, GetArgs, ListArgs, Noun};
use super::{age_cell, lag, page, score_cell, status_cell, tell_about};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Cell, Column, Page, Table};

/// Show consumer groups and how far they are behind
#[derive(Debug, Subcommand)]
pub enum GroupsCommand {
    Lag(lag::LagArgs),
    /// List groups, the worst first
    ///
    /// The table leaves resting groups out and counts them: those that are abandoned (no members, and
    /// a lag that no longer moves), and empty ones with nothing wrong.
    #[command(before_help = "\
Examples:
  weir groups list
  weir groups list --cluster orders -o json
  weir groups list --sort -max_lag_secs --limit 10
  weir groups list --all")]
    List(GroupListArgs),
    /// Show the rows of these groups, or with -o json everything about them
    #[command(before_help = "\
Examples:
  weir groups get audit orders-enricher
  weir groups get audit --cluster eu -o json")]
    Get(GetArgs),
    /// Describe one group: health with its reasons, members, lag of each partition
    #[command(before_help = "\
Examples:
  weir groups describe orders-enricher
  weir groups describe orders-enricher --cluster eu")]
    Describe(DescribeArgs),
}

#[derive(Debug, Args)]
pub struct GroupListArgs {
    #[command(flatten)]
    pub list: ListArgs,
    /// Show resting groups too
    #[arg(long)]
    pub all: bool,
}

pub async fn run(command: GroupsCommand, context: &Context) -> Result<(), Failure> {
    match command {
        GroupsCommand::Lag(args) => lag::run(args, context).await,
        GroupsCommand::List(args) => list(&args, context).await,
        GroupsCommand::Get(args) => noun::get::<Group>(&args, context).await,
        GroupsCommand::Describe(args) => noun::describe::<Group>(&args, context).await,
    }
}

async fn list(args: &GroupListArgs, context: &Context) -> Result<(), Failure> {
    let mut list = context.client()?.groups(&args.list.query()).await?;
    let is_picky = args.list.is_picky();
    let resting = if args.all || is_picky { 0 } else { leave_out_resting(&mut list, context) };
    context.output.data(&list, &Group::table(&list.items))?;
    tell_of_resting(resting, context);
    if resting == 0 || !list.items.is_empty() {
        tell_about(&list, is_picky, args.list.cluster.as_deref(), context);
    }
    Ok(())
}

/// What is not shown is said.
pub fn tell_of_resting(count: usize, context: &Context) {
    let (groups, them) = match count {
        0 => return,
        1 => ("1 resting group is".to_owned(), "it"),
        count => (format!("{count} resting groups are"), "them"),
    };
    context.output.note(&format!("{groups} left out: `weir groups list --all` shows {them}"));
}

/// How many were left out; a document keeps them, with a field that says so.
pub fn leave_out_resting(list: &mut List<Group>, context: &Context) -> usize {
    if context.output.wants_document() {
        return 0;
    }
    let all = list.items.len();
    list.items.retain(|group| !group.resting);
    all - list.items.len()
}

impl Noun for Group {
    const ONE: &'static str = "group";
    const MANY: &'static str = "groups";
    const EVENT: &'static str = "KafkaConsumerGroupSample";
    type Detail = GroupDetail;

    async fn list(client: &Client, query: &ListQuery) -> Result<List<Self>, ClientError> {
        client.groups(query).await
    }

    async fn detail(
        client: &Client,
        cluster: &str,
        name: &str,
    ) -> Result<GroupDetail, ClientError> {
        client.group(cluster, name).await
    }

    fn name(&self) -> &str {
        &self.group
    }

    fn cluster(&self) -> &str {
        &self.cluster
    }

    fn table(rows: &[Self]) -> Table {
        let mut table = Table::new(vec![
            Column::status("STATUS", "status"),
            Column::name("GROUP", "group"),
            Column::name("CLUSTER", "cluster"),
            Column::number("HEALTH", "health_score").useful(),
            Column::word("VERDICT", "lag_status"),
            Column::number("LAG TIME", "max_lag_secs"),
            Column::number("LAG", "total_lag_messages"),
            Column::number("CATCH-UP", "secs_to_catch_up").extra(),
            Column::word("TYPE", "group_type").extra(),
            Column::word("STATE", "state").useful(),
            Column::number("MEMBERS", "member_count").extra(),
            Column::number("TOPICS", "topic_count").extra(),
            Column::number("PARTS", "partition_count").extra(),
            Column::number("LOST", "messages_lost").useful(),
            Column::number("LOSS IN", "secs_to_data_loss").useful(),
            Column::number("AGE", "age_secs"),
        ]);
        for g in rows {
            table.push(vec![
                status_cell(g.status),
                Cell::text(&g.group),
                Cell::text(&g.cluster),
                score_cell(&g.health),
                Cell::optional(g.lag_status.as_deref()),
                Cell::age(g.max_lag_secs, g.lag_secs_method.as_deref()),
                Cell::count(g.total_lag_messages),
                page::catch_up(g),
                Cell::optional(g.group_type.as_deref()),
                Cell::optional(g.state.as_deref()),
                Cell::count(g.member_count),
                Cell::count(g.topic_count),
                Cell::count(g.partition_count),
                Cell::count(g.messages_lost),
                Cell::duration_secs(g.secs_to_data_loss),
                age_cell(&g.freshness),
            ]);
        }
        table
    }

    fn page(detail: &GroupDetail, unanswered: &[Capability], _context: &Context) -> Page {
        page::group(detail, unanswered)
    }
}
