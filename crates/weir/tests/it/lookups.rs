//! Lookup tables from the command line and over New Relic's API, read by NRQL, also after a restart.

use std::process::{Command, Stdio};

use serde_json::{Value as Json, json};
use weir_testkit::WeirProcess;

const WEIR: &str = env!("CARGO_BIN_EXE_weir");
const OWNERS: &str = "topic,team,tier\norders,checkout,1\npayments,\"money, moved\",'2\n";

struct Server {
    process: WeirProcess,
    dir: tempfile::TempDir,
    user_key: String,
    ingest_key: String,
}

impl Server {
    fn start() -> Server {
        let dir = tempfile::tempdir().unwrap();
        let process = WeirProcess::start(WEIR, dir.path().join("data"), &[]).unwrap();
        let user_key = process.announced_key("user").unwrap();
        let ingest_key = process.announced_key("ingest").unwrap();
        Server { process, dir, user_key, ingest_key }
    }

    fn restarted(self) -> Server {
        self.process.stop().unwrap();
        let process = WeirProcess::start(WEIR, self.dir.path().join("data"), &[]).unwrap();
        Server { process, ..self }
    }

    fn weir(&self, args: &[&str]) -> (i32, String, String) {
        let output = Command::new(WEIR)
            .args(args)
            .env("WEIR_CREDENTIALS", self.process.credentials())
            .env("WEIR_SERVER", self.process.url())
            .current_dir(self.dir.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn upload(&self, name: &str, csv: &str) -> (i32, String, String) {
        std::fs::write(self.dir.path().join("table.csv"), csv).unwrap();
        self.weir(&["lookups", "upload", name, "table.csv", "-o", "json"])
    }

    fn rows(&self, nrql: &str) -> Json {
        let (code, out, err) = self.weir(&["query", "-o", "json", nrql]);
        assert_eq!(code, 0, "{err}");
        serde_json::from_str(&out).unwrap()
    }

    /// A request as New Relic's clients send it.
    fn api(&self, method: &str, path: &str, kind: &str, body: &str) -> (u16, Json) {
        let headers = [("Api-Key", self.user_key.as_str()), ("Content-Type", kind)];
        let answer = self.process.send(method, path, &headers, body).unwrap();
        (answer.status, answer.json().unwrap())
    }
}

#[test]
fn an_uploaded_table_is_read_at_once_and_after_a_restart() {
    let server = Server::start();
    let (code, out, err) = server.upload("owners", OWNERS);
    assert_eq!((code, err.as_str()), (0, ""));
    let shown: Json = serde_json::from_str(&out).unwrap();
    assert_eq!((&shown["row_count"], &shown["updated_by"]), (&json!(2), &json!("local")));

    let nrql = "FROM lookup(owners) SELECT topic, team, tier";
    let expected = json!([
        { "topic": "orders", "team": "checkout", "tier": 1 },
        { "topic": "payments", "team": "money, moved", "tier": "2" },
    ]);
    assert_eq!(server.rows(nrql), expected);
    let event = r#"{"eventType":"Deploy","topic":"payments"}"#;
    let key = [("Api-Key", server.ingest_key.as_str())];
    assert_eq!(server.process.post("/v1/accounts/1/events", &key, event).unwrap().status, 200);
    let joined = "FROM Deploy JOIN (FROM lookup(owners) SELECT topic, team) ON topic \
                  SELECT count(*) FACET team";
    let counted = json!([{ "facet": "money, moved", "team": "money, moved", "count": 1 }]);
    assert_eq!(server.rows(joined), counted);

    let server = server.restarted();
    assert_eq!(server.rows(nrql), expected);
    assert_eq!(server.rows(joined), counted);
    assert_eq!(server.weir(&["lookups", "get", "owners", "-o", "csv"]).1, OWNERS);
    let (_, out, _) = server.weir(&["lookups", "get", "owners", "-o", "json"]);
    assert_eq!(serde_json::from_str::<Json>(&out).unwrap(), expected);

    assert_eq!(server.upload("owners", "topic\nonly\n").0, 0);
    assert_eq!(server.rows("FROM lookup(owners) SELECT *"), json!([{ "topic": "only" }]));
    let (code, out, err) = server.weir(&["lookups", "delete", "owners"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert_eq!(server.weir(&["lookups", "list", "-o", "csv"]).1.lines().count(), 1);
    assert_eq!(server.rows("FROM lookup(owners) SELECT *"), json!([]));
}

#[test]
fn what_is_no_table_says_where_and_changes_nothing() {
    let server = Server::start();
    assert_eq!(server.upload("owners", OWNERS).0, 0);
    for (csv, told) in [
        ("topic,team\norders\n", "line 2 has 1 fields, the header has 2"),
        (
            "topic,team\n\norders,\"x\n",
            "the row that begins in line 3 has a quote that is not closed",
        ),
        ("topic,topic\n", "columns 1 and 2 are both called `topic`"),
    ] {
        let (code, out, err) = server.upload("owners", csv);
        assert_eq!((code, out.as_str()), (2, ""), "{csv}");
        assert!(err.contains(told) && err.contains("nothing was changed"), "{err}");
    }
    let (code, _, err) = server.upload("owners", &"x".repeat((4 << 20) + 1));
    assert!(code == 2 && err.contains("4194304 are the most"), "{code}: {err}");
    let (code, _, err) = server.upload("team owners", OWNERS);
    assert!(code == 2 && err.contains("`team owners` can't name a table"), "{code}: {err}");
    let (code, _, err) = server.weir(&["lookups", "get", "owner"]);
    assert!(code == 5 && err.contains("did you mean `owners`?"), "{code}: {err}");
    assert_eq!(server.rows("FROM lookup(owners) SELECT count(*)"), json!([{ "count": 2 }]));
}

#[test]
fn new_relics_lookups_api_is_spoken() {
    let server = Server::start();
    let path = "/v1/accounts/1/owners";
    let table = json!({
        "table": { "headers": ["id", "name"], "rows": [["1", "a,b"], [2, true]] },
        "description": "who to call",
    })
    .to_string();
    let (status, made) = server.api("POST", path, "application/json", &table);
    assert_eq!(status, 200, "{made}");
    assert_eq!((&made["accountId"], &made["rows"]), (&json!(1), &json!(2)));
    assert!(made["updatedAt"].as_str().unwrap().ends_with('Z') && made.get("table").is_none());
    let rows = server.rows("FROM lookup(owners) SELECT id, name");
    assert_eq!(rows, json!([{ "id": "1", "name": "a,b" }, { "id": 2, "name": true }]));

    let (status, again) = server.api("POST", path, "application/json", &table);
    assert_eq!((status, &again["code"]), (400, &json!(400)), "{again}");
    let (status, none) = server.api("PUT", "/v1/accounts/1/none", "application/json", &table);
    assert_eq!((status, &none["code"]), (404, &json!(404)), "{none}");

    let form = "--B\r\nContent-Disposition: form-data; name=\"table\"; filename=\"t.csv\"\r\n\
                Content-Type: text/csv\r\n\r\nid,name\n'7,x\n\r\n--B\r\n\
                Content-Disposition: form-data; name=\"description\"\r\n\r\nnew\r\n--B--\r\n";
    let kind = "multipart/form-data; boundary=B";
    let (status, put) = server.api("PUT", &format!("{path}?includeTable=true"), kind, form);
    assert_eq!(status, 200, "{put}");
    assert_eq!(put["table"], json!({ "headers": ["id", "name"], "rows": [["7", "x"]] }));
    assert_eq!((&put["description"], &put["guid"]), (&json!("new"), &made["guid"]));

    let csv = [("Api-Key", server.user_key.as_str()), ("Accept", "text/csv")];
    assert_eq!(server.process.get(path, &csv).unwrap().body, "id,name\n'7,x\n");
    let (_, listed) = server.api("GET", "/v1/accounts/1", "", "");
    assert_eq!((&listed[0]["name"], listed.as_array().unwrap().len()), (&json!("owners"), 1));
    assert_eq!(server.api("DELETE", path, "", "").0, 200);
    let (status, gone) = server.api("GET", path, "", "");
    assert!(
        status == 404 && gone["message"].as_str().unwrap().contains("no lookup table `owners`")
    );
    // The Event API keeps its path.
    assert_eq!(server.api("POST", "/v1/accounts/1/events", "", r#"{"eventType":"A"}"#).0, 200);
}

#[test]
fn tables_are_for_those_who_may_ask_and_their_account() {
    let server = Server::start();
    let ask = |key: &str, path: &str| {
        server.process.send("PUT", path, &[("Api-Key", key)], OWNERS).unwrap().status
    };
    assert_eq!(ask(&server.ingest_key, "/api/v1/lookup-tables/owners"), 403);
    assert_eq!(ask("NRAK-GUESSED", "/api/v1/lookup-tables/owners"), 401);
    assert_eq!(ask(&server.ingest_key, "/v1/accounts/1/owners"), 403);
    assert_eq!(ask(&server.user_key, "/v1/accounts/2/owners"), 403);
    let foreign = [("Origin", "http://evil.example")];
    let path = "/api/v1/lookup-tables/owners";
    assert_eq!(server.process.send("PUT", path, &foreign, OWNERS).unwrap().status, 401);
    assert_eq!(server.rows("FROM lookup(owners) SELECT *"), json!([]));
    assert_eq!(ask(&server.user_key, path), 200);
}
