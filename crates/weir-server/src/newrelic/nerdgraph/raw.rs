//! `rawResponse`: an answer in the form New Relic's Insights had, where values stand by place.
//! What is not known here is left out: identities of the request, and how many rows a group lacks.

use serde_json::{Map, Value as Json, json};
use weir_types::QueryResult;
use weir_types::query::{RawColumn, RawKind, Row};

const BEGIN: &str = "beginTimeSeconds";
const END: &str = "endTimeSeconds";

/// The whole answer.
pub fn raw_response(result: &QueryResult) -> Json {
    let body = |rows: &[Row]| match &result.raw.kind {
        RawKind::Events => json!({"results": [{"events": rows}]}),
        RawKind::EventTypes => {
            let names: Vec<&Json> = rows.iter().filter_map(|row| row.get("eventType")).collect();
            json!({"results": [{"eventTypes": names}]})
        }
        RawKind::Aggregates(columns) if result.metadata.facets.is_some() => {
            let total = result.total_result.as_ref();
            json!({"facets": facets(columns, rows), "totalResult": total.map(|t| of_total(columns, t))})
        }
        RawKind::Aggregates(columns) => of_group(columns, rows),
    };
    let mut raw = match (&result.current_results, &result.previous_results) {
        (Some(current), Some(previous)) => {
            json!({"current": body(current), "previous": body(previous)})
        }
        _ => body(&result.results),
    };
    let mut metadata = result.raw.metadata.clone();
    metadata.insert("messages".into(), json!(result.metadata.messages));
    raw["metadata"] = metadata.into();
    let stats = &result.stats;
    raw["performanceStats"] = json!({
        "inspectedCount": stats.inspected_count,
        "omittedCount": 0,
        "matchCount": stats.matched_count,
        "wallClockTime": stats.wall_clock_ms,
    });
    raw
}

/// Rows of one group stand together.
fn facets(columns: &[RawColumn], rows: &[Row]) -> Vec<Json> {
    let groups = rows.chunk_by(|a, b| a.get("facet") == b.get("facet"));
    let of_one = |rows: &[Row]| {
        let mut facet = of_group(columns, rows);
        facet["name"] = rows.first().and_then(|row| row.get("facet")).cloned().unwrap_or_default();
        facet
    };
    groups.map(of_one).collect()
}

/// One row, or one a bucket.
fn of_group(columns: &[RawColumn], rows: &[Row]) -> Json {
    match rows {
        [row] if !row.contains_key(BEGIN) => json!({"results": values(columns, row)}),
        rows => {
            let bucket = |row: &Row| {
                json!({
                    "results": values(columns, row),
                    BEGIN: row.get(BEGIN),
                    END: row.get(END),
                })
            };
            json!({"timeSeries": rows.iter().map(bucket).collect::<Vec<_>>()})
        }
    }
}

fn of_total(columns: &[RawColumn], total: &Json) -> Json {
    let rows: Vec<Row> = match total {
        Json::Array(rows) => rows.iter().filter_map(Json::as_object).cloned().collect(),
        row => row.as_object().cloned().into_iter().collect(),
    };
    of_group(columns, &rows)
}

/// One object a column, in the order of SELECT.
fn values(columns: &[RawColumn], row: &Row) -> Vec<Json> {
    let value = |column: &RawColumn| {
        let value = row.get(&column.key).cloned().unwrap_or_default();
        match column.name {
            Some(name) => Json::Object(Map::from_iter([(name.to_owned(), value)])),
            None => value,
        }
    };
    columns.iter().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(results: Json) -> QueryResult {
        let column = |key: &str, name| RawColumn { key: key.into(), name };
        let columns = vec![
            column("count", Some("count")),
            column("apdex.d", None),
            column("p", Some("percentiles")),
        ];
        let results = serde_json::from_value(results).unwrap();
        let kind = RawKind::Aggregates(columns);
        let raw = weir_types::query::RawShape { kind, metadata: Map::new() };
        QueryResult { results, raw, ..QueryResult::default() }
    }

    fn row(count: u64) -> Json {
        json!({"count": count, "apdex.d": {"score": 1.0, "s": 2}, "score": 1.0, "p": {"95": 3.0}})
    }

    fn values(count: u64) -> Json {
        json!([{"count": count}, {"score": 1.0, "s": 2}, {"percentiles": {"95": 3.0}}])
    }

    fn with(mut row: Json, pairs: Json) -> Json {
        let pairs = pairs.as_object().cloned().unwrap_or_default();
        row.as_object_mut().unwrap().extend(pairs);
        row
    }

    #[test]
    fn values_stand_by_place() {
        let raw = raw_response(&result(json!([row(4)])));
        assert_eq!(raw["results"], values(4));
        assert_eq!(raw["performanceStats"]["omittedCount"], 0);
        assert_eq!(raw["metadata"], json!({"messages": []}));
    }

    #[test]
    fn buckets_are_a_series() {
        let times = json!({"beginTimeSeconds": 10, "endTimeSeconds": 20});
        let raw = raw_response(&result(json!([with(row(4), times)])));
        let bucket = json!({"results": values(4), "beginTimeSeconds": 10, "endTimeSeconds": 20});
        assert_eq!(raw["timeSeries"], json!([bucket]));
    }

    #[test]
    fn groups_hold_their_rows_and_totals_stand_beside() {
        let times = |at: u64| json!({"beginTimeSeconds": at, "endTimeSeconds": at + 10});
        let of = |facet: Json, at| with(with(row(1), times(at)), json!({"facet": facet}));
        let rows = [of(json!("a"), 0), of(json!("a"), 10), of(json!(["b", 1]), 0)];
        let mut result = result(json!(rows));
        result.metadata.facets = Some(vec!["host".into()]);
        result.total_result = Some(json!([with(row(3), times(0))]));
        let raw = raw_response(&result);
        let names: Vec<&Json> =
            raw["facets"].as_array().unwrap().iter().map(|facet| &facet["name"]).collect();
        assert_eq!(names, [&json!("a"), &json!(["b", 1])]);
        assert_eq!(raw["facets"][0]["timeSeries"].as_array().unwrap().len(), 2);
        assert_eq!(raw["totalResult"]["timeSeries"][0]["results"], values(3));
    }

    #[test]
    fn both_windows_stand_beside_each_other() {
        let mut result = result(json!([]));
        let rows = |count| Some(serde_json::from_value(json!([row(count)])).unwrap());
        (result.current_results, result.previous_results) = (rows(2), rows(1));
        let raw = raw_response(&result);
        assert_eq!(raw["current"], json!({"results": values(2)}));
        assert_eq!(raw["previous"], json!({"results": values(1)}));
    }

    #[test]
    fn events_and_their_types_have_forms_of_their_own() {
        let mut result = result(json!([{"eventType": "A"}, {"eventType": "B"}]));
        result.raw.kind = RawKind::EventTypes;
        assert_eq!(raw_response(&result)["results"], json!([{"eventTypes": ["A", "B"]}]));
        result.raw.kind = RawKind::Events;
        let events = json!([{"events": [{"eventType": "A"}, {"eventType": "B"}]}]);
        assert_eq!(raw_response(&result)["results"], events);
    }
}
