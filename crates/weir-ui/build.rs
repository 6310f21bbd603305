//! Rebuilds when the built UI changes, and says so when there is none.

use std::path::Path;

const DIST: &str = "../../web/dist";

fn main() {
    println!("cargo::rerun-if-changed={DIST}");
    if !Path::new(DIST).join("index.html").exists() {
        println!("cargo::warning=web/dist is missing: the binary will serve a page that says so");
    }
}
