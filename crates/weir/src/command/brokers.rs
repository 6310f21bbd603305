//! `weir brokers`.

use clap::Subcommand;
use weir_api::broker::Broker;

use super::{age_cell, status_cell, tell_about};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Cell, Column, Table};

/// Show the brokers of the clusters
#[derive(Debug, Subcommand)]
pub enum BrokersCommand {
    /// List brokers, the worst first
    #[command(before_help = "\
Examples:
  weir brokers list --cluster orders
  weir brokers list -o csv")]
    List {
        /// Show this cluster alone
        #[arg(long, value_name = "NAME")]
        cluster: Option<String>,
    },
}

pub async fn run(command: BrokersCommand, context: &Context) -> Result<(), Failure> {
    let BrokersCommand::List { cluster } = command;
    let list = context.client()?.brokers(cluster.as_deref()).await?;
    context.output.data(&list, &table_of(&list.items))?;
    tell_about(&list, "brokers", context);
    Ok(())
}

fn table_of(brokers: &[Broker]) -> Table {
    let mut table = Table::new(vec![
        Column::status("STATUS", "status"),
        Column::name("BROKER", "broker_id"),
        Column::name("CLUSTER", "cluster"),
        Column::name("HOST", "host"),
        Column::word("RACK", "rack").extra(),
        Column::word("STATE", "broker_status"),
        Column::word("CONTROLLER", "is_controller").extra(),
        Column::number("LEADERS", "leader_count"),
        Column::number("REPLICAS", "partition_count"),
        Column::number("URP", "under_replicated_partitions"),
        Column::number("LATENCY", "request_latency_ms"),
        Column::number("AGE", "age_secs").extra(),
    ]);
    for b in brokers {
        table.push(vec![
            status_cell(b.status),
            Cell::text(&b.broker_id),
            Cell::text(&b.cluster),
            Cell::optional(b.host.as_deref()),
            Cell::optional(b.rack.as_deref()),
            Cell::optional(b.broker_status.as_deref()),
            Cell::optional(b.is_controller.map(|is| if is { "yes" } else { "no" })),
            Cell::count(b.leader_count),
            Cell::count(b.partition_count),
            Cell::count(b.under_replicated_partitions),
            latency_cell(b.request_latency_ms),
            age_cell(&b.freshness),
        ]);
    }
    table
}

fn latency_cell(millis: Option<f64>) -> Cell {
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
