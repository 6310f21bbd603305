//! Saved queries over HTTP: who sees what, also after a restart.

use serde_json::{Value as Json, json};
use weir_testkit::WeirProcess;

use crate::command::Home;

const WEIR: &str = env!("CARGO_BIN_EXE_weir");
const PATH: &str = "/api/v1/saved-queries";

fn ask(weir: &WeirProcess, key: &str, method: &str, path: &str, body: &Json) -> (u16, Json) {
    let keyed = [("Api-Key", key), ("Content-Type", "application/json")];
    let headers = if key.is_empty() { &keyed[1..] } else { &keyed[..] };
    let answer = weir.send(method, path, headers, &body.to_string()).unwrap();
    (answer.status, answer.json().unwrap())
}

fn names(weir: &WeirProcess, key: &str) -> Vec<String> {
    let (_, list) = ask(weir, key, "GET", PATH, &Json::Null);
    let names = list["items"].as_array().unwrap().iter().map(|item| item["name"].as_str());
    names.map(|name| name.unwrap().to_owned()).collect()
}

#[test]
fn saved_queries_are_ones_own_or_the_accounts_and_stay() {
    let home = Home::new();
    let data = home.path().join("data");
    let weir = WeirProcess::start(WEIR, &data, &[]).unwrap();
    let ann = weir.announced_key("user").unwrap();
    let made = home.run(&["keys", "create", "user", "--data", data.to_str().unwrap()]);
    let bob = made.stdout.trim().to_owned();

    let lag = json!({ "name": " Worst lag ", "nrql": "SELECT 1", "shared": false });
    let (status, private) = ask(&weir, &ann, "POST", PATH, &lag);
    assert_eq!(
        (status, &private["name"], &private["mine"]),
        (200, &json!("Worst lag"), &json!(true))
    );
    let brokers = json!({ "name": "brokers", "nrql": "SELECT 2", "shared": true });
    let (_, shared) = ask(&weir, &ann, "POST", PATH, &brokers);
    assert_eq!(names(&weir, &ann), ["brokers", "Worst lag"]);
    assert_eq!(names(&weir, &bob), ["brokers"]);
    // Whoever needs no key on this machine is somebody too.
    assert_eq!(names(&weir, ""), ["brokers"]);

    assert_eq!(ask(&weir, &ann, "POST", PATH, &lag).0, 409);
    let private = format!("{PATH}/{}", private["id"].as_str().unwrap());
    assert_eq!(ask(&weir, &bob, "PUT", &private, &lag).0, 404);
    assert_eq!(ask(&weir, &bob, "DELETE", &private, &Json::Null).0, 404);
    let renamed = json!({ "name": "all brokers", "nrql": "SELECT 3", "shared": true });
    let shared = format!("{PATH}/{}", shared["id"].as_str().unwrap());
    let (status, changed) = ask(&weir, &bob, "PUT", &shared, &renamed);
    assert_eq!((status, &changed["mine"]), (200, &json!(false)), "{changed}");

    weir.stop().unwrap();
    let weir = WeirProcess::start(WEIR, &data, &[]).unwrap();
    assert_eq!(names(&weir, &ann), ["all brokers", "Worst lag"]);
    assert_eq!(ask(&weir, &ann, "DELETE", &private, &Json::Null).0, 200);
    assert_eq!(names(&weir, &ann), ["all brokers"]);
}

#[test]
fn what_can_not_be_saved_says_why() {
    let home = Home::new();
    let weir = WeirProcess::start(WEIR, home.path().join("data"), &[]).unwrap();
    for (body, told) in [
        (json!({ "name": " ", "nrql": "SELECT 1" }), "name has 1 to 80 characters"),
        (json!({ "name": "x".repeat(81), "nrql": "SELECT 1" }), "name has 1 to 80 characters"),
        (json!({ "name": "x", "nrql": "" }), "text has 1 to 65536 bytes"),
        (json!({ "name": "x", "nrql": "x".repeat(65_537) }), "text has 1 to 65536 bytes"),
        (json!({ "name": "x" }), "nrql"),
    ] {
        let (status, answer) = ask(&weir, "", "POST", PATH, &body);
        assert_eq!(status, 400, "{answer}");
        assert!(answer["error"]["message"].as_str().unwrap().contains(told), "{answer}");
    }
    let ingest = weir.announced_key("ingest").unwrap();
    assert_eq!(ask(&weir, &ingest, "GET", PATH, &Json::Null).0, 403);
}
