//! The queries that operators of Kafka run every day, word for word, over a small recorded hour.

use serde_json::json;
use weir_types::Event;

use super::support::{NOW, ask, event, rows};

/// Two clusters; production loses partitions twice, and one group falls behind.
fn recorded() -> Vec<Event> {
    let cluster = |ago, environment: &str, offline: i64| {
        let attributes = json!({"environment": environment, "offlinePartitions": offline});
        event("KafkaClusterSample", ago, attributes)
    };
    let group = |ago, environment: &str, group: &str, lag: i64| {
        let attributes =
            json!({"environment": environment, "consumerGroup": group, "consumerLag": lag});
        event("KafkaConsumerSample", ago, attributes)
    };
    let violation = |ago, target: &str, condition: &str, label: &str| {
        let attributes = json!({"targetName": target, "conditionName": condition, "label": label});
        event("AlertViolation", ago, attributes)
    };
    vec![
        cluster(1_500, "production", 4),
        cluster(900, "production", 2),
        cluster(300, "production", 0),
        cluster(120, "staging", 9),
        group(600, "production", "billing", 120_000),
        group(540, "production", "billing", 90_000),
        group(500, "production", "search", 15),
        group(400, "production", "idle", 0),
        group(60, "staging", "billing", 999_999),
        event("KafkaBrokerSample", 200, json!({"brokerId": "1"})),
        event("KafkaBrokerSample", 200, json!({"brokerId": "2"})),
        event("KafkaTopicSample", 3_590, json!({"topic": "orders"})),
        violation(3_000, "prod-Kafka-1", "High Consumer Lag", "billing is behind"),
        violation(1_000, "prod-kafka-2", "High Consumer Lag", "search is behind"),
        violation(800, "KAFKA", "Offline Partitions", "2 partitions offline"),
        violation(700, "postgres", "Disk", "disk is full"),
        violation(4_000, "prod-kafka-1", "Disk", "too long ago"),
    ]
}

#[test]
fn the_offline_partitions_condition() {
    let nrql = "SELECT latest(offlinePartitions) FROM KafkaClusterSample \
                WHERE environment = 'production' AND offlinePartitions > 0";
    assert_eq!(rows(&recorded(), nrql), json!([{"latest.offlinePartitions": 2}]));
    let healthy: Vec<Event> = vec![event(
        "KafkaClusterSample",
        60,
        json!({"environment": "production", "offlinePartitions": 0}),
    )];
    assert_eq!(rows(&healthy, nrql), json!([{"latest.offlinePartitions": null}]));
}

#[test]
fn the_high_consumer_lag_condition() {
    let nrql = "SELECT max(consumerLag) FROM KafkaConsumerSample \
                WHERE environment = 'production' FACET consumerGroup";
    let result = ask(&recorded(), nrql);
    let expected = json!([
        {"facet": "billing", "consumerGroup": "billing", "max.consumerLag": 120_000},
        {"facet": "search", "consumerGroup": "search", "max.consumerLag": 15},
        {"facet": "idle", "consumerGroup": "idle", "max.consumerLag": 0},
    ]);
    assert_eq!(json!(result.results), expected);
    assert_eq!(result.total_result, Some(json!({"max.consumerLag": 120_000})));
    assert_eq!(result.other_result, Some(json!({"max.consumerLag": null})));
}

#[test]
fn the_ingestion_check() {
    let nrql = "
      SELECT count(*)
      FROM KafkaClusterSample
      SINCE 10 minutes ago
    ";
    let result = ask(&recorded(), nrql);
    assert_eq!(json!(result.results), json!([{"count": 2}]));
    assert_eq!(result.metadata.time_window.since, "10 minutes AGO");
    assert_eq!(result.metadata.time_window.until, "NOW");
    assert_eq!(result.metadata.time_window.begin, NOW - 600_000);
    assert_eq!(rows(&Vec::new(), nrql), json!([{"count": 0}]));
}

#[test]
fn the_ingestion_rate() {
    let nrql = "
    SELECT rate(count(*), 1 minute) as ingestRate
    FROM KafkaClusterSample, KafkaBrokerSample, KafkaTopicSample
    SINCE 1 hour ago
    TIMESERIES 5 minutes
  ";
    let result = ask(&recorded(), nrql);
    assert_eq!(result.results.len(), 12);
    let first = json!({"beginTimeSeconds": 1_699_996_400, "endTimeSeconds": 1_699_996_700, "ingestRate": 0.2});
    assert_eq!(json!(result.results[0]), first);
    // Buckets by their distance from now: 60 to 55 minutes, then …, then 5 to 0.
    let rates: Vec<f64> =
        result.results.iter().map(|row| row["ingestRate"].as_f64().unwrap()).collect();
    let a_row = 1.0 / 5.0;
    let mut expected = [0.0; 12];
    expected[0] = a_row; // the topic
    expected[7] = a_row; // production, 1500 s ago: the bucket begins then
    expected[9] = a_row; // production, 900 s ago
    expected[11] = 4.0 / 5.0; // 300 s, 120 s and twice 200 s ago
    assert_eq!(rates, expected);
}

#[test]
fn the_alert_query() {
    let nrql = "
    FROM AlertViolation
    SELECT count(*), latest(label)
    WHERE targetName LIKE \"%kafka%\"
    FACET conditionName
    SINCE 1 hour ago
  ";
    let result = ask(&recorded(), nrql);
    let expected = json!([
        {"facet": "High Consumer Lag", "conditionName": "High Consumer Lag", "count": 2,
         "latest.label": "search is behind"},
        {"facet": "Offline Partitions", "conditionName": "Offline Partitions", "count": 1,
         "latest.label": "2 partitions offline"},
    ]);
    assert_eq!(json!(result.results), expected);
    assert!(
        result.metadata.messages[0].contains("double quotes"),
        "{:?}",
        result.metadata.messages
    );
    assert_eq!(rows(&Vec::new(), nrql), json!([]));
}
