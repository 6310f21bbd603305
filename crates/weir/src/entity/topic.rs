//! A topic: its row and its page.

use weir_api::capability::Capability;
use weir_api::list::ListQuery;
use weir_api::topic::{Topic, TopicDetail, TopicGroupDetail};
use weir_api::{Client, ClientError, List};

use super::Noun;
use super::cells::{age_cell, retention_cell, score_cell, status_cell, trend_cell, verdict_tone};
use super::sections::{ROWS_MAX, abnormal, counted, freshness, health, unanswered};
use crate::context::Context;
use crate::output::{Cell, Column, Page, Table, Tone};

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
        page_of(detail, unanswered, context)
    }
}

fn page_of(detail: &TopicDetail, not_answered: &[Capability], context: &Context) -> Page {
    let t = &detail.topic;
    let mut page = Page::new(format!("Topic {}", t.topic), status_cell(t.status));
    page.fact("Cluster", Cell::text(&t.cluster));
    freshness(&mut page, &t.freshness);
    page.fact("Partitions", Cell::count(t.partition_count));
    page.fact("  offline", Cell::count(t.offline_partitions));
    page.fact("  under min ISR", Cell::count(t.under_min_isr_partitions));
    page.fact("  at min ISR", Cell::count(t.at_min_isr_partitions));
    page.fact("  under-replicated", Cell::count(t.under_replicated_partitions));
    page.fact("  reassigning", Cell::count(t.reassigning_partitions));
    page.fact("  led elsewhere", Cell::count(t.non_preferred_leaders));
    page.fact("Replication factor", Cell::count(t.replication_factor));
    page.fact("Min ISR", Cell::count(t.min_insync_replicas));
    page.fact("Cleanup policy", Cell::optional(t.cleanup_policy.as_deref()));
    page.fact("Retention", retention_cell(t.retention_ms));
    page.fact("Size on disk", Cell::bytes(t.size_bytes));
    page.fact("Messages in /s", Cell::rate(t.messages_in_per_sec));
    health(&mut page, &t.health, &t.reasons);
    unanswered(&mut page, not_answered);
    let all = detail.groups.len() as u64;
    page.table(counted("Groups", all), groups(&detail.groups, context));
    abnormal(&mut page, &detail.abnormal_partitions);
    page
}

fn groups(groups: &[TopicGroupDetail], context: &Context) -> Table {
    let mut table = Table::new(vec![
        Column::status("VERDICT", "lag_status"),
        Column::name("GROUP", "group"),
        Column::word("STATE", "state"),
        Column::number("MEMBERS", "member_count").extra(),
        Column::number("LAG TIME", "max_lag_secs"),
        Column::word("TREND", "lag_trend").useful(),
        Column::number("LAG", "lag_messages"),
        Column::number("CATCH-UP", "secs_to_catch_up").extra(),
        Column::number("LOST", "messages_lost").useful(),
        Column::number("LOSS IN", "secs_to_data_loss").useful(),
    ]);
    for g in groups.iter().take(ROWS_MAX) {
        let it = &g.on_topic;
        table.push(vec![
            verdict(it.lag_status.as_deref(), it.stale),
            Cell::text(&it.group),
            Cell::optional(g.state.as_deref()),
            Cell::count(g.member_count),
            Cell::age(it.max_lag_secs, it.lag_secs_method.as_deref()),
            trend_cell(&g.lag_trend, context),
            Cell::count(it.lag_messages),
            Cell::duration_secs(g.secs_to_catch_up),
            Cell::count(it.messages_lost),
            Cell::duration_secs(it.secs_to_data_loss),
        ]);
    }
    table
}

fn verdict(word: Option<&str>, is_stale: bool) -> Cell {
    match word {
        _ if is_stale => Cell::status(Tone::Unknown, "STALE"),
        Some(word) => Cell::status(verdict_tone(word), word),
        None => Cell::missing(),
    }
}
