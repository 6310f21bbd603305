//! Lists as scripts and people get them.

use crate::command::Home;
use crate::fake_server::FakeServer;

const GROUPS: &str = r#"{"schema": "weir/v1", "as_of_ms": 5, "truncated": true,
 "left_out_count": 7, "items": [
  {"cluster": "prod", "group": "orders", "status": "critical", "reasons": ["stalled"],
   "group_type": null, "state": "Stable", "coordinator_id": null, "assignor": null, "member_count": 12,
   "topic_count": 1, "partition_count": 6, "total_lag_messages": 84445, "max_lag_messages": 60000,
   "max_lag_secs": 118.0, "lag_secs_method": "at_least", "lag_status": "STALL", "abandoned": false, "lag_trend": [1, 4, 8],
   "sampled_at_ms": 1, "age_secs": 4.2, "stale": false, "completeness": 1},
  {"cluster": "prod", "group": "fresh", "status": "unknown", "reasons": [], "group_type": null,
   "state": "Empty", "coordinator_id": null, "assignor": null, "member_count": 0, "topic_count": null,
   "partition_count": null, "total_lag_messages": null, "max_lag_messages": null, "max_lag_secs": null,
   "lag_status": null, "abandoned": null, "lag_trend": [], "sampled_at_ms": 1, "age_secs": 4.2,
   "stale": false, "completeness": null},
  {"cluster": "prod", "group": "audit", "status": "ok", "reasons": [], "group_type": "classic",
   "state": "Stable", "coordinator_id": "1", "assignor": "range", "member_count": 3, "topic_count": 1,
   "partition_count": 6, "total_lag_messages": 0, "max_lag_messages": 0, "max_lag_secs": 0.3,
   "lag_status": "OK", "abandoned": false, "lag_trend": [0, 0], "sampled_at_ms": 1, "age_secs": 4.2,
   "stale": true, "completeness": 1},
  {"cluster": "prod", "group": "old", "status": "unknown", "reasons": [], "state": "Empty",
   "resting": true, "abandoned": true, "lag_trend": [], "sampled_at_ms": 1, "age_secs": 4.2,
   "stale": false}]}"#;

#[test]
fn lag_comes_worst_first_and_missing_is_not_zero() {
    let server = FakeServer::answering(200, GROUPS);
    let home = Home::new().env("LANG", "C.UTF-8");
    let ended = home.run(&["groups", "lag", "--server", server.url()]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(
        ended.stdout,
        "STATUS\tGROUP\tCLUSTER\tSTATE\tLAG TIME\tTREND\tLAG\tWORST\tMEMBERS\tAGE\n\
         STALL\torders\tprod\tStable\t≥1m58s\t▂▅█\t84445\t60000\t12\t4.2s\n\
         UNKNOWN\tfresh\tprod\tEmpty\t-\t-\t-\t-\t0\t4.2s\n\
         OK\taudit\tprod\tStable\t0.3s\t▁▁\t0\t0\t3\t4.2s stale\n"
    );
    assert_eq!(
        ended.stderr,
        "1 resting group is left out: `weir groups list --all` shows it\n\
         warning: only 3 of 10 groups are shown: `weir groups list --limit N` shows more\n"
    );
}

#[test]
fn json_keeps_the_envelope_and_csv_raw_numbers() {
    let server = FakeServer::answering(200, GROUPS);
    let home = Home::new();
    let json = home.run(&["g", "lag", "orders", "-o", "json", "--server", server.url()]);
    let list: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((&list["schema"], &list["truncated"]), (&"weir/v1".into(), &true.into()));
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let csv = home.run(&["groups", "list", "-o", "csv", "--server", server.url()]).stdout;
    assert!(
        csv.contains("\nCRITICAL,orders,prod,,STALL,118,84445,,,Stable,12,1,6,,,4.2\n"),
        "{csv}"
    );
}

#[test]
fn resting_groups_are_counted_and_shown_when_asked_for() {
    let server = FakeServer::answering(200, GROUPS);
    let home = Home::new();
    let ended = home.run(&["groups", "list", "--server", server.url()]);
    assert!(!ended.stdout.contains("\told\t"), "{}", ended.stdout);
    assert!(ended.stderr.contains("1 resting group is left out"), "{}", ended.stderr);
    let all = home.run(&["groups", "list", "--all", "--server", server.url()]);
    assert!(all.stdout.contains("UNKNOWN\told\tprod\t"), "{}", all.stdout);
    let json = home.run(&["groups", "list", "-o", "json", "--server", server.url()]);
    assert!(json.stdout.contains("\"old\""), "a document has them all");
}

#[test]
fn options_of_a_list_become_the_question() {
    let server = FakeServer::answering(200, GROUPS);
    let options = ["--cluster", "a b", "--search", "or", "--status", "ok", "--sort", "-age_secs"];
    let mut args = vec!["groups", "list", "--limit", "5", "--server", server.url()];
    args.extend(options);
    assert_eq!(Home::new().run(&args).code, 0);
    let asked = server.last_request();
    let line = asked.lines().next().unwrap();
    let expected = "GET /api/v1/groups?cluster=a+b&q=or&status=ok&sort=-age_secs&limit=5 HTTP/1.1";
    assert_eq!(line, expected);
}

#[test]
fn the_reason_for_nothing_is_asked_about_the_same_cluster() {
    let nothing = r#"{"schema": "weir/v1", "as_of_ms": 5, "truncated": false, "items": []}"#;
    let server = FakeServer::answering(200, nothing);
    let args = ["topics", "list", "--cluster", "eu", "--server", server.url()];
    let told = Home::new().run(&args).stderr;
    assert_eq!(told, "no topics: `weir why KafkaTopicSample --cluster eu` says why\n");
}

#[test]
fn a_name_in_two_clusters_must_be_told_apart() {
    let both = GROUPS.replacen("\"prod\"", "\"test\"", 1).replace("\"audit\"", "\"orders\"");
    let server = FakeServer::answering(200, &both);
    for verb in ["get", "describe"] {
        let ended = Home::new().run(&["groups", verb, "orders", "--server", server.url()]);
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
        assert!(ended.stderr.contains("`orders` is in 2 clusters"), "{}", ended.stderr);
        assert!(ended.stderr.contains("--cluster: test, prod"), "{}", ended.stderr);
    }
}

#[test]
fn an_unknown_group_gets_the_nearest_name() {
    let server = FakeServer::answering(200, GROUPS);
    let ended = Home::new().run(&["groups", "lag", "order", "--server", server.url()]);
    assert_eq!((ended.code, ended.stdout.as_str()), (5, ""));
    assert!(ended.stderr.contains("did you mean `orders`?"), "{}", ended.stderr);
}

#[test]
fn signs_are_written_in_the_characters_of_the_locale() {
    let server = FakeServer::answering(200, GROUPS);
    let home = Home::new().env("LC_ALL", "C").env("LANG", "C.UTF-8");
    let ended = home.run(&["groups", "lag", "--server", server.url()]);
    assert!(ended.stdout.contains("\t>=1m58s\t"), "{}", ended.stdout);
    assert!(ended.stdout.is_ascii(), "{}", ended.stdout);
}

#[test]
fn colour_only_where_it_is_wanted() {
    let server = FakeServer::answering(200, GROUPS);
    let args = ["groups", "lag", "--server", server.url()];
    let colored = |home: Home| {
        let ended = home.run(&args);
        let of_streams = [&ended.stdout, &ended.stderr].map(|text| text.contains('\x1b'));
        assert_eq!(of_streams[0], of_streams[1], "one rule for both");
        of_streams[0]
    };
    assert!(!colored(Home::new()));
    assert!(colored(Home::new().env("CLICOLOR_FORCE", "1")));
    assert!(!colored(Home::new().env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1")));
}

#[test]
fn a_source_that_does_not_answer_says_why() {
    let address = weir_testkit::weir::free_address().unwrap().to_string();
    let ended = Home::new().run(&["sources", "test", "--kafka", &address]);
    assert_eq!(ended.code, 6);
    assert!(ended.stdout.contains("failed\tkafka\t"), "{}", ended.stdout);
    assert!(ended.stdout.contains("refused"), "{}", ended.stdout);
    assert!(ended.stderr.contains("kafka fails at `connect`"), "{}", ended.stderr);
    let none = Home::new().run(&["sources", "test"]);
    assert_eq!(none.code, 5);
    assert!(none.stderr.contains("--kafka HOST:PORT"), "{}", none.stderr);
}

/// Meets both lists that the command asks for: the sources, then what each of their clusters says.
#[test]
fn capabilities_without_a_name_are_those_of_every_cluster() {
    let server = FakeServer::answering(
        200,
        r#"{"schema": "weir/v1", "as_of_ms": 5, "truncated": false, "items": [
            {"cluster": "prod", "source": "a", "question": "metadata", "state": "ok", "detail": null,
             "name": "a", "kind": "kafka", "target": "b:9092", "interval_secs": 30,
             "last_events_count": 0, "cycles_total": 0, "failed_cycles_total": 0,
             "requests_total": 0}]}"#,
    );
    let home = Home::new();
    let all = home.run(&["clusters", "capabilities", "--server", server.url()]);
    assert_eq!(all.code, 0, "{}", all.stderr);
    assert_eq!(all.stdout, "STATE\tCLUSTER\tQUESTION\tSOURCE\tDETAIL\nok\tprod\tmetadata\ta\t-\n");
    assert!(server.last_request().starts_with("GET /api/v1/clusters/prod/capabilities "));
    let one = home.run(&["clusters", "capabilities", "prod", "--server", server.url()]);
    assert!(one.stdout.starts_with("STATE\tQUESTION\tSOURCE\t"), "{}", one.stdout);
}

#[test]
fn a_source_is_tried_whatever_is_wrong_with_another() {
    let address = weir_testkit::weir::free_address().unwrap().to_string();
    let home = Home::new();
    let text = format!(
        "sources:\n  - kafka: {{name: good, bootstrap: [\"{address}\"]}}\n  - kafka:\n      \
         name: secret\n      bootstrap: [\"{address}\"]\n      sasl: {{mechanism: PLAIN, \
         username: u, password: \"${{env:UNSET}}\"}}\n"
    );
    home.write("weir.yaml", &text);
    for args in [&["good"][..], &["--kafka", &address], &[]] {
        let ended = home.run(&[&["sources", "test"], args].concat());
        assert_eq!(ended.code, 6, "{args:?}: {}", ended.stderr);
        assert!(ended.stdout.contains("\tresolve\t"), "{args:?}: {}", ended.stdout);
        let is_told = ended.stderr.contains("UNSET is not set");
        assert_eq!(is_told, args.is_empty(), "{args:?}: {}", ended.stderr);
    }
    let ended = home.run(&["sources", "test", "secret"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
    assert!(ended.stderr.contains("UNSET is not set"), "{}", ended.stderr);
}
