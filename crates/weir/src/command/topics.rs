//! `weir topics`.

use clap::Subcommand;
use weir_api::topic::Topic;

use super::noun::{self, DescribeArgs, GetArgs, ListArgs};
use crate::context::Context;
use crate::failure::Failure;

/// Show the topics of the clusters
#[derive(Debug, Subcommand)]
pub enum TopicsCommand {
    /// List topics, the worst first, each with the group that is the furthest behind
    #[command(before_help = "\
Examples:
  weir topics list --cluster orders
  weir topics list --search payments --sort -size_bytes
  weir topics list --limit 50000 -o csv")]
    List(ListArgs),
    /// Show the rows of these topics, or with -o json everything about them
    #[command(before_help = "\
Examples:
  weir topics get orders payments
  weir topics get orders --cluster eu -o yaml")]
    Get(GetArgs),
    /// Describe one topic: health with its reasons, groups, partitions that are not well
    #[command(before_help = "\
Examples:
  weir topics describe orders
  weir topics describe orders --cluster eu")]
    Describe(DescribeArgs),
}

pub async fn run(command: TopicsCommand, context: &Context) -> Result<(), Failure> {
    match command {
        TopicsCommand::List(args) => noun::list::<Topic>(&args, context).await,
        TopicsCommand::Get(args) => noun::get::<Topic>(&args, context).await,
        TopicsCommand::Describe(args) => noun::describe::<Topic>(&args, context).await,
    }
}
