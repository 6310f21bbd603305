//! Parquet files between Weir and DuckDB, both ways. Where there is no Python, or no package, the
//! tests are reported as ignored, by name; without the feature `parquet` there are none.

#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

#[cfg(feature = "parquet")]
mod duckdb;

#[cfg(not(feature = "parquet"))]
fn main() {
    libtest_mimic::run(&libtest_mimic::Arguments::from_args(), Vec::new()).exit();
}

#[cfg(feature = "parquet")]
#[allow(clippy::print_stderr, reason = "says why the tests are ignored")]
fn main() {
    let python = weir_testkit::python::environment("python-duckdb-1", &["duckdb==1.4.1"]);
    if let Err(reason) = &python {
        eprintln!("weir-archive: no DuckDB to exchange files with: {reason:#}");
    }
    let arguments = libtest_mimic::Arguments::from_args();
    libtest_mimic::run(&arguments, duckdb::trials(python.ok().as_deref())).exit();
}
