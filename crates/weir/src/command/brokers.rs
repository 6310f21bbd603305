//! `weir brokers`.

use clap::Subcommand;
use weir_api::broker::Broker;

use super::noun::{self, DescribeArgs, GetArgs, ListArgs};
use crate::context::Context;
use crate::failure::Failure;

/// Show the brokers of the clusters
#[derive(Debug, Subcommand)]
pub enum BrokersCommand {
    /// List brokers, the worst first
    #[command(before_help = "\
Examples:
  weir brokers list --cluster orders
  weir brokers list --status critical
  weir brokers list --sort -disk_used_bytes -o csv")]
    List(ListArgs),
    /// Show the rows of these brokers, or with -o json everything about them
    #[command(before_help = "\
Examples:
  weir brokers get 1 2 --cluster orders
  weir brokers get 5 --cluster orders -o json")]
    Get(GetArgs),
    /// Describe one broker: health with its reasons, disk, partitions that are not well
    #[command(before_help = "\
Examples:
  weir brokers describe 5 --cluster orders")]
    Describe(DescribeArgs),
}

pub async fn run(command: BrokersCommand, context: &Context) -> Result<(), Failure> {
    match command {
        BrokersCommand::List(args) => noun::list::<Broker>(&args, context).await,
        BrokersCommand::Get(args) => noun::get::<Broker>(&args, context).await,
        BrokersCommand::Describe(args) => noun::describe::<Broker>(&args, context).await,
    }
}
