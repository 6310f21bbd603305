//! `weir why`, and that the API gives the same answer.

use std::time::Duration;

use anyhow::ensure;
use serde_json::Value as Json;
use weir_sim::Story;
use weir_testkit::{WeirProcess, eventually};

use crate::command::Home;
use crate::watched::Watched;

const WEIR: &str = env!("CARGO_BIN_EXE_weir");

#[test]
fn a_missing_right_is_named_by_every_voice() {
    let into_it = Story::FIRST_EVENT + Duration::from_secs(60);
    let watched = Watched::start(Story::ClusterDenied, into_it, "");
    let ask = ["why", "KafkaClusterSample.activeControllers"];
    let shown = watched.eventually(&ask, "right missing");
    let ended = watched.run(&[&ask[..], &["-o", "json"]].concat());
    let printed: Json = serde_json::from_str(&ended.stdout).unwrap();
    let path = "/api/v1/why?event=KafkaClusterSample&attr=activeControllers";
    let served = watched.get(path);
    for field in ["step", "text", "action", "source"] {
        assert_eq!(printed[field], served[field], "{field}");
    }
    assert!(shown.contains(served["text"].as_str().unwrap()), "{shown}");
    assert!(served["text"].as_str().unwrap().contains("DESCRIBE on CLUSTER"), "{served}");
    let help = format!("help: {}", served["action"].as_str().unwrap());
    assert!(watched.run(&ask).stderr.contains(&help), "the next step goes to stderr");
    let page = watched.run(&["clusters", "describe", "shop"]).stdout;
    assert!(page.contains("metadata quorum: denied: DESCRIBE on CLUSTER"), "{page}");
    let health = "not checked: activeControllers";
    assert!(page.contains(health), "a rule that can't be checked is named: {page}");
}

#[test]
fn filters_and_the_protocol_explain_what_is_not_there() {
    let filters = "      topics:\n        include: [nothing-is-called-so]\n";
    let watched = Watched::start(Story::Healthy, Duration::from_secs(30), filters);
    let shown = watched.eventually(&["why", "KafkaTopicSample"], "filtered out");
    assert!(shown.contains("include nothing-is-called-so"), "{shown}");
    watched.eventually(&["why", "KafkaBrokerSample"], "available");
    watched.eventually(&["why", "KafkaBrokerSample.cpuUserPercent"], "not from this source");
    let unknown = watched.run(&["why", "KafkaBrokerSampel"]);
    assert_eq!(unknown.code, 0, "an answer is an answer: {}", unknown.stderr);
    assert!(unknown.stderr.contains("did you mean `KafkaBrokerSample`?"), "{}", unknown.stderr);
    let nothing = watched.run(&["why", "KafkaBrokerSample."]);
    assert_eq!(nothing.code, 2, "{}", nothing.stdout);
    assert!(nothing.stderr.contains("`weir why KafkaBrokerSample`"), "{}", nothing.stderr);
    let sent = watched.run(&["why", "CheckoutFinished"]);
    assert!(sent.stdout.contains("none was sent"), "{}", sent.stdout);
}

#[test]
fn a_source_without_an_answer_and_none_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let nobody = weir_testkit::weir::free_address().unwrap().to_string();
    let failing = WeirProcess::start(WEIR, dir.path().join("a"), &["--kafka", &nobody]).unwrap();
    let home = Home::new().env("WEIR_CREDENTIALS", failing.credentials().to_str().unwrap());
    let url = failing.url();
    let ask = ["why", "KafkaTopicSample", "--server", &url];
    let shown = eventually(Duration::from_secs(60), "a source that was polled", || {
        let shown = home.run(&ask);
        ensure!(!shown.stdout.contains("not polled yet"), "{}", shown.stdout);
        Ok(shown)
    });
    let shown = shown.unwrap();
    assert!(shown.stdout.contains("source failing\t"), "{}", shown.stdout);
    assert!(shown.stderr.contains("weir sources test kafka"), "{}", shown.stderr);

    let alone = WeirProcess::start(WEIR, dir.path().join("b"), &[]).unwrap();
    let home = Home::new().env("WEIR_CREDENTIALS", alone.credentials().to_str().unwrap());
    let shown = home.run(&["why", "KafkaTopicSample", "--server", &alone.url()]);
    assert!(shown.stdout.contains("no source is configured"), "{}", shown.stdout);
    assert!(shown.stderr.contains("--kafka HOST:PORT"), "{}", shown.stderr);
}

#[test]
fn groups_that_may_not_be_described_name_their_right() {
    let into_it = Story::FIRST_EVENT + Duration::from_secs(60);
    let watched = Watched::start(Story::GroupsDenied, into_it, "");
    let shown = watched.eventually(&["why", "KafkaConsumerSample.consumerLag"], "right missing");
    assert!(shown.contains("DESCRIBE on"), "{shown}");
}
