//! A broker: its row and its page.

use weir_api::broker::{Broker, BrokerDetail, LogDir};
use weir_api::capability::Capability;
use weir_api::list::ListQuery;
use weir_api::{Client, ClientError, List};

use super::Noun;
use super::cells::{age_cell, latency_cell, score_cell, status_cell};
use super::cluster::disk;
use super::sections::{ROWS_MAX, abnormal, counted, freshness, health, unanswered};
use crate::context::Context;
use crate::output::{Cell, Column, Page, Table};

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
        page_of(detail, unanswered)
    }
}

fn page_of(detail: &BrokerDetail, not_answered: &[Capability]) -> Page {
    let b = &detail.broker;
    let mut page = Page::new(format!("Broker {}", b.broker_id), status_cell(b.status));
    page.fact("Cluster", Cell::text(&b.cluster));
    page.fact("Host", Cell::optional(b.host.as_deref()));
    page.fact("Rack", Cell::optional(b.rack.as_deref()));
    page.fact("State", Cell::optional(b.broker_status.as_deref()));
    page.fact("Controller", Cell::yes_no(b.is_controller));
    freshness(&mut page, &b.freshness);
    page.fact("Leads", Cell::count(b.leader_count));
    page.fact("  under-replicated", Cell::count(b.under_replicated_partitions));
    page.fact("Replicas", Cell::count(b.partition_count));
    page.fact("Coordinates groups", Cell::count(Some(detail.coordinated_group_count)));
    page.fact("Disk", disk(b.disk_used_bytes, b.disk_total_bytes, b.disk_free_bytes));
    page.fact("Log dirs offline", Cell::count(b.offline_log_dirs));
    page.fact("Answers us in", latency_cell(b.request_latency_ms));
    health(&mut page, &b.health, &b.reasons);
    unanswered(&mut page, not_answered);
    log_dirs(&mut page, &detail.log_dirs);
    abnormal(&mut page, &detail.abnormal_partitions);
    page
}

fn log_dirs(page: &mut Page, dirs: &[LogDir]) {
    let mut table = Table::new(vec![
        Column::status("STATE", "log_dir_status"),
        Column::name("PATH", "path"),
        Column::number("REPLICAS", "replica_count"),
        Column::number("USED", "used_bytes"),
        Column::number("FREE", "free_bytes"),
        Column::number("VOLUME", "total_bytes"),
        Column::number("AGE", "age_secs"),
        Column::sentence("ERROR", "error"),
    ]);
    for dir in dirs.iter().take(ROWS_MAX) {
        let state = dir.log_dir_status.as_deref().unwrap_or("UNKNOWN");
        table.push(vec![
            Cell { tone: status_cell(dir.status).tone, ..Cell::text(state) },
            Cell::text(&dir.path),
            Cell::count(dir.replica_count),
            Cell::bytes(dir.used_bytes),
            Cell::bytes(dir.free_bytes),
            Cell::bytes(dir.total_bytes),
            age_cell(&dir.freshness),
            Cell::optional(dir.error.as_deref()),
        ]);
    }
    page.table(counted("Log directories", dirs.len() as u64), table);
}
