//! The answer of an inner query as the rows of the outer one.

use std::sync::Arc;

use weir_types::TimeRange;

use super::{Group, Groups, Outcome};
use crate::datum::Datum;
use crate::plan::{Body, GroupPlan, Plan};
use crate::row::TableRow;

pub fn into_table(plan: &Plan, outcome: Outcome) -> Vec<TableRow> {
    match (outcome, &plan.body) {
        (Outcome::Groups(groups), Body::Groups(plan)) => groups_table(plan, &groups),
        (Outcome::Rows(rows), _) => rows,
        (Outcome::Groups(_), Body::Rows(_)) => Vec::new(),
    }
}

fn groups_table(plan: &GroupPlan, groups: &Groups) -> Vec<TableRow> {
    let mut rows = Vec::new();
    for group in &groups.groups {
        if plan.timeseries.is_none() {
            rows.push(row(plan, group, &group.overall, None, rows.len()));
        }
        for (values, bucket) in group.buckets.iter().zip(&groups.buckets) {
            rows.push(row(plan, group, values, Some(*bucket), rows.len()));
        }
    }
    rows
}

fn row(
    plan: &GroupPlan,
    group: &Group,
    values: &[Datum],
    bucket: Option<TimeRange>,
    place: usize,
) -> TableRow {
    let items = plan.facet.iter().flat_map(|facet| &facet.items);
    let keys = items.zip(&group.key).flat_map(|(item, value)| match value {
        // Every dimension of `dimensions()` is a column.
        Datum::Map(pairs) => pairs.to_vec(),
        value => vec![(item.name.clone(), value.clone())],
    });
    let names = plan.columns.iter().map(|column| column.nested_key.clone());
    let mut columns: Vec<(Arc<str>, Datum)> =
        keys.chain(names.zip(values.iter().cloned())).collect();
    if let Some(bucket) = bucket {
        let seconds = |millis: i64| Datum::whole(millis as f64 / 1_000.0);
        columns.push(("beginTimeSeconds".into(), seconds(bucket.begin.as_millis())));
        columns.push(("endTimeSeconds".into(), seconds(bucket.end.as_millis())));
    }
    let timestamp = bucket.map(|bucket| bucket.begin.as_millis());
    TableRow { timestamp, sequence: place as u64, columns }
}
