//! `list`, `get` and `describe` of a cluster that is not well.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value as Json, json};
use weir_sim::Story;

use crate::watched::Watched;

/// Into the demo's story: broker 5 is down, a partition is offline, orders-enricher stands still.
const SICK: Duration = Duration::from_secs(150);

#[test]
fn everything_about_a_sick_cluster_reaches_the_terminal() {
    let watched = Watched::start(Story::Demo, SICK, "");
    let offline = "1 partition has no leader and can't be read or written";
    let cluster = watched.eventually(&["clusters", "describe", "shop"], offline);
    for part in [
        "Cluster shop  ✖ CRITICAL",
        "\nBrokers (6)\n",
        "-60  1 partition has no leader",
        "Partitions that are not well (20 of ",
        "Worst groups",
        "Disk                ",
    ] {
        assert!(cluster.contains(part), "{part} is not in\n{cluster}");
    }
    let is_offline = |line: &str| line.contains("✖ OFFLINE") && line.contains("legacy.erp-export");
    assert!(cluster.lines().any(is_offline), "{cluster}");
    every_finding_is_a_sentence(&watched);
    lists_show_health_and_lag_in_time(&watched);
    a_broker_that_is_down_says_so(&watched);
    documents_are_whole(&watched);
    a_group_shows_its_members_and_partitions(&watched);
}

/// The rules of the collector and the sentences of the server are two lists that must agree.
fn every_finding_is_a_sentence(watched: &Watched) {
    let mut rules = BTreeSet::new();
    for list in ["clusters", "brokers", "topics", "groups"] {
        let answer = watched.get(&format!("/api/v1/{list}"));
        for finding in answer["items"].as_array().unwrap().iter().flat_map(findings) {
            let field = |name: &str| finding[name].as_str().unwrap().to_owned();
            let raw = format!("{} {}", field("rule"), field("value"));
            assert_ne!(field("text"), raw, "{list}");
            assert!(finding["points"].as_f64().unwrap() > 0.0, "{finding}");
            rules.insert(field("rule"));
        }
    }
    assert!(rules.len() > 4, "{rules:?}");
}

fn findings(item: &Json) -> Vec<Json> {
    item["health_findings"].as_array().unwrap().clone()
}

fn lists_show_health_and_lag_in_time(watched: &Watched) {
    let clusters = watched.run(&["clusters", "list"]).stdout;
    assert!(clusters.lines().next().unwrap().contains("HEALTH\t"), "{clusters}");
    assert!(clusters.contains("CRITICAL\tshop\t0\t"), "{clusters}");
    let topics = watched.run(&["topics", "list", "--limit", "1"]);
    assert!(topics.stdout.contains("CRITICAL\tlegacy.erp-export\tshop\t40\t"), "{}", topics.stdout);
    assert!(topics.stderr.contains("only 1 of 24 topics are shown"), "{}", topics.stderr);
    let groups = watched.run(&["groups", "get", "orders-enricher", "-o", "csv"]).stdout;
    let header = "status,group,cluster,health_score,lag_status,max_lag_secs,";
    assert!(groups.starts_with(header), "{groups}");
}

fn a_broker_that_is_down_says_so(watched: &Watched) {
    let row = watched.run(&["brokers", "get", "5", "--cluster", "shop"]).stdout;
    assert!(row.contains("CRITICAL\t5\tshop\t0\t"), "{row}");
    assert!(row.trim_end().ends_with("stale"), "its knowledge is old: {row}");
    let page = watched.run(&["brokers", "describe", "5"]).stdout;
    assert!(page.contains("not among the live brokers"), "{page}");
    let none = watched.run(&["brokers", "get", "77"]);
    assert_eq!(none.code, 5, "{}", none.stderr);
}

fn documents_are_whole(watched: &Watched) {
    let ended = watched.run(&["topics", "get", "legacy.erp-export", "-o", "json"]);
    let topic: Json = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(topic["abnormal_partitions"]["items"][0]["partition_status"], "OFFLINE");
    assert_eq!(topic["bytes_in_per_sec"], json!(null), "unknown is null");
    assert_eq!(topic["health_findings"][0]["rule"], "offlinePartitions");
    let two = watched.run(&["topics", "get", "orders", "shipments", "-o", "json"]);
    let two: Json = serde_json::from_str(&two.stdout).unwrap();
    assert_eq!(two[1]["topic"], "shipments");
    let csv = watched.run(&["topics", "describe", "orders", "-o", "csv"]);
    assert_eq!(csv.code, 2);
    assert!(csv.stderr.contains("-o json"), "{}", csv.stderr);
}

fn a_group_shows_its_members_and_partitions(watched: &Watched) {
    // Behind at the first sight: how long at least is known from the second cycle on.
    let page = watched.eventually(&["groups", "describe", "orders-enricher"], "≥");
    for part in
        ["Members (4)", "Partitions (12)", "orders-enricher-0", "Coordinator", "Max lag time"]
    {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
    let id = watched.get("/api/v1/clusters")["items"][0]["cluster_id"].clone();
    let by_id = watched.run(&["clusters", "get", id.as_str().unwrap()]);
    assert!(by_id.stdout.contains("\tshop\t"), "{}{}", by_id.stdout, by_id.stderr);
    let near = watched.run(&["groups", "describe", "orders-enrich"]);
    assert_eq!(near.code, 5);
    assert!(near.stderr.contains("did you mean `orders-enricher`?"), "{}", near.stderr);
    let cluster = watched.run(&["groups", "list", "--cluster", "shpo"]);
    assert_eq!(cluster.code, 5);
    assert!(cluster.stderr.contains("did you mean `shop`?"), "{}", cluster.stderr);
}

#[test]
fn a_broker_that_hangs_leaves_its_own_rows_stale() {
    let into_it = Story::FIRST_EVENT + Duration::from_secs(5);
    let watched = Watched::start(Story::HangingBroker, into_it, "");
    let silent = "1 broker does not answer us";
    watched.eventually(&["clusters", "describe", "shop"], silent);
    let brokers = watched.run(&["brokers", "list"]).stdout;
    for line in brokers.lines().skip(1) {
        let is_the_one = line.split('\t').nth(1) == Some("3");
        assert_eq!(line.ends_with(" stale"), is_the_one, "{brokers}");
    }
    let broker: Json = watched.get("/api/v1/clusters/shop/brokers/3");
    assert_eq!((&broker["status"], &broker["stale"]), (&json!("critical"), &json!(true)));
}
