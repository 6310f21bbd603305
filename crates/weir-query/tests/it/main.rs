//! The crate from outside: text and events in, JSON out.

mod case;
mod corpus;
mod engine;
mod golden;
mod properties;
mod seed;
mod support;
mod traps;
