//! A consumer group: its row and its page.

use weir_api::capability::Capability;
use weir_api::group::{Group, GroupDetail, Member};
use weir_api::list::ListQuery;
use weir_api::{Client, ClientError, List};

use super::Noun;
use super::cells::{age_cell, partition_verdict_cell, score_cell, status_cell};
use super::sections::{ROWS_MAX, counted, freshness, health, unanswered};
use crate::context::Context;
use crate::output::{Cell, Column, Page, Table, number};

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
                catch_up(g),
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
        page_of(detail, unanswered)
    }
}

fn page_of(detail: &GroupDetail, not_answered: &[Capability]) -> Page {
    let g = &detail.group;
    let mut page = Page::new(format!("Group {}", g.group), status_cell(g.status));
    page.fact("Cluster", Cell::text(&g.cluster));
    page.fact("Type", Cell::optional(g.group_type.as_deref()));
    page.fact("State", Cell::optional(g.state.as_deref()));
    page.fact("Coordinator", Cell::optional(g.coordinator_id.as_deref()));
    page.fact("Assignor", Cell::optional(g.assignor.as_deref()));
    page.fact("Abandoned", Cell::yes_no(g.abandoned));
    freshness(&mut page, &g.freshness);
    page.fact("Topics", Cell::count(g.topic_count));
    page.fact("Partitions", Cell::count(g.partition_count));
    page.fact("Members", Cell::count(g.member_count));
    page.fact("Rebalances seen", Cell::count(g.rebalance_count));
    page.fact("Verdict", Cell::optional(g.lag_status.as_deref()));
    page.fact("Max lag time", Cell::age(g.max_lag_secs, g.lag_secs_method.as_deref()));
    page.fact("Total lag", Cell::count(g.total_lag_messages));
    page.fact("Lag change /s", velocity(g.lag_velocity_per_sec));
    page.fact("Catch-up", catch_up(g));
    page.fact("Messages lost", Cell::count(g.messages_lost));
    page.fact("Data loss in", Cell::duration_secs(g.secs_to_data_loss));
    health(&mut page, &g.health, &g.reasons);
    unanswered(&mut page, not_answered);
    page.table(counted("Members", detail.members.len() as u64), members(&detail.members));
    page.table(counted("Partitions", detail.partitions.len() as u64), partitions(detail));
    page
}

/// Growing or shrinking, so with its sign.
fn velocity(per_sec: Option<f64>) -> Cell {
    match per_sec {
        Some(v) if v > 0.0 => Cell::text(format!("+{}", number::rate(v))),
        other => Cell::rate(other),
    }
}

/// A group that falls behind never catches up at this rate, which is known; one that is well only
/// breathes.
pub fn catch_up(g: &Group) -> Cell {
    let is_growing = g.lag_velocity_per_sec.is_some_and(|velocity| velocity > 0.0);
    let is_behind = matches!(g.lag_status.as_deref(), Some("WARN" | "ERR"));
    if g.secs_to_catch_up.is_none() && is_growing && is_behind {
        return Cell { raw: String::new(), ..Cell::text("never") };
    }
    Cell::duration_secs(g.secs_to_catch_up)
}

fn members(members: &[Member]) -> Table {
    let mut table = Table::new(vec![
        Column::name("CLIENT", "client_id"),
        Column::name("HOST", "client_host"),
        Column::number("PARTITIONS", "assigned_partitions"),
        Column::word("TYPE", "member_type").extra(),
        Column::name("MEMBER", "member_id").extra(),
        Column::number("AGE", "age_secs"),
    ]);
    for m in members.iter().take(ROWS_MAX) {
        table.push(vec![
            Cell::optional(m.client_id.as_deref()),
            Cell::optional(m.client_host.as_deref()),
            Cell::count(m.assigned_partitions),
            Cell::optional(m.member_type.as_deref()),
            Cell::text(&m.member_id),
            age_cell(&m.freshness),
        ]);
    }
    table
}

fn partitions(detail: &GroupDetail) -> Table {
    let mut table = Table::new(vec![
        Column::status("VERDICT", "lag_status"),
        Column::name("TOPIC", "topic"),
        Column::number("PART", "partition"),
        Column::number("LAG TIME", "lag_secs"),
        Column::word("BETWEEN", "lag_secs_low").extra(),
        Column::number("LAG", "lag_messages"),
        Column::number("COMMITTED", "committed_offset").useful(),
        Column::number("END", "log_end_offset").extra(),
        Column::number("LAST MOVED", "commit_age_secs").useful(),
        Column::number("LOST", "messages_lost").useful(),
        Column::number("LOSS IN", "secs_to_data_loss").useful(),
        Column::name("CLIENT", "client_id").extra(),
        Column::number("AGE", "age_secs"),
    ]);
    for p in detail.partitions.iter().take(ROWS_MAX) {
        table.push(vec![
            partition_verdict_cell(p),
            Cell::text(&p.topic),
            Cell::count(Some(p.partition)),
            Cell::age(p.lag_secs, p.lag_secs_method.as_deref()),
            bracket(p.lag_secs_low, p.lag_secs_high),
            Cell::count(p.lag_messages),
            Cell::count(p.committed_offset),
            Cell::count(p.log_end_offset),
            Cell::duration_secs(p.commit_age_secs),
            Cell::count(p.messages_lost),
            Cell::duration_secs(p.secs_to_data_loss),
            Cell::optional(p.client_id.as_deref()),
            age_cell(&p.freshness),
        ]);
    }
    table
}

/// `2.1s..4.0s`; open above where the age is only known from below.
fn bracket(low: Option<f64>, high: Option<f64>) -> Cell {
    let Some(low) = low else { return Cell::missing() };
    let high = high.map(number::duration).unwrap_or_default();
    Cell::text(format!("{}..{high}", number::duration(low)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bracket_may_be_open() {
        assert_eq!(bracket(Some(2.1), Some(61.0)).shown, "2.1s..1m01s");
        assert_eq!(bracket(Some(25.0), None).shown, "25s..");
        assert_eq!(bracket(None, None).shown, "-");
    }

    #[test]
    fn a_change_wears_its_sign() {
        let shown = [Some(12.0), Some(-3.0), Some(0.0), None].map(|v| velocity(v).shown);
        assert_eq!(shown, ["+12.0", "-3.0", "0.0", "-"]);
    }
}
