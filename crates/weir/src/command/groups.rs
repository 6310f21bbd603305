//! `weir groups`.

use clap::{Args, Subcommand};
use weir_api::List;
use weir_api::group::Group;

use super::noun::{self, DescribeArgs, GetArgs, ListArgs};
use super::{lag, tell_about};
use crate::context::Context;
use crate::entity::Noun;
use crate::failure::Failure;

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
