//! The fuzzer's corpus, and what becomes of it when bytes are changed.

use std::path::Path;

use weir_nrql::fuzzing::{edit, round_trip};

use crate::mutate::mutations;

/// Changed texts for each of the corpus; `WEIR_MUTATIONS` in the environment asks for more.
fn mutation_count() -> u64 {
    let given = std::env::var("WEIR_MUTATIONS").ok().and_then(|text| text.parse().ok());
    given.unwrap_or(40)
}

#[test]
fn texts_of_the_corpus_and_their_mutations_hold() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/parse_nrql");
    let mut count = 0;
    for entry in std::fs::read_dir(corpus).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for text in mutations(&bytes, mutation_count()) {
            round_trip(&text);
            edit(&text);
            count += 1;
        }
    }
    assert!(count > 2_000, "only {count} texts");
}
