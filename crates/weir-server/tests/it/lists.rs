//! Lists: order, filters, limits, and what leaves them.

use serde_json::{Value as Json, json};
use weir_types::Event;
use weir_types::source::SourceState;

use crate::stage::{NOW, Stage, sample, status};

fn topic(name: &str, status: &str, age_secs: i64) -> Event {
    sample("KafkaTopicSample", age_secs).with("topic", name).with("healthStatus", status)
}

fn group(name: &str, status: &str) -> Event {
    sample("KafkaConsumerGroupSample", 10).with("consumerGroup", name).with("healthStatus", status)
}

fn names(list: &Json, field: &str) -> Vec<String> {
    let items = list["items"].as_array().unwrap();
    items.iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn lists_are_bounded_and_count_what_they_leave_out() {
    let stage = (0..5).fold(Stage::running(), |stage, n| {
        stage.with(topic(&format!("t{n}"), if n == 3 { "CRITICAL" } else { "HEALTHY" }, 10))
    });
    let list = stage.ok("/api/v1/topics?limit=2").await;
    assert_eq!(names(&list, "topic"), ["t3", "t0"]);
    assert_eq!((&list["truncated"], &list["left_out_count"]), (&json!(true), &json!(3)));
    let all = stage.ok("/api/v1/topics?sort=-name").await;
    assert_eq!(names(&all, "topic"), ["t4", "t3", "t2", "t1", "t0"]);
    assert_eq!((&all["truncated"], &all["left_out_count"]), (&json!(false), &json!(0)));
    let critical = stage.ok("/api/v1/topics?status=critical&q=T").await;
    assert_eq!(names(&critical, "topic"), ["t3"]);
}

#[tokio::test]
async fn a_wrong_question_says_what_is_right() {
    let stage = Stage::running();
    for (path, code, hint) in [
        ("/api/v1/topics?sort=weight", 400, "worst, name, partition_count"),
        ("/api/v1/topics?limit=0", 400, ""),
        ("/api/v1/groups?clutser=a", 400, "cluster, q, status, sort and limit"),
        ("/api/v1/clusters?clutser=a", 400, "cluster, q, status, sort and limit"),
        ("/api/v1/brokers?cluster=order", 404, "did you mean `orders`?"),
    ] {
        let (status, body) = stage.get(path).await;
        assert_eq!(status, code, "{path}: {body}");
        let shown = body["error"]["hint"].as_str().unwrap_or_default();
        assert!(shown.contains(hint), "{path}: {body}");
    }
}

#[tokio::test]
async fn a_cluster_is_known_by_its_id_too() {
    let stage = Stage::running().with(topic("t", "HEALTHY", 10));
    let list = stage.ok("/api/v1/topics?cluster=id-of-orders").await;
    assert_eq!(names(&list, "topic"), ["t"]);
    assert_eq!(stage.ok("/api/v1/clusters/id-of-orders").await["cluster"], "orders");
    let listed = stage.ok("/api/v1/clusters?cluster=id-of-orders").await;
    assert_eq!(names(&listed, "cluster"), ["orders"]);
    assert_eq!(stage.get("/api/v1/clusters?cluster=nobody").await.0, 404);
}

#[tokio::test]
async fn clusters_are_filtered_and_sorted_like_the_others() {
    let stage = Stage::running();
    assert_eq!(names(&stage.ok("/api/v1/clusters?q=RDE").await, "cluster"), ["orders"]);
    for none in ["q=nothing", "status=stale"] {
        let listed = stage.ok(&format!("/api/v1/clusters?{none}")).await;
        assert_eq!(listed["items"], json!([]), "{none}");
    }
    let (status, body) = stage.get("/api/v1/clusters?sort=weight").await;
    assert_eq!((status, body["error"]["code"].as_str()), (400, Some("invalid_request")));
}

#[tokio::test]
async fn what_the_cluster_no_longer_has_leaves_the_list() {
    let stage =
        Stage::running().with(topic("kept", "HEALTHY", 10)).with(topic("deleted", "HEALTHY", 900));
    assert_eq!(names(&stage.ok("/api/v1/topics").await, "topic"), ["kept"]);
    let gone = stage.ok("/api/v1/clusters/orders/topics/deleted").await;
    assert_eq!((&gone["gone"], &gone["stale"]), (&json!(true), &json!(true)));
}

#[tokio::test]
async fn a_silent_cluster_keeps_what_it_had_and_marks_it() {
    let mut stage = Stage::running().with(topic("kept", "HEALTHY", 900));
    stage.samples[0] = sample("KafkaClusterSample", 900).with("healthStatus", "HEALTHY");
    let list = stage.ok("/api/v1/topics").await;
    assert_eq!(list["items"][0]["status"], "stale");
    assert_eq!(list["items"][0]["gone"], false);
    assert_eq!(list["items"][0]["age_secs"], 900.0);
    let cluster = stage.ok("/api/v1/clusters").await;
    assert_eq!(cluster["items"][0]["status"], "stale");
}

#[tokio::test]
async fn a_watched_cluster_keeps_what_it_had_however_long_it_is_silent() {
    const DAYS: i64 = 3 * 86_400;
    let old = |stage: Stage| {
        stage
            .with(sample("KafkaClusterSample", DAYS).with("healthStatus", "CRITICAL"))
            .with(topic("invoices", "HEALTHY", DAYS + 5))
            .with(topic("deleted-before", "HEALTHY", DAYS + 7_200))
    };
    let watched = old(Stage::default().with_source(status(SourceState::Failing)));
    let clusters = watched.ok("/api/v1/clusters").await;
    assert_eq!(clusters["items"][0]["status"], "critical");
    assert_eq!(clusters["items"][0]["stale"], true);
    assert_eq!(clusters["items"][0]["known_at_ms"], json!(NOW - DAYS * 1_000));
    for list in ["/api/v1/topics", "/api/v1/topics?cluster=orders", "/api/v1/topics?status=stale"] {
        assert_eq!(names(&watched.ok(list).await, "topic"), ["invoices"], "{list}");
    }
    let unwatched = old(Stage::default());
    assert_eq!(unwatched.ok("/api/v1/clusters").await["items"], json!([]));
    assert_eq!(unwatched.ok("/api/v1/topics").await["items"], json!([]));
}

#[tokio::test]
async fn resting_groups_come_last_whatever_their_lag() {
    let stage = Stage::running()
        .with(
            group("abandoned", "UNKNOWN")
                .with("abandoned", true)
                .with("groupState", "Empty")
                .with("totalLag", 900_000),
        )
        .with(group("crashed", "CRITICAL").with("groupState", "Empty").with("totalLag", 5))
        .with(group("empty", "HEALTHY").with("groupState", "Empty").with("totalLag", 0))
        .with(group("busy", "HEALTHY").with("groupState", "Stable").with("totalLag", 7));
    let list = stage.ok("/api/v1/groups").await;
    assert_eq!(names(&list, "group"), ["crashed", "busy", "abandoned", "empty"]);
    let resting: Vec<_> = list["items"].as_array().unwrap().iter().map(|g| &g["resting"]).collect();
    assert_eq!(resting, [&json!(false), &json!(false), &json!(true), &json!(true)]);
}

#[tokio::test]
async fn a_topic_row_has_its_two_worst_groups() {
    let lag = |group: &str, partition: i64, secs: f64, verdict: &str| {
        sample("KafkaConsumerSample", 10)
            .with("consumerGroup", group)
            .with("topic", "t")
            .with("partition", partition)
            .with("consumerLag", 10)
            .with("consumerLagSeconds", weir_types::Value::Float(secs))
            .with("lagSecondsMethod", if secs > 100.0 { "at_least" } else { "interpolated" })
            .with("lagStatus", verdict)
    };
    let stage = Stage::running()
        .with(topic("t", "HEALTHY", 10))
        .with(lag("audit", 0, 0.3, "OK"))
        .with(lag("enricher", 0, 118.0, "STALL"))
        .with(lag("enricher", 1, 3.0, "OK"))
        .with(lag("slow", 0, 41.0, "WARN"));
    let row = &stage.ok("/api/v1/topics").await["items"][0];
    assert_eq!(row["group_count"], 3);
    let groups = row["worst_groups"].as_array().unwrap();
    assert_eq!(groups.len(), 2);
    assert_eq!(groups[0]["group"], "enricher");
    assert_eq!(groups[0]["lag_messages"], 20);
    assert_eq!(groups[0]["max_lag_secs"], 118.0);
    assert_eq!(groups[0]["lag_secs_method"], "at_least");
    assert_eq!(groups[0]["partition_count"], 2);
    assert_eq!(groups[1]["group"], "slow");
}
