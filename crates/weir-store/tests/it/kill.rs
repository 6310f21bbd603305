//! A second process: it holds the folder, is killed in the middle of its work, and loses nothing
//! that it acknowledged.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use weir_store::{OpenError, Options, Store};
use weir_types::AccountId;

use crate::support::{ALWAYS, TestClock, append, consumer_sample, folder, open, options, scan};

const DIR_VARIABLE: &str = "WEIR_STORE_TEST_DIR";
const EVENTS_PER_BATCH: i64 = 20;

/// Not a test of its own: what the second process runs. Appends for ever and says after which
/// batch it is.
#[test]
#[ignore = "run by the tests beside it"]
fn second_process() {
    let Some(dir) = std::env::var_os(DIR_VARIABLE) else { return };
    // Small generations, so that it dies while it seals and merges, too.
    let options = Options { freeze_bytes: 30_000, background: true, ..options(Path::new(&dir)) };
    let store = Store::open(options, TestClock::at(10 * 24 * 3_600_000)).unwrap();
    for batch in 0.. {
        let row = |i| consumer_sample(batch * 1_000, i, batch);
        append(&store, 1, (0..EVENTS_PER_BATCH).map(row).collect()).unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "acknowledged {batch}").unwrap();
        out.flush().unwrap();
    }
}

fn start(dir: &Path) -> (Child, impl Iterator<Item = i64>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "kill::second_process", "--nocapture"])
        .env(DIR_VARIABLE, dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let acknowledged = |line: String| line.split_once("acknowledged ")?.1.parse().ok();
    (child, lines.filter_map(acknowledged))
}

#[test]
fn killed_processes_lose_no_acknowledged_event() {
    let dir = folder();
    let mut expected = 0;
    for cycle in 0..20 {
        let (mut child, mut acknowledged) = start(dir.path());
        let last = acknowledged.nth(10 + cycle * 4).unwrap();
        child.kill().unwrap();
        let last = acknowledged.last().unwrap_or(last);
        child.wait().unwrap();
        expected += (last + 1) * EVENTS_PER_BATCH;
        let store = open(dir.path());
        assert_eq!(store.open_report().damage, vec![]);
        let rows = scan(&store.snapshot(AccountId(1)), "KafkaConsumerSample", ALWAYS).len() as i64;
        assert!(rows >= expected, "{rows} rows, {expected} acknowledged");
        assert_eq!(rows % EVENTS_PER_BATCH, 0, "a batch came back in part");
        expected = rows;
    }
}

#[test]
fn a_folder_in_use_names_the_process_that_holds_it() {
    let dir = folder();
    let (mut child, mut acknowledged) = start(dir.path());
    acknowledged.next().unwrap();
    let refused = Store::open(options(dir.path()), TestClock::at(0)).err().unwrap();
    let pid = child.id();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(matches!(refused, OpenError::Locked { pid: Some(p), .. } if p == pid), "{refused:?}");
    assert!(refused.to_string().contains(&format!("process {pid}")), "{refused}");
    open(dir.path());
}

#[test]
fn a_second_handle_in_one_process_is_refused_too() {
    let dir = folder();
    let store = open(dir.path());
    let refused = Store::open(options(dir.path()), TestClock::at(0)).err().unwrap();
    assert!(matches!(refused, OpenError::Locked { pid: Some(p), .. } if p == std::process::id()));
    drop(store);
    open(dir.path());
}
