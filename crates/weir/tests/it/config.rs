//! `weir config`: every problem with its place and its fix.

use crate::command::Home;

const BAD: &str = "\
environment: staging
lisen: 127.0.0.1:3000
retention:
  raw: 90 days
sources:
  - kafka: {name: orders, bootstrap: [broker1]}
  - kafka:
      name: orders
      bootstrap: [broker2:9092]
      intervall: 30s
";

const BAD_SHOWN: &str = "\
error: unknown key `lisen`
  ┌─ weir.yaml:2:1
2 │ lisen: 127.0.0.1:3000
  │ ^^^^^
  = help: did you mean `listen`?

error: `90 days` is not a duration
  ┌─ weir.yaml:4:8
4 │   raw: 90 days
  │        ^^^^^^^
  = help: write a whole number and a unit: s, m, h, d, w, mo or y, such as 30s or 90d

error: `broker1` has no port
  ┌─ weir.yaml:6:39
6 │   - kafka: {name: orders, bootstrap: [broker1]}
  │                                       ^^^^^^^
  = help: write host:port, such as broker1:9092

error: unknown key `intervall`
   ┌─ weir.yaml:10:7
10 │       intervall: 30s
   │       ^^^^^^^^^
   = help: did you mean `interval`?

error: weir.yaml has 4 problems
";

#[test]
fn check_names_every_problem_at_once() {
    let home = Home::new();
    home.write("weir.yaml", BAD);
    let ended = home.run(&["config", "check"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
    assert_eq!(ended.stderr, BAD_SHOWN);
}

#[test]
fn check_speaks_json_too() {
    let home = Home::new();
    home.write("other.yaml", "store:\n\tmemory_limit: 1GiB\n");
    let ended = home.run(&["config", "check", "other.yaml", "-o", "json"]);
    assert_eq!(ended.code, 2);
    assert_eq!(
        ended.stderr,
        "{\"error\":{\"code\":\"invalid_request\",\"message\":\"other.yaml has 1 problem\",\
         \"diagnostics\":[{\"severity\":\"error\",\"key\":\"\",\"line\":2,\"column\":1,\
         \"message\":\"a tab in the indentation\",\
         \"help\":\"indent with spaces; YAML does not allow tabs here\"}]}}\n"
    );
}

#[test]
fn a_good_file_is_valid_and_a_missing_one_is_said() {
    let home = Home::new();
    let none = home.run(&["config", "check"]);
    assert_eq!((none.code, none.stdout.as_str()), (0, ""));
    assert!(none.stderr.contains("no ./weir.yaml here"), "{}", none.stderr);
    let default = home.run(&["config", "default"]);
    home.write("weir.yaml", &default.stdout);
    assert_eq!(home.run(&["config", "check"]).code, 0);
    home.write("wrong.yaml", "lisen: x\n");
    let named = home.run(&["config", "check", "--config", "wrong.yaml"]);
    assert_eq!(named.code, 2, "as all other commands take it: {}", named.stderr);
    let last = home.run(&["config", "check", "--config", "wrong.yaml", "weir.yaml"]);
    assert_eq!(last.code, 0, "{}", last.stderr);
    let missing = home.run(&["config", "check", "nowhere.yaml"]);
    assert_eq!(missing.code, 2);
    assert!(missing.stderr.contains("can't read nowhere.yaml"), "{}", missing.stderr);
}

#[test]
fn show_says_where_each_value_came_from_and_keeps_secrets() {
    let home = Home::new().env("WEIR_LOG_LEVEL", "debug").env("STAGE", "hunter2");
    home.write("weir.yaml", "# comment\nenvironment: ${env:STAGE}\n");
    let ended = home.run(&["config", "show"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    for line in [
        "environment\t${env:STAGE}\tweir.yaml:2\n",
        "listen\t127.0.0.1:3000\tdefault\n",
        "log.level\tdebug\tenvironment WEIR_LOG_LEVEL\n",
        "tls\t-\tdefault\n",
    ] {
        assert!(ended.stdout.contains(line), "{line:?} in {}", ended.stdout);
    }
    assert!(!ended.stdout.contains("hunter2"));
}

#[test]
fn serve_refuses_what_check_refuses() {
    let home = Home::new();
    let ended = home.run(&["serve", "--listen", "0.0.0.0:3000"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("needs TLS"), "{}", ended.stderr);
    assert!(ended.stderr.contains("┌─ --listen"), "{}", ended.stderr);
    assert!(!home.path().join("weir-data").exists());
}
