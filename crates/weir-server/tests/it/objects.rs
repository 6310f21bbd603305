//! One cluster, broker, topic and group: everything the samples carry, and nothing made up.

use serde_json::json;
use weir_types::source::{CapabilityState, Question};
use weir_types::{Event, PartitionState, PartitionStates, Timestamp, Value};

use crate::stage::{NOW, Stage, capability, sample};

fn partition(topic: &str, number: i64, status: &str, leader: Option<&str>) -> Event {
    sample("KafkaPartitionSample", 10)
        .with("topic", topic)
        .with("partition", number)
        .with_known("leader", leader)
        .with("isrCount", 1)
        .with("replicaCount", 3)
        .with("partitionStatus", status)
}

#[tokio::test]
async fn a_cluster_tells_its_health_point_by_point() {
    let mut stage = Stage::running()
        .with_capability(capability(
            Question::MetadataQuorum,
            CapabilityState::Denied,
            "DESCRIBE on CLUSTER",
        ))
        .with(sample("KafkaBrokerSample", 10).with("brokerId", "2").with("isController", true))
        .with(partition("a", 1, "OFFLINE", None))
        .with(partition("b", 7, "UNDER_REPLICATED", Some("2")))
        .with(partition("b", 8, "OK", Some("2")));
    stage.samples[0] = sample("KafkaClusterSample", 10)
        .with("healthScore", Value::Float(25.0))
        .with("healthStatus", "CRITICAL")
        .with(
            "healthReasons",
            "offlinePartitions 1: -60; disk used % 87: -15; not checked: activeControllers",
        )
        .with("offlinePartitions", 1)
        .with("diskUsedBytes", 7);
    let cluster = stage.ok("/api/v1/clusters/orders").await;
    assert_eq!(cluster["status"], "critical");
    assert_eq!(cluster["health_score"], 25.0);
    assert_eq!(
        cluster["health_findings"][0],
        json!({
            "rule": "offlinePartitions", "value": "1", "points": 60.0,
            "text": "1 partition has no leader and can't be read or written",
        })
    );
    assert_eq!(cluster["health_not_checked"], json!(["activeControllers"]));
    assert_eq!(cluster["offline_partitions"], 1);
    assert_eq!(cluster["disk_used_bytes"], 7);
    assert_eq!(cluster["disk_total_bytes"], json!(null), "not known is not 0");
    assert_eq!(cluster["controller_id"], "2");
    let partitions = cluster["abnormal_partitions"]["items"].as_array().unwrap();
    assert_eq!(partitions.len(), 2, "a partition that is well again is none of them");
    assert_eq!(partitions[0]["leader"], json!(null));
    assert_eq!(cluster["capabilities"][0]["detail"], "DESCRIBE on CLUSTER");
}

#[tokio::test]
async fn a_repeated_sample_has_the_age_of_what_it_repeats() {
    let stage = Stage::running().with(
        sample("KafkaBrokerSample", 10)
            .with("brokerId", "5")
            .with("brokerStatus", "OFFLINE")
            .with("healthScore", Value::Float(0.0))
            .with("healthStatus", "CRITICAL")
            .with("healthReasons", "brokerStatus not ONLINE: -100"),
    );
    let mut stage = stage;
    let broker = stage.samples.last_mut().unwrap();
    for (name, value) in &mut broker.attributes {
        if name == "stale" {
            *value = Value::Bool(true);
        }
    }
    broker.push("sampleAgeSeconds", Value::Float(300.0));
    let broker = stage.ok("/api/v1/clusters/orders/brokers/5").await;
    assert_eq!((&broker["stale"], &broker["age_secs"]), (&json!(true), &json!(310.0)));
    assert_eq!(broker["status"], "critical", "known to be down is worse than silent");
    let reasons =
        json!(["not among the live brokers", "no answer for 5 min: what is shown is from then"]);
    assert_eq!(broker["reasons"], reasons);
    assert_eq!(broker["broker_ids"], json!(["5"]));
    assert_eq!(broker["cpu_user_percent"], json!(null));
}

#[tokio::test]
async fn a_broker_shows_the_partitions_it_leads_that_are_not_well() {
    let broker = |id: &str| sample("KafkaBrokerSample", 10).with("brokerId", id);
    let stage = Stage::running()
        .with(broker("2"))
        .with(broker("10"))
        .with(partition("a", 1, "UNDER_REPLICATED", Some("2")))
        .with(partition("a", 2, "UNDER_REPLICATED", Some("10")))
        .with(
            sample("KafkaConsumerGroupSample", 10)
                .with("consumerGroup", "g")
                .with("coordinatorId", "2"),
        );
    let found = stage.ok("/api/v1/clusters/orders/brokers/2").await;
    assert_eq!(found["abnormal_partitions"]["items"].as_array().unwrap().len(), 1);
    assert_eq!(found["abnormal_partitions"]["items"][0]["partition"], 1);
    assert_eq!(found["coordinated_group_count"], 1);
    assert_eq!(found["broker_ids"], json!(["2", "10"]));
    let (status, body) = stage.get("/api/v1/clusters/orders/brokers/7").await;
    assert_eq!((status, &body["error"]["hint"]), (404, &json!("there are: 2, 10")));
}

#[tokio::test]
async fn a_dead_broker_shows_the_partitions_that_miss_it() {
    let out = |number: i64, replicas: &str| {
        partition("invoices", number, "UNDER_REPLICATED", Some("1"))
            .with("replicas", replicas)
            .with("isr", "1,2")
    };
    let stage = Stage::running()
        .with(sample("KafkaBrokerSample", 10).with("brokerId", "5"))
        .with(out(0, "1,2,5"))
        .with(out(1, "1,2,15"));
    let broker = stage.ok("/api/v1/clusters/orders/brokers/5").await;
    let items = broker["abnormal_partitions"]["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "15 is another broker");
    assert_eq!(items[0]["replicas"], json!(["1", "2", "5"]));
    assert_eq!(items[0]["isr"], json!(["1", "2"]));
    assert_eq!(broker["partitions"], json!(null), "no source keeps them");
}

#[tokio::test]
async fn all_partitions_are_shown_where_the_source_keeps_them() {
    let state = |partition: i32, stale_since: Option<i64>| PartitionState {
        topic: "invoices".into(),
        partition,
        status: "OK",
        leader: Some(1),
        replicas: vec![1, 5],
        isr: vec![1, 5],
        log_start_offset: Some(3),
        log_end_offset: Some(9),
        size_bytes: None,
        stale_since: stale_since.map(Timestamp::from_millis),
    };
    let mut stage = Stage::running()
        .with(sample("KafkaBrokerSample", 10).with("brokerId", "5"))
        .with(sample("KafkaTopicSample", 10).with("topic", "invoices"));
    stage.partitions = Some(PartitionStates {
        known_at: Timestamp::from_millis(NOW - 10_000),
        items: vec![state(0, None), state(1, Some(NOW - 70_000))],
        left_out: 0,
    });
    for page in ["topics/invoices", "brokers/5"] {
        let page = stage.ok(&format!("/api/v1/clusters/orders/{page}")).await;
        let items = page["partitions"]["items"].as_array().unwrap();
        assert_eq!((items.len(), &items[0]["status"]), (2, &json!("ok")));
        assert_eq!((&items[0]["stale"], &items[0]["age_secs"]), (&json!(false), &json!(10.0)));
        assert_eq!((&items[1]["stale"], &items[1]["age_secs"]), (&json!(true), &json!(70.0)));
        assert_eq!(items[0]["size_bytes"], json!(null), "not known is not 0");
    }
    stage.partitions.as_mut().unwrap().known_at = Timestamp::from_millis(NOW - 900_000);
    let page = stage.ok("/api/v1/clusters/orders/topics/invoices").await;
    assert_eq!(page["partitions"]["items"][0]["status"], "stale", "nobody knows how it is now");
}

#[tokio::test]
async fn a_broker_names_the_log_directory_that_is_broken() {
    let dir = |path: &str, broker: &str, status: &str| {
        let sample = sample("KafkaLogDirSample", 10).with("brokerId", broker);
        sample.with("logDir", path).with("logDirStatus", status)
    };
    let stage = Stage::running()
        .with(sample("KafkaBrokerSample", 10).with("brokerId", "2"))
        .with(dir("/a", "2", "ONLINE").with("diskUsedBytes", 5).with("diskFreeBytes", 7))
        .with(dir("/b", "2", "OFFLINE").with("logDirError", "KAFKA_STORAGE_ERROR (56)"))
        .with(dir("/a", "10", "ONLINE"));
    let found = stage.ok("/api/v1/clusters/orders/brokers/2").await;
    let dirs = found["log_dirs"].as_array().unwrap();
    let told = |at: usize, name: &str| dirs[at][name].clone();
    assert_eq!(
        (dirs.len(), told(0, "path"), told(0, "status")),
        (2, json!("/b"), json!("critical"))
    );
    assert_eq!(told(0, "error"), json!("KAFKA_STORAGE_ERROR (56)"));
    assert_eq!(told(0, "used_bytes"), json!(null), "not known is not 0");
    assert_eq!((told(1, "used_bytes"), told(1, "free_bytes")), (json!(5), json!(7)));
}

#[tokio::test]
async fn a_group_has_the_members_and_partitions_of_its_own_cycle() {
    let of_group = |event_type: &str, age: i64| sample(event_type, age).with("consumerGroup", "g");
    let stage = Stage::running()
        .with(
            of_group("KafkaConsumerGroupSample", 10)
                .with("healthStatus", "WARNING")
                .with("healthReasons", "lagStatus WARN: -20")
                .with("lagVelocity", Value::Float(12.5))
                .with("rebalanceCount", 3)
                .with("messagesLost", 5),
        )
        .with(
            of_group("KafkaConsumerMemberSample", 10)
                .with("memberId", "here")
                .with("clientId", "c"),
        )
        .with(of_group("KafkaConsumerMemberSample", 40).with("memberId", "left"))
        .with(
            of_group("KafkaConsumerSample", 10)
                .with("topic", "t")
                .with("partition", 0)
                .with("consumerLagSeconds", Value::Float(25.0))
                .with("consumerLagSecondsLow", Value::Float(25.0))
                .with("lagSecondsMethod", "at_least")
                .with("secondsToDataLoss", Value::Float(600.0))
                .with("commitAgeSeconds", Value::Float(9.0)),
        )
        .with(of_group("KafkaConsumerSample", 40).with("topic", "old").with("partition", 0));
    let group = stage.ok("/api/v1/clusters/orders/groups/g").await;
    assert_eq!(group["reasons"], json!(["moving, but falling behind"]));
    assert_eq!(group["lag_velocity_per_sec"], 12.5);
    assert_eq!((&group["rebalance_count"], &group["messages_lost"]), (&json!(3), &json!(5)));
    assert_eq!(group["secs_to_catch_up"], json!(null));
    assert_eq!(group["members"].as_array().unwrap().len(), 1);
    assert_eq!(group["members"][0]["member_id"], "here");
    assert_eq!(group["partitions"].as_array().unwrap().len(), 1);
    let partition = &group["partitions"][0];
    assert_eq!(partition["lag_secs_high"], json!(null), "only known from below");
    assert_eq!(partition["secs_to_data_loss"], 600.0);
    assert_eq!(partition["commit_age_secs"], 9.0);
    assert_eq!(partition["lag_messages"], json!(null));
}

#[tokio::test]
async fn a_topic_names_its_groups_and_a_wrong_name_the_nearest() {
    let stage = Stage::running()
        .with(
            sample("KafkaTopicSample", 10).with("topic", "payments").with("atMinIsrPartitions", 2),
        )
        .with(
            sample("KafkaConsumerSample", 10)
                .with("consumerGroup", "ledger")
                .with("topic", "payments")
                .with("partition", 0),
        )
        .with(
            sample("KafkaConsumerGroupSample", 10)
                .with("consumerGroup", "ledger")
                .with("groupState", "Stable")
                .with("memberCount", 4),
        );
    let topic = stage.ok("/api/v1/clusters/orders/topics/payments").await;
    assert_eq!(topic["at_min_isr_partitions"], 2);
    let group = &topic["groups"][0];
    assert_eq!((&group["group"], &group["member_count"]), (&json!("ledger"), &json!(4)));
    assert_eq!(group["lag_messages"], json!(null));
    let (status, body) = stage.get("/api/v1/clusters/orders/topics/paymets").await;
    assert_eq!((status, &body["error"]["hint"]), (404, &json!("did you mean `payments`?")));
}

#[tokio::test]
async fn where_a_group_stands_on_a_topic_is_told_in_full() {
    let of = |partition: i64| {
        sample("KafkaConsumerSample", 10)
            .with("consumerGroup", "ledger")
            .with("topic", "payments")
            .with("partition", partition)
            .with("consumerLag", 40)
    };
    let stage = Stage::running()
        .with(sample("KafkaTopicSample", 10).with("topic", "payments"))
        .with(
            of(0)
                .with("consumerLagSeconds", Value::Float(12.5))
                .with("lagSecondsMethod", "exact")
                .with("lagStatus", "STALL")
                .with("messagesLost", 3)
                .with("secondsToDataLoss", Value::Float(60.0)),
        )
        .with(of(1).with("lagStatus", "OK"));
    let row = &stage.ok("/api/v1/topics").await["items"][0];
    let expected = json!({
        "group": "ledger",
        "lag_status": "STALL",
        "lag_messages": 80,
        "max_lag_secs": 12.5,
        "lag_secs_method": "exact",
        "messages_lost": 3,
        "secs_to_data_loss": 60.0,
        "partition_count": 2,
        "stale": false,
    });
    assert_eq!((&row["group_count"], &row["worst_groups"]), (&json!(1), &json!([expected])));
}

#[tokio::test]
async fn samples_without_health_are_unknown_and_not_well() {
    let stage = Stage::running().with(sample("KafkaTopicSample", 10).with("topic", "t"));
    let topic = &stage.ok("/api/v1/topics").await["items"][0];
    assert_eq!((&topic["status"], &topic["health_score"]), (&json!("unknown"), &json!(null)));
}
