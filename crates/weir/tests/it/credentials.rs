//! Which key a command presents.

use std::os::unix::fs::PermissionsExt;

use crate::command::{Ended, Home};
use crate::fake_server::FakeServer;

const EMPTY: &str = r#"{"schema": "weir/v1", "as_of_ms": 0, "items": [], "truncated": false}"#;
const FILE: &str = ".config/weir/credentials.json";

fn file_for(home: &Home, server: &FakeServer, mode: u32) {
    let port = server.url().rsplit(':').next().unwrap();
    home.write(FILE, &format!("{{\"http://localhost:{port}\": \"NRAK-FILED\"}}"));
    let path = home.path().join(FILE);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn list(home: &Home, server: &FakeServer, more: &[&str]) -> Ended {
    let mut args = vec!["topics", "list", "--server", server.url()];
    args.extend(more);
    home.run(&args)
}

#[test]
fn the_owners_file_needs_no_option() {
    let server = FakeServer::answering(200, EMPTY);
    let home = Home::new().env("NEW_RELIC_API_KEY", "NRAK-ELSEWHERE");
    file_for(&home, &server, 0o600);
    assert_eq!(list(&home, &server, &[]).code, 0);
    assert!(server.last_request().contains("api-key: NRAK-FILED"), "{}", server.last_request());
    list(&home, &server, &["--key", "NRAK-GIVEN"]);
    assert!(server.last_request().contains("api-key: NRAK-GIVEN"));
    std::fs::remove_file(home.path().join(FILE)).unwrap();
    list(&home, &server, &[]);
    assert!(server.last_request().contains("api-key: NRAK-ELSEWHERE"));
}

#[test]
fn a_file_others_can_read_is_refused() {
    let server = FakeServer::answering(200, EMPTY);
    let home = Home::new();
    file_for(&home, &server, 0o644);
    let ended = list(&home, &server, &[]);
    assert_eq!(ended.code, 4);
    assert!(ended.stderr.contains("mode 644"), "{}", ended.stderr);
    assert!(ended.stderr.contains("chmod 600"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("NRAK-FILED"));
}

#[test]
fn without_a_key_the_next_step_is_named() {
    let body = r#"{"error": {"code": "unauthenticated", "message": "no key was given"}}"#;
    let server = FakeServer::answering(401, body);
    let ended = list(&Home::new(), &server, &[]);
    assert_eq!(ended.code, 4);
    assert!(ended.stderr.contains("--key or WEIR_API_KEY"), "{}", ended.stderr);
    assert!(!server.last_request().contains("api-key"));
}
