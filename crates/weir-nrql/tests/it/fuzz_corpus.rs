//! The fuzzer's corpus, and what becomes of it when bytes are changed.

use std::path::Path;

use weir_nrql::fuzzing::{edit, round_trip};

use crate::mutate::mutations;

#[test]
fn texts_of_the_corpus_and_their_mutations_hold() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/parse_nrql");
    let mut count = 0;
    for entry in std::fs::read_dir(corpus).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for text in mutations(&bytes, 40) {
            round_trip(&text);
            edit(&text);
            count += 1;
        }
    }
    assert!(count > 2_000, "only {count} texts");
}
