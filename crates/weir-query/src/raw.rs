//! What New Relic's older form of an answer, `rawResponse`, says beside the rows.

use serde_json::{Map, Value as Json, json};
use weir_types::query::{QueryMetadata, RawColumn, RawKind, RawShape};

use crate::plan::{Body, GroupPlan, Plan, RowPlan};

/// Of SHOW EVENT TYPES.
pub fn of_event_types() -> RawShape {
    RawShape { kind: RawKind::EventTypes, metadata: Map::new() }
}

/// Of a query whose metadata is known.
pub fn of_query(plan: &Plan, known: &QueryMetadata) -> RawShape {
    let mut metadata = common(known);
    let kind = match &plan.body {
        Body::Rows(rows) => {
            describe_rows(&mut metadata, rows);
            RawKind::Events
        }
        Body::Groups(groups) => {
            describe_groups(&mut metadata, groups, known);
            let columns = groups.columns.iter().map(|column| RawColumn {
                key: column.key.to_string(),
                name: column.content.value_name,
            });
            RawKind::Aggregates(columns.collect())
        }
    };
    RawShape { kind, metadata }
}

fn common(known: &QueryMetadata) -> Map<String, Json> {
    let window = &known.time_window;
    let instant = |millis: i64| match jiff::Timestamp::from_millisecond(millis) {
        Ok(instant) => Json::String(instant.to_string()),
        Err(_) => Json::Null,
    };
    let pairs = [
        ("eventTypes", json!(known.event_types)),
        ("eventType", json!(known.event_types.join(","))),
        ("openEnded", json!(window.until == "NOW")),
        ("beginTime", instant(window.begin)),
        ("endTime", instant(window.end)),
        ("beginTimeMillis", json!(window.begin)),
        ("endTimeMillis", json!(window.end)),
        ("rawSince", json!(window.since)),
        ("rawUntil", json!(window.until)),
        ("rawCompareWith", json!(window.compare_with.as_deref().unwrap_or_default())),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn describe_rows(metadata: &mut Map<String, Json>, rows: &RowPlan) {
    let mut events = json!({"function": "events", "limit": rows.limit});
    if rows.order.is_empty() {
        events["order"] = json!({"column": "timestamp", "descending": true});
    }
    metadata.insert("limit".into(), rows.limit.into());
    metadata.insert("offset".into(), rows.offset.into());
    metadata.insert("contents".into(), json!([events]));
}

/// With FACET the contents stand one level deeper.
fn describe_groups(metadata: &mut Map<String, Json>, groups: &GroupPlan, known: &QueryMetadata) {
    if let Some(steps) = groups.timeseries {
        metadata.insert("bucketSizeMillis".into(), steps.width_millis.into());
    }
    let contents: Json = groups.columns.iter().map(|c| c.content.description.clone()).collect();
    let (Some(facet), Some(names)) = (&groups.facet, &known.facets) else {
        metadata.insert("contents".into(), contents);
        return;
    };
    let name = match names.as_slice() {
        [name] => json!(name),
        names => json!(names),
    };
    metadata.insert("facet".into(), name);
    metadata.insert("limit".into(), facet.limit.into());
    metadata.insert("offset".into(), 0.into());
    metadata.insert("contents".into(), json!({"messages": [], "contents": contents}));
}
