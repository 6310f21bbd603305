//! Whatever stands in the pages and the footer of a segment: an error or a value, never a panic, never memory that it has no bytes for.
//!
//! Run it with `cargo +nightly fuzz run read_segment -- -max_total_time=600` at the root of the
//! repository. `corpus/read_segment` began with the golden files of `weir-store`, whose tests replay it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = weir_store::fuzzing::read_segment(bytes);
});
