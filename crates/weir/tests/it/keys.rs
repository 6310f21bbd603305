//! `weir keys` on a data folder.

use crate::command::Home;

#[test]
fn a_key_is_shown_once_and_masked_later() {
    let home = Home::new();
    let none = home.run(&["keys", "list"]);
    assert_eq!(none.code, 5);
    assert!(none.stderr.contains("./weir-data holds no keys"), "{}", none.stderr);
    assert!(!home.path().join("weir-data").exists());

    home.write("weir-data/meta.sqlite", "");
    let made = home.run(&["keys", "create", "ingest", "--label", "telegraf"]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let secret = made.stdout.trim_end();
    assert!(secret.ends_with("NRAL") && !made.stderr.contains(secret), "{}", made.stdout);

    let listed = home.run(&["keys", "list", "-o", "json"]);
    let keys: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    assert_eq!((&keys[0]["kind"], &keys[0]["label"]), (&"ingest".into(), &"telegraf".into()));
    assert!(!listed.stdout.contains(secret));

    let id = keys[0]["id"].as_str().unwrap();
    assert_eq!(home.run(&["keys", "revoke", id]).code, 0);
    let again = home.run(&["keys", "revoke", id]);
    assert_eq!(again.code, 5);
    assert_eq!(home.run(&["keys", "list", "-o", "json"]).stdout, "[]\n");
}
