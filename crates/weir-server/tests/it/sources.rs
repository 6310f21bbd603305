//! Trying a source out over HTTP.

use axum::body::Body;
use axum::http::Request;
use std::time::Duration;
use weir_api::source::SourceTestStep;
use weir_server::SourceTestRefusal;
use weir_types::source::SourceState;

use crate::stage::{Stage, status};

fn step(name: &str, ok: bool, next_step: Option<&str>) -> SourceTestStep {
    let (name, next_step) = (name.to_owned(), next_step.map(str::to_owned));
    SourceTestStep { name, ok, detail: "it is so".into(), next_step, took_ms: 3 }
}

fn stage() -> Stage {
    let steps = vec![step("resolve", true, None), step("connect", false, Some("start it"))];
    let slow = SourceTestRefusal::TookTooLong {
        source_name: "slow".into(),
        within: Duration::from_secs(60),
    };
    let mut stage = Stage::default().with_source(status(SourceState::Failing));
    stage.tests.insert("orders", Ok(steps));
    stage.tests.insert("slow", Err(slow));
    stage.tests.insert("busy", Err(SourceTestRefusal::Running("busy".into())));
    stage
}

#[tokio::test]
async fn the_steps_are_told_with_what_to_do() {
    let (status, test) = stage().post("/api/v1/sources/orders/test").await;
    assert_eq!((status, &test["ok"], &test["source"]), (200, &false.into(), &"orders".into()));
    assert_eq!(test["steps"][1]["next_step"], "start it");
    assert_eq!(
        (&test["steps"][0]["name"], &test["steps"][0]["ok"]),
        (&"resolve".into(), &true.into())
    );
}

#[tokio::test]
async fn what_was_not_tried_says_why_and_what_to_do() {
    for (source, expected, message, hint) in [
        ("ordres", 404, "no source `ordres` is configured", "did you mean `orders`?"),
        ("busy", 409, "a test of `busy` is running already", "wait for it to end"),
        ("slow", 504, "did not end within 60 s", "`weir sources test slow`"),
    ] {
        let (status, body) = stage().post(&format!("/api/v1/sources/{source}/test")).await;
        let told = |field: &str| body["error"][field].as_str().unwrap_or_default().to_owned();
        assert_eq!(status, expected, "{body}");
        assert!(told("message").contains(message) && told("hint").contains(hint), "{body}");
    }
}

#[tokio::test]
async fn no_other_site_can_make_the_server_ask_a_cluster() {
    let request = Request::post("/api/v1/sources/orders/test").header("Host", "127.0.0.1");
    let request = request.header("Origin", "http://evil.example").body(Body::empty()).unwrap();
    assert_eq!(stage().send(request).await.0, 401);
}
