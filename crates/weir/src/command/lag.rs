//! `weir groups lag`: who is behind, worst first.

use std::time::Duration;

use clap::{Args, ValueEnum};
use weir_api::group::{Group, GroupDetail, GroupPartition};
use weir_api::list::ListQuery;
use weir_api::{Client, List, Status};

use super::groups::{leave_out_resting, tell_of_resting};
use super::noun::unknown;
use super::tell_about;
use crate::context::Context;
use crate::entity::cells::{age_cell, partition_verdict_cell, status_cell, trend_cell};
use crate::failure::Failure;
use crate::output::{Cell, Column, Table};

/// Clears the screen and goes to its top left corner.
const CLEAR: &str = "\x1b[H\x1b[2J";
/// Sources poll more slowly than this anyway.
const INTERVAL_MIN: Duration = Duration::from_secs(1);

/// Show who is behind, worst first
///
/// Lag is in messages, and in time where it is known. TREND is the lag of the last hour. `-` means
/// not known: a group that never committed has no lag, which is not a lag of 0.
#[derive(Debug, Args)]
#[command(before_help = "\
Examples:
  weir groups lag
  weir groups lag orders-enricher --by partition
  weir groups lag --cluster orders --watch")]
#[command(after_help = "\
Exit codes:
  0  answered, whatever the lag
  5  no such group
  6  no server answers, or not in time")]
pub struct LagArgs {
    /// Show this group alone
    #[arg(value_name = "GROUP")]
    pub group: Option<String>,
    /// Show this cluster alone
    #[arg(long, value_name = "NAME")]
    pub cluster: Option<String>,
    /// Give each of these its own line
    #[arg(long, value_enum, default_value_t)]
    pub by: By,
    /// Show again at this interval (5s when none is given), until Ctrl-C
    #[arg(long, value_name = "DURATION", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "5s", value_parser = weir_config::parse_duration)]
    pub watch: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum By {
    #[default]
    Group,
    Partition,
}

pub async fn run(args: LagArgs, context: &Context) -> Result<(), Failure> {
    let client = context.client()?;
    let Some(interval) = args.watch else { return show(&args, &client, context, "").await };
    let redraw = context.output.is_on_screen();
    loop {
        show(&args, &client, context, if redraw { CLEAR } else { "" }).await?;
        tokio::time::sleep(interval.max(INTERVAL_MIN)).await;
    }
}

/// `before` goes out once the answer is there, so that a redrawn screen is never blank.
async fn show(
    args: &LagArgs,
    client: &Client,
    context: &Context,
    before: &str,
) -> Result<(), Failure> {
    let query = ListQuery { cluster: args.cluster.clone(), ..ListQuery::default() };
    let mut list = client.groups(&query).await?;
    let mut resting = 0;
    match &args.group {
        Some(name) => keep(&mut list, name)?,
        None => resting = leave_out_resting(&mut list, context),
    }
    match args.by {
        By::Group => {
            context.output.text(before)?;
            context.output.data(&list, &table_of(&list.items, context))?;
        }
        By::Partition => {
            let details = details_of(&list, client).await?;
            context.output.text(before)?;
            context.output.data(&details, &partitions_of(&details.items))?;
            if details.items.iter().any(|detail| detail.partitions_truncated) {
                context.output.warn("a group has more partitions than are shown");
            }
        }
    }
    tell_of_resting(resting, context);
    tell_about(&list, args.group.is_some(), args.cluster.as_deref(), context);
    Ok(())
}

fn keep(list: &mut List<Group>, name: &str) -> Result<(), Failure> {
    if !list.items.iter().any(|group| group.group == name) {
        return Err(unknown("group", "groups", name, list.items.iter().map(|g| g.group.as_str())));
    }
    list.items.retain(|group| group.group == name);
    Ok(())
}

async fn details_of(list: &List<Group>, client: &Client) -> Result<List<GroupDetail>, Failure> {
    let mut details = Vec::with_capacity(list.items.len());
    for group in &list.items {
        details.push(client.group(&group.cluster, &group.group).await?);
    }
    let (truncated, left_out_count) = (list.truncated, list.left_out_count);
    Ok(List { truncated, left_out_count, ..List::whole(list.as_of_ms, details) })
}

fn table_of(groups: &[Group], context: &Context) -> Table {
    let mut table = Table::new(vec![
        Column::status("STATUS", "lag_status"),
        Column::name("GROUP", "group"),
        Column::name("CLUSTER", "cluster"),
        Column::word("STATE", "state").extra(),
        Column::number("LAG TIME", "max_lag_secs"),
        Column::word("TREND", "lag_trend").useful(),
        Column::number("LAG", "total_lag_messages"),
        Column::number("WORST", "max_lag_messages").extra(),
        Column::number("MEMBERS", "member_count").extra(),
        Column::number("AGE", "age_secs").useful(),
    ]);
    for g in groups {
        table.push(vec![
            verdict_cell(g.status, g.lag_status.as_deref()),
            Cell::text(&g.group),
            Cell::text(&g.cluster),
            Cell::optional(g.state.as_deref()),
            Cell::age(g.max_lag_secs, g.lag_secs_method.as_deref()),
            trend_cell(&g.lag_trend, context),
            Cell::count(g.total_lag_messages),
            Cell::count(g.max_lag_messages),
            Cell::count(g.member_count),
            age_cell(&g.freshness),
        ]);
    }
    table
}

fn partitions_of(groups: &[GroupDetail]) -> Table {
    let mut table = Table::new(vec![
        Column::status("STATUS", "lag_status"),
        Column::name("GROUP", "group"),
        Column::name("CLUSTER", "cluster").extra(),
        Column::name("TOPIC", "topic"),
        Column::number("PART", "partition"),
        Column::number("LAG TIME", "lag_secs"),
        Column::number("LAG", "lag_messages"),
        Column::number("COMMITTED", "committed_offset").useful(),
        Column::number("END", "log_end_offset").useful(),
        Column::number("START", "log_start_offset").extra(),
        Column::number("LOST", "messages_lost").useful(),
        Column::name("CLIENT", "client_id").extra(),
        Column::number("AGE", "age_secs").useful(),
    ]);
    for detail in groups {
        for partition in &detail.partitions {
            table.push(partition_row(&detail.group, partition));
        }
    }
    table
}

fn partition_row(group: &Group, p: &GroupPartition) -> Vec<Cell> {
    vec![
        partition_verdict_cell(p),
        Cell::text(&group.group),
        Cell::text(&group.cluster),
        Cell::text(&p.topic),
        Cell::count(Some(p.partition)),
        Cell::age(p.lag_secs, p.lag_secs_method.as_deref()),
        Cell::count(p.lag_messages),
        Cell::count(p.committed_offset),
        Cell::count(p.log_end_offset),
        Cell::count(p.log_start_offset),
        Cell::count(p.messages_lost),
        Cell::optional(p.client_id.as_deref()),
        age_cell(&p.freshness),
    ]
}

/// The verdict on the lag where there is one, in the tone of the status.
fn verdict_cell(status: Status, verdict: Option<&str>) -> Cell {
    let by_status = status_cell(status);
    match verdict {
        Some(word) if status != Status::Stale => Cell { tone: by_status.tone, ..Cell::text(word) },
        _ => by_status,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Tone;

    #[test]
    fn a_verdict_takes_the_tone_of_the_status() {
        let stall = verdict_cell(Status::Critical, Some("STALL"));
        assert_eq!((stall.shown.as_str(), stall.tone), ("STALL", Some(Tone::Critical)));
        assert_eq!(verdict_cell(Status::Stale, Some("OK")).shown, "STALE");
        assert_eq!(verdict_cell(Status::Unknown, None).shown, "UNKNOWN");
    }
}
