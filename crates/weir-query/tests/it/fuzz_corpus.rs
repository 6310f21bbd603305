//! The fuzzer's corpus, whole and cut off anywhere.

use std::path::Path;

use weir_query::fuzzing::analyze;

#[test]
fn texts_of_the_corpus_and_their_beginnings_are_explained_or_refused() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/analyze_nrql");
    let mut count = 0;
    for entry in std::fs::read_dir(corpus).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for end in (0..=bytes.len()).rev().step_by(7) {
            analyze(&bytes[..end]);
            count += 1;
        }
    }
    assert!(count > 1_000, "only {count} texts");
}
