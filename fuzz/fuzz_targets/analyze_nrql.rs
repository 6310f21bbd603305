//! Whatever is asked: steps or findings with their places, completions and hover; never a panic.
//!
//! Run it with `cargo +nightly fuzz run analyze_nrql -- -max_total_time=600` at the root of the
//! repository. The tests of `weir-query` replay `corpus/analyze_nrql`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    weir_query::fuzzing::analyze(bytes);
});
