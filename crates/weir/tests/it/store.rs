//! `weir store`, `weir export` and `weir import` on a data folder.

use std::fs;

use crate::command::Home;

const EVENTS: &str = r#"{"account":1,"eventType":"Custom","timestamp":2000,"attributes":{"n":1,"ratio":1.0,"age":1.9000563499999998,"note":"a \"b\"","flag":true}}
{"account":1,"eventType":"KafkaTopicSample","timestamp":1000,"attributes":{"topic":"payments","sizeBytes":9223372036854775807}}
{"account":7,"eventType":"Custom","timestamp":-5,"attributes":{}}
"#;

fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

/// A folder with [`EVENTS`], kept for ever.
fn imported() -> Home {
    let home = Home::new();
    home.write("weir.yaml", "retention: {raw: 10y}\n");
    home.write("events.jsonl", &recent());
    let run = home.run(&["import", "--jsonl", "events.jsonl"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("3 events imported"), "{}", run.stderr);
    home
}

/// The events, moved to this year: older ones would be past any retention.
fn recent() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = now.as_millis();
    let at = |text: &str, ago: u128| text.replace("AT", &(now - ago).to_string());
    let template = EVENTS.replace("2000", "AT").replace("1000", "AT").replace("-5", "AT");
    template.lines().zip(0..).map(|(line, ago)| at(line, ago) + "\n").collect()
}

#[test]
fn what_was_imported_is_exported_without_a_difference() {
    let home = imported();
    let events = fs::read_to_string(home.path().join("events.jsonl")).unwrap();
    let all = home.run(&["export", "--jsonl", "-"]);
    assert_eq!((all.code, sorted(&all.stdout)), (0, sorted(&events)), "{}", all.stderr);
    let custom = home.run(&["export", "--jsonl", "-", "--event-type", "Custom"]);
    assert_eq!(custom.stdout.lines().count(), 2);
    let none = home.run(&["export", "--jsonl", "-", "--until", "5"]);
    assert_eq!((none.code, none.stdout.as_str()), (0, ""));

    let stats = home.run(&["store", "stats", "-o", "json"]);
    let stats: serde_json::Value = serde_json::from_str(&stats.stdout).unwrap();
    assert_eq!((&stats["events"], &stats["problem"]), (&3.into(), &serde_json::Value::Null));
    assert_eq!(home.run(&["store", "check"]).code, 0);
}

#[test]
fn a_wrong_line_is_named() {
    let home = Home::new();
    home.write("events.jsonl", &format!("{EVENTS}{{\"account\":1}}\n"));
    let run = home.run(&["import", "--jsonl", "events.jsonl"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("events.jsonl line 4: missing field"), "{}", run.stderr);
    assert!(run.stderr.contains("3 events are stored: go on with --skip 3"), "{}", run.stderr);
}

#[test]
fn an_import_goes_on_where_it_ended() {
    let home = Home::new();
    home.write("weir.yaml", "retention: {raw: 10y}\n");
    let events = recent();
    home.write("events.jsonl", &format!("{events}{{}}\n{events}"));
    assert_eq!(home.run(&["import", "--jsonl", "events.jsonl"]).code, 2);
    home.write("events.jsonl", &format!("{events}{events}"));
    let rest = home.run(&["import", "--jsonl", "events.jsonl", "--skip", "3"]);
    assert_eq!(rest.code, 0, "{}", rest.stderr);
    assert!(rest.stderr.contains("3 events imported"), "{}", rest.stderr);
    let all = home.run(&["export", "--jsonl", "all.jsonl"]);
    assert_eq!(all.code, 0, "{}", all.stderr);
    let all = fs::read_to_string(home.path().join("all.jsonl")).unwrap();
    assert_eq!(sorted(&all), sorted(&format!("{events}{events}")));
    assert!(!home.path().join("all.jsonl.part").exists());
}

#[test]
fn a_lost_manifest_is_told_and_repaired() {
    let home = imported();
    let manifest = home.path().join("weir-data/store/manifest");
    let mut bytes = fs::read(&manifest).unwrap();
    bytes[20] ^= 1;
    fs::write(&manifest, bytes).unwrap();
    let stats = home.run(&["store", "stats"]);
    assert!(stats.stderr.contains("manifest` is damaged"), "{}", stats.stderr);
    assert_eq!(home.run(&["export", "--jsonl", "-"]).stdout.lines().count(), 3);
    let repaired = home.run(&["store", "repair", "-o", "json"]);
    assert_eq!(repaired.code, 0, "{}", repaired.stderr);
    assert!(repaired.stdout.contains("\"manifest_rebuilt\": true"), "{}", repaired.stdout);
    assert!(home.path().join("weir-data/store/manifest.damaged").exists());
    assert_eq!(home.run(&["store", "stats"]).stderr, "");
}

#[test]
fn a_damaged_segment_is_named_and_the_rest_exported() {
    let home = imported();
    let segments = home.path().join("weir-data/store/segments");
    let segment = fs::read_dir(segments).unwrap().next().unwrap().unwrap().path();
    let mut bytes = fs::read(&segment).unwrap();
    bytes[33] ^= 1;
    fs::write(&segment, bytes).unwrap();
    let checked = home.run(&["store", "check", "-o", "json"]);
    assert_eq!(checked.code, 1, "{}", checked.stderr);
    let damage: serde_json::Value = serde_json::from_str(&checked.stdout).unwrap();
    assert_eq!(damage[0]["events_lost"], 1);
    let exported = home.run(&["export", "--jsonl", "-"]);
    assert_eq!((exported.code, exported.stdout.lines().count()), (1, 2));
    assert!(exported.stderr.contains("1 events can't be read"), "{}", exported.stderr);
}

#[test]
fn a_folder_without_a_store_is_left_alone() {
    let home = Home::new();
    for command in ["check", "stats", "repair"] {
        let run = home.run(&["store", command]);
        assert_eq!(run.code, 5, "{}", run.stderr);
        assert!(run.stderr.contains("./weir-data holds no events"), "{}", run.stderr);
    }
    assert!(!home.path().join("weir-data").exists());
}

/// Ctrl-C: what was sent is stored and counted, and `--skip` goes on behind it.
#[cfg(unix)]
#[test]
fn an_interrupted_import_says_how_much_it_stored() {
    use std::process::Stdio;

    let home = Home::new();
    home.write("weir.yaml", "retention: {raw: 10y}\n");
    let events = 40_000;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let at = now.as_millis();
    let line = |n: u32| {
        format!(r#"{{"account":1,"eventType":"T","timestamp":{at},"attributes":{{"n":{n}}}}}"#)
            + "\n"
    };
    home.write("events.jsonl", &(0..events).map(line).collect::<String>());
    let mut import = home.command(&["import", "--jsonl", "events.jsonl"]);
    let import = import.stderr(Stdio::piped()).spawn().unwrap();
    // The log grows when events arrive; by then the command listens.
    let wal = home.path().join("weir-data/store/wal");
    let bytes = || -> u64 {
        let files = fs::read_dir(&wal).into_iter().flatten().flatten();
        files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
    };
    while bytes() < 10_000 {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let pid = import.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let output = import.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("interrupted"), "{stderr}");
    let skip = stderr.split("--skip ").nth(1).unwrap().trim().to_owned();
    assert!(skip.parse::<u32>().unwrap() < events, "{stderr}");
    let rest = home.run(&["import", "--jsonl", "events.jsonl", "--skip", &skip]);
    assert_eq!(rest.code, 0, "{}", rest.stderr);
    let all = home.run(&["export", "--jsonl", "-"]);
    let all: std::collections::BTreeSet<&str> = all.stdout.lines().collect();
    assert_eq!(all.len(), events as usize);
}
