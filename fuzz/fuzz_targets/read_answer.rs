//! Whatever a broker answers: an error or a value, never a panic, never memory it did not send.
//!
//! Run it with `cargo +nightly fuzz run read_answer -- -max_total_time=600` at the root of the
//! repository. `corpus/read_answer` began with answers of real brokers (`real-…`) and of simulated
//! ones of every release (`sim-…`, written by a test of `weir-sim`); the tests of `weir-kafka`
//! replay it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = weir_kafka::fuzzing::read_answer(bytes);
});
