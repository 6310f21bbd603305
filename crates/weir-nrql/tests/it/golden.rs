//! `tests/cases/*.nrql`, one query a file, against `.txt`: the tree and the canonical text, or the
//! findings. `WEIR_BLESS=1` writes what is found.

use std::fs;
use std::path::Path;

use weir_nrql::{analyze, format, parse};

use crate::tree;

#[test]
fn cases_are_as_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "nrql"));
    files.sort();
    assert!(files.len() > 20, "cases are missing from {}", folder.display());
    for path in files {
        let found = report(&fs::read_to_string(&path).unwrap());
        weir_testkit::golden(path.with_extension("txt"), &found);
    }
}

fn report(text: &str) -> String {
    let analyzed = analyze(text);
    let mut out = String::new();
    for diagnostic in &analyzed.diagnostics {
        out += &(diagnostic.render(text) + "\n\n");
    }
    if analyzed.statement.is_none() {
        assert!(analyzed.has_errors(), "neither a statement nor an error");
    }
    if let Some(statement) = parse(text).statement {
        out += &(format(&statement) + "\n\n");
        out.push_str(&tree::outline(&statement));
    }
    out
}
