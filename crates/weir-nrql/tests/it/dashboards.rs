//! Queries as dashboards and alert conditions about Kafka send them, blank lines, double quotes and
//! all, with the placeholders of their templates filled in.

use weir_nrql::analyze;

const QUERIES: &[&str] = &[
    "SELECT latest(offlinePartitions) FROM KafkaClusterSample WHERE environment = 'production' AND offlinePartitions > 0",
    "SELECT max(consumerLag) FROM KafkaConsumerSample WHERE environment = 'production' FACET consumerGroup",
    "\n      SELECT count(*)\n      FROM KafkaClusterSample\n      SINCE 10 minutes ago\n    ",
    "\n    SELECT rate(count(*), 1 minute) as ingestRate\n    FROM KafkaClusterSample, KafkaBrokerSample, KafkaTopicSample\n    SINCE 1 hour ago\n    TIMESERIES 5 minutes\n  ",
    "\n    FROM AlertViolation\n    SELECT count(*), latest(label)\n    WHERE targetName LIKE \"%kafka%\"\n    FACET conditionName\n    SINCE 1 hour ago\n  ",
];

#[test]
fn every_query_of_a_dashboard_is_accepted() {
    for query in QUERIES {
        let analyzed = analyze(query);
        let shown: Vec<String> = analyzed.diagnostics.iter().map(|d| d.render(query)).collect();
        assert!(analyzed.statement.is_some(), "{}", shown.join("\n"));
        let double_quotes = usize::from(query.contains('"'));
        assert_eq!(analyzed.diagnostics.len(), double_quotes, "{}", shown.join("\n"));
    }
}
