//! Whatever is asked: a tree that survives being laid out, or findings; never a panic.
//!
//! Run it with `cargo +nightly fuzz run parse_nrql -- -max_total_time=600` at the root of the
//! repository. The tests of `weir-nrql` replay `corpus/parse_nrql`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    weir_nrql::fuzzing::round_trip(bytes);
});
