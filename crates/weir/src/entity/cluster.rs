//! A cluster: its row and its page.

use weir_api::broker::Broker;
use weir_api::capability::Capability;
use weir_api::cluster::{Cluster, ClusterDetail};
use weir_api::group::Group;
use weir_api::list::ListQuery;
use weir_api::topic::Topic;
use weir_api::{Client, ClientError, List};

use super::Noun;
use super::cells::{age_cell, score_cell, status_cell};
use super::sections::{abnormal, freshness, health, unanswered};
use crate::context::Context;
use crate::output::{Cell, Column, Page, Table, number};

impl Noun for Cluster {
    const ONE: &'static str = "cluster";
    const MANY: &'static str = "clusters";
    const EVENT: &'static str = "KafkaClusterSample";
    type Detail = ClusterDetail;

    async fn list(client: &Client, query: &ListQuery) -> Result<List<Self>, ClientError> {
        client.clusters(query).await
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

    /// The server finds a cluster by its id too.
    fn search(name: &str, _cluster: Option<&str>) -> ListQuery {
        ListQuery { cluster: Some(name.to_owned()), ..ListQuery::default() }
    }

    fn is_called(&self, name: &str) -> bool {
        self.cluster == name || self.cluster_id.as_deref() == Some(name)
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
        page_of(detail, unanswered)
    }
}

fn page_of(detail: &ClusterDetail, not_answered: &[Capability]) -> Page {
    let c = &detail.cluster;
    let mut page = Page::new(format!("Cluster {}", c.cluster), status_cell(c.status));
    page.fact("Id", Cell::optional(c.cluster_id.as_deref()));
    page.fact("Environment", Cell::optional(c.environment.as_deref()));
    page.fact("Provider", Cell::optional(c.provider.as_deref()));
    page.fact("Source", Cell::optional(c.source.as_deref()));
    page.fact("Kafka", Cell::optional(c.kafka_version.as_deref()));
    freshness(&mut page, &c.freshness);
    page.fact("Brokers", Cell::count(c.broker_count));
    page.fact("Brokers offline", Cell::count(c.offline_brokers));
    page.fact("Brokers fenced", Cell::count(c.fenced_brokers));
    page.fact("Controller", Cell::optional(detail.controller_id.as_deref()));
    page.fact("Topics", Cell::count(c.topic_count));
    page.fact("Partitions", Cell::count(c.partition_count));
    page.fact("  offline", Cell::count(c.offline_partitions));
    page.fact("  under min ISR", Cell::count(c.under_min_isr_partitions));
    page.fact("  at min ISR", Cell::count(c.at_min_isr_partitions));
    page.fact("  under-replicated", Cell::count(c.under_replicated_partitions));
    page.fact("  reassigning", Cell::count(c.reassigning_partitions));
    page.fact("  led elsewhere", Cell::count(c.non_preferred_leaders));
    page.fact("Disk", disk(c.disk_used_bytes, c.disk_total_bytes, c.disk_free_bytes));
    page.fact("Log dirs offline", Cell::count(c.offline_log_dirs));
    page.fact("Messages in /s", Cell::rate(c.messages_in_per_sec));
    page.fact("Groups", Cell::count(c.group_count));
    page.fact("Total lag", Cell::count(c.total_lag_messages));
    page.fact("Max lag time", Cell::age(c.max_lag_secs, c.lag_secs_method.as_deref()));
    health(&mut page, &c.health, &c.reasons);
    unanswered(&mut page, not_answered);
    page.table(format!("Brokers ({})", detail.brokers.len()), Broker::table(&detail.brokers));
    abnormal(&mut page, &detail.abnormal_partitions);
    page.table("Worst topics", Topic::table(&detail.worst_topics));
    page.table("Worst groups", Group::table(&detail.worst_groups));
    page
}

/// `1.6 TiB of 9.8 TiB, 8.2 TiB free`, as far as it is known.
pub fn disk(used: Option<i64>, total: Option<i64>, free: Option<i64>) -> Cell {
    let Some(used) = used else { return Cell::missing() };
    let mut text = number::bytes(used);
    if let Some(total) = total {
        text.push_str(&format!(" of {}", number::bytes(total)));
    }
    if let Some(free) = free {
        text.push_str(&format!(", {} free", number::bytes(free)));
    }
    Cell::text(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_told_as_far_as_it_is_known() {
        assert_eq!(disk(Some(1 << 30), Some(4 << 30), None).shown, "1.0 GiB of 4.0 GiB");
        assert_eq!(disk(None, Some(1), Some(1)).shown, "-");
    }
}
