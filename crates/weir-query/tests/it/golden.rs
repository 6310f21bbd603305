//! Every file in `tests/cases`, over plain events and over a real store. `WEIR_BLESS=1` writes what
//! comes out today; read the difference before keeping it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use weir_nrql::function::{FUNCTIONS, Function};
use weir_query::EventSource;
use weir_store::{Options, Store};
use weir_types::{AccountId, Batch, Clock, Sink, Timestamp};

use super::case::CaseFile;
use super::support::NOW;

#[test]
fn every_case_gives_its_expected_answer() {
    if weir_testkit::golden::is_blessed() {
        return bless();
    }
    check_cases("plain events", |file| Box::new(file.events().to_vec()));
}

#[test]
fn a_store_gives_the_same_answers() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut number = 0;
    check_cases("a store", |file| {
        number += 1;
        let options = Options::new(folder.path().join(number.to_string()));
        let store = Store::open(options, Arc::new(FixedClock)).unwrap();
        for events in file.events().chunks(3) {
            let batch = Batch { account: AccountId::DEFAULT, events: events.to_vec() };
            runtime.block_on(store.append(batch)).unwrap();
        }
        Box::new(store.snapshot(AccountId::DEFAULT))
    });
}

struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(NOW)
    }
}

fn check_cases(name: &str, mut source: impl FnMut(&CaseFile) -> Box<dyn EventSource + Send>) {
    let mut failures = Vec::new();
    let mut count = 0;
    for path in case_paths() {
        let file = read(&path);
        count += file.count();
        let differences = file.differences(&file.with_tables(source(&file)));
        let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        failures.extend(differences.into_iter().map(|text| format!("{file_name}: {text}")));
    }
    assert!(count > 100, "only {count} cases were read");
    let text = failures.join("\n");
    assert!(failures.is_empty(), "{} of {count} cases differ over {name}\n{text}", failures.len());
}

fn bless() {
    for path in case_paths() {
        let file = read(&path);
        std::fs::write(&path, file.blessed()).expect("case files can be written");
    }
}

fn read(path: &Path) -> CaseFile {
    CaseFile::read(&std::fs::read_to_string(path).expect("case files can be read"))
}

fn case_paths() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    let entries = std::fs::read_dir(folder).expect("the folder of cases is there");
    entries.map(|entry| entry.expect("its entries can be read").path()).collect()
}

#[test]
fn every_function_has_a_case() {
    let queries: String = case_paths().iter().map(|path| read(path).queries()).collect();
    let queries = queries.to_lowercase();
    let has_case = |function: &&Function| {
        let names = std::iter::once(&function.name).chain(function.aliases);
        names.into_iter().any(|name| queries.contains(&format!("{}(", name.to_lowercase())))
    };
    let missing: Vec<&str> =
        FUNCTIONS.iter().filter(|f| !has_case(f)).map(|function| function.name).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}
