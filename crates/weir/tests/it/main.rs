//! The real binary, from outside.

#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

mod command;
mod config;
mod crash;
mod credentials;
mod demo;
mod fake_server;
mod help;
mod keys;
mod lists;
mod live;
mod lookups;
mod nrql;
mod objects;
mod parquet;
mod query;
mod saved_queries;
mod serve;
mod store;
mod watched;
mod why;
