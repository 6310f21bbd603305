//! Files from the outside: what was written is read, and a damaged file is told.

#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

#[cfg(feature = "parquet")]
mod parquet;
