//! The crate from outside: text and events in, JSON out.

mod case;
mod corpus;
mod engine;
mod generate;
mod golden;
mod properties;
mod random;
mod seed;
mod support;
mod traps;
