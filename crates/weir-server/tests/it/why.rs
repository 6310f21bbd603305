//! Why there is no data: one test a step of the way.

use serde_json::{Value as Json, json};
use weir_server::SourceFilter;
use weir_types::source::{CapabilityState, Question, SourceState};
use weir_types::{Timestamp, Value};

use crate::stage::{NOW, Stage, capability, sample, status};

async fn why(stage: &Stage, query: &str) -> Json {
    stage.ok(&format!("/api/v1/why?{query}")).await
}

/// The step, and that text and action hold these words.
async fn check(stage: &Stage, query: &str, step: &str, text: &str, action: &str) -> Json {
    let answer = why(stage, query).await;
    assert_eq!(answer["step"], step, "{answer}");
    assert!(answer["text"].as_str().unwrap().contains(text), "{answer}");
    assert!(answer["action"].as_str().unwrap_or_default().contains(action), "{answer}");
    answer
}

#[tokio::test]
async fn unknown_names_get_the_nearest() {
    let stage = Stage::running();
    let near = "did you mean `KafkaTopicSample`?";
    check(&stage, "event=KafkaTopicSampel", "unknown_event", "no event `KafkaTopicSampel`", near)
        .await;
    check(&stage, "event=Zzz", "unknown_event", "none was sent", "SHOW EVENT TYPES").await;
    check(&stage, "event=a%20b'", "unknown_event", "no event", "").await;
    let near = "did you mean `sizeBytes`?";
    check(&stage, "event=KafkaTopicSample&attr=sizeByte", "unknown_attribute", "`sizeByte`", near)
        .await;
}

#[tokio::test]
async fn what_outsiders_send_is_known_by_being_there() {
    let stage = Stage::running()
        .with(sample("KafkaTopicSample", 10).with("topic", "t").with("team", "checkout"))
        .with_rows("FROM `MyEvent`", json!([{ "at": NOW - 5_000 }]));
    check(&stage, "event=KafkaTopicSample&attr=team", "available", "1 series has it", "").await;
    let custom = check(&stage, "event=MyEvent", "available", "the newest 5 s ago", "").await;
    assert_eq!(custom["newest_at_ms"], NOW - 5_000);
}

#[tokio::test]
async fn without_a_source_there_is_nothing() {
    let none = Stage::default();
    let action = "--kafka HOST:PORT";
    check(&none, "event=KafkaTopicSample", "no_source", "no source is configured", action).await;
    let other = Stage::running();
    let query = "event=KafkaTopicSample&cluster=order";
    check(&other, query, "no_source", "`order`", "did you mean `orders`?").await;
    let query = "event=KafkaTopicSample&cluster=typo";
    check(&other, query, "no_source", "`typo`", "there are: orders").await;
    let sent = Stage::default().with(sample("KafkaClusterSample", 10));
    let query = "event=KafkaTopicSample&cluster=orders";
    check(&sent, query, "no_source", "sent to the Event API", "look at whoever sends them").await;
}

#[tokio::test]
async fn a_source_that_starts_or_fails_says_so() {
    let starting = Stage::default().with_source(status(SourceState::Starting));
    check(&starting, "event=KafkaTopicSample", "not_polled_yet", "first cycle", "30 s").await;
    let mut failing = status(SourceState::Failing);
    failing.last_error = Some("b:9092 refused the connection".into());
    failing.last_success_at = Some(Timestamp::from_millis(NOW - 600_000));
    let failing = Stage::default().with_source(failing);
    let action = "weir sources test orders";
    let answer = check(
        &failing,
        "event=KafkaTopicSample",
        "source_failing",
        "refused the connection",
        action,
    )
    .await;
    assert!(answer["text"].as_str().unwrap().contains("10 min ago"), "{answer}");
    assert_eq!(answer["source"], "orders");
}

#[tokio::test]
async fn what_the_protocol_does_not_carry_needs_another_source() {
    let query = "event=KafkaBrokerSample&attr=cpuUserPercent";
    check(&Stage::running(), query, "not_from_this_source", "JMX", "Event API").await;
}

#[tokio::test]
async fn a_missing_right_is_named() {
    let stage = Stage::running().with_capability(capability(
        Question::LogDirs,
        CapabilityState::Denied,
        "DESCRIBE on CLUSTER",
    ));
    let query = "event=KafkaTopicSample&attr=sizeBytes";
    let text = "the right DESCRIBE on CLUSTER is missing";
    check(&stage, query, "right_missing", text, "grant DESCRIBE on CLUSTER").await;
    let partial = Stage::running().with_capability(capability(
        Question::ListGroups,
        CapabilityState::MayBePartial,
        "DESCRIBE on GROUP *",
    ));
    let query = "event=KafkaConsumerGroupSample";
    check(&partial, query, "right_missing", "only the groups we may see", "DESCRIBE on GROUP *")
        .await;
}

#[tokio::test]
async fn an_old_release_and_a_failing_request_are_told_apart() {
    let query = "event=KafkaClusterSample&attr=activeControllers";
    let of = |state| {
        Stage::running().with_capability(capability(Question::MetadataQuorum, state, "because"))
    };
    check(&of(CapabilityState::NotSupported), query, "not_supported", "because", "newer release")
        .await;
    check(
        &of(CapabilityState::Failing),
        query,
        "request_failing",
        "because",
        "weir sources test orders",
    )
    .await;
}

#[tokio::test]
async fn share_groups_of_an_older_release_tell_no_lag() {
    let reason = "those of Kafka 4.2 and newer do (KIP-1226)";
    let without = capability(Question::ShareGroupOffsets, CapabilityState::NotSupported, reason);
    let stage = Stage::running().with_capability(without);
    let query = "event=KafkaConsumerSample&attr=consumerLag";
    check(&stage, query, "not_supported", reason, "newer release").await;
}

#[tokio::test]
async fn filters_explain_an_empty_list() {
    let mut stage = Stage::running();
    stage.filters.push(SourceFilter {
        source: "orders".into(),
        names: "topics",
        include: vec!["payments*".into()],
        exclude: Vec::new(),
    });
    let text = "only some topics (include payments*)";
    check(&stage, "event=KafkaTopicSample", "filtered_out", text, "`topics`").await;
    let groups = why(&stage, "event=KafkaConsumerGroupSample").await;
    assert_eq!(groups["step"], "none_there", "another filter: {groups}");
    let seen = stage.with(sample("KafkaTopicSample", 10).with("topic", "payments"));
    assert_eq!(why(&seen, "event=KafkaTopicSample").await["step"], "available");
}

#[tokio::test]
async fn a_cluster_may_rightly_have_none() {
    let stage = Stage::running();
    check(&stage, "event=KafkaPartitionSample", "none_there", "every partition is well", "").await;
}

#[tokio::test]
async fn an_attribute_may_be_absent_while_its_event_is_there() {
    let stage = Stage::running().with(
        sample("KafkaConsumerGroupSample", 10).with("consumerGroup", "g").with("totalLag", 3),
    );
    let query = "event=KafkaConsumerGroupSample&attr=secondsToCatchUp";
    let answer = check(&stage, query, "attribute_absent", "absent when it grows", "").await;
    assert_eq!(answer["newest_at_ms"], json!(null));
    let query = "event=KafkaConsumerGroupSample&attr=lagStatus";
    check(&stage, query, "attribute_absent", "a whole window of polls", "").await;
}

#[tokio::test]
async fn old_data_says_since_when() {
    let stage = Stage::running()
        .with(sample("KafkaTopicSample", 7_200).with("topic", "t").with("sizeBytes", 3));
    let query = "event=KafkaTopicSample&attr=sizeBytes";
    let answer =
        check(&stage, query, "stale", "the newest is from 2 h ago", "widen the window").await;
    assert_eq!(answer["newest_at_ms"], NOW - 7_200_000);
    let mut repeated = sample("KafkaBrokerSample", 10).with("brokerId", "1");
    repeated.attributes.retain(|(name, _)| name != "stale");
    let stage = Stage::running()
        .with(repeated.with("stale", true).with("sampleAgeSeconds", Value::Float(60.0)));
    check(&stage, "event=KafkaBrokerSample", "stale", "only repeated from before, 70 s ago", "")
        .await;
}

#[tokio::test]
async fn a_window_of_the_past_is_looked_into() {
    let data = Stage::running().with(sample("KafkaTopicSample", 10).with("topic", "t"));
    let query =
        format!("event=KafkaTopicSample&from_ms={}&to_ms={}", NOW - 9_000_000, NOW - 8_000_000);
    check(&data, &query, "stale", "nothing in the window", "widen").await;
    let counted = data.with_rows("SELECT count(*) AS n FROM KafkaTopicSample", json!([{ "n": 4 }]));
    check(&counted, &query, "available", "is there in the window", "").await;
}

#[tokio::test]
async fn what_is_there_is_counted_with_what_is_stale() {
    let topic = |name: &str, age| sample("KafkaTopicSample", age).with("topic", name);
    let stage = Stage::running()
        .with(topic("a", 10).with("sizeBytes", 1))
        .with(topic("b", 100).with("sizeBytes", 1))
        .with(topic("c", 10));
    let query = "event=KafkaTopicSample&attr=sizeBytes&cluster=orders";
    let text = "2 of 3 series have it, the newest 10 s ago; 1 is stale";
    check(&stage, query, "available", text, "").await;
}

#[tokio::test]
async fn a_question_without_an_event_says_how_to_ask() {
    let (status, body) = Stage::running().get("/api/v1/why?evnt=x").await;
    assert_eq!(status, 400);
    assert!(body["error"]["hint"].as_str().unwrap().contains("event"), "{body}");
}
