//! NerdGraph over HTTP: queries in the background, and what was asked before.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::{Value as Json, json};
use tower::ServiceExt;
use weir_server::router;

use super::stage::{Stage, USER_KEY};

/// One server for several requests.
struct Server(Router);

impl Server {
    fn of(stage: &Stage) -> Server {
        Server(router(stage.services()))
    }

    async fn ask(&self, query: &str) -> Json {
        let request = Request::post("/graphql")
            .header("Api-Key", USER_KEY)
            .header("Content-Type", "application/json")
            .body(Body::from(json!({ "query": query }).to_string()))
            .unwrap();
        let response = self.0.clone().oneshot(request).await.unwrap();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    async fn account(&self, field: &str) -> Json {
        let mut answer =
            self.ask(&format!("{{ actor {{ account(id: 1) {{ it: {field} }} }} }}")).await;
        let found = answer["data"]["actor"]["account"]["it"].take();
        if found.is_null() { answer } else { found }
    }
}

const PROGRESS: &str =
    "results queryProgress { queryId completed retryAfter retryDeadline resultExpiration }";

#[tokio::test]
async fn what_is_asked_at_once_has_no_progress() {
    let server = Server::of(&Stage::running().with_rows("T", json!([{"count": 4}])));
    let at_once = server.account(&format!("nrql(query: \"FROM T\") {{ {PROGRESS} }}")).await;
    assert_eq!(at_once, json!({"results": [{"count": 4}], "queryProgress": null}));
    let quick = format!("nrql(query: \"FROM T\", async: true) {{ {PROGRESS} }}");
    let quick = server.account(&quick).await;
    assert_eq!(quick["results"], json!([{"count": 4}]));
    assert_eq!(quick["queryProgress"]["completed"], true);
    assert_eq!(quick["queryProgress"]["queryId"], Json::Null);
}

#[tokio::test(start_paused = true)]
async fn a_long_query_gets_an_id_to_ask_about_and_to_cancel() {
    let server = Server::of(&Stage::running());
    let long = format!(
        "nrql(query: \"FROM Endless\", async: true) {{ {PROGRESS} metadata {{ facets }} }}"
    );
    let started = server.account(&long).await;
    let progress = &started["queryProgress"];
    assert_eq!((&started["results"], &started["metadata"]), (&Json::Null, &Json::Null));
    assert_eq!((&progress["completed"], &progress["retryAfter"]), (&json!(false), &json!(1)));
    let id = progress["queryId"].as_str().unwrap();
    let ask = format!("nrqlQueryProgress(queryId: \"{id}\") {{ nrql {PROGRESS} }}");
    let polled = server.account(&ask).await;
    assert_eq!(polled["nrql"], "FROM Endless");
    assert_eq!(polled["queryProgress"], *progress);
    let cancel = format!(
        "mutation {{ nrqlCancelQuery(queryId: \"{id}\") {{ queryId requestStatus rejectionReason }} }}"
    );
    let cancelled = server.ask(&cancel).await["data"]["nrqlCancelQuery"].take();
    let accepted = json!({"queryId": id, "requestStatus": "ACCEPTED", "rejectionReason": null});
    assert_eq!(cancelled, accepted);
    let gone = server.account(&ask).await;
    let message = gone["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("there is no query"), "{gone}");
    let again = server.ask(&cancel).await["data"]["nrqlCancelQuery"].take();
    assert_eq!(again["requestStatus"], "REJECTED");
}

#[tokio::test]
async fn what_was_asked_before_is_read_from_the_queries_events() {
    let asked = json!([{"timestamp": 1, "at": "1970-01-01T00:00:00.001Z", "nrql": "SELECT 1"}]);
    let server = Server::of(&Stage::running().with_rows("FROM WeirQuery", asked));
    let query =
        "{ actor { queryHistory { nrql(options: {limit: 5}) { accountIds query createdAt } } } }";
    let history = server.ask(query).await["data"]["actor"]["queryHistory"]["nrql"].take();
    let expected = json!([
        {"accountIds": [1], "query": "SELECT 1", "createdAt": "1970-01-01T00:00:00.001Z"}
    ]);
    assert_eq!(history, expected);
}

#[tokio::test]
async fn what_weir_does_not_have_is_null_and_named() {
    let server = Server::of(&Stage::running());
    let query = "{ actor { account(id: 1) { nrql(query: \"SELECT 1\") { staticChartUrl embeddedChartUrl } } } }";
    let answer = server.ask(query).await;
    let urls = json!({"staticChartUrl": null, "embeddedChartUrl": null});
    assert_eq!(answer["data"]["actor"]["account"]["nrql"], urls);
    let named =
        json!(["NrdbResultContainer.embeddedChartUrl", "NrdbResultContainer.staticChartUrl"]);
    assert_eq!(answer["extensions"]["unknownFields"], named);
}
