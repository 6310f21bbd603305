//! The words that editors colour, `web/src/console/nrqlWords.json`; only its test needs it.

use serde_json::json;

use crate::function::FUNCTIONS;
use crate::keyword::{KEYWORDS, UNITS, WEEKDAYS};

fn to_json() -> String {
    let keywords = KEYWORDS.iter().map(|word| word.to_ascii_lowercase());
    let units = UNITS.iter().flat_map(|(name, _)| [(*name).to_owned(), format!("{name}s")]);
    let mut words: Vec<String> =
        keywords.chain(units).chain(WEEKDAYS.iter().map(|day| (*day).to_owned())).collect();
    words.sort();
    words.dedup();
    let mut functions: Vec<String> =
        FUNCTIONS.iter().map(|function| function.name.to_ascii_lowercase()).collect();
    functions.sort();
    functions.dedup();
    let words = json!({ "keywords": words, "functions": functions });
    serde_json::to_string_pretty(&words).expect("texts are JSON") + "\n"
}

/// `WEIR_BLESS=1 cargo test -p weir-nrql` rewrites the file.
#[test]
fn the_editor_knows_every_word() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/src/console/nrqlWords.json");
    weir_testkit::golden(path, &to_json());
}
