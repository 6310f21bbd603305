//! The crate from outside: text and events in, JSON out.

#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

mod case;
mod corpus;
mod depth;
mod engine;
mod fuzz_corpus;
mod generate;
mod golden;
mod metrics;
mod properties;
mod random;
mod raw;
mod reject;
mod rollup;
mod seed;
mod splitmix;
mod support;
mod traps;
mod unread;
