//! `kill -9` under ingest: what was acknowledged is there after the next start, whole.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value as Json, json};
use weir_testkit::{WeirProcess, http};

const CYCLES: usize = 20;
const SENDERS: usize = 4;
const EVENTS_A_BATCH: usize = 10;

/// What one sender saw before the server was gone.
struct Sent {
    acknowledged: Vec<String>,
    tried: Vec<String>,
}

#[test]
fn twenty_kills_lose_nothing_that_was_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut key = None;
    let mut acknowledged = 0;
    for cycle in 0..CYCLES {
        let server = WeirProcess::start(env!("CARGO_BIN_EXE_weir"), &data, &[]).unwrap();
        let key = key.get_or_insert_with(|| server.announced_key("ingest").unwrap()).clone();
        let sent = ingest_until_killed(server, cycle, &key);
        acknowledged += sent.acknowledged.len();
        check(&data, cycle, &sent);
    }
    assert!(acknowledged > CYCLES, "only {acknowledged} batches were acknowledged at all");
}

/// The moment of the kill differs from cycle to cycle, so that it falls into every part of a commit.
fn ingest_until_killed(server: WeirProcess, cycle: usize, key: &str) -> Sent {
    let gone = AtomicBool::new(false);
    let (addr, gone) = (server.addr(), &gone);
    thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS)
            .map(|sender| scope.spawn(move || send(addr, key, &format!("{cycle}-{sender}"), gone)))
            .collect();
        thread::sleep(Duration::from_millis(60 + 17 * cycle as u64));
        server.kill().unwrap();
        gone.store(true, Ordering::Relaxed);
        let sent = senders.into_iter().map(|sender| sender.join().unwrap());
        sent.reduce(|mut all, one| {
            all.acknowledged.extend(one.acknowledged);
            all.tried.extend(one.tried);
            all
        })
        .unwrap()
    })
}

fn send(addr: SocketAddr, key: &str, name: &str, gone: &AtomicBool) -> Sent {
    let mut sent = Sent { acknowledged: Vec::new(), tried: Vec::new() };
    for n in 0.. {
        if gone.load(Ordering::Relaxed) {
            break;
        }
        let batch = format!("{name}-{n}");
        let event = json!({ "eventType": "CrashProbe", "batch": batch });
        let body = Json::from(vec![event; EVENTS_A_BATCH]).to_string();
        sent.tried.push(batch.clone());
        match http::post(addr, "/v1/accounts/1/events", &[("Api-Key", key)], &body) {
            Ok(response) if response.status == 200 => sent.acknowledged.push(batch),
            _ => {}
        }
    }
    sent
}

fn check(data: &Path, cycle: usize, sent: &Sent) {
    let server = WeirProcess::start(env!("CARGO_BIN_EXE_weir"), data, &[]).unwrap();
    let nrql = format!(
        "SELECT count(*) FROM CrashProbe WHERE batch LIKE '{cycle}-%' FACET batch SINCE 1 day ago LIMIT MAX"
    );
    let body = json!({ "nrql": nrql }).to_string();
    let headers = [("Content-Type", "application/json")];
    let answer = server.post("/api/v1/query", &headers, &body).unwrap().json().unwrap();
    let rows = answer["results"].as_array().unwrap();
    let count_of = |batch: &str| {
        rows.iter()
            .find(|row| row["batch"] == *batch)
            .map_or(0, |row| row["count"].as_u64().unwrap())
    };
    for batch in &sent.acknowledged {
        assert_eq!(count_of(batch), EVENTS_A_BATCH as u64, "acknowledged batch {batch}");
    }
    for batch in &sent.tried {
        let count = count_of(batch);
        assert!(count == 0 || count == EVENTS_A_BATCH as u64, "{count} events of batch {batch}");
    }
    assert!(rows.len() <= sent.tried.len());
    let (status, stderr) = server.stop().unwrap();
    assert!(status.success(), "{stderr}");
}
