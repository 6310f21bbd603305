//! `weir brokers`.

use clap::Subcommand;
use weir_api::broker::{Broker, BrokerDetail};
use weir_api::capability::Capability;
use weir_api::list::ListQuery;
use weir_api::{Client, ClientError, List};

use super::noun::{self, DescribeArgs, GetArgs, ListArgs, Noun};
use super::{age_cell, page, score_cell, status_cell};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Cell, Column, Page, Table};

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

impl Noun for Broker {
    const ONE: &'static str = "broker";
    const MANY: &'static str = "brokers";
    const EVENT: &'static str = "KafkaBrokerSample";
    type Detail = BrokerDetail;

    async fn list(client: &Client, query: &ListQuery) -> Result<List<Self>, ClientError> {
        client.brokers(query).await
    }

    async fn detail(
        client: &Client,
        cluster: &str,
        name: &str,
    ) -> Result<BrokerDetail, ClientError> {
        client.broker(cluster, name).await
    }

    fn name(&self) -> &str {
        &self.broker_id
    }

    fn cluster(&self) -> &str {
        &self.cluster
    }

    fn table(rows: &[Self]) -> Table {
        let mut table = Table::new(vec![
            Column::status("STATUS", "status"),
            Column::name("BROKER", "broker_id"),
            Column::name("CLUSTER", "cluster"),
            Column::number("HEALTH", "health_score"),
            Column::name("HOST", "host").useful(),
            Column::word("RACK", "rack").extra(),
            Column::word("STATE", "broker_status"),
            Column::word("CONTROLLER", "is_controller").useful(),
            Column::number("LEADERS", "leader_count").useful(),
            Column::number("REPLICAS", "partition_count").extra(),
            Column::number("URP", "under_replicated_partitions"),
            Column::number("DISK", "disk_used_bytes").useful(),
            Column::number("FREE", "disk_free_bytes").extra(),
            Column::number("LATENCY", "request_latency_ms").extra(),
            Column::number("AGE", "age_secs"),
        ]);
        for b in rows {
            table.push(vec![
                status_cell(b.status),
                Cell::text(&b.broker_id),
                Cell::text(&b.cluster),
                score_cell(&b.health),
                Cell::optional(b.host.as_deref()),
                Cell::optional(b.rack.as_deref()),
                Cell::optional(b.broker_status.as_deref()),
                Cell::yes_no(b.is_controller),
                Cell::count(b.leader_count),
                Cell::count(b.partition_count),
                Cell::count(b.under_replicated_partitions),
                Cell::bytes(b.disk_used_bytes),
                Cell::bytes(b.disk_free_bytes),
                latency_cell(b.request_latency_ms),
                age_cell(&b.freshness),
            ]);
        }
        table
    }

    fn page(detail: &BrokerDetail, unanswered: &[Capability], _context: &Context) -> Page {
        page::broker(detail, unanswered)
    }
}

pub fn latency_cell(millis: Option<f64>) -> Cell {
    match millis {
        Some(ms) => Cell { raw: ms.to_string(), ..Cell::text(format!("{ms:.1}ms")) },
        None => Cell::missing(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latency_is_in_milliseconds() {
        let slow = latency_cell(Some(1500.25));
        assert_eq!((slow.shown.as_str(), slow.raw.as_str()), ("1500.2ms", "1500.25"));
        assert_eq!(latency_cell(None).shown, "-");
    }
}
