//! The REST API over a stage of given samples, sources and rights: no store, no engine, no port.

#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

mod lists;
mod nerdgraph;
mod objects;
mod sources;
mod stage;
mod why;
