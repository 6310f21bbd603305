//! A broker described.

use weir_api::broker::BrokerDetail;
use weir_api::capability::Capability;

use super::super::brokers::latency_cell;
use super::super::status_cell;
use super::cluster::disk;
use super::{abnormal, freshness, health, unanswered};
use crate::output::{Cell, Page};

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
    abnormal(&mut page, &detail.abnormal_partitions);
    page
}
