//! Sections that pages of several entities share.

use weir_api::capability::Capability;
use weir_api::partition::AbnormalPartitions;
use weir_api::{Freshness, Health};

use super::cells::{age_cell, status_cell};
use crate::output::{Cell, Column, Page, Table, Tone};

/// Rows of one section; the rest is counted.
pub const ROWS_MAX: usize = 20;

/// The age of what is shown, and how much of the cycle behind it was answered.
pub fn freshness(page: &mut Page, freshness: &Freshness) {
    page.fact("Age", age_cell(freshness));
    page.fact("Completeness", Cell::ratio(freshness.completeness));
}

/// Every point with its rule and value, and what could not be checked.
pub fn health(page: &mut Page, health: &Health, reasons: &[String]) {
    let score = match health.health_score {
        Some(score) => format!("{score:.0} of 100"),
        None => "no score: too little is known".to_owned(),
    };
    let mut lines = vec![(None, score)];
    for it in &health.health_findings {
        let line = format!("-{:.0}  {} ({} {})", it.points, it.text, it.rule, it.value);
        lines.push((Some(Tone::Warning), line));
    }
    let is_finding = |text: &&String| health.health_findings.iter().any(|it| it.text == **text);
    let others = reasons.iter().filter(|text| !is_finding(text));
    lines.extend(others.map(|text| (Some(Tone::Unknown), text.clone())));
    if !health.health_not_checked.is_empty() {
        let rules = health.health_not_checked.join(", ");
        lines.push((Some(Tone::Dim), format!("not checked: {rules}")));
    }
    page.lines("Health", lines);
}

/// Which questions the cluster does not answer in full, and the right that would help.
pub fn unanswered(page: &mut Page, unanswered: &[Capability]) {
    let line = |it: &Capability| {
        let state = it.state.as_str().replace('_', " ");
        let detail = it.detail.as_deref().unwrap_or("no reason is known");
        (Some(Tone::Warning), format!("{}: {state}: {detail}", it.question))
    };
    page.lines("Not answered in full", unanswered.iter().map(line).collect());
}

pub fn abnormal(page: &mut Page, partitions: &AbnormalPartitions) {
    let mut table = Table::new(vec![
        Column::status("STATE", "partition_status"),
        Column::name("TOPIC", "topic"),
        Column::number("PART", "partition"),
        Column::word("LEADER", "leader").useful(),
        Column::word("IN SYNC", "isr_count"),
        Column::number("END", "log_end_offset").useful(),
        Column::number("SIZE", "size_bytes").extra(),
        Column::number("AGE", "age_secs"),
    ]);
    for p in partitions.items.iter().take(ROWS_MAX) {
        let state = p.partition_status.as_deref().unwrap_or("UNKNOWN");
        let known = |n: Option<i64>| n.map_or("?".to_owned(), |n| n.to_string());
        table.push(vec![
            Cell { tone: status_cell(p.status).tone, ..Cell::text(state) },
            Cell::text(&p.topic),
            Cell::count(Some(p.partition)),
            Cell::optional(p.leader.as_deref()),
            Cell::text(format!("{} of {}", known(p.isr_count), known(p.replica_count))),
            Cell::count(p.log_end_offset),
            Cell::bytes(p.size_bytes),
            age_cell(&p.freshness),
        ]);
    }
    let all = partitions.items.len() as u64 + partitions.left_out_count;
    page.table(counted("Partitions that are not well", all), table);
}

/// A title with how many there are, where not all are shown.
pub fn counted(title: &str, all: u64) -> String {
    match all {
        all if all > ROWS_MAX as u64 => format!("{title} ({ROWS_MAX} of {all}, the worst)"),
        all => format!("{title} ({all})"),
    }
}
