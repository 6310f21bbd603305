//! Commands on the files of a data folder beside the server that writes them.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::ensure;
use serde_json::{Value as Json, json};
use weir_testkit::{WeirProcess, eventually, http};

use crate::command::Home;

const EVENTS_A_BATCH: usize = 10;
const SENDERS: usize = 2;

/// Batches that the server has acknowledged so far.
#[derive(Default)]
struct Acknowledged(Mutex<Vec<String>>);

impl Acknowledged {
    /// Waits for that many.
    fn at_least(&self, wanted: usize) -> Vec<String> {
        while self.so_far().len() < wanted {
            thread::sleep(Duration::from_millis(1));
        }
        self.so_far()
    }

    fn so_far(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// Runs `look` while events arrive; it hears what was acknowledged. The first server on a folder
/// makes the key.
fn under_ingest(
    data: &Path,
    name: &str,
    key: &mut Option<String>,
    look: impl FnOnce(&Acknowledged),
) {
    let server = WeirProcess::start(env!("CARGO_BIN_EXE_weir"), data, &[]).unwrap();
    let key = key.get_or_insert_with(|| server.announced_key("ingest").unwrap());
    let (addr, done, acknowledged) =
        (server.addr(), AtomicBool::new(false), Acknowledged::default());
    thread::scope(|scope| {
        for sender in 0..SENDERS {
            let (key, done, acknowledged) = (&*key, &done, &acknowledged);
            let sender = format!("{name}-{sender}");
            scope.spawn(move || send(addr, key, &sender, done, acknowledged));
        }
        // Told at the end even when `look` panics: the senders would go on for ever.
        let _guard = Done(&done);
        look(&acknowledged);
    });
    let (status, stderr) = server.stop().unwrap();
    assert!(status.success(), "{stderr}");
}

struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn send(addr: SocketAddr, key: &str, sender: &str, done: &AtomicBool, told: &Acknowledged) {
    for n in 0.. {
        if done.load(Ordering::Relaxed) {
            break;
        }
        let batch = format!("{sender}-{n}");
        let event = json!({ "eventType": "Probe", "batch": batch });
        let body = Json::from(vec![event; EVENTS_A_BATCH]).to_string();
        let sent = http::post(addr, "/v1/accounts/1/events", &[("Api-Key", key)], &body);
        assert_eq!(sent.unwrap().status, 200);
        told.0.lock().unwrap().push(batch);
    }
}

/// Fails unless all of `acknowledged` is in the lines, and every batch in them is whole.
fn check_lines(lines: &str, acknowledged: &[String]) {
    let mut events: HashMap<String, usize> = HashMap::new();
    for line in lines.lines() {
        let event: Json = serde_json::from_str(line).unwrap();
        if event["eventType"] == "Probe" {
            let batch = event["attributes"]["batch"].as_str().unwrap().to_owned();
            *events.entry(batch).or_default() += 1;
        }
    }
    for batch in acknowledged {
        assert_eq!(events.get(batch), Some(&EVENTS_A_BATCH), "acknowledged batch {batch}");
    }
    for (batch, count) in events {
        assert_eq!(count, EVENTS_A_BATCH, "batch {batch}");
    }
}

#[test]
fn files_are_read_beside_the_server_that_writes_them() {
    let home = Home::new();
    let data = home.path().join("weir-data");
    under_ingest(&data, "only", &mut None, |acknowledged| {
        for wanted in [1, 50, 100] {
            let before = acknowledged.at_least(wanted);
            let exported = home.run(&["export", "--jsonl", "-"]);
            assert_eq!(exported.code, 0, "{}", exported.stderr);
            check_lines(&exported.stdout, &before);
            let checked = home.run(&["store", "check"]);
            assert_eq!(checked.code, 0, "{}", checked.stderr);
            let stats = home.run(&["store", "stats", "-o", "json"]);
            let stats: Json = serde_json::from_str(&stats.stdout).unwrap();
            assert!(stats["events"].as_u64().unwrap() >= (before.len() * EVENTS_A_BATCH) as u64);
        }
        let refused = home.run(&["store", "repair"]);
        assert_eq!(refused.code, 1, "{}", refused.stderr);
        assert!(refused.stderr.contains("in use by process"), "{}", refused.stderr);
    });
}

#[test]
fn backups_taken_under_ingest_have_all_that_was_acknowledged_before() {
    let home = Home::new();
    let data = home.path().join("weir-data");
    let (mut key, mut all) = (None, Vec::new());
    // The second server finds a log and seals it: from then on there are sealed files.
    for life in ["first", "second"] {
        let earlier = all.clone();
        under_ingest(&data, life, &mut key, |acknowledged| {
            for wanted in [1, 40, 80] {
                let before = acknowledged.at_least(wanted);
                let taken = home.run(&["store", "backup", "copy", "-o", "json"]);
                assert_eq!(taken.code, 0, "{}", taken.stderr);
                let exported = home.run(&["export", "--jsonl", "-", "--data", "copy"]);
                assert_eq!(exported.code, 0, "{}", exported.stderr);
                check_lines(&exported.stdout, &[earlier.clone(), before].concat());
            }
            all.extend(acknowledged.at_least(80));
        });
    }
    let checked = home.run(&["store", "check", "--data", "copy"]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);

    // Restored: a server runs on it, and no backup is taken into it any more.
    under_ingest(&home.path().join("copy"), "third", &mut None, |acknowledged| {
        acknowledged.at_least(1);
    });
    let exported = home.run(&["export", "--jsonl", "-", "--data", "copy"]);
    assert!(exported.stdout.contains("\"third-0-0\"") && exported.stdout.contains("\"first-0-0\""));
    let refused = home.run(&["store", "backup", "copy"]);
    assert_eq!(refused.code, 1, "{}", refused.stderr);
    assert!(refused.stderr.contains("is not empty and no backup"), "{}", refused.stderr);
}

#[test]
fn a_backup_goes_into_no_foreign_folder() {
    let home = Home::new();
    home.write("events.jsonl", "");
    assert_eq!(home.run(&["import", "--jsonl", "events.jsonl", "--quiet"]).code, 0);
    home.write("notes/todo.txt", "mine");
    let refused = home.run(&["store", "backup", "notes"]);
    assert_eq!(refused.code, 1, "{}", refused.stderr);
    assert!(refused.stderr.contains("`notes` is not empty and no backup"), "{}", refused.stderr);
    let quiet = home.run(&["store", "backup", "copy", "--quiet"]);
    assert_eq!((quiet.code, quiet.stderr.as_str()), (0, ""));
}

/// What a server rolled up is in no file, and said; a backup has it.
#[test]
fn events_that_were_rolled_up_are_counted_and_left_out() {
    let home = Home::new();
    let data = home.path().join("weir-data");
    home.write("import.yaml", "retention: {raw: 90d}\n");
    home.write("rolled.yaml", "retention: {raw: 2d, rollup_5m: 90d}\n");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let event = |days_ago: u128| {
        let at = now.as_millis() - days_ago * 86_400_000;
        json!({ "account": 1, "eventType": "Old", "timestamp": at, "attributes": { "n": 1 } })
    };
    let events = [event(10), event(10), event(0)].map(|event| event.to_string() + "\n");
    home.write("events.jsonl", &events.concat());
    let imported = home.run(&["import", "--jsonl", "events.jsonl", "--config", "import.yaml"]);
    assert_eq!(imported.code, 0, "{}", imported.stderr);
    let config = home.path().join("rolled.yaml");
    let args = ["--config", config.to_str().unwrap()];
    let server = WeirProcess::start(env!("CARGO_BIN_EXE_weir"), &data, &args).unwrap();
    let exported = eventually(Duration::from_secs(30), "a roll-up", || {
        let exported = home.run(&["export", "--jsonl", "-", "--event-type", "Old"]);
        ensure!(exported.code == 0, "{}", exported.stderr);
        ensure!(exported.stdout.lines().count() == 1, "{}", exported.stdout);
        Ok(exported)
    });
    let exported = exported.unwrap();
    let said = "2 more events are kept as roll-ups alone";
    assert!(exported.stderr.contains(said), "{}", exported.stderr);
    let taken = home.run(&["store", "backup", "copy"]);
    assert_eq!(taken.code, 0, "{}", taken.stderr);
    let copied = home.run(&["export", "--jsonl", "-", "--event-type", "Old", "--data", "copy"]);
    assert!(copied.stderr.contains(said) && copied.stdout == exported.stdout, "{}", copied.stderr);
    server.stop().unwrap();
}
