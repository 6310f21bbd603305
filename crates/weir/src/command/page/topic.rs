//! A topic described.

use weir_api::capability::Capability;
use weir_api::topic::{TopicDetail, TopicGroupDetail};

use super::super::lag::verdict_tone;
use super::super::status_cell;
use super::super::topics::retention_cell;
use super::{ROWS_MAX, abnormal, counted, freshness, health, unanswered};
use crate::context::Context;
use crate::output::{Cell, Column, Page, Table, Tone};

pub fn topic(detail: &TopicDetail, not_answered: &[Capability], context: &Context) -> Page {
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
            super::super::lag::trend_cell(&g.lag_trend, context),
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
