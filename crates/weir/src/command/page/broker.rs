//! A broker described.

use weir_api::broker::{BrokerDetail, LogDir};
use weir_api::capability::Capability;

use super::super::brokers::latency_cell;
use super::super::status_cell;
use super::cluster::disk;
use super::{ROWS_MAX, abnormal, counted, freshness, health, unanswered};
use crate::command::age_cell;
use crate::output::{Cell, Column, Page, Table};

pub fn broker(detail: &BrokerDetail, not_answered: &[Capability]) -> Page {
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
