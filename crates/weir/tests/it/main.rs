//! The real binary, from outside.

mod command;
mod config;
mod credentials;
mod fake_server;
mod help;
mod keys;
mod lists;
mod query;
