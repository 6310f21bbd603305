//! What an answer says for New Relic's older form: columns by place, and its metadata.

use serde_json::{Value as Json, json};
use weir_query::EventSource;
use weir_types::query::{RawKind, RawShape};

use super::support::{ask, event};

fn raw(nrql: &str) -> RawShape {
    let events = vec![event("T", 5, json!({"host": "a", "v": 1}))];
    ask(&events as &dyn EventSource, nrql).raw
}

fn names(nrql: &str) -> Vec<(String, Option<&'static str>)> {
    match raw(nrql).kind {
        RawKind::Aggregates(columns) => columns.into_iter().map(|c| (c.key, c.name)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn values_have_the_older_names() {
    let nrql = "SELECT count(*), percentile(v, 95) AS 'p', uniques(host), apdex(v, t: 1), \
                rate(count(*), 1 minute), filter(max(v), WHERE v > 0), \
                percentage(count(*), WHERE v > 0), sum(v) / 2 FROM T";
    let found = names(nrql);
    let expected = [
        ("count", Some("count")),
        ("p", Some("percentiles")),
        ("uniques.host", Some("members")),
        ("apdex.v", None),
        ("rate(count(*), 1 minute)", Some("result")),
        ("filter(max(v), WHERE v > 0)", Some("max")),
        ("percentage(count(*), WHERE v > 0)", Some("percentage")),
        ("sum(v) / 2", Some("result")),
    ];
    let found: Vec<_> = found.iter().map(|(key, name)| (key.as_str(), *name)).collect();
    assert_eq!(found, expected);
}

#[test]
fn contents_say_what_was_computed() {
    let metadata = raw(
        "SELECT count(*), filter(uniques(host, 5), WHERE v = 1) AS 'hosts', sum(v) / 2 FROM T \
         SINCE 1 hour ago FACET host, v LIMIT 3 TIMESERIES 5 minutes",
    )
    .metadata;
    let hosts =
        json!({"function": "uniques", "attribute": "host", "memberLimit": 5, "simple": true});
    let filtered = json!({"function": "filter", "alias": "v = 1", "contents": hosts});
    let expected = json!([
        {"function": "count", "simple": true},
        {"function": "alias", "alias": "hosts", "contents": filtered},
        {"function": "math", "alias": "sum(v) / 2"},
    ]);
    assert_eq!(metadata["contents"]["contents"], expected);
    assert_eq!(metadata["facet"], json!(["host", "v"]));
    assert_eq!((&metadata["limit"], &metadata["bucketSizeMillis"]), (&json!(3), &json!(300_000)));
    assert_eq!(metadata["eventTypes"], json!(["T"]));
    assert_eq!(metadata["rawSince"], "1 hour AGO");
    assert_eq!((&metadata["rawUntil"], &metadata["openEnded"]), (&json!("NOW"), &json!(true)));
    let (begin, end) = (&metadata["beginTime"], &metadata["endTime"]);
    assert_eq!((begin, end), (&json!("2023-11-14T21:13:20Z"), &json!("2023-11-14T22:13:20Z")));
}

#[test]
fn rows_and_types_are_told_apart() {
    let rows = raw("SELECT v FROM T LIMIT 7");
    assert_eq!(rows.kind, RawKind::Events);
    let order = json!({"column": "timestamp", "descending": true});
    let events = json!([{"function": "events", "limit": 7, "order": order}]);
    assert_eq!(rows.metadata["contents"], events);
    assert_eq!(
        raw("SELECT v FROM T ORDER BY v").metadata["contents"][0].get("order"),
        None::<&Json>
    );
    assert_eq!(raw("SHOW EVENT TYPES").kind, RawKind::EventTypes);
}
