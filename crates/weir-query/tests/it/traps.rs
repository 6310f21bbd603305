//! Fifteen places where NRQL is not what it looks like, a test each.

use serde_json::{Value as Json, json};
use weir_query::EventSource;
use weir_types::Event;

use super::support::{NOW, ask, event, event_at, rows, try_ask};

fn error(events: &dyn EventSource, nrql: &str) -> String {
    try_ask(events, nrql).expect_err(nrql).to_string()
}

/// Hosts `h0` to `h14`; host i has i + 1 rows.
fn fifteen_hosts() -> Vec<Event> {
    let hosts = (0..15).flat_map(|host| (0..=host).map(move |row| (host, row)));
    hosts
        .map(|(host, row)| {
            event("T", 60 + row, json!({"host": format!("h{host:02}"), "v": 100 - host}))
        })
        .collect()
}

#[test]
fn trap_01_or_is_also_coalesce() {
    let events = vec![
        event("T", 30, json!({"aws.kafka.ClusterName": "one", "v": 0})),
        event("T", 20, json!({"aws.msk.clusterName": "two"})),
    ];
    let zero_is_kept = rows(&events, "SELECT sum(v OR 5) AS s, latest(v) OR 7 AS l FROM T");
    assert_eq!(zero_is_kept, json!([{"s": 5, "l": 0}]));
    let faceted = "SELECT count(*) FROM T FACET aws.kafka.ClusterName OR aws.msk.clusterName AS c";
    let expected = json!([
        {"facet": "one", "c": "one", "count": 1},
        {"facet": "two", "c": "two", "count": 1},
    ]);
    assert_eq!(rows(&events, faceted), expected);
    let filtered =
        "SELECT count(*) FROM T WHERE (aws.kafka.ClusterName OR aws.msk.clusterName) = 'two'";
    assert_eq!(rows(&events, filtered), json!([{"count": 1}]));
    let logical = "SELECT count(*) FROM T WHERE v = 1 OR aws.msk.clusterName = 'two'";
    assert_eq!(rows(&events, logical), json!([{"count": 1}]));
}

#[test]
fn trap_02_like_ignores_case_and_rlike_is_anchored() {
    let names = ["Kafka_1", "kafka-1", "my-kafka"];
    let events: Vec<Event> = names.iter().map(|n| event("T", 5, json!({"n": n}))).collect();
    let count = |condition: &str| {
        rows(&events, &format!("SELECT count(*) FROM T WHERE {condition}"))[0]["count"].clone()
    };
    assert_eq!(count("n LIKE 'KAFKA%'"), 2);
    assert_eq!(count("n LIKE 'kafka_1'"), 1);
    assert_eq!(count("n LIKE '%kafka%'"), 3);
    assert_eq!(count("n RLIKE r'kafka'"), 0);
    assert_eq!(count("n RLIKE r'.*kafka'"), 1);
    assert_eq!(count("n RLIKE r'(?i)kafka.1'"), 2);
}

#[test]
fn trap_03_buckets_hang_from_the_end() {
    let events = vec![event("T", 299, json!({})), event("T", 1, json!({}))];
    let result = ask(&events, "SELECT count(*) FROM T SINCE 299 seconds ago TIMESERIES 2 minutes");
    assert_eq!(
        json!(result.results),
        json!([
            {"beginTimeSeconds": 1_699_999_760, "endTimeSeconds": 1_699_999_880, "count": 0},
            {"beginTimeSeconds": 1_699_999_880, "endTimeSeconds": 1_700_000_000, "count": 1},
        ])
    );
    assert_eq!(result.metadata.time_window.begin, NOW - 240_000);
    let most = ask(&events, "SELECT count(*) FROM T SINCE 366 minutes ago TIMESERIES 1 minute");
    assert_eq!(most.results.len(), 366);
    let error = error(&events, "SELECT count(*) FROM T SINCE 367 minutes ago TIMESERIES 1 minute");
    assert!(error.contains("TIMESERIES supports a maximum of 366 buckets"), "{error}");
    for (window, count) in [("1 hour", 60), ("6 hours", 24), ("1 day", 48), ("1 week", 28)] {
        let nrql = format!("SELECT count(*) FROM T SINCE {window} ago TIMESERIES");
        assert_eq!(ask(&events, &nrql).results.len(), count, "{window}");
    }
    let max = ask(&events, "SELECT count(*) FROM T SINCE 1 day ago TIMESERIES MAX");
    assert_eq!(max.results.len(), 360);
}

#[test]
fn trap_04_units_have_fixed_lengths_and_bare_numbers_are_milliseconds() {
    let day = 86_400_000;
    let events: Vec<Event> = Vec::new();
    let begin = |since: &str| {
        let nrql = format!("SELECT count(*) FROM T SINCE {since}");
        NOW - ask(&events, &nrql).metadata.time_window.begin
    };
    assert_eq!(begin("1 month ago"), 30 * day);
    assert_eq!(begin("1 quarter ago"), 91 * day);
    assert_eq!(begin("1 year ago"), 365 * day);
    assert_eq!(begin("1699999990000"), 10_000);
    // Now is 22:13:20; 23:00 today is still to come.
    assert_eq!(begin("today AT '22:00'"), 800_000);
    assert_eq!(begin("today AT '23:00'"), day - 2_800_000);
    let nrql = "SELECT count(*) FROM T SINCE 20 minutes ago TIMESERIES 300000 SLIDE BY 60000";
    assert_eq!(ask(&events, nrql).results.len(), 16);
}

#[test]
fn trap_05_the_limit_of_ten_applies_inside_too() {
    let nrql =
        |limit: &str| format!("SELECT count(*) FROM (SELECT count(*) FROM T FACET host {limit})");
    let events = fifteen_hosts();
    assert_eq!(rows(&events, &nrql("")), json!([{"count": 10}]));
    assert_eq!(rows(&events, &nrql("LIMIT MAX")), json!([{"count": 15}]));
}

#[test]
fn trap_06_the_first_aggregate_decides_which_groups_stay() {
    let events = fifteen_hosts();
    let hosts = |nrql: &str| -> Vec<String> {
        let rows = ask(&events, nrql).results;
        rows.iter().map(|row| row["facet"].as_str().unwrap().to_owned()).collect()
    };
    // The busiest stay, then they are sorted by the value shown.
    assert_eq!(hosts("SELECT latest(v) FROM T FACET host LIMIT 2"), ["h13", "h14"]);
    assert_eq!(hosts("SELECT uniqueCount(v) FROM T FACET host LIMIT 2"), ["h13", "h14"]);
    assert_eq!(hosts("SELECT max(v) FROM T FACET host LIMIT 2"), ["h00", "h01"]);
    assert_eq!(hosts("SELECT average(v) FROM T FACET host LIMIT 2"), ["h00", "h01"]);
    assert_eq!(hosts("SELECT sum(v) FROM T FACET host LIMIT 2"), ["h14", "h13"]);
    // Rows where the attribute is null do not count.
    assert_eq!(hosts("SELECT latest(if(host < 'h02', v)) FROM T FACET host LIMIT 1"), ["h01"]);
    let reordered = "SELECT latest(v) FROM T FACET host ORDER BY max(v) LIMIT 2";
    assert_eq!(hosts(reordered), ["h00", "h01"]);
}

#[test]
fn trap_07_clauses_come_in_any_order_and_wheres_add_up() {
    let events = vec![
        event("T", 5, json!({"a": 1, "b": 1, "h": "x"})),
        event("T", 5, json!({"a": 1, "b": 2, "h": "y"})),
    ];
    let nrql = "SINCE 1 minute ago FACET h LIMIT 5 WHERE a = 1 FROM T WHERE b = 2 SELECT count(*)";
    assert_eq!(rows(&events, nrql), json!([{"facet": "y", "h": "y", "count": 1}]));
}

#[test]
fn trap_08_one_facet_is_a_scalar_and_several_are_an_array() {
    let events = vec![event("T", 5, json!({"topic": "orders", "partition": 3}))];
    let one = rows(&events, "SELECT count(*) FROM T FACET partition");
    assert_eq!(one, json!([{"facet": 3, "partition": 3, "count": 1}]));
    let two = ask(&events, "SELECT count(*) FROM T FACET topic, partition");
    assert_eq!(json!(two.results), json!([{"facet": ["orders", 3], "count": 1}]));
    assert_eq!(two.metadata.facets, Some(vec!["topic".into(), "partition".into()]));
}

#[test]
fn trap_09_totals_follow_the_shape_of_the_query() {
    let events = fifteen_hosts();
    let plain = ask(&events, "SELECT count(*) FROM T");
    assert_eq!((plain.total_result, plain.other_result, plain.metadata.facets), (None, None, None));
    let faceted = ask(&events, "SELECT count(*) FROM T FACET host LIMIT 14");
    assert_eq!(faceted.total_result, Some(json!({"count": 120})));
    assert_eq!(faceted.other_result, Some(json!({"count": 1})));
    let series =
        "SELECT count(*) FROM T FACET host SINCE 2 minutes ago TIMESERIES 1 minute LIMIT 1";
    let series = ask(&events, series);
    let total = series.total_result.unwrap();
    assert_eq!(total.as_array().map(Vec::len), Some(2));
    assert_eq!(total[0]["beginTimeSeconds"], 1_699_999_880);
    assert!(series.other_result.unwrap().is_array());
}

#[test]
fn trap_10_nothing_matched() {
    let nrql = "SELECT count(*), sum(x), uniqueCount(x), average(x), min(x), max(x), latest(x), \
                percentile(x, 95) FROM NoSuchSample";
    let expected = json!([{
        "count": 0, "sum.x": 0, "uniqueCount.x": 0, "average.x": null, "min.x": null,
        "max.x": null, "latest.x": null, "percentile.x": {"95": 0.0},
    }]);
    assert_eq!(rows(&Vec::new(), nrql), expected);
    assert_eq!(rows(&Vec::new(), "SELECT count(*) FROM NoSuchSample FACET x"), json!([]));
    assert_eq!(rows(&Vec::new(), "SELECT x FROM NoSuchSample"), json!([]));
}

#[test]
fn trap_11_percentiles_are_maps() {
    let events: Vec<Event> = (1..=100).map(|v| event("T", 5, json!({"v": v}))).collect();
    let nrql = "SELECT percentile(v, 95, 99.5), median(v) FROM T";
    let expected = json!([{"percentile.v": {"95": 95.0, "99.5": 100.0}, "median.v": {"50": 50.0}}]);
    assert_eq!(rows(&events, nrql), expected);
    let inner =
        "SELECT latest(getField(p, '95.0')) AS v FROM (SELECT percentile(v, 95) AS p FROM T)";
    assert_eq!(rows(&events, inner), json!([{"v": 95.0}]));
}

#[test]
fn trap_12_count_on_metrics_counts_observations_and_counters_are_summed() {
    let point = |ago, name: &str, kind: &str, count: i64, total: f64| {
        let attributes = json!({"metricName": name, "metric.type": kind, "metric.count": count,
            "metric.total": total, "host": "a"});
        event("Metric", ago, attributes)
    };
    let events = vec![
        point(40, "latency", "summary", 4, 10.0),
        point(30, "latency", "summary", 1, 20.0),
        point(20, "requests", "cumulativeCount", 7, 0.0),
        point(10, "requests", "cumulativeCount", 5, 0.0),
    ];
    let nrql = "SELECT count(*), datapointCount(), sum(requests), average(latency) FROM Metric";
    let expected = json!([{
        "count": 17, "datapointCount()": 4, "sum.requests": 12, "average.latency": 6.0,
    }]);
    assert_eq!(rows(&events, nrql), expected);
}

#[test]
fn trap_13_nothing_is_converted_and_having_is_nested() {
    let events = vec![
        event("T", 5, json!({"code": "5", "k": "a"})),
        event("T", 4, json!({"code": 5, "k": "a"})),
        event("T", 3, json!({"code": 5, "k": "b"})),
    ];
    assert_eq!(rows(&events, "SELECT count(*) FROM T WHERE code = 5"), json!([{"count": 2}]));
    assert_eq!(rows(&events, "SELECT count(*) FROM T WHERE code = '5'"), json!([{"count": 1}]));
    let having =
        "SELECT k FROM (SELECT count(*) AS `How many` FROM T FACET k) WHERE `How many` > 1";
    assert_eq!(rows(&events, having), json!([{"k": "a"}]));
    for sql in ["SELECT count(*) FROM T FACET k HAVING count(*) > 1", "SELECT DISTINCT k FROM T"] {
        assert!(try_ask(&events, sql).is_err(), "{sql}");
    }
}

#[test]
fn trap_14_cases_take_the_first_match_and_in_forces_groups() {
    let events: Vec<Event> =
        [1, 5, 9].iter().map(|v| event("T", 5, json!({"v": v, "h": "x"}))).collect();
    let facets = |nrql: &str| -> Vec<(Json, Json)> {
        let rows = ask(&events, nrql).results;
        rows.iter().map(|row| (row["facet"].clone(), row["count"].clone())).collect()
    };
    let pair = |name: &str, count: i64| (json!(name), json!(count));
    let cases = "SELECT count(*) FROM T FACET CASES(WHERE v > 4 AS 'many', WHERE v > 8 AS 'most')";
    assert_eq!(facets(cases), [pair("many", 2)]);
    let fallback = "SELECT count(*) FROM T FACET CASES(WHERE v > 4 AS 'many') OR h";
    assert_eq!(facets(fallback), [pair("many", 2), pair("x", 1)]);
    let forced = "SELECT count(*) FROM T FACET h IN ('x', 'gone')";
    assert_eq!(facets(forced), [pair("x", 3), pair("gone", 0)]);
}

#[test]
fn trap_15_names_round_and_position() {
    let name = "kafka.request.time.99p";
    let events = vec![event("T", 5, json!({name: 2.346, "s": "abc"}))];
    let nrql = format!("SELECT max({name}) FROM T");
    assert_eq!(rows(&events, &nrql), json!([{"max.kafka.request.time.99p": 2.346}]));
    let rounded = format!("SELECT round(max({name}), .01) AS r FROM T");
    assert_eq!(rows(&events, &rounded), json!([{"r": 2.35}]));
    let place = "SELECT count(*) FROM T WHERE position(s, 'a') > 0";
    assert_eq!(rows(&events, place), json!([{"count": 0}]));
    let wildcard = error(&events, "SELECT average(kafka.%.latency) FROM T");
    assert!(wildcard.contains("only FROM Metric has"), "{wildcard}");
    let point = |name: &str, value: f64| {
        let attributes =
            json!({"metricName": name, "metric.type": "gauge", "metric.latest": value});
        event("Metric", 5, attributes)
    };
    let points =
        vec![point("kafka.a.latency", 2.0), point("kafka.b.latency", 4.0), point("x", 9.0)];
    let merged = rows(&points, "SELECT average(kafka.%.latency) FROM Metric");
    assert_eq!(merged, json!([{"average.kafka.%.latency": 3.0}]));
    let spread: Vec<Event> =
        [-1, 5, 15, 99].iter().map(|v| event("T", 5, json!({"v": v}))).collect();
    // The second argument is what the buckets cover together.
    let histogram = rows(&spread, "SELECT histogram(v, 20, 2) FROM T");
    assert_eq!(histogram, json!([{"histogram.v": [2, 2]}]));
}

#[test]
fn since_is_inclusive_and_until_is_not() {
    let events: Vec<Event> =
        [-2_000, -1_000, 0].iter().map(|ms| event_at("T", NOW + ms, json!({}))).collect();
    let nrql = "SELECT count(*) FROM T SINCE 2 seconds ago UNTIL 1 second ago";
    assert_eq!(rows(&events, nrql), json!([{"count": 1}]));
    assert_eq!(rows(&events, "SELECT count(*) FROM T"), json!([{"count": 2}]));
}
