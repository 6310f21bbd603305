//! `weir topics`.

use clap::Subcommand;
use weir_api::capability::Capability;
use weir_api::list::ListQuery;
use weir_api::topic::{Topic, TopicDetail};
use weir_api::{Client, ClientError, List};

use super::noun::{self, DescribeArgs, GetArgs, ListArgs, Noun};
use super::{age_cell, page, score_cell, status_cell};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Cell, Column, Page, Table};

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

impl Noun for Topic {
    const ONE: &'static str = "topic";
    const MANY: &'static str = "topics";
    const EVENT: &'static str = "KafkaTopicSample";
    type Detail = TopicDetail;

    async fn list(client: &Client, query: &ListQuery) -> Result<List<Self>, ClientError> {
        client.topics(query).await
    }

    async fn detail(
        client: &Client,
        cluster: &str,
        name: &str,
    ) -> Result<TopicDetail, ClientError> {
        client.topic(cluster, name).await
    }

    fn name(&self) -> &str {
        &self.topic
    }

    fn cluster(&self) -> &str {
        &self.cluster
    }

    fn table(rows: &[Self]) -> Table {
        let mut table = Table::new(vec![
            Column::status("STATUS", "status"),
            Column::name("TOPIC", "topic"),
            Column::name("CLUSTER", "cluster"),
            Column::number("HEALTH", "health_score"),
            Column::number("PARTS", "partition_count").extra(),
            Column::number("RF", "replication_factor").extra(),
            Column::number("MIN-ISR", "min_insync_replicas").extra(),
            Column::number("OFFLINE", "offline_partitions"),
            Column::number("URP", "under_replicated_partitions"),
            Column::number("MSG/S", "messages_in_per_sec").extra(),
            Column::number("SIZE", "size_bytes").extra(),
            Column::number("RETENTION", "retention_ms").extra(),
            Column::number("GROUPS", "group_count").extra(),
            Column::name("WORST GROUP", "worst_group").useful(),
            Column::number("LAG TIME", "worst_group_lag_secs").useful(),
            Column::number("AGE", "age_secs"),
        ]);
        for t in rows {
            let worst = t.worst_groups.first();
            let method = worst.and_then(|g| g.lag_secs_method.as_deref());
            table.push(vec![
                status_cell(t.status),
                Cell::text(&t.topic),
                Cell::text(&t.cluster),
                score_cell(&t.health),
                Cell::count(t.partition_count),
                Cell::count(t.replication_factor),
                Cell::count(t.min_insync_replicas),
                Cell::count(t.offline_partitions),
                Cell::count(t.under_replicated_partitions),
                Cell::rate(t.messages_in_per_sec),
                Cell::bytes(t.size_bytes),
                retention_cell(t.retention_ms),
                Cell::count(Some(t.group_count)),
                Cell::optional(worst.map(|g| g.group.as_str())),
                Cell::age(worst.and_then(|g| g.max_lag_secs), method),
                age_cell(&t.freshness),
            ]);
        }
        table
    }

    fn page(detail: &TopicDetail, unanswered: &[Capability], context: &Context) -> Page {
        page::topic(detail, unanswered, context)
    }
}

/// Kafka writes -1 for "for ever".
pub fn retention_cell(retention_ms: Option<i64>) -> Cell {
    match retention_ms {
        Some(-1) => Cell { raw: "-1".into(), ..Cell::text("forever") },
        Some(ms) => Cell { raw: ms.to_string(), ..Cell::duration_secs(Some(ms as f64 / 1000.0)) },
        None => Cell::missing(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retention_reads_as_time_and_stays_milliseconds_in_csv() {
        let week = retention_cell(Some(604_800_000));
        assert_eq!((week.shown.as_str(), week.raw.as_str()), ("7d00h", "604800000"));
        assert_eq!(retention_cell(Some(-1)).shown, "forever");
        assert_eq!(retention_cell(None).shown, "-");
    }
}
